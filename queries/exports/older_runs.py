"""The runs that a newer one takes the place of: named, with what they differ by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import duckdb

from queries.exports.files import BadExport, reading_in
from queries.exports.manifests import Run
from queries.exports.rows import Reading, recognised, sum_up
from queries.store import library

# Each is read to be compared; a month has a run a day.
MOST_COMPARED = 3
Totals = Mapping[str, Decimal]


def totals_by_file(connection: duckdb.DuckDBPyConnection) -> dict[int, Totals]:
    """What each file bills, by its number and currency."""
    totals: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for row in library.ask(connection, "export_totals"):
        amount = Decimal(row["units"]).scaleb(-18) + Decimal(row["rest"]).scaleb(-28)
        totals[row["file"]][row["currency"]] = amount
    return dict(totals)


def added(totals: Iterable[Totals]) -> Totals:
    """Sums by currency; currencies are never added up."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in totals:
        for currency, amount in one.items():
            sums[currency] += amount
    return dict(sums)


def notes_on(
    run: Run, older: Sequence[Run], total: Totals, folder: Path, reading: Reading
) -> Iterable[str]:
    """A sentence for each of the newest runs that are left out, and one for all before them.

    `total` is what the run that counts bills; `folder` is room for what does not fit in memory.
    """
    for other in older[:MOST_COMPARED]:
        difference = _difference(other, total, folder, reading)
        yield f"left out: {other.title} of {other.month} ({difference}); {run.title} counts"
    more = len(older) - MOST_COMPARED
    if more > 0:
        runs = "an older run" if more == 1 else f"{more} older runs"
        yield f"left out: {runs} of {run.month} of export {run.name}"


def _difference(run: Run, total: Totals, folder: Path, reading: Reading) -> str:
    try:
        before = _total_of(run, folder, reading)
    except BadExport as error:
        return f"it cannot be compared: {error}"
    texts = [
        _in_words(before.get(currency, Decimal(0)) - total.get(currency, Decimal(0)), currency)
        for currency in sorted({*before, *total})
    ]
    return ", ".join(texts) or "it bills nothing, as the one that counts"


def _in_words(difference: Decimal, currency: str) -> str:
    if not difference:
        return f"the same sum in {currency}"
    return f"{abs(difference):,.2f} {currency} {'higher' if difference > 0 else 'lower'}"


def _total_of(run: Run, folder: Path, reading: Reading) -> Totals:
    with reading_in(folder) as connection:
        library.do(connection, "export_begin")
        for number, blob in enumerate(run.blobs):
            sum_up(connection, recognised(connection, blob.path), number, reading)
        return added(totals_by_file(connection).values())
