"""Reads the files of an export, whole, into what the store takes in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from collectors.records import Progress
from queries.exports.dates import Order, refuse_assumed_beside, refuse_scattered
from queries.exports.files import (
    BadExport,
    ExportFile,
    files_of,
    folders_of,
    once_each,
    reading_in,
)
from queries.exports.manifests import Chosen, check_rows, chosen_runs
from queries.exports.older_runs import added, notes_on, totals_by_file
from queries.exports.rows import Reading, recognised, sum_up
from queries.exports.runs import count_equal_once, note_runs, refuse_repeats
from queries.policy import BASES
from queries.store import library

ACTUAL, AMORTIZED = BASES["actual"], BASES["amortized"]
# A subscription (lower case), a month (its first day), a basis.
Place: TypeAlias = tuple[str, date, str]


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """What the files come to: Parquet files of lines and days, and what is not in them.

    `left_out` are rows of export_left_out; `unreadable_tags` are rows of the bill; `origins` are
    the run or the files that each month is from.
    """

    files: tuple[ExportFile, ...]
    lines: Path
    days: Path
    left_out: tuple[Mapping[str, Any], ...]
    unreadable_tags: int
    origins: Mapping[Place, str]
    notes: tuple[str, ...]


def read_files(
    names: Sequence[str],
    folder: Path,
    basis: str | None,
    counted: str,
    today: date,
    dates: str | None,
    progress: Progress,
) -> ReadFiles:
    """Read files, folders and patterns as one export; what is made of them lies in `folder`.

    `basis` says which cost to take where the files do not, `counted` which one counts; `dates` the
    order of day and month, of which none lies after `today`. BadExport where one cannot be read
    whole, or where two bill the same.
    """
    reading = Reading((basis or counted) == AMORTIZED, dates, today)
    notes: list[str] = []
    lines, days = folder / "lines.parquet", folder / "days.parquet"
    with reading_in(folder) as connection:
        chosen = chosen_runs(files_of(names), folders_of(names))
        read = once_each(chosen.files, notes)
        paths = [path for path, source in read.items() if path == source]
        files = _read_all(connection, paths, reading, progress)
        files = _with_basis(connection, files, chosen, basis, counted, notes)
        _check_rows(chosen, read, files)
        notes += _left_out(connection, chosen, files, folder, reading)
        _refuse_empty(files)
        note_runs(connection, read, files)
        count_equal_once(connection, notes)
        refuse_repeats(connection)
        library.do(connection, "export_lines")
        left_out = tuple(library.ask(connection, "export_left_out"))
        unreadable = library.ask(connection, "export_unreadable_tags")[0]["row_count"]
        library.do(connection, "export_lines_out", {"path": str(lines)})
        library.do(connection, "export_days_out", {"path": str(days)})
        origins = _origins(connection, chosen, files)
    return ReadFiles(tuple(files), lines, days, left_out, unreadable, origins, tuple(notes))


def _read_all(
    connection: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    reading: Reading,
    progress: Progress,
) -> list[ExportFile]:
    """Recognise every file before any is read, then sum each up under its number."""
    files = [recognised(connection, path) for path in paths]
    library.do(connection, "export_begin")
    orders: list[Order] = []
    for number, file in enumerate(files):
        progress("export", number, len(files))
        orders.append(sum_up(connection, file, number, reading))
    progress("export", len(files), len(files))
    _check_assumed(connection, files, orders, reading.today)
    _refuse_unreadable(connection, files)
    return files


def _check_assumed(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[ExportFile],
    orders: Sequence[Order],
    today: date,
) -> None:
    """Refuse files that show no order of dates where their neighbours, or all of them, show one."""
    assumed = [number for number, order in enumerate(orders) if order.is_assumed]
    if not assumed:
        return
    path = files[assumed[0]].path
    refuse_assumed_beside(path, {file.path: o for file, o in zip(files, orders, strict=True)})
    if len(assumed) > 1:
        [seen] = library.ask(connection, "export_assumed_days", {"files": assumed})
        refuse_scattered(path, seen, today)


def _refuse_unreadable(connection: duckdb.DuckDBPyConnection, files: Sequence[ExportFile]) -> None:
    """Refuse a file of which no row of the bill can count: it is not what it seems."""
    for row in library.ask(connection, "export_unread_files"):
        rows = f"none of its {row['row_count']:,} rows" if row["row_count"] > 1 else "not its row"
        raise BadExport(
            f"{files[row['file']].path}: {rows} of the bill could be read ({row['problem']})"
        )


def _with_basis(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[ExportFile],
    chosen: Chosen,
    wanted: str | None,
    counted: str,
    notes: list[str],
) -> list[ExportFile]:
    """Each file with its basis: as asked, else as its manifest or its rows show, else as its
    neighbours' do.

    The columns of an actual and an amortized bill are the same; only commitments distinguish them,
    and without any the two bills are equal.
    """
    signs = {row["file"]: row for row in library.ask(connection, "export_signs")}
    shown = _shown_by_rows(files, signs, wanted) | _shown_by_manifests(files, chosen)
    in_folder: dict[Path, set[str]] = {}
    for number, one in shown.items():
        in_folder.setdefault(files[number].path.parent, set()).add(one)
    known: list[ExportFile] = []
    for number, file in enumerate(files):
        near = in_folder.get(file.path.parent, set())
        guessed = shown.get(number) or (next(iter(near)) if len(near) == 1 else counted)
        taken = wanted or (counted if file.layout == "FOCUS" else guessed)
        if shown.get(number, taken) != taken:
            notes.append(f"{file.path} looks like {guessed}, and is taken for {taken} as asked")
        rows = signs[number]["row_count"] if number in signs else 0
        known.append(replace(file, basis=taken, rows=rows))
    rows_of = [
        {"file": n, "layout": file.layout, "basis": file.basis} for n, file in enumerate(known)
    ]
    library.do(connection, "export_files", {"files": json.dumps(rows_of)})
    library.do(connection, "export_tags")
    return known


def _shown_by_rows(
    files: Sequence[ExportFile], signs: Mapping[int, Mapping[str, Any]], wanted: str | None
) -> dict[int, str]:
    """The basis of each file whose rows tell it, by the file's number; FOCUS has both."""
    shown: dict[int, str] = {}
    for number, file in enumerate(files):
        sign = signs.get(number)
        if file.layout == "FOCUS" or sign is None:
            continue
        if sign["rows_amortized"] and sign["rows_actual"] and wanted is None:
            raise BadExport(f"{file.path} looks both as charged and amortized: give --basis")
        if sign["rows_amortized"] or sign["rows_actual"]:
            shown[number] = AMORTIZED if sign["rows_amortized"] else ACTUAL
    return shown


