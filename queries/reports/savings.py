"""What a deletion promised, and what was not spent since, as the bill shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from collectors.records import counted
from queries.money.spans import as_written
from queries.money.waste import Amount
from queries.reports.quarters import quarter_of
from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import Store

# A week evens weekdays out.
ENOUGH_DAYS = 7
# The part of a saving from which growth beside it means that the cost moved.
MOVED_FROM = Decimal("0.5")
DAYS_A_MONTH = Decimal(365) / 12
State = Literal[
    "pending",
    "realised",
    "moved",
    "not realised",
    "covered by a commitment",
    "not billed",
    "restored",
]


@dataclass(frozen=True, slots=True)
class Booked:
    """What one deletion saved in one month (its first day); amounts in the deletion's currency."""

    month: date
    days: int
    saved: Decimal
    growth: Decimal


@dataclass(frozen=True, slots=True)
class Saving:
    """One deletion. Amounts are in `currency`; None: not known (yet).

    `forecast`, `rate_before` and `realised` are a month (365/12 days): what the deletion promised,
    what the deployment cost just before, and by how much its cost fell. `saved` is the money not
    spent since, on settled days; `grown_elsewhere` is by how much the endpoint's other deployments
    cost more since, never more than was saved, and is no part of it. `days_after` are whole settled
    days of months whose bill was read.
    """

    deployment: str
    target: str
    deleted_at: datetime
    restored_at: datetime | None
    currency: str | None
    forecast: Decimal | None
    rate_before: Decimal | None
    realised: Decimal | None
    saved: Decimal | None
    grown_elsewhere: Decimal | None
    days_after: int
    state: State
    reason: str
    months: tuple[Booked, ...]

    def saved_within(self, first_day: date, last_day: date) -> Decimal | None:
        """What was not spent in whole months of a span; None where no day of it is settled."""
        return _sum(one.saved for one in self.months if first_day <= one.month <= last_day)

    def growth_within(self, first_day: date, last_day: date) -> Decimal | None:
        """By how much others cost more in that span; None where no day of it is settled."""
        return _sum(one.growth for one in self.months if first_day <= one.month <= last_day)


@dataclass(frozen=True, slots=True)
class SavedInQuarter:
    """What all deletions saved in a quarter, in one currency; `days` are summed over them."""

    quarter: str
    currency: str
    deletions: int
    days: int
    saved: Decimal
    grown_elsewhere: Decimal


@dataclass(frozen=True, slots=True)
class SavedSoFar:
    """What deletions saved in a quarter until now, by currency; nothing: no `amounts`."""

    quarter: str
    amounts: tuple[Amount, ...]


def saved_so_far(store: Store, day: date) -> SavedSoFar | None:
    """In the quarter of a day; None where nothing was saved in it."""
    with store.reading() as connection:
        rows = library.ask(connection, "saved_in_quarter", {"day": day})
    amounts = tuple(Amount(row["saved"], row["currency"], is_billed=True) for row in rows)
    return SavedSoFar(rows[0]["quarter"], amounts) if rows else None


def savings(store: Store) -> list[Saving]:
    """Every deletion of the journal, oldest first, with its forecast and what came of it."""
    months: dict[tuple[str, datetime], list[Booked]] = defaultdict(list)
    with store.reading() as connection, as_written(connection):
        if not library.ask(connection, "has_deletions"):
            return []  # all the lines of the bill would be read for them
        rows = library.ask(connection, "savings")
        for row in library.ask(connection, "saved_months"):
            booked = Booked(row["month"], row["days"], row["saved"], row["growth"])
            months[row["deployment_key"], row["deleted_at"]].append(booked)
    return [_saving(row, months[row["deployment_key"], row["deleted_at"]]) for row in rows]


def saved_by_quarter(items: Iterable[Saving], fiscal_year_start: int = 1) -> list[SavedInQuarter]:
    """What the deletions saved in each quarter of the fiscal year, the oldest first."""
    grouped: dict[tuple[str, str], list[tuple[Saving, Booked]]] = defaultdict(list)
    for saving in items:
        for booked in saving.months:
            name = quarter_of(booked.month, fiscal_year_start).name
            grouped[name, saving.currency or ""].append((saving, booked))
    return [
        SavedInQuarter(
            quarter,
            currency,
            deletions=len({id(saving) for saving, _booked in held}),
            days=sum(booked.days for _saving, booked in held),
            saved=sum((booked.saved for _saving, booked in held), Decimal(0)),
            grown_elsewhere=sum((booked.growth for _saving, booked in held), Decimal(0)),
        )
        for (quarter, currency), held in sorted(grouped.items())
    ]


def _saving(row: Mapping[str, Any], months: Iterable[Booked]) -> Saving:
    words = str(row["target"]).strip("/").split("/")
    deleted_at = aware_utc(row["deleted_at"])
    assert deleted_at is not None
    state, reason = _state(row)
    return Saving(
        deployment="/".join((words[-5], words[-3], words[-1])),
        target=row["target"],
        deleted_at=deleted_at,
        restored_at=aware_utc(row["restored_at"]),
        currency=row["currency"],
        forecast=row["forecast"],
        rate_before=_per_month(row["rate_before"]),
        realised=_per_month(_fall(row)),
        saved=row["saved"],
        grown_elsewhere=row["growth"],
        days_after=row["days_since"],
        state=state,
        reason=reason,
        months=tuple(months),
    )


def _fall(row: Mapping[str, Any]) -> Decimal | None:
    """By how much its cost fell, a day; None until enough days are settled."""
    if row["rate_before"] is None or row["days_since"] < ENOUGH_DAYS:
        return None
    fall: Decimal = row["rate_before"] - row["cost_since"] / row["days_since"]
    return fall


def _per_month(per_day: Decimal | None) -> Decimal | None:
    return None if per_day is None else per_day * DAYS_A_MONTH


def _state(row: Mapping[str, Any]) -> tuple[State, str]:
    if row["restored_at"] is not None:
        return "restored", f"it came back on {row['restored_at']:%Y-%m-%d}"
    if not row["days_read_before"]:
        return "pending", "the bill before it was not read: mothball snapshot --cost-months 3"
    if not row["days_tagged_before"]:
        return "not billed", "the bill before it names no deployment: what it cost is not known"
    if row["rate_before"] is None:
        return "not billed", "it was there for no whole day before the deletion"
    if row["rate_before"] == 0:
        return _without_cost(row)
    fall = _fall(row)
    if fall is None:
        return "pending", f"{row['days_since']} of {ENOUGH_DAYS} days after it are billed"
    if fall <= 0 or not row["saved"]:
        return "not realised", "the bill did not fall"
    if row["growth"] >= row["saved"] * MOVED_FROM:
        return "moved", "other deployments of its endpoint cost more since"
    return "realised", f"by {counted(row['days_since'], 'billed day')} after it"


def _without_cost(row: Mapping[str, Any]) -> tuple[State, str]:
    if row["forecast"]:
        return (
            "covered by a commitment",
            "it was billed at 0 before the deletion: the reservation or savings plan goes on",
        )
    return "not billed", "the bill shows no cost of it before the deletion"


def _sum(amounts: Iterable[Decimal]) -> Decimal | None:
    known = list(amounts)
    return sum(known, Decimal(0)) if known else None
