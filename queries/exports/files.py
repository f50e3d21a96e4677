"""The files of an export: which are meant, and each one's packing and columns."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb

from queries.exports.beginnings import Beginning, Damaged, beginning_of, why_no_export
from queries.store.file import StoreFailure
from queries.store.interrupting import interruptible

T = TypeVar("T")
SUFFIXES = (".csv", ".csv.gz", ".parquet")
# Where a folder holds nothing else, one of these is named.
_MISTAKEN = (".xlsx", ".xls", ".xlsm", ".ods", ".zip", ".zst")


class BadExport(StoreFailure):
    """A file that cannot be loaded; the text names it and what to do. The store is as it was."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file and what its columns show; `basis` is None until its rows have shown it.

    `separator` and `columns` are those of a CSV file: its own, in lower case.
    """

    path: Path
    layout: str
    packing: str = "none"
    separator: str = ""
    columns: tuple[str, ...] = ()
    partitioned: bool = False
    basis: str | None = None
    rows: int = 0


@contextmanager
def reading_in(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
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
    with connection, interruptible(connection):
        connection.execute("set TimeZone = 'UTC'")
        yield connection


def files_of(names: Sequence[str]) -> list[Path]:
    """The files that are meant, each once: a file, a folder with all below it, or a pattern."""
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name).expanduser()
        if path.is_file():
            matches = [path]
        elif path.is_dir():
            matches = _data_files(name, path.rglob("*"))
        elif glob.has_magic(name):
            matches = _data_files(name, map(Path, glob.iglob(str(path), recursive=True)))
        else:
            raise BadExport(f"there is no file {name}")
        found |= dict.fromkeys(match.resolve() for match in matches)
    return list(found)


def folders_of(names: Sequence[str]) -> list[Path]:
    """The folders among what was named."""
    paths = [Path(name).expanduser() for name in names]
    return [path.resolve() for path in paths if path.is_dir()]


def _data_files(name: str, paths: Iterable[Path]) -> list[Path]:
    files = sorted(path for path in paths if path.is_file())
    found = [path for path in files if path.name.lower().endswith(SUFFIXES)]
    if not found:
        for path in files:
            if path.suffix.lower() in _MISTAKEN:
                begin(path)
        raise BadExport(f"{name} holds no export: no {', '.join(SUFFIXES)} was found")
    return found


def begin(path: Path) -> Beginning:
    """The first bytes of a file; BadExport where it cannot be an export."""
    try:
        beginning = asked(path, beginning_of)
    except Damaged as error:
        raise BadExport(f"{path} {error}") from error
    if why := why_no_export(beginning):
        raise BadExport(f"{path} {why}")
    return beginning


def once_each(paths: Iterable[Path], notes: list[str]) -> dict[Path, Path]:
    """Each file with the one to read for it: two of the same bytes are the same rows of the bill.

    The first of them is read for itself.
    """
    by_size: dict[int, list[Path]] = {}
    for path in paths:
        by_size.setdefault(asked(path, lambda p: p.stat().st_size), []).append(path)
    kept: dict[tuple[int, str], Path] = {}
    read: dict[Path, Path] = {}
    for size, same in by_size.items():
        for path in same:
            print_of = asked(path, _digest) if len(same) > 1 else ""
            read[path] = first = kept.setdefault((size, print_of), path)
            if first is not path:
                notes.append(f"{path} is a copy of {first} and was read once")
    return dict(sorted(read.items()))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def asked(path: Path, ask: Callable[[Path], T]) -> T:
    """What is asked of a file; BadExport where it cannot be read."""
    try:
        return ask(path)
    except OSError as error:
        raise BadExport(f"{path} cannot be read: {error.strerror or error}") from error