def _shown_by_manifests(files: Sequence[ExportFile], chosen: Chosen) -> dict[int, str]:
    """The basis of each file whose manifest names one, by the file's number."""
    runs = {number: chosen.run_of.get(file.path) for number, file in enumerate(files)}
    return {number: run.basis for number, run in runs.items() if run and run.basis}


def _check_rows(chosen: Chosen, read: Mapping[Path, Path], files: Sequence[ExportFile]) -> None:
    """Raise where a run has not the rows that its manifest says; a copy has those of its source."""
    rows = {file.path: file.rows for file in files}
    of_each = {path: rows[source] for path, source in read.items()}
    for run in chosen.runs:
        check_rows(run, of_each)


def _left_out(
    connection: duckdb.DuckDBPyConnection,
    chosen: Chosen,
    files: Sequence[ExportFile],
    folder: Path,
    reading: Reading,
) -> list[str]:
    """What is not read, and by how much the runs that it was left out for differ from it."""
    notes = list(chosen.notes)
    totals = totals_by_file(connection)
    numbers = {file.path: number for number, file in enumerate(files)}
    for run, older in chosen.older:
        parts = (numbers.get(blob.path, -1) for blob in run.blobs)
        total = added(totals.get(number, {}) for number in parts)
        notes += notes_on(run, older, total, folder, reading)
    return notes


def _origins(
    connection: duckdb.DuckDBPyConnection, chosen: Chosen, files: Sequence[ExportFile]
) -> dict[Place, str]:
    """The run, or the files without one, that each month is from."""
    named: dict[Place, dict[str, None]] = {}
    for row in library.ask(connection, "export_files_of_months"):
        path = files[row["file"]].path
        run = chosen.run_of.get(path)
        place = (row["subscription_id"], row["month"], row["basis"])
        named.setdefault(place, {})[run.title if run else path.name] = None
    return {place: _listed(list(names)) for place, names in named.items()}


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _refuse_empty(files: Sequence[ExportFile]) -> None:
    if not any(file.rows for file in files):
        raise BadExport(f"{files[0].path} has no row below its head: nothing was loaded")
