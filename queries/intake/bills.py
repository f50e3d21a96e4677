"""The bill in: which months are known, and a month that was read, in the place of what was."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from collectors.records import CostLine, ReadError
from queries.intake.cost_pace import CostPace, add_pace
from queries.money.known import keep_sums
from queries.store import library
from queries.store.append import append, aware_utc, row_of
from queries.store.file import Store
from queries.store.listing import forget_listing


@dataclass(frozen=True, slots=True)
class MonthlyBill:
    """One month of one subscription: its answers, whole, or the read errors that it left."""

    subscription_id: str
    month: date
    basis: str
    lines: tuple[CostLine, ...] = ()
    places: tuple[CostLine, ...] = ()
    splits: tuple[CostLine, ...] = ()
    queries: int = 0
    read_errors: tuple[ReadError, ...] = ()

    @property
    def place(self) -> dict[str, Any]:
        """What names the month in the store."""
        return {
            "subscription_id": self.subscription_id.lower(),
            "month": self.month,
            "basis": self.basis,
        }

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return self.month.replace(day=monthrange(self.month.year, self.month.month)[1])


@dataclass(frozen=True, slots=True)
class KnownMonth:
    """A month that the store has: by a `query` or an `export`, and until when it holds."""

    source: str
    holds_until: datetime


@dataclass(frozen=True, slots=True)
class DaysLacking:
    """Billed days that an imported export has and an answer has not."""

    days: int
    first_day: date


def known_months(store: Store, basis: str) -> dict[tuple[date, str], KnownMonth]:
    """The months that were read, by their first day and the subscription in lower case."""
    with store.reading() as connection:
        rows = library.ask(connection, "cost_months_read", {"basis": basis})
    return {(row["month"], row["subscription_id"]): _known(row) for row in rows}


def subscriptions_seen_since(store: Store, first_day: date) -> frozenset[str]:
    """Subscriptions (lower case) that held a workspace on that day or later."""
    since = datetime.combine(first_day, datetime.min.time())
    with store.reading() as connection:
        rows = library.ask(connection, "subscriptions_seen_since", {"since": since})
    return frozenset(row["subscription_id"] for row in rows)


def subscriptions_without_bill(store: Store, source: str, code: str) -> frozenset[str]:
    """Subscriptions (lower case) of which a read error of this source and code tells so."""
    with store.reading() as connection:
        values = {"source": source, "code": code}
        rows = library.ask(connection, "subscriptions_without_bill", values)
    return frozenset(row["subscription_id"] for row in rows)


def keep_read_month(
    store: Store, snapshot_id: str, bill: MonthlyBill, pace: CostPace, at: datetime
) -> DaysLacking | None:
    """Keep a month that was read, and its pace; where an export covers more days, that stays.

    Then the answer is which days were lacking.
    """
    known = bill.place | {"days": sorted({line.day for line in bill.lines})}
    with store.noting() as connection:
        add_pace(connection, pace, at)
        [lacking] = library.ask(connection, "days_of_export_lacking", known)
        if lacking["days"]:
            return DaysLacking(lacking["days"], lacking["first_day"])
        forget_listing(connection)
        keep_month(connection, snapshot_id, bill, "query", at)
    return None


def keep_month(
    connection: duckdb.DuckDBPyConnection,
    snapshot_id: str | None,
    bill: MonthlyBill,
    source: str,
    at: datetime,
) -> None:
    """Put a month in the place of what was known of it; reading it twice changes nothing."""
    library.do(connection, "forget_cost_lines", bill.place)
    library.do(connection, "forget_cost_reads", bill.place)
    marked = bill.place | {"source": source}
    for kind, lines in (("bill", bill.lines), ("place", bill.places), ("split", bill.splits)):
        rows = (marked | {"kind": kind} | row_of(line) for line in lines)
        append(connection, "cost_lines", rows)
    read = {
        "snapshot_id": snapshot_id,
        "last_day": min(bill.last_day, at.date()),
        "queries": bill.queries,
        "read_at": at,
    }
    append(connection, "cost_reads", [marked | read])
    keep_sums(connection, bill.place, at)


def _known(row: dict[str, Any]) -> KnownMonth:
    holds_until = aware_utc(row["holds_until"])
    assert holds_until is not None
    return KnownMonth(row["source"], holds_until)
