"""The keyboard always belongs to what is on screen: nobody has to look for it with tab."""

from __future__ import annotations

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from emulator import Emulator, Fault
from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import go_to, home
from tui.app import MothballApp
from tui.details.detail import Detail
from tui.grid.grid import Grid
from tui.places.doctor import Doctor
from tui.places.rows import Rows
from tui.places.welcome import Welcome
from tui.views.preferences import Preferences
from tui.widgets.filter_bar import FilterInput

NARROW, WIDE = (80, 24), (120, 40)


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


async def resize(pilot: Pilot[None], size: tuple[int, int]) -> None:
    await pilot.resize_terminal(*size)
    await settled(pilot)


async def check_table_has_keyboard(pilot: Pilot[None]) -> None:
    """Move the cursor and mark a row: both need the table on screen and in focus."""
    place = pilot.app.screen
    assert isinstance(place, Rows)
    assert place.grid.display
    await press(pilot, "g", "down", "j", "space")
    assert list(place.grid.marked) == [place.grid.shown[2]]
    await pilot.press("u")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_closing_the_details_gives_the_keyboard_back_to_the_table(
    app: MothballApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for closing in ("enter", "escape") if size == NARROW else ("enter",):
            await press(pilot, "enter")
            assert home(app).query_one(Detail).display == (size == NARROW)
            await press(pilot, closing)
            await check_table_has_keyboard(pilot)
            assert home(app).query_one(Detail).display == (size == WIDE)


async def test_arrows_and_page_keys_scroll_the_details_that_fill_the_screen(
    app: MothballApp,
) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await go_to(pilot, "fraud/blue")
        row = home(app).grid.current
        await press(pilot, "enter")
        detail = home(app).query_one(Detail)
        assert detail.max_scroll_y > 2
        for key, there in (
            ("down", 1),
            ("j", 2),
            ("up", 1),
            ("k", 0),
            ("pagedown", min(detail.scrollable_content_region.height, detail.max_scroll_y)),
            ("pageup", 0),
            ("G", detail.max_scroll_y),
            ("g", 0),
        ):
            await press(pilot, key)
            assert (key, detail.scroll_offset.y) == (key, there)
        assert home(app).grid.current is row


async def test_the_bottom_line_names_what_scrolls_the_details_and_what_closes_them(
    app: MothballApp,
) -> None:
    keyed = MothballApp(app.session, preferences=Preferences(keys={"page_down": "ctrl+n"}))
    async with keyed.run_test(size=NARROW) as pilot:
        await settled(pilot)
        table_line = frame_of(keyed).splitlines()[-1]
        await press(pilot, "enter")
        line = frame_of(keyed).splitlines()[-1]
        assert line.startswith(" ↑ k ↓ j pgup ctrl+n scroll ")
        assert "esc out" in line
        assert "mark" not in line
        await press(pilot, "escape")
        assert frame_of(keyed).splitlines()[-1] == table_line


async def test_a_click_on_the_bottom_line_of_filling_details_closes_them(
    app: MothballApp,
) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        line = frame_of(app).splitlines()[-1]
        await pilot.click("#keys", offset=(line.index("esc out"), 0))
        await settled(pilot)
        await check_table_has_keyboard(pilot)


async def test_details_opened_on_a_narrow_screen_stand_beside_the_table_on_a_wide_one(
    app: MothballApp,
) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        await resize(pilot, WIDE)
        assert home(app).query_one(Detail).display
        await check_table_has_keyboard(pilot)


async def test_details_folded_on_a_wide_screen_leave_the_table_on_a_narrow_one(
    app: MothballApp,
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        await resize(pilot, NARROW)
        assert not home(app).query_one(Detail).display
        await check_table_has_keyboard(pilot)


async def test_a_terminal_that_was_too_small_gives_the_keyboard_back(app: MothballApp) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await resize(pilot, (50, 12))
        await resize(pilot, NARROW)
        await check_table_has_keyboard(pilot)


async def test_a_screen_that_was_widened_in_another_place_has_its_keyboard_on_return(
    app: MothballApp,
) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "E")
        await resize(pilot, WIDE)
        await press(pilot, "escape")
        assert app.screen is home(app)
        await check_table_has_keyboard(pilot)


async def test_a_view_taken_from_filling_details_shows_its_table(app: MothballApp) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        for key in ("1", "0"):
            await press(pilot, "enter", key)
            await check_table_has_keyboard(pilot)


async def test_a_filter_typed_from_filling_details_shows_the_table_that_it_filters(
    app: MothballApp,
) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "slash", *"fraud")
        assert isinstance(app.focused, FilterInput)
        assert home(app).grid.display
        await press(pilot, "enter")
        assert home(app).grid.has_focus


