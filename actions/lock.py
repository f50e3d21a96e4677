"""One deletion or restore at a time on one machine: two would look at and write the same things."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from actions.session import Refusal
from queries.store.locking import is_locked_by


@contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Hold the lock until the end of the block; the system lets go of it when a program dies.

    Raises Refusal where another program holds it, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / ".deleting", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Refusal(f"{folder} cannot be written: {error}") from error
    try:
        if not is_locked_by(descriptor):
            raise Refusal("another deletion or restore is under way with this store")
        yield
    finally:
        os.close(descriptor)
