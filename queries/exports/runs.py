"""The runs of an export: which files are parts of one, and that no two of them are added up.

Layout: `<export>/<from>-<to>/[<time>/]<run id>/part_N_NNNN.csv`; a run begins the
month anew beside those before it, unless the export overwrites.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from queries.exports.files import BadExport, ExportFile
from queries.store import library

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# The number of a part; as long as a date it is none.
_PART = re.compile(r"(?<![a-z])(part[_-]?)\d{1,6}(?!\d)(?:_\d{1,6}(?!\d))?", re.IGNORECASE)
# Behind or below the id of a run, a bare number is one of a part too.
_COUNTER = re.compile(r"(?<![^_-])\d{1,6}(?=\.)")
_TIME_OF_RUN = re.compile(r"\d{12}")

_WHY = {
    "layouts": "are two layouts of the same bill",
    "rows": "hold the same rows",
    "costs": "hold the same rows at other costs",
    "runs": "are of two runs of one export",
}


def note_runs(
    connection: duckdb.DuckDBPyConnection, read: Mapping[Path, Path], files: Sequence[ExportFile]
) -> None:
    """Note the run of each file, and of each copy; `read` is what was read for what."""
    numbers = {file.path: number for number, file in enumerate(files)}
    runs: dict[tuple[Path, str, str], int] = {}
    rows = []
    for path, source in read.items():
        file = numbers[source]
        identity = (path.parent, _without_part(path), files[file].layout)
        run = runs.setdefault(identity, len(runs))
        rows.append({"run": run, "export": _export_of(path), "path": str(path), "file": file})
    library.do(connection, "export_runs", {"runs": json.dumps(rows)})
    library.do(connection, "export_run_sums")
    library.do(connection, "export_same_months")


def _without_part(path: Path) -> str:
    """A file's name without the number of the part: the same for all parts of one run."""
    name, parts = _PART.subn(r"\1#", path.name)
    if not parts and (_GUID.search(path.name) or _GUID.fullmatch(path.parent.name)):
        name = _COUNTER.sub("#", path.name)
    return name


def _export_of(path: Path) -> str:
    """A file's path without run and part: the same for all runs of an export in one period."""
    folders = (part for part in path.parent.parts if not _TIME_OF_RUN.fullmatch(part))
    return _GUID.sub("*", "/".join((*folders, _without_part(path))))


def count_equal_once(connection: duckdb.DuckDBPyConnection, notes: list[str]) -> None:
    """Where two runs bill a month alike, forget the rows of the second."""
    for row in library.ask(connection, "export_equal_runs"):
        notes.append(
            f"{row['other_path']}: {row['month']:%Y-%m} of {row['subscription_id']} holds the same"
            f" rows as {row['path']}, and counts once"
        )
    library.do(connection, "export_forget_equal")
    library.do(connection, "export_forget_equal_sums")


def refuse_repeats(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse two files that bill the same thing; months that are alike were counted once before."""
    for question in ("export_repeated_days", "export_repeats", "export_repeated_parts"):
        for row in library.ask(connection, question):
            raise BadExport(
                f"{row['one']} and {row['other']} {_WHY[row['why']]} (from {row['day']} on): import"
                " the newer one alone, or one after the other"
            )
