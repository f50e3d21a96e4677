"""The places of snapshots and of what changed between two."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.reports.diff import changes
from queries.store.file import Store
from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import home
from tests.tui.test_places import press
from tui.app import MothballApp
from tui.places.deployments import Deployments
from tui.places.diff import Diff
from tui.places.snapshots import Snapshots

pytestmark = pytest.mark.journey

WIDE = (160, 40)


def diff(app: MothballApp) -> Diff:
    assert isinstance(app.screen, Diff)
    return app.screen


async def test_snapshots_are_listed_newest_first_and_enter_shows_one(
    app_with_past: MothballApp,
) -> None:
    app = app_with_past
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "S")
        place = app.screen
        assert isinstance(place, Snapshots)
        taken = [row.started_at for row in place.grid.shown]
        assert taken == sorted(taken, reverse=True)
        assert [row.deployments for row in place.grid.shown] == [42, 40, 39]
        await press(pilot, "end", "enter")
        assert isinstance(app.screen, Deployments)
        assert "◀ PAST 14 Oct 17:54 UTC · 40 d ago · 1 of 3" in frame_of(app)
        await press(pilot, "S", "home", "enter")
        assert "PAST" not in frame_of(app)


async def test_two_marked_snapshots_are_compared_by_the_same_report_as_the_command(
    app_with_past: MothballApp, long_store: Path
) -> None:
    app = app_with_past
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "S")
        place = app.screen
        assert isinstance(place, Snapshots)
        newest, _between, oldest = place.grid.shown
        place.grid.mark([newest.snapshot_id, oldest.snapshot_id])
        await press(pilot, "equals_sign")
        reported = changes(Store(long_store), oldest.snapshot_id, newest.snapshot_id)
        assert len(reported) > 5
        found = {(row.change.id, row.change.change) for row in diff(app).grid.shown}
        assert found == {(change.id, change.change) for change in reported}
        assert "Snapshots › 14 Oct 17:54 → 23 Nov 17:54" in frame_of(app)
        assert "2026-10-14 → 2026-11-23" in frame_of(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, Snapshots)


async def test_one_snapshot_is_compared_with_the_one_before(app_with_past: MothballApp) -> None:
    app = app_with_past
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "S", "down", "equals_sign")
        assert "14 Oct 17:54 → 3 Nov 17:54" in frame_of(app)
        await press(pilot, "escape", "end", "equals_sign")
        assert isinstance(app.screen, Snapshots)
        assert "mark two finished snapshots" in " ".join(frame_of(app).split())


async def test_a_change_leads_to_its_deployment_unless_that_is_gone(
    app_with_past: MothballApp,
) -> None:
    app = app_with_past
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "equals_sign")
        first = diff(app).grid.current
        assert first is not None
        assert first.change.change == "vanished"
        await press(pilot, "enter")
        assert isinstance(app.screen, Diff)
        await press(pilot, "enter", "down", "enter")
        shown = app.screen
        assert isinstance(shown, Deployments)
        assert [row.name for row in shown.grid.shown] == ["churn-trial/tft"]


async def test_from_an_old_snapshot_the_changes_up_to_now_are_one_key_away(
    app_with_past: MothballApp, long_store: Path
) -> None:
    app = app_with_past
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "left_square_bracket", "left_square_bracket")
        assert home(app).situation().is_past
        await press(pilot, "equals_sign")
        rows = diff(app).grid.shown
        assert {row.before.started_at.day for row in rows} == {14}
        assert {row.after.started_at.day for row in rows} == {23}


async def test_with_one_snapshot_there_is_nothing_to_compare(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "equals_sign")
        assert "there are no two snapshots to compare" in frame_of(app)
