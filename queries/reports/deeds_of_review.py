"""A review's questions of what was done: retired, came back, and called after it was gone."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from queries.reports.gathered import ReviewData, Rows, within
from queries.reports.savings import Saving
from queries.reports.sections import Column, Section, section

AMOUNTS = ("forecast", "realised", "grown_elsewhere", "net")


def savings(gathered: ReviewData) -> Section:
    """What was retired, what came back, and what the bill shows of it.

    The deletions of the quarter before are there too, since its own review may have come too early
    for their bill, and so is what came back in the quarter.
    """
    columns = (
        Column("deployment", "Deployment"),
        Column("deleted_at", "Deleted", "day"),
        Column("restored_at", "Came back", "day", ""),
        Column("forecast", "Forecast a month", "money"),
        Column("realised", "Realised a month", "money"),
        Column("grown_elsewhere", "Grown elsewhere", "money"),
        Column("net", "Net a month", "money"),
        Column("currency", "Currency", "word"),
        Column("state", "State", "word"),
        Column("reason", "Because"),
    )
    counted = [saving for saving in gathered.savings if _is_counted(gathered, saving)]
    rows: Rows = [{c.name: getattr(saving, c.name) for c in columns} for saving in counted]
    question = "What was retired, what came back, and what did it save on the bill?"
    return section("savings", question, columns, [*rows, *_sums(counted)], empty="Nothing.")


def _is_counted(gathered: ReviewData, saving: Saving) -> bool:
    back = saving.restored_at
    return (
        gathered.quarter.has(saving.deleted_at.date())
        or gathered.before.quarter.has(saving.deleted_at.date())
        or (back is not None and gathered.quarter.has(back.date()))
    )


def _sums(items: list[Saving]) -> Rows:
    """A sum for each currency of what stayed away; what is not known yet is not in it."""
    grouped: dict[str, list[Saving]] = defaultdict(list)
    for saving in items:
        if saving.currency is not None and saving.state != "restored":
            grouped[saving.currency].append(saving)
    return [_sum(currency, held) for currency, held in sorted(grouped.items())]


def _sum(currency: str, held: list[Saving]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(("deleted_at", "restored_at", "state"), "")
    row |= {"deployment": f"{len(held)} that stayed away", "currency": currency}
    for name in AMOUNTS:
        known = [amount for saving in held if (amount := getattr(saving, name)) is not None]
        row[name] = sum(known, Decimal(0)) if known else None
    pending = sum(saving.state == "pending" for saving in held)
    return row | {"is_total": True, "reason": f"{pending} pending" if pending else ""}


def calls(gathered: ReviewData) -> Section:
    """Who still called what is gone, and where that could not be read."""
    rows = [
        {
            "deployment": short(entry.target),
            "seen_at": entry.at,
            "outcome": "called" if entry.outcome == "called" else "not known",
            "reason": entry.reason,
        }
        for entry in within(gathered.quarter, gathered.journal)
        if entry.action == "watch"
    ]
    columns = (
        Column("deployment", "Deployment"),
        Column("seen_at", "Seen", "day"),
        Column("outcome", "Called", "word"),
        Column("reason", "What was seen"),
    )
    question = "Which calls still named a retired deployment?"
    return section("calls", question, columns, rows, empty="None was seen.")


def short(target: str) -> str:
    """`workspace/endpoint/deployment` of an ARM id."""
    words = target.strip("/").split("/")
    return "/".join((words[-5], words[-3], words[-1])) if len(words) > 5 else target
