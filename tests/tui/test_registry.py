"""One list of actions, and everything that is read off it."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.session import Limits
from tests.tui.conftest import MakeApp
from tests.tui.demo import frame_of, settled
from tests.tui.rows import row
from tests.tui.test_deployments import home
from tui.app import MothballApp
from tui.grid.grid import Grid
from tui.keys.key_table import markdown
from tui.keys.places import PLACES, PlaceInfo, place_of
from tui.keys.registry import ACTIONS, ActionContext, action_of
from tui.places.deployments import Deployments
from tui.places.opening import open_place
from tui.state.history import Address

SIZE = (120, 60)
ROOT = Path(__file__).parents[2]


def test_no_key_stands_for_two_actions() -> None:
    keys = [key for action in ACTIONS if action.key for key in action.key.split(",")]
    assert len(set(keys)) == len(keys)


async def test_every_action_is_done_somewhere(app: MothballApp) -> None:
    async with app.run_test(size=SIZE):
        handlers = home(app).handlers
        for action in ACTIONS:
            if action.place is not None:
                assert place_of(action.place)
            elif action.home == "grid":
                assert callable(getattr(Grid, f"action_{action.id}", None)), action.id
            else:
                assert action.id in handlers


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
async def test_whatever_a_place_does_is_an_action(app: MothballApp, place: PlaceInfo) -> None:
    known = {action.id for action in ACTIONS if action.home == "place"}
    async with app.run_test(size=SIZE):
        screen = open_place(Address(place.id))
        assert screen.handlers.keys() <= known


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
def test_the_footer_holds_at_most_six_keys(place: PlaceInfo) -> None:
    footer = open_place(Address(place.id)).footer
    assert len(footer) <= 6
    assert all(map(action_of, footer))


async def test_a_read_only_footer_has_no_deeds(app_within: MakeApp) -> None:
    app = app_within(Limits(read_only=True))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        last = frame_of(app).splitlines()[-1]
        assert "filter" in last
        assert "delete" not in last
        assert "tag" not in last


def test_nothing_that_writes_lies_on_a_control_key() -> None:
    written = [action for action in ACTIONS if action.writes]
    assert {"delete", "delete_endpoint", "tag"} <= {action.id for action in written}
    assert not any("ctrl" in action.key for action in written)


def test_read_only_mode_bars_whatever_writes_and_nothing_else() -> None:
    situation = ActionContext(
        targets=(),
        limits=Limits(read_only=True),
        has_estate=True,
        is_collecting=False,
        has_portal=True,
    )
    barred = {a.id for a in ACTIONS if "read-only" in (a.why_not(situation) or "")}
    assert barred == {action.id for action in ACTIONS if action.writes}


async def test_help_tells_every_action(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("question_mark")
        await settled(pilot)
        parts = [str(part.render()) for part in app.screen.query("#help Static")]
        sheet = " ".join(" ".join(parts).split())
        views = [view.name for view in app.saved_views]
        titles = [a.title for a in ACTIONS if not a.id.startswith("view_")]
        assert all(title in sheet for title in [*titles, *views])


async def test_the_sheet_has_its_width_again_after_a_search_in_another(app: MothballApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("question_mark", "c")
        await pilot.resize_terminal(82, 24)
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert "retire after a grace, or undo it" in frame_of(app)


async def test_help_is_searched_by_typing_and_runs_what_it_finds(app: MothballApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("question_mark", *"mark", "space", *"shown")
        await settled(pilot)
        frame = frame_of(app)
        assert "*          mark all that is shown  Table" in frame
        assert "a page down" not in frame
        await pilot.press("enter")
        await settled(pilot)
        assert len(home(app).grid.marked) == home(app).grid.total
        await pilot.press("question_mark", *"is a page", "escape")
        await settled(pilot)
        assert "t          tag" in frame_of(app)
        top = frame_of(app)
        await pilot.press("pagedown")
        await settled(pilot)
        assert frame_of(app) != top
        await pilot.press("l")
        await settled(pilot)
        assert "│ l          logs of its containers" in frame_of(app).splitlines()[4]
        await pilot.press("escape", *"quit", "question_mark")
        await settled(pilot)
        assert app.screen is home(app)


def test_the_documented_keys_are_those_of_the_registry() -> None:
    """`python -m tui.keys.key_table docs/keys.md` puts them there."""
    assert markdown() in (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")


async def test_the_palette_runs_an_action_by_its_name(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("colon", *"mark all")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        home = app.screen
        assert isinstance(home, Deployments)
        assert len(home.grid.marked) == home.grid.total


async def test_a_click_on_a_key_is_a_press(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        column = frame_of(app).splitlines()[-1].index("? help")
        await pilot.click("#keys", offset=(column, 0))
        await settled(pilot)
        assert "Keys" in frame_of(app)


def test_what_lies_in_a_disabled_subscription_is_not_written_to() -> None:
    reason = '{"code": "subscription-refuses-writes", "state": "Disabled"}'
    situation = ActionContext(
        targets=(row(reasons=(reason,)),),
        limits=Limits(),
        has_estate=True,
        is_collecting=False,
        has_portal=True,
    )
    barred = {a.id for a in ACTIONS if "is Disabled" in (a.why_not(situation) or "")}
    assert {"tag", "retire", "extend", "delete"} <= barred
