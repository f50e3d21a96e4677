"""The files of an export: which are meant, what their columns say they are, and their rows.

Layouts (azure.md A50): EA and MCA, as charged or amortized, and FOCUS
1.0 to 1.2; CSV, gzip and Parquet.
"""

from __future__ import annotations

import glob
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from queries.store import library
from queries.store.file import StoreFailure

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
_ALSO |= {"meterid", "x_skumeterid", "skumeter", "metername", "metercategory"}
NAMES = sorted(_ALSO | {n.lower() for roles in LAYOUTS.values() for role in roles for n in role})


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


def reading_in(folder: Path) -> duckdb.DuckDBPyConnection:
    """A place in memory to read files in; it spills into `folder` and loads nothing.

    Its days are UTC, wherever the machine stands.
    """
    connection = duckdb.connect(
        config={
            "temp_directory": str(folder),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    connection.execute("set TimeZone = 'UTC'")
    return connection


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


def folders_of(names: Sequence[str]) -> list[Path]:
    """The folders among what was named."""
    paths = [Path(name).expanduser() for name in names]
    return [path.resolve() for path in paths if path.is_dir()]


def _data_files(paths: Iterable[Path]) -> list[Path]:
    return sorted(p for p in paths if p.name.lower().endswith(SUFFIXES) and p.is_file())


def once_each(paths: Iterable[Path], notes: list[str]) -> dict[Path, Path]:
    """Each file with the one to read for it: two of the same bytes are the same rows of the bill.

    The first of them is read for itself.
    """
    by_size: dict[int, list[Path]] = {}
    for path in paths:
        by_size.setdefault(_asked(path, lambda p: p.stat().st_size), []).append(path)
    kept: dict[tuple[int, str], Path] = {}
    read: dict[Path, Path] = {}
    for size, same in by_size.items():
        for path in same:
            print_of = _asked(path, _digest) if len(same) > 1 else ""
            read[path] = first = kept.setdefault((size, print_of), path)
            if first is not path:
                notes.append(f"{path} is a copy of {first} and was read once")
    return dict(sorted(read.items()))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _asked(path: Path, ask: Callable[[Path], Any]) -> Any:
    try:
        return ask(path)
    except OSError as error:
        raise BadExport(f"{path} cannot be read: {error.strerror or error}") from error


def recognised(connection: duckdb.DuckDBPyConnection, path: Path) -> ExportFile:
    """What a file is, by its first bytes and its columns."""
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


def sum_up(
    connection: duckdb.DuckDBPyConnection, file: ExportFile, number: int, *, effective: bool
) -> None:
    """Add a file's rows, summed, to `export_read` (FOCUS: its effective or its billed cost)."""
    _ask(connection, file, _question("export_raw", file), _place(file) | {"names": NAMES})
    _ask(connection, file, "export_read", {"file": number, "effective": effective})


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
