"""Loads Cost Management exports into the store, in place of asking for the bill."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from collectors.records import Progress, counted
from queries.exports.files import ExportFile
from queries.exports.reading import ACTUAL, ReadFiles, read_files
from queries.money.counted import basis_that_counts, count_basis
from queries.money.known import keep_sums
from queries.policy import LARGEST_FALL
from queries.store import library
from queries.store.append import naive_utc
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class Fall:
    """A month's cost in one currency that the export has well below the store's.

    Of the whole month, or `on_deployments`: on rows with the tags of an endpoint.
    """

    currency: str
    on_deployments: bool
    known_cost: Decimal
    export_cost: Decimal


@dataclass(frozen=True, slots=True)
class ExportMonth:
    """What became of a month of a subscription that the export covers.

    `days_lacking` are billed days of the store that the export has no row of, from
    `first_lacking` on, and `workspaces_lacking` billed workspaces, `deployments_lacking` billed
    deployments, where more of them than may be; `falls` are costs that fell;
    `is_kept` when the store's month stands because of them.
    """

    subscription_id: str
    month: date
    basis: str
    last_day: date
    days_lacking: int
    first_lacking: date | None
    workspaces_lacking: int
    deployments_lacking: int
    is_kept: bool
    falls: tuple[Fall, ...] = ()

    @property
    def place(self) -> dict[str, Any]:
        """What names the month in the store."""
        return {name: getattr(self, name) for name in ("subscription_id", "month", "basis")}


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of the files that met one end.

    `outcome`: fitted (a known deployment), unallocated (`reason` is the part of the bill), skipped,
    or outside (tagged with an endpoint, but not billed on a workspace). None is not distinguished.
    """

    subscription_id: str | None
    month: date | None
    basis: str | None
    outcome: str
    reason: str
    row_count: int
    cost: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; `notes` are sentences for people."""

    files: tuple[ExportFile, ...]
    months: tuple[ExportMonth, ...]
    counted: tuple[Counted, ...]
    notes: tuple[str, ...]
    is_partial: bool


def import_exports(
    store: Store,
    names: Sequence[str],
    now: datetime,
    *,
    basis: str | None = None,
    counted: str = ACTUAL,
    replace_longer: bool = False,
    largest_fall: Decimal = LARGEST_FALL,
    dates: str | None = None,
    progress: Progress = lambda _what, _done, _total: None,
) -> ImportReport:
    """Load files, folders and patterns as one export; its months take the place of the store's.

    `basis` says which cost to take where the files do not, `counted` which one counts, `dates`
    (dmy, mdy, ymd) the order of their dates. A month of which the store knows billed days or
    workspaces that the files lack, or more cost or billed deployments than by `largest_fall` (0 to
    1), stays as it is, unless `replace_longer`.
    BadExport: nothing is loaded.
    """
    with TemporaryDirectory(prefix="mothball-") as folder:
        today = now.astimezone(UTC).date()
        read = read_files(names, Path(folder), basis, counted, today, dates, progress)
        months, loaded, shown = _keep(
            store, read, now, counted, None if replace_longer else largest_fall
        )
    notes = list(read.notes)
    if read.unreadable_tags:
        notes.append(_unreadable(read.unreadable_tags))
    rows = (*loaded, *_counted(read.left_out))
    return ImportReport(
        read.files,
        tuple(months),
        rows,
        (*notes, *_summary_of(months), *_not_shown(months, shown)),
        is_partial=bool(read.unreadable_tags)
        or any(month.is_kept for month in months)
        or any(_is_missing(one) for one in rows),
    )


def _keep(
    store: Store, read: ReadFiles, now: datetime, counted: str, largest_fall: Decimal | None
) -> tuple[list[ExportMonth], list[Counted], str | None]:
    """Replace the months in one transaction; what became of each, and of the bill's rows.

    A month falls by no more than `largest_fall`; None: whatever it falls by.
    The last is the basis that counts from then on.
    """
    with store.writing() as connection:
        library.do(connection, "export_lines_in", {"path": str(read.lines)})
        library.do(connection, "export_days_in", {"path": str(read.days)})
        library.do(connection, "export_falls", {"share": largest_fall or LARGEST_FALL})
        library.do(connection, "export_months", {"share": largest_fall})
        library.do(connection, "export_forget_lines")
        library.do(connection, "export_forget_reads")
        library.do(connection, "export_keep_lines")
        origins = [[*place, origin] for place, origin in read.origins.items()]
        values = {"now": naive_utc(now), "origins": json.dumps(origins, default=str)}
        library.do(connection, "export_keep_reads", values)
        months = _months(connection)
        for month in months:
            if not month.is_kept:
                keep_sums(connection, month.place, now)
        count_basis(connection, counted)
        parts = _counted(library.ask(connection, "export_parts"))
        return months, parts, basis_that_counts(connection)


def _months(connection: duckdb.DuckDBPyConnection) -> list[ExportMonth]:
    """The months that the export covers, each with the costs that fell."""
    falls: dict[tuple[str, date, str], list[Fall]] = {}
    for row in library.ask(connection, "export_fall_lines"):
        key = (row.pop("subscription_id"), row.pop("month"), row.pop("basis"))
        falls.setdefault(key, []).append(Fall(**row))
    months = [ExportMonth(**row) for row in library.ask(connection, "export_months_result")]
    return [
        replace(one, falls=tuple(falls.get((one.subscription_id, one.month, one.basis), ())))
        for one in months
    ]


def _unreadable(count: int) -> str:
    return f"tags that cannot be read: in {counted(count, 'row')} of the bill"


def _counted(rows: Iterable[Mapping[str, Any]]) -> list[Counted]:
    return [Counted(**row) for row in rows]


def _is_missing(one: Counted) -> bool:
    """Whether money of the bill, or of an endpoint, is not in the store because of it."""
    return one.outcome == "outside" or (
        one.outcome == "skipped" and one.reason != "not of a workspace"
    )


def _not_shown(months: Iterable[ExportMonth], shown: str | None) -> Iterable[str]:
    for basis in sorted({month.basis for month in months if not month.is_kept} - {shown}):
        yield (
            f"{basis} is loaded, but {shown} counts, and the two are never mixed: `basis` in"
            " [costs] of the settings chooses"
        )


def _summary_of(months: Iterable[ExportMonth]) -> Iterable[str]:
    for month in months:
        differences = [*_lacking(month), *map(_fallen, month.falls)]
        if not differences:
            continue
        what = f"{month.month:%Y-%m} of {month.subscription_id} ({month.basis}): the export "
        yield f"{what}{', and '.join(differences)}" + (
            "; the month stays as it was (load its parts together; --replace takes the export's)"
            if month.is_kept
            else "; the month was replaced all the same"
        )


def _lacking(month: ExportMonth) -> Iterable[str]:
    lacks = []
    if month.days_lacking:
        days = counted(month.days_lacking, "billed day")
        lacks.append(f"{days} from {month.first_lacking} on")
    if month.workspaces_lacking:
        lacks.append(counted(month.workspaces_lacking, "billed workspace"))
    if month.deployments_lacking:
        lacks.append(counted(month.deployments_lacking, "billed deployment"))
    if lacks:
        yield f"lacks {', '.join(lacks)} that the store knows"


def _fallen(fall: Fall) -> str:
    where = " on deployments" if fall.on_deployments else ""
    return (
        f"bills {fall.export_cost:,.2f} {fall.currency}{where} where the store knows"
        f" {fall.known_cost:,.2f} {fall.currency}"
    )
