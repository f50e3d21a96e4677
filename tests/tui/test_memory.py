"""What an interface that stays open keeps in memory, and what it lets go."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from queries.store.file import Store
from tests.tui.demo import settled
from tui.app import MothballApp
from tui.state.estate import Estate, read_estate


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


async def test_an_interface_open_over_a_night_of_hourly_snapshots_grows_no_more(
    app: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = count(1)

    def read_later(store: Store) -> Estate | None:
        read = read_estate(store)
        return read and replace(read, as_of=read.as_of + timedelta(hours=next(hours)))

    monkeypatch.setattr("tui.present.read_estate", read_later)
    objects: list[int] = []
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        for _ in range(24):
            app.read_store()
            await settled(pilot)
            await pilot.press("down")
            await settled(pilot)
            gc.collect()
            objects.append(len(gc.get_objects()))
    assert max(objects[12:]) < objects[5] * 1.05, objects
