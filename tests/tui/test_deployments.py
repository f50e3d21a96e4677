"""The home: table, filter, marks, details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from os import remove
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from actions.session import Limits
from queries.estate import questions as estate
from queries.estate.packed import packed
from queries.store.file import Store
from queries.text.conclusions import Conclusions
from tests.tui.demo import frame_of, settled
from tui.app import MothballApp
from tui.details.detail import Detail
from tui.places.deployments import Deployments

WIDE = (160, 48)


def home(app: MothballApp) -> Deployments:
    screen = app.screen_stack[0]
    assert isinstance(screen, Deployments)
    return screen


async def type_filter(pilot: Pilot[None], words: str) -> None:
    await pilot.press("slash", *["space" if c == " " else c for c in words], "enter")
    await settled(pilot)


async def go_to(pilot: Pilot[None], name: str) -> None:
    app = pilot.app
    assert isinstance(app, MothballApp)
    grid = home(app).grid
    grid.go_to(next(row.deployment_key for row in grid.shown if row.name == name))
    await settled(pilot)


async def test_it_opens_on_the_latest_snapshot(app: MothballApp, store: Path) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        rows = estate.current_deployments(Store(store))
        assert home(app).grid.total == len(rows) > 20
        assert "as of 17:54 UTC · 6 min" in frame_of(app)


async def test_a_mark_survives_sort_filter_and_refresh(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("down")
        marked = home(app).grid.current
        assert marked is not None
        await pilot.press("space", "right", "s", "s")
        await type_filter(pilot, "fraud/blue")
        app.read_store()
        await settled(pilot)
        keys = [row.deployment_key for row in home(app).grid.marked]
        assert keys == [marked.deployment_key]
        rate = f"~{marked.monthly_run_rate:,.0f} {marked.currency}/mo"
        assert f"1 marked · {rate} · 1 hidden by the filter" in frame_of(app)


async def test_the_cursor_stays_on_its_deployment_through_a_refresh(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await go_to(pilot, "fraud/green")
        app.estate = app.estate and replace(app.estate, rows=app.estate.rows[::-1])
        await settled(pilot)
        current = home(app).grid.current
        assert current is not None
        assert current.name == "fraud/green"


async def test_the_sort_survives_a_refresh(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("right", "s", "s")
        app.read_store()
        await settled(pilot)
        names = [row.name for row in home(app).grid.shown]
        assert names == sorted(names, key=str.casefold, reverse=True)


async def test_a_filter_counts_and_escape_clears_it(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        total = home(app).grid.total
        await type_filter(pilot, "lexnlp")
        shown = len(home(app).grid.shown)
        assert 0 < shown < total
        assert f"{shown} of {total}" in frame_of(app)
        await pilot.press("escape")
        await settled(pilot)
        assert len(home(app).grid.shown) == total


async def test_an_empty_result_says_what_hid_everything(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await type_filter(pilot, "[b]nothing")
        assert "no deployment matches '[b]nothing' – esc clears" in frame_of(app)


async def test_what_is_typed_into_the_filter_is_no_key(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("slash", *"qdtrs")
        assert app.screen.query_one("#filter", Input).value == "qdtrs"
        assert len(app.screen_stack) == 1


async def test_the_details_are_those_of_the_row_under_the_cursor(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        for name in ("fraud/red", "fraud/green"):
            await go_to(pilot, name)
        detail = app.screen.query_one(Detail)
        text = str(detail.query_one("#detail-text").render())
        assert "fraud/green" in text
        assert "█" in str(detail.query_one("#detail-text").render())


async def test_an_answer_that_comes_too_late_is_not_shown(app: MothballApp) -> None:
    from tui.state.estate import Details
    from tui.state.messages import DetailsRead

    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        before = str(app.screen.query_one("#detail-text").render())
        app.screen.post_message(DetailsRead(generation=0, details=Details("other", (), ())))
        await settled(pilot)
        assert str(app.screen.query_one("#detail-text").render()) == before


@pytest.mark.parametrize("place", ["grid", "details"])
async def test_a_tag_value_with_markup_and_escape_codes_is_shown_as_text(
    app: MothballApp, place: str
) -> None:
    evil = "[red]x[/red] [@click=app.quit]\x1b[31m\x9b2J"
    async with app.run_test(size=(200, 60)) as pilot:
        await settled(pilot)
        assert app.estate is not None
        first = home(app).grid.current
        assert first is not None
        result = Conclusions((evil,))
        changed = replace(first, owner=evil, tags={evil: evil}, reasons=result, findings=result)
        app.estate = replace(app.estate, rows=packed((changed,)))
        await settled(pilot)
        frame = frame_of(app)
        assert "\x1b" not in frame
        assert "\x9b" not in frame
        if place == "grid":
            assert "[red]x[/red] [@click=ap" in frame
        else:
            assert "• [red]x[/red] [@click=app.quit]␛[31m�2J" in frame


async def test_below_a_hundred_columns_the_details_fold_and_enter_shows_them(
    app: MothballApp,
) -> None:
    async with app.run_test(size=(99, 30)) as pilot:
        await settled(pilot)
        detail, grid = app.screen.query_one(Detail), home(app).grid
        assert not detail.display
        await pilot.press("enter")
        await pilot.pause()
        assert (detail.display, grid.display) == (True, False)
        await pilot.press("escape")
        await pilot.pause()
        assert (detail.display, grid.display) == (False, True)


async def test_a_slim_terminal_keeps_verdict_and_name(app: MothballApp) -> None:
    async with app.run_test(size=(64, 20)) as pilot:
        await settled(pilot)
        shown = frame_of(app).splitlines()[2].split()
        assert shown[:5] == ["verdict", "▲", "endpoint/deployment", "run", "rate/mo"]
        assert "owner" not in shown


async def test_a_terminal_that_is_too_small_says_so(app: MothballApp) -> None:
    async with app.run_test(size=(59, 14)) as pilot:
        await settled(pilot)
        assert "needs 60 columns and 15 lines" in frame_of(app)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "endpoint/deployment" in frame_of(app)


async def test_a_click_on_a_header_sorts_and_one_in_the_gutter_marks(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        grid = home(app).grid
        await pilot.click("#grid", offset=(20, 0))
        assert grid.sort.column_id == "name"
        await pilot.click("#grid", offset=(0, 3))
        assert [row.name for row in grid.marked] == [grid.shown[2].name]


async def test_keys_move_the_cursor(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        grid = home(app).grid
        last = len(grid.shown) - 1
        for keys, place in (("jj", 2), ("k", 1), ("G", last), ("j", last), ("g", 0), ("k", 0)):
            await pilot.press(*keys)
            assert grid.current is grid.shown[place], keys
        await pilot.press("pagedown", "end", "pageup", "home", "ctrl+d", "ctrl+u")
        assert grid.current is grid.shown[0]


async def test_all_that_is_shown_can_be_marked_and_unmarked(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await type_filter(pilot, "fraud")
        await pilot.press("asterisk")
        grid = home(app).grid
        assert len(grid.marked) == len(grid.shown) > 1
        await pilot.press("u")
        assert not grid.marked


async def test_copying_shows_what_was_copied(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        row = home(app).grid.current
        assert row is not None
        await pilot.press("c")
        assert app.clipboard == row.id
        assert [str(n.message) for n in app._notifications] == [row.id]


@pytest.mark.parametrize("key", ["t", "d"])
async def test_a_barred_key_says_why_and_does_nothing(
    app_within: Callable[[Limits], MothballApp], key: str
) -> None:
    app = app_within(Limits(read_only=True))
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        assert "READ-ONLY" in frame_of(app)
        await pilot.press(key)
        assert len(app.screen_stack) == 1
        assert "read-only mode is on" in [str(n.message) for n in app._notifications][0]


async def test_a_protected_subscription_bars_only_its_own_deployments(
    app_within: Callable[[Limits], MothballApp], store: Path
) -> None:
    rows = estate.current_deployments(Store(store))
    protected = next(row for row in rows if row.name == "fraud/red").subscription_id
    app = app_within(Limits(protected_subscriptions=frozenset({protected.lower()})))
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await go_to(pilot, "fraud/red")
        await pilot.press("d")
        assert len(app.screen_stack) == 1
        await go_to(pilot, "clause-extract/distil")
        await pilot.press("d")
        await settled(pilot)
        assert len(app.screen_stack) == 2


async def test_an_empty_store_says_how_to_begin(app_without_store: MothballApp) -> None:
    async with app_without_store.run_test(size=WIDE) as pilot:
        await settled(pilot)
        frame = frame_of(app_without_store)
        assert "No snapshot yet" in frame
        assert "Look at a demo" in frame
        await pilot.press("d")
        assert len(app_without_store.screen_stack) == 1


@pytest.fixture
def damaged_store(store: Path) -> None:
    store.write_bytes(b"this is no database" * 200)


@pytest.mark.usefixtures("damaged_store")
async def test_a_store_that_is_no_store_is_reported_in_one_line(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        frame = frame_of(app)
        assert "The store cannot be read" in frame
        assert "name another with --store" in " ".join(frame.split())
        assert "No snapshot yet" not in frame
        assert "Traceback" not in frame


async def test_a_failure_to_read_the_days_is_reported_in_the_pane(
    app: MothballApp, store: Path
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        remove(store)
        await pilot.press("j")
        await settled(pilot)
        assert "there is no store at" in str(app.screen.query_one("#detail-text").render())


async def test_quitting_is_one_key(app: MothballApp) -> None:
    for key in ("q", "ctrl+c"):
        again = MothballApp(app.session)
        async with again.run_test(size=WIDE) as pilot:
            await settled(pilot)
            await pilot.press(key)
            await pilot.pause()
        assert again.return_code == 0


async def test_the_pane_tells_what_a_group_comes_to(app: MothballApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        await pilot.press("F")
        await settled(pilot)
        text = str(app.screen.query_one("#detail-text").render())
        idle = [row for row in home(app).grid.shown if row.verdict == "idle"]
        instances = sum(row.instance_count or 0 for row in idle)
        rate = sum(row.monthly_run_rate or 0 for row in idle)
        assert text.splitlines() == [
            "○ idle",
            f"• {len(idle)} deployments",
            f"• {instances} instances + 1 unknown",
            f"• run rate ~{rate:,.0f} USD/mo + 1 unknown",
            f"• waste ~{rate:,.0f} USD/mo + 1 unknown",
        ]
        await pilot.press("d")
        assert len(app.screen_stack) == 1
