"""Views on 1 to 9: shipped, of the settings, and kept by the user."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.filter import parsed
from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import home, type_filter
from tui.app import MothballApp
from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS
from tui.keys.places import PLACES
from tui.state.history import Address
from tui.views.kept_views import KeptViews
from tui.views.preferences import Preferences, SavedView
from tui.views.saved_views import DIGITS, SHIPPED, filled, mistake_in, shelved, view_on
from tui.views.view import Sort

WIDE = (160, 48)
COLUMN_IDS = [column.id for column in DEPLOYMENT_COLUMNS]


def test_each_digit_has_a_shipped_view_that_means_something() -> None:
    assert [view.key for view in SHIPPED] == list(DIGITS)
    assert [mistake_in(view, COLUMN_IDS) for view in SHIPPED] == [None] * 9
    assert all(parsed(filled(view, ["ada"])) for view in SHIPPED)


def test_a_later_view_takes_the_name_or_the_digit_of_an_earlier_one() -> None:
    own = SavedView("Night", "fraud", key=3)
    mine = SavedView("mine", "owner=ada")
    found = shelved(SHIPPED, [own, mine])
    assert view_on(found, 3) == own
    assert (five := view_on(found, 5)) is not None
    assert five.filter == "owner=ada"
    assert found[-1].name == "GPU"
    assert found[-1].key is None


def test_a_name_in_a_filter_cannot_become_grammar() -> None:
    view = SavedView("Mine", "owner={me}")
    assert filled(view, ['a" or cost>0', "b"]) == 'owner="a or cost>0","b"'


@pytest.mark.parametrize(
    ("view", "wrong"),
    [
        (SavedView("x", "cots>5"), "cots"),
        (SavedView("x", sort="price"), "there is no column 'price'"),
        (SavedView("x", columns=("name", "tag")), "there is no column 'tag'"),
        (SavedView("x", group="team"), "there is no column 'team'"),
    ],
)
def test_a_mistake_in_a_view_is_one_line(view: SavedView, wrong: str) -> None:
    reported = mistake_in(view, COLUMN_IDS)
    assert reported is not None
    assert wrong in reported
    assert "\n" not in reported


async def test_a_digit_shows_its_view_and_the_line_names_it(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("1")
        await settled(pilot)
        assert {row.verdict for row in home(app).grid.shown} == {"idle", "idle-endpoint"}
        assert home(app).grid.sort == Sort("run_rate", descending=True)
        assert "1 Idle by money · 11 of 42" in frame_of(app)
        await pilot.press("s")
        await settled(pilot)
        assert "1 Idle by money, changed" in frame_of(app)


async def test_a_digit_leads_to_its_view_of_the_deployments_from_every_place(
    app: MothballApp,
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        for place in PLACES:
            app.jump(Address(place.id))
            await settled(pilot)
            await pilot.press("1")
            await settled(pilot)
            assert app.screen is home(app)
            assert "1 Idle by money · 11 of 42" in frame_of(app)
            assert home(app).grid.current is home(app).grid.shown[0]
            app.jump(Address(place.id))
            await settled(pilot)
            await pilot.press("0")
            await settled(pilot)
            assert app.screen is home(app)
            assert len(home(app).grid.shown) == 42


async def test_the_palette_offers_the_views_in_every_place(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("W", "colon", *"idle by money")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert app.screen is home(app)
        assert "1 Idle by money · 11 of 42" in frame_of(app)


async def test_a_digit_within_a_part_of_the_deployments_stays_there(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("W")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        inside = app.screen
        await pilot.press("1")
        await settled(pilot)
        assert app.screen is inside


async def test_a_view_begins_at_the_row_that_it_is_sorted_for(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("G", "1")
        await settled(pilot)
        assert home(app).grid.current is home(app).grid.shown[0]


async def test_escape_goes_back_to_what_was_shown_before_a_view(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await type_filter(pilot, "fraud")
        await pilot.press("right", "s")
        before = home(app).grid.view
        await pilot.press("2")
        await settled(pilot)
        assert home(app).grid.view.group == "name"
        await pilot.press("3", "escape")
        await settled(pilot)
        assert home(app).grid.view == before
        assert home(app).filter_bar.text == "fraud"


async def test_0_shows_all_in_the_first_order_also_at_the_next_start(
    app: MothballApp, tmp_path: Path
) -> None:
    kept = KeptViews(tmp_path / "views.json")
    first = MothballApp(app.session, kept)
    async with first.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("right", "s", "F", "4")
        await settled(pilot)
        await pilot.press("0")
        await settled(pilot)
        assert len(home(first).grid.shown) == 42
        assert home(first).grid.sort == Sort("verdict")
    view = kept.read("deployments")
    assert view is not None
    assert (view.sort, view.group, view.columns) == (Sort("verdict"), None, None)


async def test_a_shipped_view_does_not_become_the_table_of_the_next_start(
    app: MothballApp, tmp_path: Path
) -> None:
    kept = KeptViews(tmp_path / "views.json")
    first = MothballApp(app.session, kept)
    async with first.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await settled(pilot)
    assert kept.read("deployments") is None


async def test_v_keeps_what_is_shown_under_a_name_and_a_digit(
    app: MothballApp, tmp_path: Path
) -> None:
    kept = KeptViews(tmp_path / "views.json")
    first = MothballApp(app.session, kept)
    async with first.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await type_filter(pilot, "fraud !serving")
        await pilot.press("right", "ampersand", "F", "V")
        await settled(pilot)
        assert "order    name, then verdict" in frame_of(first)
        await pilot.press(*"Night", "tab", "4", "enter")
        await settled(pilot)
        assert "4 Night · " in frame_of(first)
    view = SavedView("Night", "fraud !serving", "name", group="name", key=4, then="verdict")
    assert kept.saved() == (view,)
    again = MothballApp(app.session, kept)
    async with again.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("4")
        await settled(pilot)
        assert "4 Night · " in frame_of(again)
        assert home(again).filter_bar.text == "fraud !serving"
        assert home(again).grid.view.group == "name"
        assert home(again).grid.sort == Sort("name", then=Sort("verdict"))
        await pilot.press("V")
        await settled(pilot)
        await pilot.click("#remove")
        await settled(pilot)
    assert kept.saved() == ()
    assert view_on(again.saved_views, 4) == SHIPPED[3]


async def test_a_view_needs_a_name(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("V", "enter")
        await settled(pilot)
        assert "a view needs a name" in frame_of(app)
        await pilot.press("escape")
        assert app.views.saved() == ()


async def test_mine_asks_the_sign_in_and_says_who_that_is(app: MothballApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("5")
        await settled(pilot)
        assert home(app).filter_bar.text == 'owner="mothball-operator"'
        assert "you are 'mothball-operator', says the sign-in" in frame_of(app)


async def test_mine_goes_by_the_names_in_the_settings(app: MothballApp) -> None:
    me = Preferences(me=("fraud-team@contoso.example", "jo@contoso.example"))
    mine = MothballApp(app.session, preferences=me)
    async with mine.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("5")
        await settled(pilot)
        owners = {row.owner for row in home(mine).grid.shown}
        assert owners == set(me.me)


async def test_views_of_the_settings_are_in_the_palette_and_a_wrong_one_is_reported(
    app: MothballApp,
) -> None:
    views = (SavedView("Night shift", "fraud"), SavedView("Broken", "cots>5"))
    with_views = MothballApp(app.session, preferences=Preferences(views=views))
    async with with_views.run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        assert "view 'Broken'" in frame_of(with_views)
        await pilot.press("colon", *"night shift")
        await settled(pilot)
        assert "view: Night shift" in frame_of(with_views)
        await pilot.press("enter")
        await settled(pilot)
        assert "Night shift · " in frame_of(with_views)
        assert home(with_views).filter_bar.text == "fraud"
