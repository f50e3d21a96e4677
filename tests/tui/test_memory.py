"""What an interface that stays open keeps in memory, and what it lets go."""

from __future__ import annotations

import gc
import weakref

from tests.tui.demo import settled
from tui.app import MothballApp


class Ring:
    """Refers to itself: only a search for garbage finds that nobody else does."""

    def __init__(self) -> None:
        self.itself = self


async def test_garbage_made_before_a_refresh_is_collected_after_it(app: MothballApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        ring = weakref.ref(Ring())
        app.read_store()
        await settled(pilot)
        gc.collect()
        assert ring() is None


async def test_rows_that_are_shown_no_more_are_let_go_without_a_search_for_garbage(
    app: MothballApp,
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert app.estate is not None
        rows = weakref.ref(app.estate.rows)
        gc.disable()
        try:
            app.read_store()
            await settled(pilot)
            assert rows() is None
        finally:
            gc.enable()
