"""What makes the start quick, before Textual is imported: reading ahead, and no search for garbage.

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

Answer = Callable[[], "Estate | None"]
"""Waits for the first screenful; None: there is no store, or only the whole can be read."""


def read_ahead(find: Callable[[], Store]) -> Answer:
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
    """No search for garbage while many modules or rows are made, nor among them later.

    They stay, and rows never refer to each other in a circle; looking through 10,000 of them takes
    longer than a person at the keys should wait.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
