"""Old snapshots, and what one changed of another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from actions.session import Limits
from emulator import Clock, Emulator
from queries.estate import questions as estate
from queries.store.file import Store
from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import home, type_filter
from tui.app import MothballApp
from tui.keys.registry import ACTIONS

pytestmark = pytest.mark.journey

SIZE = (120, 40)


def line_of(frame: str, name: str) -> str:
    return next(line for line in frame.splitlines() if f" {name} " in line)


async def test_brackets_step_through_the_snapshots_and_say_so(app_with_past: MothballApp) -> None:
    app = app_with_past
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        present = app.estate
        await pilot.press("left_square_bracket")
        await settled(pilot)
        first = frame_of(app).splitlines()[0]
        assert "◀ PAST 3 Nov 17:54 UTC · 20 d ago · 2 of 3" in first
        assert home(app).grid.total == 40
        await pilot.press("left_square_bracket")
        await settled(pilot)
        assert "◀ PAST 14 Oct 17:54 UTC · 40 d ago · 1 of 3" in frame_of(app)
        await pilot.press("right_square_bracket", "right_square_bracket")
        await settled(pilot)
        assert app.estate is present
        assert "PAST" not in frame_of(app)


async def test_presses_in_a_row_add_up(app_with_past: MothballApp) -> None:
    app = app_with_past
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("left_square_bracket", "left_square_bracket")
        await settled(pilot)
        assert "1 of 3" in frame_of(app).splitlines()[0]


async def test_beyond_the_oldest_it_says_so_and_stays(app_with_past: MothballApp) -> None:
    app = app_with_past
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press(*["left_square_bracket"] * 4)
        await settled(pilot)
        assert "1 of 3" in frame_of(app).splitlines()[0]
        await pilot.press("left_square_bracket")
        await settled(pilot)
        assert "there is no older snapshot; the first is of 2026-10-14" in frame_of(app)
        assert "1 of 3" in frame_of(app).splitlines()[0]
        await pilot.press("escape", "right_square_bracket")
        await settled(pilot)
        assert "the newest is shown already" in frame_of(app)


async def test_escape_closes_the_filter_then_the_past_then_the_signs(
    app_with_past: MothballApp,
) -> None:
    app = app_with_past
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("left_square_bracket")
        await settled(pilot)
        await type_filter(pilot, "fraud")
        await pilot.press("escape")
        await settled(pilot)
        assert "PAST" in frame_of(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "PAST" not in frame_of(app)
        assert "Δ 3 verdicts differ · + 3 added · − 1 gone" in frame_of(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "Δ" not in frame_of(app)


async def test_nothing_can_be_written_by_an_old_snapshot(app_with_past: MothballApp) -> None:
    app = app_with_past
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("left_square_bracket")
        await settled(pilot)
        situation = home(app).situation()
        acting = [action for action in ACTIONS if action.group == "Act"]
        assert len(acting) >= 2
        for action in acting:
            reason = action.why_not(situation)
            assert reason == "an old snapshot is shown: esc returns to the present", action.id
        await pilot.press("d")
        await settled(pilot)
        assert "d (delete): an old snapshot is shown" in frame_of(app)
        assert app.screen is home(app)


async def test_what_changed_is_reported_by_a_sign_and_underlined(
    app_with_past: MothballApp,
) -> None:
    app = app_with_past
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert line_of(frame_of(app), "damage-severity/v4").startswith("  ? unknown")
        await pilot.press("left_square_bracket")
        await settled(pilot)
        frame = frame_of(app)
        assert line_of(frame, "damage-severity/v4").startswith("Δ ↺ rollback")
        assert line_of(frame, "damage-severity/v5").startswith("+ ● serving")
        assert line_of(frame, "churn-trial/gru").startswith("  ○ idle")
        grid = home(app).grid
        place = next(n for n, row in enumerate(grid.shown) if row.name == "damage-severity/v4")
        styles = {part.text.strip(): part.style for part in grid.render_line(place + 1)}
        verdict, name = styles["↺ rollback"], styles["damage-severity/v4"]
        assert verdict is not None
        assert name is not None
        assert verdict.underline
        assert not name.underline


async def test_marks_outlive_a_look_into_the_past(app_with_past: MothballApp) -> None:
    app = app_with_past
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        grid = home(app).grid
        grid.mark([row.deployment_key for row in grid.shown if row.name == "churn-trial/tft"])
        await pilot.press("left_square_bracket")
        await settled(pilot)
        assert not grid.marked
        await pilot.press("escape")
        await settled(pilot)
        assert [row.name for row in grid.marked] == ["churn-trial/tft"]


async def test_money_of_the_past_is_the_bill_of_then_or_unknown(
    app_with_past: MothballApp, long_store: Path
) -> None:
    app = app_with_past
    newest, before, *_rest = estate.snapshots(Store(long_store))
    assert estate.rates_of(Store(long_store), newest.snapshot_id) == {}
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("left_square_bracket")
        await settled(pilot)
        assert {row.snapshot_id for row in home(app).grid.shown} == {before.snapshot_id}
        assert {row.monthly_run_rate for row in home(app).grid.shown} == {None}
        await pilot.press(*["right"] * 3, "i")
        await settled(pilot)
        assert "no bill of that time was read" in " ".join(frame_of(app).split())


async def test_a_snapshot_marks_what_it_changed_until_escape(
    app: MothballApp, azure: Emulator, clock: Clock
) -> None:
    clock.advance(timedelta(hours=3))
    world = azure.world
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        red = next(row for row in home(app).grid.shown if row.name == "fraud/red")
        world.find(red.id).tags["owner"] = "ada@contoso.example"
        await pilot.press("r")
        await settled(pilot)
        assert line_of(frame_of(app), "fraud/red").startswith("Δ ○ idle")
        assert "verdict" not in home(app).marks_content().plain
        assert "○ idle 9" in home(app).marks_content().plain
        await pilot.press("escape")
        await settled(pilot)
        assert line_of(frame_of(app), "fraud/red").startswith("  ○ idle")


async def test_a_snapshot_that_ends_while_the_past_is_shown_waits_for_the_return(
    app_with_past: MothballApp, clock: Clock
) -> None:
    app = app_with_past
    clock.advance(timedelta(hours=3))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("left_square_bracket")
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        assert "◀ PAST 3 Nov" in frame_of(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "as of 21:00 UTC · just now" in frame_of(app)


async def test_the_status_tells_limits_and_age_on_a_small_terminal(
    app_within: Callable[[Limits], MothballApp],
) -> None:
    limited = app_within(Limits(protected_subscriptions=frozenset({"a", "b"})))
    async with limited.run_test(size=(60, 15)) as pilot:
        await settled(pilot)
        first = frame_of(limited).splitlines()[0]
        assert "■ 2 protected" in first
        assert "as of 17:54 UTC · 6 min" in first


async def test_another_place_is_shown_as_of_today(app_with_past: MothballApp) -> None:
    app = app_with_past
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("left_square_bracket")
        await settled(pilot)
        await pilot.press("W")
        await settled(pilot)
        assert "PAST" not in frame_of(app)
        assert "as of 17:54 UTC" in frame_of(app)