async def test_a_dialog_that_closes_gives_the_keyboard_back_to_filling_details(
    app: MothballApp,
) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await go_to(pilot, "fraud/blue")
        await press(pilot, "enter")
        detail = home(app).query_one(Detail)
        for there, dialog in enumerate(("t", "question_mark", "L", "e"), start=1):
            await press(pilot, dialog)
            assert len(app.screen_stack) == 2
            await press(pilot, "escape", "down")
            assert (dialog, detail.scroll_offset.y) == (dialog, there)


async def test_a_dialog_over_a_screen_that_is_widened_gives_the_keyboard_to_the_table(
    app: MothballApp,
) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "t")
        await resize(pilot, WIDE)
        await press(pilot, "escape")
        await check_table_has_keyboard(pilot)


async def test_every_place_gives_the_keyboard_back_when_its_pane_closes(app: MothballApp) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await press(pilot, "D")
        place = app.screen
        assert isinstance(place, Doctor)
        await press(pilot, "enter")
        assert not place.grid.display
        await press(pilot, "escape")
        assert isinstance(app.focused, Grid)
        assert app.focused is place.grid


async def test_a_key_pressed_after_help_over_the_first_snapshot_is_not_typed_into_the_filter(
    app_without_store: MothballApp, azure: Emulator
) -> None:
    app = app_without_store
    azure.faults.add(Fault("slow", delay_seconds=0.03))
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await pilot.pause()
        assert app.snapshot_progress is not None
        await pilot.press("question_mark", "escape", "h")
        await pilot.pause()
        assert home(app).filter_bar.text == ""
        assert app.snapshot_progress is not None


async def test_what_is_typed_at_once_after_the_key_of_the_filter_is_its_text(
    app: MothballApp,
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        for key in ("slash", *"idle", "enter", "s"):
            app.post_message(events.Key(key, {"slash": "/", "enter": "\r"}.get(key, key)))
        await settled(pilot)
        assert len(app.screen_stack) == 1
        assert home(app).filter_bar.text == "idle"
        assert home(app).focused is home(app).grid


def type_at_once(app: MothballApp, *keys: str) -> None:
    """As a terminal that hands over many keys in one read."""
    spelt = {"slash": "/", "enter": "\r", "tab": "\t", "colon": ":", "space": " ", "escape": "\x1b"}
    for key in keys:
        app.post_message(events.Key(key, spelt.get(key, key)))


async def test_text_typed_at_once_goes_to_the_field_that_each_key_leads_to(
    app: MothballApp,
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        type_at_once(app, "t", *"a=b", "enter", *"-role")
        await settled(pilot)
        lines = app.screen.query_one(TextArea)
        assert lines.text == "a=b\n-role"
        type_at_once(app, "escape", "V", *"mine", "tab", "3", "enter", "j", "space")
        await settled(pilot)
        assert app.screen is home(app)
        assert app.saved_view_named("mine").key == 3  # type: ignore[union-attr]
        assert list(home(app).grid.marked) == [home(app).grid.shown[1]]
        type_at_once(app, "colon", *"sort by idle", "enter", "g", "L", "down", "escape", "G")
        await settled(pilot)
        assert len(app.screen_stack) == 1
        assert home(app).grid.sort.column_id == "idle"
        assert home(app).grid.current is home(app).grid.shown[-1]
        type_at_once(app, "question_mark", *"saved view", "escape", "escape", "j", "u")
        await settled(pilot)
        assert len(app.screen_stack) == 1
        assert not home(app).grid.marked


async def test_a_phrase_typed_at_once_behind_tab_is_the_phrase_and_deletes_nothing(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await go_to(pilot, "fraud/red")
        await press(pilot, "d")
        type_at_once(app, "tab", *"fraud/red")
        await settled(pilot)
        assert app.screen.query_one("#phrase", Input).value == "fraud/red"
        type_at_once(app, "escape", "slash", *"fraud", "tab", "enter", "G")
        await settled(pilot)
        assert app.screen is home(app)
        assert home(app).filter_bar.text == "fraud"
        assert azure.writes == []


async def test_a_filter_that_is_gone_to_while_the_first_rows_come_keeps_the_keyboard(
    app: MothballApp,
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        place = home(app)
        place.set_focus(None)  # as it is before there are rows
        place.query_one(Welcome).update_head()
        place.go_to_filter()
        await settled(pilot)
        assert app.focused is place.filter_bar.input
