"""Loads Cost Management exports into the store, in place of asking for the bill.

Layouts (azure-facts 7.5 and 14, payload trap 9): EA and MCA, as charged or amortized, and FOCUS
1.0 to 1.2; CSV, gzip and Parquet. What a file is, its columns say.
"""

from __future__ import annotations

import glob
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from queries import library
from queries.append import naive_utc
from queries.counted import basis_that_counts, count_basis
from queries.policy import BASES
from queries.store import Store, StoreFailure

ACTUAL, AMORTIZED = BASES["actual"], BASES["amortized"]
SUFFIXES = (".csv", ".csv.gz", ".parquet")
# What a layout must have; each by one of several names; case does not matter.
LAYOUTS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "FOCUS": (
        ("ChargePeriodStart",),
        ("BilledCost",),
        ("EffectiveCost",),
        ("BillingCurrency",),
        ("ResourceId",),
        ("Tags",),
    ),
    "EA or MCA": (
        ("Date", "UsageDateTime", "UsageDate"),
        ("CostInBillingCurrency", "Cost", "PreTaxCost"),
        ("BillingCurrency", "BillingCurrencyCode", "Currency"),
        ("ResourceId", "InstanceId", "InstanceName"),
        ("Tags",),
    ),
}
_ALSO = {"subaccountid", "subscriptionid", "subscriptionguid", "x_resourcetype", "resourcetype"}
_ALSO |= {"chargetype", "pricingmodel", "quantity"}
NAMES = sorted(_ALSO | {n.lower() for roles in LAYOUTS.values() for role in roles for n in role})

Progress = Callable[[str, int, int | None], None]


class BadExport(StoreFailure):
    """A file that cannot be loaded; the text names it and what to do. The store is as it was."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file and what its columns told; `basis` is None until its rows told it."""

    path: Path
    layout: str
    packing: str = "none"
    partitioned: bool = False
    basis: str | None = None
    rows: int = 0


@dataclass(frozen=True, slots=True)
class ExportMonth:
    """What became of a month of a subscription that the export tells of.

    `days_lacking` are billed days of the store that the export has no row of, from
    `first_lacking` on; `is_kept` when the store's month stands because of them.
    """

    subscription_id: str
    month: date
    basis: str
    last_day: date
    days_lacking: int
    first_lacking: date | None
    is_known: bool
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of the files that met one end.

    `outcome`: fitted (a known deployment), unallocated (`reason` is the part of the bill), skipped,
    or outside (tagged with an endpoint, but not billed on a workspace). None is not told apart.
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
    progress: Progress = lambda _what, _done, _total: None,
) -> ImportReport:
    """Load files, folders and patterns as one export; its months take the place of the store's.

    `basis` says which cost to take where the files do not, `counted` which one counts. A month of
    which the store knows billed days that the files lack stays as it is, unless `replace_longer`.
    BadExport: nothing is loaded.
    """
    notes: list[str] = []
    with TemporaryDirectory(prefix="mothball-") as folder:
        lines, days = (str(Path(folder) / name) for name in ("lines.parquet", "days.parquet"))
        with _reading(folder) as connection:
            paths = _once_each(files_of(names), notes)
            files = _read_all(connection, paths, basis or counted, progress)
            files = _with_basis(connection, files, basis, counted, notes)
            _refuse_repeats(connection, files)
            library.do(connection, "export_lines")
            left_out = _counted(library.ask(connection, "export_left_out"))
            unreadable = library.ask(connection, "export_unreadable_tags")[0]["row_count"]
            library.do(connection, "export_lines_out", {"path": lines})
            library.do(connection, "export_days_out", {"path": days})
        months, loaded, shown = _keep(store, lines, days, now, counted, replace_longer)
    if unreadable:
        notes.append(f"{unreadable} rows of the bill have tags that cannot be read")
    rows = (*loaded, *left_out)
    return ImportReport(
        tuple(files),
        tuple(months),
        rows,
        (*notes, *_told_of(months), *_not_shown(months, shown)),
        is_partial=bool(unreadable) or any(_is_missing(one) for one in rows),
    )


