"""A month's bill by the columns of FOCUS 1.2, as CSV or Parquet."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from queries.reports.sheets import write_csv
from queries.store import library
from queries.store.file import Store, StoreFailure

FORMS = (".csv", ".parquet")


class NoBill(StoreFailure):
    """The store has no bill of that month."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows, sums of BilledCost by currency, and what the file lacks in words."""

    rows: int
    billed: dict[str, Decimal]
    lacking: tuple[str, ...]


def write_focus(store: Store, month: date, path: Path) -> Written:
    """Write the month's bill; NoBill where no subscription's was read."""
    values = {"month": month}
    with store.reading() as connection:
        reads = library.ask(connection, "focus_reads", values)
        if not reads:
            raise NoBill(
                f"the store has no bill of {month:%Y-%m}: mothball snapshot --cost-months N"
            )
        rows = library.ask(connection, "focus", values)
        if path.suffix.lower() == ".parquet":
            aside = path.with_name(f".{secrets.token_hex(6)}.part")
            try:
                question = library.question("focus")
                connection.sql(question, params=values).write_parquet(str(aside))
                os.replace(aside, path)
            finally:
                aside.unlink(missing_ok=True)
    if path.suffix.lower() == ".csv":
        columns = list(rows[0]) if rows else []
        write_csv(path, columns, rows, mark=False)
    billed: dict[str, Decimal] = {}
    for row in rows:
        currency = row["BillingCurrency"]
        billed[currency] = billed.get(currency, Decimal(0)) + row["BilledCost"]
    lacking = tuple(
        f"{read['subscription_id']}: read as amortized cost, so what was billed is not known"
        for read in reads
        if not read["is_chosen_actual"]
    )
    return Written(len(rows), billed, lacking)
