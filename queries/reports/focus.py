"""A month's bill by the columns of FOCUS 1.2 or 1.3, as CSV or Parquet."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb

from queries.reports.regions import REGION_NAMES
from queries.reports.sheets import write_csv, written_whole
from queries.store import library
from queries.store.file import Store, StoreFailure

FORMS = (".csv", ".parquet")
# The versions of FOCUS, the usual one first, each with the question that makes its columns.
VERSIONS: Final[Mapping[str, str]] = {"1.2": "focus_1_2", "1.3": "focus_1_3"}
# What a bill need not report, by a column that shows it.
OPTIONAL: Final[Mapping[str, str]] = {
    "quantities": "ConsumedQuantity",
    "meters": "x_MeterId",
    "list costs": "ListCost",
    "unit prices": "ListUnitPrice",
    "the invoice": "InvoiceId",
}


class NoBill(StoreFailure):
    """The store has no bill of that month."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows, and sums of BilledCost by currency.

    `lacking` is what the file has no rows of, and `empty` what is null in every row, in words.
    """

    rows: int
    billed: dict[str, Decimal]
    lacking: tuple[str, ...]
    empty: tuple[str, ...]


def write_focus(store: Store, month: date, path: Path, version: str = "1.2") -> Written:
    """Write the month's bill; NoBill where no subscription's was read."""
    values = {"month": month}
    with store.reading() as connection:
        reads = library.ask(connection, "focus_reads", values)
        if not reads:
            raise NoBill(
                f"the store has no bill of {month:%Y-%m}: mothball snapshot --cost-months N"
            )
        library.do(connection, "focus_instances", values)
        library.do(connection, "focus", values | {"regions": json.dumps(dict(REGION_NAMES))})
        library.do(connection, VERSIONS[version])
        counted = _Counted()
        rows = counted.of(library.ask_each(connection, "focus_rows"))
        if path.suffix.lower() == ".parquet":
            deque(rows, maxlen=0)
            _write_parquet(connection, path)
        else:
            first = next(rows, {})
            write_csv(path, list(first), chain([first] if first else [], rows), mark=False)
    lacking = tuple(
        f"{read['subscription_id']}: read as amortized cost, so what was billed is not known"
        for read in reads
        if not read["has_actual"]
    )
    return Written(counted.rows, counted.billed, lacking, counted.empty)


def _write_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write it where nobody else may read, and from there whole to its place."""
    with TemporaryDirectory(prefix="mothball-") as folder:
        made = Path(folder) / "bill.parquet"
        library.do(connection, "focus_parquet", {"path": str(made)})
        with made.open("rb") as file, written_whole(path) as whole:
            copyfileobj(file, whole)


class _Counted:
    """What a bill comes to, counted while its rows go by."""

    def __init__(self) -> None:
        self.rows = 0
        self.billed: dict[str, Decimal] = {}
        self._known: set[str] = set()

    def of(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        for row in rows:
            self.rows += 1
            currency = row["BillingCurrency"]
            self.billed[currency] = self.billed.get(currency, Decimal(0)) + row["BilledCost"]
            self._known.update(what for what, name in OPTIONAL.items() if row[name] is not None)
            yield row

    @property
    def empty(self) -> tuple[str, ...]:
        """What is null in every row, in words."""
        return tuple(what for what in OPTIONAL if what not in self._known)
