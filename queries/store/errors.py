"""What DuckDB's errors say of a store's file, by its own messages (DuckDB 1.5, and the system's).

DuckDB raises an IOException for almost everything that can be wrong with a file, so its kind tells
little, and a word of it less: every message about a damaged "block" has a "lock" in it.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

_HELD = (
    "Could not set lock on file",
    # Windows: who has it, where that can be found out, else the system's own words.
    "File is already open in",
    "being used by another process",
)
_HOLDER = re.compile(r"lock is held in (.+?) \(PID (\d+)\)")
_DAMAGED = (
    "corrupt database file",
    "corrupt wal file",
    "failure while replaying wal file",
    "failed to deserialize",
)
_CUT_OFF = "could not read enough bytes"
_FOREIGN = "not a valid duckdb database file"
_NEWER = ("trying to read a database file with version number", "newer version of duckdb")
_DENIED = ("permission denied", "access is denied", "operation not permitted")
_READ_ONLY = ("read-only file system", "media is write protected")
# A drive or a share that is not mounted, or went away while it was used.
_AWAY = (
    "no such file or directory",
    "cannot find the path",
    "stale file handle",
    "transport endpoint is not connected",
    "input/output error",
    "host is down",
    "no such device",
)
_FULL = ("no space left", "not enough space", "file too large", "disk quota exceeded")


def is_held(error: duckdb.Error) -> bool:
    """Whether another program has the file, so that waiting helps."""
    return isinstance(error, duckdb.IOException) and any(words in str(error) for words in _HELD)


def holder_of(error: duckdb.Error) -> str | None:
    """Which program has the file, and its process; None where DuckDB could not find out."""
    found = _HOLDER.search(str(error))
    return f"{Path(found[1]).name}, process {found[2]}" if found else None


def trouble_with(path: Path, error: duckdb.Error) -> str | None:
    """What is wrong with the store's file and what to do; None: the error is of something else."""
    message = str(error).lower()
    is_named = path.name.lower() in message  # a file that was asked for beside the store is another
    if is_named and path.is_dir():
        return f"{path} is a folder: name the file of a store with --store"
    if is_named and any(word in message for word in _DENIED):
        return f"{path}: permission denied: get the right to read and write it, or name another"
    if is_named and any(word in message for word in _READ_ONLY):
        return f"{path} lies where nothing can be written: mount it for writing, or name another"
    if is_named and any(word in message for word in _AWAY):
        return f"{path} cannot be reached: see that its folder is there and its drive is mounted"
    if is_named and any(word in message for word in _FULL):
        return f"{path} cannot grow, the disk is full: make room and run it again"
    if _FOREIGN in message:
        return f"{path} is no store: name another with --store, or move this file away"
    if any(word in message for word in _NEWER):
        return f"{path} was written with a newer DuckDB than this one reads: update mothball"
    if any(word in message for word in _DAMAGED) or (is_named and _CUT_OFF in message):
        return (
            f"{path} is damaged: put a copy of it in its place; without one, move it away"
            " and run `mothball snapshot`, which begins a new journal"
        )
    return None
