"""No key is dead and none is stolen: a walk over every dialog of the home at three sizes."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, TextArea

from emulator import Emulator
from tests.tui.demo import settled
from tui.app import MothballApp
from tui.keys.registry import ACTIONS, Action
from tui.places.place import Place
from tui.places.rows import Rows

pytestmark = pytest.mark.journey

SIZES = [(80, 24), (120, 40), (200, 60)]
# They leave the program, for good or for a while.
NOT_WALKED = frozenset({"quit", "suspend"})
MOST_ESCAPES = 6
# What would leave, delete, retire or take a snapshot, were it not text.
LETTERS = "qdRr"


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_key_that_opens_something_leads_back_to_a_table_that_the_arrows_move(
    app: MothballApp, azure: Emulator, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        home = app.screen
        assert isinstance(home, Rows)
        for action in ACTIONS:
            if opens(action) and home.why_not(action) is None:
                await walk(pilot, home, action)
    assert azure.writes == []


def opens(action: Action) -> bool:
    """Whether a key may open a place, a dialog or a field; the others stay where they are."""
    is_plain = action.group in ("Look", "Act", "Program") or action.id in ("columns", "keep_view")
    return bool(action.key) and action.id not in NOT_WALKED and is_plain


async def walk(pilot: Pilot[None], place: Rows[Any], action: Action) -> None:
    """Press a key, and come back by escape; the keyboard belongs to something all the way."""
    place.grid.unmark_all()
    await pilot.press(action.key.partition(",")[0])
    await settled(pilot)
    await check_text_is_typed(pilot, action)
    for _ in range(MOST_ESCAPES):
        if is_back(pilot.app, place):
            break
        await pilot.press("escape")
        await settled(pilot)
        await check_arrows(pilot, action)
    else:
        pytest.fail(f"escape does not lead back from {action.id}: {pilot.app.screen}")
    await check_arrows(pilot, action)


def is_back(app: object, place: Rows[Any]) -> bool:
    """Whether the place is shown with nothing open in it."""
    assert isinstance(app, MothballApp)
    is_plain = not place.details_fill and not place.filter_bar.is_open
    return app.screen is place and is_plain and app.trouble is None


async def check_text_is_typed(pilot: Pilot[None], action: Action) -> None:
    """Where text is expected letters are text, and nothing else."""
    field, screen = pilot.app.focused, pilot.app.screen
    if not isinstance(field, Input | TextArea) or field.disabled:
        return
    before = text_of(field)
    await pilot.press(*LETTERS)
    await settled(pilot)
    assert pilot.app.screen is screen, action.id
    typed = text_of(field).replace(before, "", 1)
    assert sorted(typed) == sorted(LETTERS) or text_of(field) == before, (action.id, typed)
    await pilot.press(*["backspace"] * len(LETTERS))


def text_of(field: Input | TextArea) -> str:
    return field.value if isinstance(field, Input) else field.text


async def check_arrows(pilot: Pilot[None], action: Action) -> None:
    """The focus is on screen, and an arrow moves it, its cursor or its text, if there is more."""
    screen, focused = pilot.app.screen, pilot.app.focused
    assert focused is not None, (action.id, screen)
    assert focused.is_on_screen, (action.id, focused)
    if not isinstance(screen, Rows) or not (screen.grid.display and len(screen.grid.shown) > 1):
        return
    seen = {looks(screen, focused)}
    for key in ("down", "up", "up"):
        await pilot.press(key)
        await pilot.pause()
        seen.add(looks(screen, pilot.app.focused))
    assert len(seen) > 1, (action.id, focused)


def looks(screen: Place, focused: Widget | None) -> tuple[object, ...]:
    """What the arrows can move: the focus, the row, what is scrolled."""
    assert isinstance(screen, Rows)
    grid = screen.grid
    row, group = grid.current, grid.current_group
    scrolled = focused.scroll_offset if focused is not None else None
    return id(focused), id(row), group and group.name, scrolled
