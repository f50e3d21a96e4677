"""The manifests that a scheduled export leaves beside its parts: which run of a month counts.

Layout and fields: azure.md A51. An export that does not overwrite leaves each day's run beside the
ones before, so one month lies there many times; the newest whole run is the month.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from collectors.records import counted
from queries.exports.files import BadExport
from queries.policy import BASES

NAMES: Final = ("manifest.json", "_manifest.json")
# The kinds of data that are costs, and the basis that their rows are on; FOCUS has both.
COST_KINDS: Final[Mapping[str, str | None]] = {
    "actualcost": BASES["actual"],
    "usage": BASES["actual"],
    "amortizedcost": BASES["amortized"],
    "focuscost": None,
}


@dataclass(frozen=True, slots=True)
class Blob:
    """A part of a run, as its manifest has it; None: the manifest does not tell."""

    path: Path
    byte_count: int | None
    row_count: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an export. `kind` is lower case; `first_day` is that of its period, if known."""

    manifest: Path
    export: str
    name: str
    kind: str
    submitted_at: datetime | None
    run_id: str
    first_day: date | None
    blobs: tuple[Blob, ...]

    @property
    def basis(self) -> str | None:
        """ActualCost or AmortizedCost; None: the files have both."""
        return COST_KINDS[self.kind]

    @property
    def title(self) -> str:
        """`export ml, run of 2026-11-02 04:00 UTC`."""
        if self.submitted_at is None:
            return f"export {self.name}, run {self.run_id or self.manifest.parent.name}"
        return f"export {self.name}, run of {self.submitted_at:%Y-%m-%d %H:%M} UTC"

    @property
    def month(self) -> str:
        """The month that it begins in."""
        return f"{self.first_day:%Y-%m}" if self.first_day else "an unknown month"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to read of the files that were named.

    `older` are the runs that count, each with those that it takes the place of, the newest first;
    `run_of` are the files of the runs that count; `notes` are sentences for people.
    """

    files: tuple[Path, ...]
    run_of: Mapping[Path, Run]
    older: tuple[tuple[Run, tuple[Run, ...]], ...]
    notes: tuple[str, ...]

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs that count."""
        return tuple(run for run, _older in self.older)


def chosen_runs(files: Sequence[Path], folders: Iterable[Path]) -> Chosen:
    """Of the files below manifests those of the newest run of each export, kind and month.

    `folders` are looked through for manifests too, since a run may have lost all its parts.
    BadExport where a blob of such a run is not there, or not whole.
    """
    found = sorted({*_beside(files), *_below(folders)})
    runs = [run for path in found if (run := _read(path)) is not None]
    if not runs:
        return Chosen(tuple(files), {}, (), ())
    older, notes = _newest(runs)
    counts = [run for run, _older in older]
    for run in counts:
        _check_whole(run, frozenset(files))
    run_of = {blob.path: run for run in counts for blob in run.blobs}
    covered = {run.manifest.parent for run in runs} | {path.parent for path in found}
    loose = [path for path in files if path.parent not in covered]
    return Chosen((*loose, *run_of), run_of, tuple(older), (*notes, *_strays(files, runs, found)))


def _beside(files: Iterable[Path]) -> Iterable[Path]:
    for folder in {path.parent for path in files}:
        yield from (folder / name for name in NAMES if (folder / name).is_file())


def _below(folders: Iterable[Path]) -> Iterable[Path]:
    for folder in folders:
        for name in NAMES:
            yield from (path.resolve() for path in folder.rglob(name))


def _newest(runs: Sequence[Run]) -> tuple[list[tuple[Run, tuple[Run, ...]]], list[str]]:
    """The runs that count, each with its older ones, and what is no cost."""
    notes = [
        f"left out: {run.manifest.parent} is of kind {run.kind or 'unknown'}, which is no cost"
        for run in runs
        if run.kind not in COST_KINDS
    ]
    held: dict[tuple[str, str, date | None], list[Run]] = defaultdict(list)
    for run in runs:
        if run.kind in COST_KINDS:
            held[run.export, run.kind, run.first_day].append(run)
    counts: list[tuple[Run, tuple[Run, ...]]] = []
    for same in held.values():
        newest, *others = sorted(same, key=_by_submission, reverse=True)
        if others and newest.submitted_at is None:
            raise BadExport(
                f"{newest.manifest} and {others[0].manifest} are two runs of one export, and do not"
                " say when they were submitted: import one of the folders alone"
            )
        counts.append((newest, tuple(others)))
    return counts, notes


