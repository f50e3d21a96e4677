"""A letter stands beside each row on screen, and typing it goes there."""

from __future__ import annotations

from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import home
from tui.app import MothballApp
from tui.grid.jumping import LABELS


async def test_a_letter_goes_to_its_row_and_does_nothing_else(app: MothballApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        grid = home(app).grid
        before = frame_of(app)
        await pilot.press("apostrophe")
        await pilot.pause()
        line = next(line for line in frame_of(app).splitlines() if grid.shown[3].name in line)
        assert line.startswith(f"{LABELS[3]} ")
        await pilot.press(LABELS[3])
        await settled(pilot)
        assert grid.current == grid.shown[3]
        await pilot.press("g")
        await settled(pilot)
        assert frame_of(app) == before

        await pilot.press("apostrophe", "x")
        await settled(pilot)
        assert app.screen is home(app)
        await pilot.press("g", "apostrophe", "escape")
        await settled(pilot)
        assert frame_of(app) == before


async def test_a_key_beside_no_row_ends_the_letters(app: MothballApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("slash", *"fraud/red", "enter")
        await settled(pilot)
        await pilot.press("apostrophe", "d")
        await settled(pilot)
        assert app.screen is home(app)
        assert frame_of(app).splitlines()[3].startswith("  ")
