"""Keys of the settings: what is granted, and why the rest is not."""

from __future__ import annotations

import pytest

from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import home
from tui.app import MothballApp
from tui.keys.keymap import keys_from
from tui.keys.registry import ACTIONS, action_of
from tui.views.preferences import Preferences


def test_a_key_of_the_settings_takes_the_place_of_the_default() -> None:
    keys, complaints = keys_from({"copy": "ctrl+y", "cursor_down": "down n"})
    assert complaints == []
    assert keys.changed == {"copy": "ctrl+y", "cursor_down": "down,n"}
    assert keys.shown(action_of("copy")) == "ctrl+y"
    assert keys.shown(action_of("delete")) == "d"


def test_two_actions_can_change_their_keys_with_each_other() -> None:
    keys, complaints = keys_from({"tag": "d", "delete": "t"})
    assert complaints == []
    assert keys.changed == {"tag": "d", "delete": "t"}


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ({"tag": "d"}, "[keys] tag: 'd' is already delete; the default stands"),
        ({"tag": "/"}, "[keys] tag: '/' is already filter; the default stands"),
        ({"tag": "f6", "copy": "f6"}, "[keys] copy: 'f6' is already tag; the default stands"),
        ({"fly": "w"}, "[keys] there is no action 'fly'"),
        ({"tag": "control-x"}, "[keys] tag = 'control-x': no key"),
        ({"tag": ""}, "[keys] tag = '': no key"),
        ({"tag": "ctrl+c"}, "[keys] tag = 'ctrl+c': ctrl+c leaves, and stays so"),
        ({"delete": "enter"}, "[keys] delete = 'enter': enter opens and confirms, and stays so"),
    ],
)
def test_a_request_that_cannot_be_granted_is_one_line(wanted: dict[str, str], text: str) -> None:
    keys, complaints = keys_from(wanted)
    assert len(complaints) == 1
    assert complaints[0].startswith(text)
    assert len(keys.changed) == len(wanted) - 1


async def test_the_new_key_works_is_shown_and_the_old_one_is_free(app: MothballApp) -> None:
    exit_requests = Preferences(keys={"toggle_mark": "f6", "filter": "ctrl+l", "delete": "t"})
    other = MothballApp(app.session, preferences=exit_requests)
    async with other.run_test(size=(120, 40), notifications=True) as pilot:
        await settled(pilot)
        frame = frame_of(other)
        assert "[keys] delete: 't' is already tag; the default stands" in frame
        assert " f6 mark   ctrl+l filter   t tag   d delete" in frame
        await pilot.press("space")
        assert not home(other).grid.marked
        await pilot.press("f6")
        assert len(home(other).grid.marked) == 1
        await pilot.press("ctrl+l")
        assert home(other).filter_bar.input.has_focus


@pytest.mark.parametrize("action_id", [action.id for action in ACTIONS if not action.key])
async def test_an_action_without_a_key_of_its_own_is_done_by_that_of_the_settings(
    app: MothballApp, action_id: str
) -> None:
    other = MothballApp(app.session, preferences=Preferences(keys={action_id: "Y f6"}))
    async with other.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("W" if action_of(action_id).place else "0")
        await settled(pilot)
        before = other.screen
        await pilot.press("f6")
        await settled(pilot)
        result = [each.message for each in other._notifications]
        assert other.screen is not before or "every tag that was written here is as it" in result[0]