def files_of(names: Sequence[str]) -> list[Path]:
    """The files that are meant, each once: a file, a folder with all below it, or a pattern."""
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name).expanduser()
        if path.is_file():
            matches = [path]
        elif path.is_dir():
            matches = _data_files(path.rglob("*"))
        elif glob.has_magic(name):
            matches = _data_files(map(Path, glob.iglob(str(path), recursive=True)))
        else:
            raise BadExport(f"there is no file {name}")
        if not matches:
            raise BadExport(f"{name} holds no export: no {', '.join(SUFFIXES)} was found")
        found |= dict.fromkeys(match.resolve() for match in matches)
    return list(found)


def _data_files(paths: Iterable[Path]) -> list[Path]:
    return sorted(p for p in paths if p.name.lower().endswith(SUFFIXES) and p.is_file())


def _once_each(paths: Iterable[Path], notes: list[str]) -> list[Path]:
    """Without the copies: two files of the same bytes are the same rows of the bill."""
    by_size: dict[int, list[Path]] = {}
    for path in paths:
        by_size.setdefault(_asked(path, lambda p: p.stat().st_size), []).append(path)
    kept: dict[tuple[int, str], Path] = {}
    for size, same in by_size.items():
        for path in same:
            print_of = _asked(path, _digest) if len(same) > 1 else ""
            if (first := kept.setdefault((size, print_of), path)) is not path:
                notes.append(f"{path} is a copy of {first} and was read once")
    return sorted(kept.values())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _asked(path: Path, ask: Callable[[Path], Any]) -> Any:
    try:
        return ask(path)
    except OSError as error:
        raise BadExport(f"{path} cannot be read: {error.strerror or error}") from error


