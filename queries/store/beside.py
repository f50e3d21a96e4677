"""A copy of a store's file beside it, kept while the store is brought to another version.

The file cannot be read while DuckDB has it: the system gives up a process's lock on a file when
any part of the process closes it. So nobody has it while it is copied, and its size and time tell
whether somebody wrote meanwhile.
"""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_MIB = 1024 * 1024


class NoRoom(Exception):
    """The folder cannot take what is to be written; the text says how much it is."""


@contextmanager
def kept_beside(path: Path, name: str) -> Iterator[Callable[[], bool]]:
    """Copy a file that nobody has open to `name` beside it; the copy goes if all went well.

    Yields what tells whether the file still is as it was copied. Raises NoRoom.
    """
    copied = path.with_name(name)
    partial = path.with_name(f"{name}.{os.getpid()}.partial")
    before = _state(path)
    check_room(path.parent, 2 * path.stat().st_size)  # the copy, and what grows before it shrinks
    try:
        shutil.copyfile(path, partial)
        is_whole = _state(path) == before
        if is_whole:
            partial.replace(copied)
    except OSError as error:
        raise NoRoom(f"{copied} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    yield lambda: is_whole and _state(path) == before
    copied.unlink(missing_ok=True)
    for left in path.parent.glob(f"{glob.escape(name)}.*.partial"):  # of one that was killed
        left.unlink(missing_ok=True)


def check_room(folder: Path, wanted_bytes: int) -> None:
    """Raise NoRoom where a folder has less free space than that."""
    free = shutil.disk_usage(folder).free
    if free < wanted_bytes:
        raise NoRoom(
            f"{folder} has {free // _MIB:,} MiB of free space, and {wanted_bytes // _MIB + 1:,} MiB"
            " are needed: make room and run it again"
        )


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