def _by_submission(run: Run) -> tuple[datetime, str]:
    return run.submitted_at or datetime.min.replace(tzinfo=UTC), run.run_id


def _check_whole(run: Run, given: frozenset[Path]) -> None:
    """Raise where a blob of the run is missing, cut, or was not given."""
    for blob in run.blobs:
        if not blob.path.is_file():
            raise BadExport(
                f"{blob.path} is missing: {run.title} of {run.month} has {len(run.blobs)} parts"
                f" ({run.manifest}). Fetch it; nothing was loaded"
            )
        size = blob.path.stat().st_size
        if blob.byte_count is not None and size != blob.byte_count:
            raise BadExport(
                f"{blob.path} has {size:,} bytes where {run.manifest} says {blob.byte_count:,}:"
                " fetch it again; nothing was loaded"
            )
        if blob.path not in given:
            raise BadExport(
                f"{blob.path} belongs to {run.title} of {run.month} too: import the folder"
                f" {run.manifest.parent} whole"
            )


def check_rows(run: Run, rows: Mapping[Path, int]) -> None:
    """Raise where a part has not as many rows as the manifest says; `rows` are those read."""
    for blob in run.blobs:
        count = rows.get(blob.path, 0)
        if blob.row_count is not None and count != blob.row_count:
            rows_read = counted(count, "row")
            raise BadExport(
                f"{blob.path} has {rows_read} where {run.manifest} says {blob.row_count:,}:"
                " fetch it again; nothing was loaded"
            )


def _strays(files: Iterable[Path], runs: Iterable[Run], found: Iterable[Path]) -> Iterable[str]:
    """Files beside a manifest that names them not: an older run may have left them."""
    listed = {blob.path for run in runs for blob in run.blobs}
    folders = {path.parent for path in found}
    for path in files:
        if path.parent in folders and path not in listed:
            yield f"left out: {path} is in no manifest of its folder"


def _read(path: Path) -> Run | None:
    """The run of a manifest; None where the file is of something else."""
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadExport(f"{path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise BadExport(f"{path} is no JSON: fetch it again") from error
    if not isinstance(given, dict) or not isinstance(given.get("blobs"), list):
        return None
    config, info = _table(given, "exportConfig"), _table(given, "runInfo")
    name = str(config.get("exportName") or path.parent.parent.name)
    return Run(
        manifest=path,
        export=str(config.get("resourceId") or name).lower(),
        name=name,
        kind=str(config.get("type") or "").lower(),
        submitted_at=_moment(info.get("submittedTime")),
        run_id=str(info.get("runId") or path.parent),
        first_day=_day(info.get("startDate")) or _day_of_folders(path),
        blobs=tuple(_blob(path, one) for one in given["blobs"] if isinstance(one, dict)),
    )


def _blob(manifest: Path, given: Mapping[str, Any]) -> Blob:
    # The name begins with the root folder in the container; what was fetched lies by the manifest.
    name = PurePosixPath(str(given.get("blobName") or "").strip()).name
    return Blob(manifest.parent / name, _count(given, "byteCount"), _count(given, "dataRowCount"))


def _count(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _table(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = given.get(name)
    return value if isinstance(value, dict) else {}


def _moment(value: Any) -> datetime | None:
    """A time with up to seven digits of fraction, with or without its Z."""
    if not isinstance(value, str):
        return None
    head, dot, fraction = value.strip().removesuffix("Z").partition(".")
    try:
        at = datetime.fromisoformat(f"{head}.{fraction[:6]:0<6}" if dot else head)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _day(value: Any) -> date | None:
    at = _moment(value)
    return at.date() if at else None


def _day_of_folders(path: Path) -> date | None:
    """The first day of `yyyymmdd-yyyymmdd` in the path, where a folder is called so."""
    for part in reversed(path.parts):
        head, dash, tail = part.partition("-")
        if dash and len(head) == len(tail) == 8 and head.isdigit() and tail.isdigit():
            return _day(f"{head[:4]}-{head[4:6]}-{head[6:]}")
    return None
