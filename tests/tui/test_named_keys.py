"""What a bottom line names does something: every key of every place and dialog, at three sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from emulator import Emulator
from tests.tui.demo import frame_of, settled
from tui.app import MothballApp
from tui.keys.places import PLACES
from tui.keys.registry import ACTIONS, Action
from tui.places.place import Place
from tui.places.rows import Rows
from tui.state.history import Address

pytestmark = pytest.mark.journey

SIZES = [(80, 24), (120, 40), (200, 60)]
# They leave the program, take a snapshot, or go back, which each walk does anyway.
NOT_PRESSED = frozenset({"quit", "suspend", "snapshot", "back"})
KEYS = {
    "↑": "up",
    "↓": "down",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "space": "space",
    "tab": "tab",
    "/": "slash",
    **{letter: letter for letter in "jkJKlnNrfcoi0"},
}
MOST_ESCAPES = 6


def actions_with_keys() -> Iterator[Action]:
    return (action for action in ACTIONS if action.key and action.id not in NOT_PRESSED)


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


def shown(app: MothballApp) -> tuple[object, ...]:
    """All that a key may change: the screen, the focus, what is said, what is scrolled."""
    said = tuple(notice.message for notice in app._notifications)
    scrolled = tuple(one.scroll_offset for one in app.screen.query(Widget) if one.is_scrollable)
    return app.screen, app.focused, said, scrolled, frame_of(app)


async def go(pilot: Pilot[None], place_id: str) -> Place:
    """The place, with nothing open in it."""
    app = pilot.app
    assert isinstance(app, MothballApp)
    for _ in range(MOST_ESCAPES):
        if isinstance(app.screen, ModalScreen):
            await press(pilot, "escape")
    app.clear_notifications()
    if place_id == "deployments":
        app.go_home()
    else:
        app.jump(Address(place_id))
    await settled(pilot)
    assert isinstance(app.screen, Place), place_id
    return app.screen


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("place_id", sorted(each.id for each in PLACES))
async def test_every_key_of_the_bottom_line_of_a_place_does_something_or_says_why_not(
    app: MothballApp, azure: Emulator, place_id: str, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        place = await go(pilot, place_id)
        for action_id in place.footer:
            action = app.action_of(action_id)
            if action.id in NOT_PRESSED:
                continue
            place = await go(pilot, place_id)
            before = shown(app)
            await press(pilot, action.key.partition(",")[0])
            assert shown(app) != before, (place_id, action.id)
            await come_back(pilot, place)
    assert azure.writes == []


async def come_back(pilot: Pilot[None], place: Place) -> None:
    """By escape, to where the arrows move what can be moved."""
    for _ in range(MOST_ESCAPES):
        if not isinstance(pilot.app.screen, ModalScreen):
            break
        await press(pilot, "escape")
    screen = pilot.app.screen
    if isinstance(screen, Rows) and screen.grid.display and len(screen.grid.shown) > 1:
        # A row looks as another one does but for its colours.
        seen = {(id(screen.grid.current), frame_of(pilot.app))}
        for key in ("down", "up", "up"):
            await press(pilot, key)
            seen.add((id(screen.grid.current), frame_of(pilot.app)))
        assert len(seen) > 1, place


def hint_of(app: MothballApp) -> str:
    found = [str(one.render()) for one in app.screen.query(".hint").results(Static) if one.display]
    return "   ".join(found)


def named_in(hint: str) -> list[list[str]]:
    """The keys that a hint names, those of one purpose together."""
    groups = []
    for part in re.split(r" {3,}", hint):
        words = part.split()
        keys = []
        while words and words[0] in KEYS:
            keys.append(KEYS[words.pop(0)])
        if keys and words:
            groups.append(keys)
    return groups


def is_typing(app: MothballApp) -> bool:
    return isinstance(app.focused, Input | TextArea) and not app.focused.disabled


def fits(app: MothballApp) -> bool:
    """Whether there is nothing to scroll."""
    return not any(one.max_scroll_y for one in app.screen.query(Widget) if one.is_scrollable)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_key_that_a_dialog_names_does_something(
    app: MothballApp, azure: Emulator, size: tuple[int, int]
) -> None:
    dead = []
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for action in actions_with_keys():
            if not await opened(pilot, action):
                continue
            for keys in named_in(hint_of(app)):
                if not await opened(pilot, action):
                    continue
                if is_typing(app) and any(len(key) == 1 for key in keys):
                    dead.append((action.id, keys, "named while text is expected"))
                changed = await any_changes(pilot, keys)
                if not changed and not (keys[0].startswith("page") and fits(app)):
                    dead.append((action.id, keys, hint_of(app)))
    assert dead == []
    assert azure.writes == []


async def opened(pilot: Pilot[None], action: Action) -> bool:
    """Whether the key of an action opens a dialog over three marked deployments."""
    app = pilot.app
    assert isinstance(app, MothballApp)
    home = await go(pilot, "deployments")
    assert isinstance(home, Rows)
    home.grid.unmark_all()
    await press(pilot, "g", "space", "space", "space")
    if home.why_not(action) is not None or action.place is not None:
        return False
    await press(pilot, action.key.partition(",")[0])
    return isinstance(app.screen, ModalScreen)


async def any_changes(pilot: Pilot[None], keys: list[str]) -> bool:
    app = pilot.app
    assert isinstance(app, MothballApp)
    for key in keys:
        before = shown(app)
        await press(pilot, key)
        if shown(app) != before:
            return True
    return False
