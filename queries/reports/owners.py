"""The owners' reports: who is asked what about which deployment.

Each row of `mothball list` is in exactly one file: its owner's, or that of those without one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from collectors.records import counted
from queries.estate.packed_questions import current_rows
from queries.estate.rows import DeploymentRow, asset_name
from queries.reports.excel import Sheet, write_workbook
from queries.reports.names import file_names
from queries.reports.sheets import write_csv
from queries.store import library
from queries.store.file import Store
from queries.text.spellings import spellings

DECISIONS = ("keep", "retire", "extend")
# What is asked, what is to be filled in, and the evidence.
ASKED = (
    "deployment",
    "endpoint",
    "workspace",
    "reasons",
    "cost_in_window",
    "monthly_run_rate",
    "currency",
    "saving_if_retired",
    "proposed",
    "waiting_days",
)
FILLED = ("decision", "until", "reason")
COLUMNS = (
    *ASKED,
    *FILLED,
    "verdict",
    "findings",
    "owner",
    "purpose",
    "role",
    "idle_days",
    "last_request_at",
    "requests_in_window",
    "live_traffic_percent",
    "mirror_traffic_percent",
    "rollback_for",
    "model",
    "environment",
    "instance_type",
    "instance_count",
    "request_limits",
    "run_rate_source",
    "expires_on",
    "subscription",
    "region",
    "portal",
    "created_at",
    "as_of",
    "written_on",
    "id",
)
# Longer text, and how far a sheet is printed: what is asked, and the answer.
WRAPPED = ("reasons", "reason", "findings", "purpose", "proposed", "request_limits")
INDEX_COLUMNS = (
    "file",
    "owner",
    "currency",
    "deployments",
    "proposed",
    "cost_in_window",
    "monthly_run_rate",
    "saving_proposed",
    "without_price",
    "waiting_days",
)
Limits = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class OwnerFile:
    """What one owner is asked (None: no owner is known), what is proposed first."""

    owner: str | None
    name: str
    rows: tuple[DeploymentRow, ...]


def read_owners(store: Store) -> tuple[list[OwnerFile], Limits]:
    """A file for each owner of the current deployments, and the request limits by deployment."""
    rows = current_rows(store)
    with store.reading() as connection:
        limits = {row["deployment_key"]: row for row in library.ask(connection, "request_limits")}
    return owner_files(rows), limits


def owner_files(rows: Sequence[DeploymentRow]) -> list[OwnerFile]:
    """The rows by owner; what is proposed comes first, then the most money."""
    spelling = spellings(row.owner for row in rows)
    grouped: dict[str | None, list[DeploymentRow]] = defaultdict(list)
    for row in rows:
        grouped[spelling[row.owner] if row.owner is not None else None].append(row)
    names = file_names(grouped)
    files = [
        OwnerFile(owner, names[owner], tuple(sorted(held, key=_by_money)))
        for owner, held in grouped.items()
    ]
    return sorted(files, key=lambda file: (file.owner is None, file.name))


def line_of(
    row: DeploymentRow,
    limits: Limits,
    portal: str | None,
    waiting_days: int | None = None,
    written_on: date | None = None,
) -> dict[str, Any]:
    """A deployment by the columns of an owner's file; the `FILLED` ones are theirs to fill in."""
    values: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS if hasattr(row, name)}
    values |= {name: getattr(row, name).sentences for name in ("reasons", "findings")}
    values |= {name: _short(value) for name, value in values.items() if isinstance(value, Decimal)}
    return (
        values
        | {
            "subscription": row.subscription_id,
            "request_limits": limits_text(limits.get(row.deployment_key)),
            "saving_if_retired": saving_if_retired(row),
            "proposed": proposal(row),
            "waiting_days": waiting_days,
            "written_on": written_on,
            "model": asset_name(row.model),
            "environment": asset_name(row.environment),
            "expires_on": _day_or_text(row.expires_on),
            "portal": None if portal is None else f"{portal}/#resource{row.id}",
        }
        | dict.fromkeys(FILLED)
    )


