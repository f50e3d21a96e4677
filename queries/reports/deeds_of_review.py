"""A review's questions of what was done: retired, came back, went, and called after it was gone."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from queries.reports.gathered import ReviewData, Rows, within
from queries.reports.savings import Saving
from queries.reports.sections import Column, Section, section


def savings(gathered: ReviewData) -> Section:
    """What was retired, what came back, and the money that was not spent because of it.

    Every deletion that saved in the quarter is there, whenever it was; those of the quarter and of
    the one before also where no day of them is settled yet, and what came back in the quarter.
    """
    columns = (
        Column("deployment", "Deployment"),
        Column("deleted_at", "Deleted", "day"),
        Column("restored_at", "Came back", "day", ""),
        Column("forecast", "Forecast a month", "money"),
        Column("rate_before", "Cost a month before", "money"),
        Column("saved", f"Saved in {gathered.quarter.name}", "money"),
        Column("saved_since", "Saved since the start", "money"),
        Column("grown_elsewhere", "Grown elsewhere in it", "money"),
        Column("currency", "Currency", "word"),
        Column("state", "State", "word"),
        Column("reason", "Because"),
    )
    counted = [saving for saving in gathered.savings if _is_counted(gathered, saving)]
    rows: Rows = [_row(gathered, saving) for saving in counted]
    question = "What was retired, what came back, and what was not spent because of it?"
    return section("savings", question, columns, [*rows, *_sums(rows)], empty="Nothing.")


def saved_in(gathered: ReviewData, saving: Saving) -> Decimal | None:
    """What a deletion saved in the quarter that is reviewed; None where no day is settled."""
    return saving.saved_within(gathered.quarter.first_day, gathered.quarter.last_day)


def _row(gathered: ReviewData, saving: Saving) -> dict[str, Any]:
    quarter = gathered.quarter
    names = ("deployment", "deleted_at", "restored_at", "forecast", "rate_before")
    row = {name: getattr(saving, name) for name in (*names, "currency", "state", "reason")}
    return row | {
        "saved": saved_in(gathered, saving),
        "saved_since": saving.saved,
        "grown_elsewhere": saving.growth_within(quarter.first_day, quarter.last_day),
    }


def _is_counted(gathered: ReviewData, saving: Saving) -> bool:
    back = saving.restored_at
    return (
        saved_in(gathered, saving) is not None
        or gathered.quarter.has(saving.deleted_at.date())
        or gathered.before.quarter.has(saving.deleted_at.date())
        or (back is not None and gathered.quarter.has(back.date()))
    )


def _sums(rows: Rows) -> Rows:
    """A sum for each currency; what is not known yet is not in it."""
    grouped: dict[str, Rows] = defaultdict(list)
    for row in rows:
        if row["currency"] is not None:
            grouped[row["currency"]].append(row)
    return [_sum(currency, held) for currency, held in sorted(grouped.items())]


def _sum(currency: str, held: Rows) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(
        ("deleted_at", "restored_at", "state", "forecast", "rate_before"), ""
    )
    row |= {"deployment": f"{len(held)} retired", "currency": currency}
    for name in ("saved", "saved_since", "grown_elsewhere"):
        known = [one[name] for one in held if one[name] is not None]
        row[name] = sum(known, Decimal(0)) if known else None
    pending = sum(one["state"] == "pending" for one in held)
    return row | {"is_total": True, "reason": f"{pending} pending" if pending else ""}


def vanished(gathered: ReviewData) -> Section:
    """What is not there any more, whoever deleted it; by the journal where the log says nobody."""
    actors = {
        entry.target.strip("/").lower(): entry.actor
        for entry in gathered.journal
        if entry.outcome == "deleted"
    }
    rows = [
        {
            "deployment": row["deployment"],
            "last_seen_at": row["last_seen_at"],
            "deleted_at": row["deleted_at"],
            "by": row["deleted_by"] or actors.get(row["deployment_key"].strip("/")),
        }
        for row in gathered.vanished
    ]
    columns = (
        Column("deployment", "Deployment"),
        Column("last_seen_at", "Last seen", "day"),
        Column("deleted_at", "Deleted", "day"),
        Column("by", "By", absent="not known"),
    )
    question = "What is gone, and who deleted it?"
    return section("vanished", question, columns, rows, empty="Nothing.")


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
