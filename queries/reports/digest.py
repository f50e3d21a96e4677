"""A short message for a chat: what serves nobody, what changed, what is unknown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from collectors.records import counted
from queries.estate.rows import DeploymentRow, ReadErrorRow
from queries.reports.diff import Change
from queries.reports.writing import escaped
from queries.vocabulary import RETIRABLE

CHANGES_LISTED = 5


def digest(
    rows: Sequence[DeploymentRow],
    read_errors: Sequence[ReadErrorRow],
    changes: Sequence[Change],
    today: date,
    most: int,
) -> str:
    """The message as Markdown; names are escaped, so that no chat takes them for markup."""
    silent = sorted((r for r in rows if r.verdict in RETIRABLE), key=_dearest_first)
    proposed = [row for row in silent if row.may_be_retired]
    parts = [_head(rows, silent)]
    parts += [f"- {_line(row)}" for row in proposed[:most]]
    if len(proposed) > most:
        parts.append(f"- … and {len(proposed) - most} more")
    if refused := len(silent) - len(proposed):
        parts.append(f"- … and {refused} in a subscription in which Azure takes no write")
    parts += [
        line for line in (_due(rows, today), _changed(changes), _unknown(rows, read_errors)) if line
    ]
    return "\n".join(parts) + "\n"


def _head(rows: Sequence[DeploymentRow], proposed: Sequence[DeploymentRow]) -> str:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in proposed:
        if row.monthly_run_rate is not None and row.currency:
            sums[row.currency] += row.monthly_run_rate
    money = " and ".join(f"{amount:,.0f} {currency}" for currency, amount in sorted(sums.items()))
    unpriced = sum(row.monthly_run_rate is None for row in proposed)
    text = f"**{len(proposed)} of {len(rows)} deployments serve nobody"
    text += f": {money} a month**" if money else "**"
    if unpriced:
        text += f" (and {unpriced} whose price is not known)"
    as_of = max((row.as_of for row in rows), default=None)
    return text + (f", as of {as_of:%Y-%m-%d %H:%M} UTC" if as_of else "") + "\n"


def _line(row: DeploymentRow) -> str:
    money = "price not known"
    if row.monthly_run_rate is not None:
        money = f"{row.monthly_run_rate:,.0f} {row.currency} a month"
    days = "" if row.idle_days is None else f", silent for {counted(row.idle_days, 'day')}"
    owner = escaped(row.owner) if row.owner else "without an owner"
    return f"{escaped(row.path)}: {row.verdict}{days}, {money}, {owner}"


def _due(rows: Sequence[DeploymentRow], today: date) -> str:
    due = [
        r for r in rows if r.role == "retire" and r.retire_after and r.retire_after <= str(today)
    ]
    return f"\n{len(due)} are marked and their grace is over: `mothball delete`" if due else ""


def _changed(changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    counts = Counter(change.change for change in changes)
    text = ", ".join(f"{count} {change}" for change, count in counts.most_common())
    lines = [f"\nSince the snapshot before: {text}"]
    for change in [c for c in changes if c.change in ("appeared", "vanished", "verdict")][
        :CHANGES_LISTED
    ]:
        words = f"{change.earlier or '–'} → {change.later or '–'}"
        lines.append(f"- {escaped(change.deployment)}: {words}{_doer(change)}")
    return "\n".join(lines)


def _doer(change: Change) -> str:
    """Who did it and when, as far as the Activity Log says."""
    by = f" by {escaped(change.changed_by)}" if change.changed_by else ""
    on = f" on {change.changed_at:%Y-%m-%d %H:%M} UTC" if change.changed_at else ""
    return f",{by}{on}" if by or on else ""


def _unknown(rows: Sequence[DeploymentRow], read_errors: Sequence[ReadErrorRow]) -> str:
    unknown = sum(row.verdict == "unknown" for row in rows)
    parts = [f"unknown: {counted(unknown, 'deployment')}"] if unknown else []
    parts += [f"not read: {counted(len(read_errors), 'thing')}"] if read_errors else []
    return "\n" + "; ".join(parts) if parts else ""


def _dearest_first(row: DeploymentRow) -> tuple[bool, Decimal]:
    return (row.ranking_amount is not None, -(row.ranking_amount or Decimal(0)))