def head_of(answer_by: date, waited_days: int | None = None) -> str:
    """What the first line of a file asks for; without commas, by which programs guess columns.

    `waited_days` makes it a reminder of what has waited for so long.
    """
    reminder = f"Reminder: the oldest question is {counted(waited_days or 0, 'day')} old. "
    return (
        f"{reminder if waited_days else ''}Answer by {answer_by}."
        " For each proposal write under decision: keep or retire or extend."
        " Until is a day such as 2027-01-31 (extend needs one). Reason says why (keep and extend"
        " need one). Save this file and send it back to whoever sent it."
    )


def write_lines(path: Path, lines: Sequence[Mapping[str, Any]], head: str) -> None:
    """Write what one owner is asked, as its suffix says: .csv or .xlsx."""
    if path.suffix == ".csv":
        write_csv(path, COLUMNS, lines, head=[head])
        return
    sheet = Sheet(
        "deployments",
        COLUMNS,
        lines,
        head=[head],
        wrapped=WRAPPED,
        links=["portal"],
        choices={"decision": DECISIONS},
        days=["until"],
        to_fill_in=FILLED,
        asked="proposed",
        last_printed=FILLED[-1],
    )
    write_workbook(path, [sheet])


def _day_or_text(text: str | None) -> date | str | None:
    try:
        return date.fromisoformat(text.strip()) if text else None
    except ValueError:
        return text


def proposal(row: DeploymentRow) -> str | None:
    """What is proposed to the owner, with the day where it is marked already; None: nothing."""
    if not row.may_be_retired:
        return None
    return f"retire after {row.retire_after}" if row.is_marked else "retire"


def saving_if_retired(row: DeploymentRow) -> Decimal | None:
    """What a month costs less without it; None where retirement is not proposed, or not known."""
    known = row.monthly_run_rate if row.may_be_retired else None
    return None if known is None else _short(known)


def index_of(
    files: Sequence[OwnerFile], suffix: str, waiting: Mapping[str, int | None] | None = None
) -> list[dict[str, Any]]:
    """A line for each file and currency, with its sums; currencies are never added up.

    `waiting` has the days for which an answer is awaited, by the key of a deployment.
    """
    return [
        _index_line(file, suffix, currency, waiting or {})
        for file in files
        for currency in sorted({row.currency for row in file.rows}, key=lambda c: (c is None, c))
    ]


def _index_line(
    file: OwnerFile, suffix: str, currency: str | None, waiting: Mapping[str, int | None]
) -> dict[str, Any]:
    rows = [row for row in file.rows if row.currency == currency]
    proposed = [row for row in rows if row.may_be_retired]
    days = [waiting.get(row.deployment_key) for row in rows]
    return {
        "file": f"{file.name}.{suffix}",
        "owner": file.owner,
        "currency": currency,
        "deployments": len(rows),
        "proposed": len(proposed),
        "cost_in_window": _sum([row.cost_in_window for row in rows]),
        "monthly_run_rate": _sum([row.monthly_run_rate for row in rows]),
        "saving_proposed": _sum([saving_if_retired(row) for row in proposed]),
        "without_price": sum(
            row.kind == "managed" and row.monthly_run_rate is None for row in rows
        ),
        "waiting_days": max((one for one in days if one is not None), default=None),
    }


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum of what is known, as the files have it; None where nothing is."""
    known = [_short(amount) for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _short(amount: Decimal) -> Decimal:
    """An amount to the millionth: sums stay right to the cent, and cells stay readable."""
    return amount.quantize(Decimal("0.000001"))


def _by_money(row: DeploymentRow) -> tuple[bool, bool, bool, Decimal, str]:
    """What is proposed, then what is billed, then what is not known, then the most money."""
    amount = row.ranking_amount
    is_billed = row.kind == "managed"
    return (
        not row.may_be_retired,
        not is_billed,
        amount is not None,
        -(amount or Decimal(0)),
        row.path.lower(),
    )


def limits_text(limits: Mapping[str, Any] | None) -> str | None:
    """Request limits in words; None where none is known."""
    if limits is None:
        return None
    pairs = [
        (limits["max_concurrent_requests_per_instance"], "{} at once an instance"),
        (limits["request_timeout"], "timeout {}"),
        (limits["max_queue_wait"], "queue wait {}"),
    ]
    return ", ".join(text.format(value) for value, text in pairs if value is not None) or None
