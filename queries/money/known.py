"""What is known of the bill: month by month, from where, through when, and how it moved since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from queries.store import library
from queries.store.append import aware_utc, naive_utc
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class KnownBill:
    """One month (its first day) of a subscription's bill in one currency.

    `basis` is ActualCost or AmortizedCost; only one `counts`. `source` is query or export, `origin`
    the export's run or files. `through` is the newest billed day. `cost_on_deployments` is the part
    with the tags of a deployment. `moved_by` is the change since the reading before, `moved_since`;
    None: there was none.
    """

    subscription_id: str
    month: date
    basis: str
    counts: bool
    source: str
    origin: str | None
    read_at: datetime
    through: date | None
    currency: str | None
    cost: Decimal
    cost_on_deployments: Decimal
    moved_by: Decimal | None
    moved_since: datetime | None


def known_bills(store: Store) -> list[KnownBill]:
    """Every month that was read, the newest first."""
    with store.reading() as connection:
        rows = library.ask(connection, "known_bills")
    return [_known(row) for row in rows]


def keep_sums(
    connection: duckdb.DuckDBPyConnection, place: Mapping[str, Any], read_at: datetime
) -> None:
    """Note what a month came to; `place` is its subscription_id, month and basis."""
    library.do(connection, "forget_cost_sums", {**place, "read_at": naive_utc(read_at)})
    library.do(connection, "keep_cost_sums", dict(place))


def forget_bill(connection: duckdb.DuckDBPyConnection, known: KnownBill) -> None:
    """Take a month of a subscription on one basis out, as if it was never read."""
    place = {name: getattr(known, name) for name in ("subscription_id", "month", "basis")}
    library.do(connection, "forget_cost_lines", place)
    library.do(connection, "forget_cost_reads", place)
    library.do(connection, "forget_cost_sums", place | {"read_at": None})


def _known(row: dict[str, Any]) -> KnownBill:
    times = {name: aware_utc(row[name]) for name in ("read_at", "moved_since")}
    return KnownBill(**(row | times))