def _reading(folder: str) -> duckdb.DuckDBPyConnection:
    """A place in memory to read files in; it spills into `folder` and loads nothing."""
    return duckdb.connect(
        config={
            "temp_directory": folder,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


def _read_all(
    connection: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    basis: str,
    progress: Progress,
) -> list[ExportFile]:
    """Recognise every file before any is read, then sum each up under its number."""
    files = [_recognised(connection, path) for path in paths]
    library.do(connection, "export_begin")
    for number, file in enumerate(files):
        progress("export", number, len(files))
        _ask(connection, file, _question("export_raw", file), _place(file) | {"names": NAMES})
        place = {"file": number, "effective": basis == AMORTIZED}
        _ask(connection, file, "export_told", place)
    progress("export", len(files), len(files))
    return files


def _recognised(connection: duckdb.DuckDBPyConnection, path: Path) -> ExportFile:
    with _asked(path, lambda p: p.open("rb")) as opened:
        begin = opened.read(4)
    packing = "parquet" if begin == b"PAR1" else "auto"
    if begin.startswith(b"\x1f\x8b"):
        packing = "gzip"
        _asked(path, _unpacked_to_its_end)
    file = ExportFile(path, "", packing)
    layout, missing = _layout(_columns(connection, file))
    if missing:
        # A partitioned folder may hold a column in the names of its folders alone.
        file = replace(file, partitioned=True)
        layout, still_missing = _layout(_columns(connection, file))
        if still_missing:
            raise BadExport(
                f"{path} is no export of Cost Management: as {layout} it lacks the columns"
                f" {', '.join(still_missing)}"
            )
    return replace(file, layout=layout)


def _unpacked_to_its_end(path: Path) -> None:
    """DuckDB takes a gzip file that breaks off for a shorter one."""
    try:
        with gzip.open(path) as file:
            while file.read(1 << 20):
                pass
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadExport(f"{path} is a damaged gzip file: fetch it again") from error


def _layout(columns: Iterable[str]) -> tuple[str, list[str]]:
    """The layout that fits best, and the columns that it lacks."""
    there = {name.lower() for name in columns}
    lacks = {
        layout: [role[0] for role in roles if not there & {name.lower() for name in role}]
        for layout, roles in LAYOUTS.items()
    }
    best = min(lacks, key=lambda layout: len(lacks[layout]))
    return best, lacks[best]


def _columns(connection: duckdb.DuckDBPyConnection, file: ExportFile) -> list[str]:
    _ask(connection, file, _question("export_columns", file), _place(file))
    return [str(column[0]) for column in connection.description or []]


def _question(name: str, file: ExportFile) -> str:
    return f"{name}_parquet" if file.packing == "parquet" else f"{name}_csv"


def _place(file: ExportFile) -> dict[str, Any]:
    place = {"file": glob.escape(str(file.path)), "partitioned": file.partitioned}
    return place if file.packing == "parquet" else place | {"packing": file.packing}


def _ask(
    connection: duckdb.DuckDBPyConnection, file: ExportFile, name: str, values: Mapping[str, Any]
) -> None:
    try:
        library.do(connection, name, values)
    except duckdb.Error as error:
        line = str(error).strip().splitlines()[0]
        raise BadExport(f"{file.path} cannot be read to its end: {line}") from error


def _with_basis(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[ExportFile],
    wanted: str | None,
    counted: str,
    notes: list[str],
) -> list[ExportFile]:
    """Each file with its basis: as asked, else as its rows show, else as its neighbours' do.

    The columns of an actual and an amortized bill are the same; only commitments tell them apart,
    and without any the two bills are equal.
    """
    signs = {row["file"]: row for row in library.ask(connection, "export_signs")}
    shown: dict[int, str] = {}
    for number, file in enumerate(files):
        sign = signs.get(number)
        if file.layout == "FOCUS" or sign is None:
            continue
        if sign["rows_amortized"] and sign["rows_actual"] and wanted is None:
            raise BadExport(f"{file.path} looks both as charged and amortized: give --basis")
        if sign["rows_amortized"] or sign["rows_actual"]:
            shown[number] = AMORTIZED if sign["rows_amortized"] else ACTUAL
    in_folder: dict[Path, set[str]] = {}
    for number, one in shown.items():
        in_folder.setdefault(files[number].path.parent, set()).add(one)
    known: list[ExportFile] = []
    for number, file in enumerate(files):
        near = in_folder.get(file.path.parent, set())
        told = shown.get(number) or (next(iter(near)) if len(near) == 1 else counted)
        chosen = wanted or (counted if file.layout == "FOCUS" else told)
        if shown.get(number, chosen) != chosen:
            notes.append(f"{file.path} looks like {told}, and is taken for {chosen} as asked")
        rows = signs[number]["row_count"] if number in signs else 0
        known.append(replace(file, basis=chosen, rows=rows))
    rows_of = [
        {"file": n, "layout": file.layout, "basis": file.basis} for n, file in enumerate(known)
    ]
    library.do(connection, "export_files", {"files": json.dumps(rows_of)})
    library.do(connection, "export_tags")
    return known


def _refuse_repeats(connection: duckdb.DuckDBPyConnection, files: Sequence[ExportFile]) -> None:
    for row in library.ask(connection, "export_repeats"):
        one, other = files[row["one"]].path, files[row["other"]].path
        why = "hold the same rows" if row["same_layout"] else "are two layouts of the same bill"
        raise BadExport(
            f"{one} and {other} {why} (from {row['day']} on): import the newer one alone, or one"
            " after the other"
        )


def _keep(
    store: Store, lines: str, days: str, now: datetime, counted: str, replace_longer: bool
) -> tuple[list[ExportMonth], list[Counted], str | None]:
    """Replace the months in one transaction; what became of each, and of the bill's rows.

    The last is the basis that counts from then on.
    """
    with store.writing() as connection:
        library.do(connection, "export_lines_in", {"path": lines})
        library.do(connection, "export_days_in", {"path": days})
        library.do(connection, "export_months", {"replace": replace_longer})
        library.do(connection, "export_forget_lines")
        library.do(connection, "export_forget_reads")
        library.do(connection, "export_keep_lines")
        library.do(connection, "export_keep_reads", {"now": naive_utc(now)})
        count_basis(connection, counted)
        months = [ExportMonth(**row) for row in library.ask(connection, "export_months_told")]
        parts = _counted(library.ask(connection, "export_parts"))
        return months, parts, basis_that_counts(connection)


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


def _told_of(months: Iterable[ExportMonth]) -> Iterable[str]:
    for month in months:
        if not month.days_lacking:
            continue
        what = (
            f"{month.month:%Y-%m} of {month.subscription_id} ({month.basis}): the export lacks"
            f" {month.days_lacking} billed days that the store knows, from {month.first_lacking} on"
        )
        yield what + (
            "; the month stays as it was (--replace takes the export's)"
            if month.is_kept
            else "; the month was replaced all the same"
        )
