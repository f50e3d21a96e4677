"""What serving costs, gathered, and what of the bill is nobody's; as typed rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from queries.store import library
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class Spending:
    """What the deployments of one group come to, or a month's part of the bill that is nobody's.

    Amounts are in `currency`; None is not known. `without_price` and `without_cost` count the
    deployments whose rate, or cost in the window, is in no sum.
    """

    grouping_name: str
    name: str | None
    currency: str | None
    deployments: int | None
    instances: int | None
    cost_in_window: Decimal | None
    monthly_run_rate: Decimal | None
    waste_per_month: Decimal | None
    without_price: int | None
    without_cost: int | None
    cost_in_month: Decimal | None


@dataclass(frozen=True, slots=True)
class DayOfBill:
    """What was billed on a UTC day in one currency: to deployments, and the rest."""

    currency: str | None
    day: date
    allocated: Decimal
    unallocated: Decimal


def spending(store: Store) -> list[Spending]:
    """All groups of all kinds, and the unallocated."""
    with store.reading() as connection:
        return [Spending(**row) for row in library.ask(connection, "spending")]


def billed_days(store: Store, first_day: date, last_day: date) -> list[DayOfBill]:
    """The bill of each day of a span, by currency; empty where no bill was read."""
    values = {"first_day": first_day, "last_day": last_day}
    with store.reading() as connection:
        return [DayOfBill(**row) for row in library.ask(connection, "billed_days", values)]
