"""Where the money of a deployment comes from: the months of the bill, the row of the price list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from queries.estate.rows import DeploymentRow
from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class BillRead:
    """A month (its first day) of a subscription's bill that was read, and when.

    `basis` is ActualCost or AmortizedCost, `source` query or export; `last_day` is the last that an
    export holds, None of a query.
    """

    month: date
    basis: str
    source: str
    last_day: date | None
    read_at: datetime


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A row of the price list. `per_hour` is of one instance; None: the list does not have it."""

    per_hour: Decimal | None
    source: str | None
    product: str | None
    meter_id: str | None
    read_at: datetime | None


def bill_reads(store: Store, subscription_id: str) -> list[BillRead]:
    """The months of the bill that count, newest first."""
    values = {"subscription_id": subscription_id}
    with store.reading() as connection:
        rows = library.ask(connection, "bill_reads_of_subscription", values)
    return [BillRead(**(row | {"read_at": aware_utc(row["read_at"])})) for row in rows]


def price_row(store: Store, row: DeploymentRow) -> PriceRow | None:
    """The price of a deployment's size in its region and currency; None: never asked for."""
    values = {
        "region": row.region,
        "instance_type": row.instance_type,
        "currency": row.currency,
    }
    with store.reading() as connection:
        rows = library.ask(connection, "price_of_size", values)
    return PriceRow(**(rows[0] | {"read_at": aware_utc(rows[0]["read_at"])})) if rows else None
