"""What makes the start quick, before Textual is imported: reading ahead, and less garbage search.

The store answers while the interface is still being imported, so rows are in the first frame.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from queries.store.file import Store
    from tui.state.estate import Estate

FirstAnswer = Callable[[], "Estate | None"]
"""Waits for the first screenful; None: there is no store, or only the whole can be read."""


def preload(find: Callable[[], Store]) -> FirstAnswer:
    """Find the store and read its first screenful in a thread; the answer raises StoreFailure."""
    thread = ThreadPoolExecutor(1, "first screenful")
    answer = thread.submit(lambda: first_or_none(find()))
    thread.shutdown(wait=False)
    return answer.result


def first_or_none(store: Store) -> Estate | None:
    """The first screenful; None where there is no store, or only the whole can be read."""
    from queries.store.file import NoStore
    from tui.state.estate import read_first

    try:
        return read_first(store)
    except NoStore:
        return None


@contextmanager
def no_collections() -> Iterator[None]:
    """No search for garbage while many modules are imported: they stay, whatever it finds.

    For the one thread that starts the interface; what works behind a screen leaves it alone.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def freeze_once() -> None:
    """Leave what is there by now, modules above all, out of every later search for garbage.

    Only the first call of a process does so: what is garbage by then is never found again, so a
    second one would keep all that has been shown since.
    """
    if gc.get_freeze_count() == 0:
        gc.freeze()
