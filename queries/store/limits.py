"""How much of this machine the database may take, and where it puts what does not fit."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from queries.store.locking import is_locked_by

LEAST_MEMORY_MB, MOST_MEMORY_MB, MOST_THREADS = 128, 1_048_576, 256
_PREFIX = ".mothball-"
# A file in the folder, which its program has locked: the system lets go of it when a program dies.
_ALIVE = "alive"
# Where files cannot be locked: a folder as old belongs to a program that was killed, since no read
# or write takes as long.
_LEFT_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class DatabaseLimits:
    """What DuckDB may take. Beyond `memory_mb` it goes on in files below `temporary_folder`.

    None: beside the store, else where the system keeps temporary files. Left to itself, DuckDB
    takes four fifths of the memory and every core.
    """

    memory_mb: int = 256
    threads: int = 1
    temporary_folder: Path | None = None

    def settings(self, folder: Path) -> dict[str, str]:
        """DuckDB's settings, for a connection that has this folder to itself."""
        return {
            "memory_limit": f"{self.memory_mb}MB",
            "threads": str(self.threads),
            "temp_directory": str(folder),
        }

    @contextmanager
    def folder(self, beside: Path | None) -> Iterator[Path]:
        """A folder that only its owner may read, for one connection; gone with all in it after.

        OSError: the folder of the settings cannot hold it.
        """
        made = self._make(beside)
        try:
            with _marked_as_alive(made):
                yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def _make(self, beside: Path | None) -> Path:
        if self.temporary_folder is not None:
            return _private(self.temporary_folder)
        if beside is not None:
            with suppress(OSError):  # a store in a place where nothing may be written is read too
                return _private(beside)
        return _private(Path(gettempdir()))


def _private(parent: Path) -> Path:
    with suppress(OSError):
        _sweep(parent)
    return Path(mkdtemp(prefix=_PREFIX, dir=parent))


def _sweep(parent: Path) -> None:
    """Remove what killed programs left."""
    for left in parent.glob(f"{_PREFIX}*"):
        is_old = time.time() - left.stat().st_mtime > _LEFT_SECONDS
        if is_old or _is_of_a_dead(left):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _marked_as_alive(folder: Path) -> Iterator[None]:
    """Lock a file in it meanwhile, so that nobody takes it for a dead program's."""
    new = folder / f"{_ALIVE}.new"
    descriptor = os.open(new, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if _is_had(descriptor):
            new.rename(folder / _ALIVE)  # whoever sees it finds it locked
        yield
    finally:
        os.close(descriptor)


def _is_of_a_dead(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / _ALIVE, os.O_RDWR)
    except OSError:  # somebody else's, or one that is just being made
        return False
    try:
        return _is_had(descriptor)
    finally:
        os.close(descriptor)


def _is_had(descriptor: int) -> bool:
    """Whether the lock could be had. Windows removes no folder with a file that is open."""
    return sys.platform != "win32" and is_locked_by(descriptor)
