"""What an operator weighs: the money, the quota, and what holds a deployment back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from queries.money.sizing_words import quota_line
from tui.details.parts import WARNING, labelled, section
from tui.grid.columns import money
from tui.grid.deployment_columns import no_price, run_rate_of
from tui.words.wrapping import Parts

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow
    from tui.state.estate import Details


def decision(row: DeploymentRow, details: Details | None, width: int) -> Parts:
    """Money and quota first, then marks, dates and locks."""
    rows = (
        ("run rate", _rate(row)),
        ("billed", _billed(row)),
        ("since idle", _since_idle(row)),
        ("bill, list", row.explanation),
        ("gives back", _quota(details)),
        ("rollback", f"{row.endpoint} falls back on it" if row.rollback_for else "no"),
        ("retire", f"marked for {row.retire_after}" if row.retire_after else "not marked"),
        ("exempt", _exemption(row)),
        ("expires", _expiry(row)),
        ("locks", _locks(row)),
    )
    body: Parts = []
    for label, value in rows:
        if value is not None or label == "locks":
            body += labelled(label, value, width, _style(label, row))
    return section("if it is retired", body, width)


def _style(label: str, row: DeploymentRow) -> str:
    holds = {
        "rollback": row.rollback_for is not None,
        "exempt": row.exemption_in_force,
        "locks": bool(row.lock_names or row.inherited_lock_names) or not row.locks_known,
        "bill, list": True,
    }
    return WARNING if holds.get(label) else ""


def _rate(row: DeploymentRow) -> str:
    rate = run_rate_of(row)
    if rate is None:
        return f"not known: {no_price(row)}"
    source = "by the bill" if row.run_rate_source == "billed" else "by the list price"
    return f"{rate.removeprefix('~')} a month, {source}"


def _billed(row: DeploymentRow) -> str | None:
    """In the window, this month and the last, as far as the bill goes."""
    amounts = (
        (row.cost_in_window, "in the window"),
        (row.month_to_date, "this month"),
        (row.last_full_month, "last month"),
    )
    parts = [
        f"{money(amount, row.currency)} {word}" for amount, word in amounts if amount is not None
    ]
    if parts and row.cost_through is not None:
        parts.append(f"through {row.cost_through}")
    return ", ".join(parts) or None


def _since_idle(row: DeploymentRow) -> str | None:
    text = money(row.cost_since_idle, row.currency)
    return text and f"{text}, from {row.cost_since_idle_from} on"


def _quota(details: Details | None) -> str | None:
    if details is None or details.quota is None:
        return None
    return quota_line(details.quota)


def _exemption(row: DeploymentRow) -> str | None:
    if row.exempt_until is None:
        return None
    return f"until {row.exempt_until}" + ("" if row.exemption_in_force else " (over)")


def _expiry(row: DeploymentRow) -> str | None:
    if row.expires_on is None:
        return None
    try:
        is_over = date.fromisoformat(row.expires_on) < row.as_of.date()
    except ValueError:
        return f"{row.expires_on} (no date that can be read)"
    return f"{row.expires_on} (over)" if is_over else row.expires_on


def _locks(row: DeploymentRow) -> str | None:
    if not row.locks_known:
        return None
    names = [*row.lock_names, *(f"{name} (from above)" for name in row.inherited_lock_names)]
    return ", ".join(names) or "none"
