"""A snapshot runs behind the table, and whatever becomes of it is reported."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Button

import tui
from emulator import Clock, Emulator, Fault
from tests.tui.demo import frame_of, settled
from tui.app import MothballApp
from tui.dialogs.question import Question
from tui.places.deployments import Deployments
from tui.state import failures
from tui.state.messages import SnapshotProgressed, Work
from tui.state.snapshot_progress import SnapshotProgress

pytestmark = pytest.mark.journey

SIZE = (120, 40)
ROOM = Path(tui.__file__).parent
TOUCHES = {
    "query",
    "query_one",
    "update",
    "notify",
    "push_screen",
    "pop_screen",
    "dismiss",
    "refresh",
    "display",
    "add_class",
    "remove_class",
    "set_class",
    "focus",
    "estate",
    "snapshot_progress",
    "trouble",
}


async def test_r_takes_a_snapshot_and_shows_it(app: MothballApp, clock: Clock) -> None:
    clock.advance(timedelta(hours=3))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        assert app.snapshot_progress is None
        assert "as of 21:00 UTC · just now" in frame_of(app)


async def test_a_failed_snapshot_is_shown_and_survived(
    app: MothballApp, azure: Emulator, clock: Clock
) -> None:
    fault = azure.faults.add(Fault("forbid", path="/subscriptions"))
    clock.advance(timedelta(hours=3))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        frame = frame_of(app)
        assert "taking a snapshot failed" in frame
        assert "Reader" in frame
        assert "as of 17:54 UTC" in frame
        assert "Traceback" not in frame
        azure.faults.clear()
        await pilot.press("escape", "r")
        await settled(pilot)
        assert "failed:" not in frame_of(app)
        assert "as of 21:00 UTC" in frame_of(app)
    assert fault is not None


async def test_a_failed_snapshot_has_ended_whatever_it_is_called(
    app: MothballApp, azure: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "WORK_WORDS", {Work.SNAPSHOT: "collecting"})
    azure.faults.add(Fault("forbid", path="/subscriptions"))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        assert "collecting failed" in frame_of(app)
        assert app.snapshot_progress is None


def test_every_work_has_its_words() -> None:
    assert failures.WORK_WORDS.keys() == set(Work)


async def test_a_partial_snapshot_counts_its_read_errors(
    app: MothballApp, azure: Emulator, clock: Clock
) -> None:
    azure.faults.add(Fault("forbid", path="metrics:getBatch"))
    clock.advance(timedelta(hours=3))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        assert "(H)" in frame_of(app).splitlines()[0]
        await pilot.press("H")
        await settled(pilot)
        assert "Deployments › Read errors" in frame_of(app)
        assert "metrics" in frame_of(app)


async def test_a_running_snapshot_asks_before_it_is_stopped(
    app: MothballApp, azure: Emulator
) -> None:
    azure.faults.add(Fault("throttle", path="resources", retry_after=60))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("r", "X")
        assert isinstance(app.screen, Question)
        assert app.screen.focused is app.screen.query_one("#no", Button)
        await pilot.press("escape", "r", "X")
        assert isinstance(app.screen, Question)
        await pilot.press("tab", "enter")
        await settled(pilot)
        assert app.snapshot_progress is None
        assert isinstance(app.screen, Deployments)
        assert "as of 17:54 UTC" in frame_of(app)


async def test_a_first_snapshot_fills_an_empty_store(app_without_store: MothballApp) -> None:
    async with app_without_store.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        home = app_without_store.screen
        assert isinstance(home, Deployments)
        assert home.grid.total > 20
        assert "No snapshot yet" not in frame_of(app_without_store)


async def test_the_table_can_be_used_while_a_snapshot_waits(
    app: MothballApp, azure: Emulator
) -> None:
    azure.faults.add(Fault("throttle", path="resources", retry_after=60))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("r")
        while app.snapshot_progress is not None and not app.snapshot_progress.waits:
            await pilot.pause()
        await pilot.press("j", "space")
        home = app.screen
        assert isinstance(home, Deployments)
        assert len(home.grid.marked) == 1
        first, second, *_rest = frame_of(app).splitlines()
        assert "as of 17:54 UTC" in first
        assert "throttled, waits" in second
        assert "X stops it" in second
        await pilot.press("E", "escape")
        assert len(app.screen_stack) == 1
        assert app.snapshot_progress is not None
        await pilot.press("escape")
        assert not len(home.grid.marked)
        await pilot.press("X", "tab", "enter")
        await settled(pilot)
        assert "throttled" not in frame_of(app)


def test_progress_tells_each_source_and_each_wait() -> None:
    snapshot_progress = (
        SnapshotProgress()
        .further("inventory", 42, None)
        .further("metrics", 3, 12)
        .waiting("graph", 17.0)
    )
    reported = snapshot_progress.text_at(0.0)
    assert reported == "snapshot: graph throttled, waits 17 s · inventory 42 · metrics 3/12"


def test_a_count_never_goes_back_when_threads_overtake_each_other() -> None:
    snapshot_progress = SnapshotProgress().further("metrics", 5, 12).further("metrics", 4, 12)
    assert snapshot_progress.progress["metrics"] == (5, 12)


def test_a_newer_count_replaces_one_that_waits() -> None:
    old, new = SnapshotProgressed("metrics", 1, 9), SnapshotProgressed("metrics", 2, 9)
    assert new.can_replace(old)
    assert not new.can_replace(SnapshotProgressed("locks", 1, 9))


def test_no_widget_is_touched_from_a_worker() -> None:
    """A worker runs in a thread and calls nothing that changes or reads a widget."""
    workers = [
        function
        for path in ROOM.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef) and worker_options(function)
    ]
    assert len(workers) >= 6
    for worker in workers:
        assert {"thread", "exit_on_error", "group"} <= worker_options(worker)
        called = {node.attr for node in ast.walk(worker) if isinstance(node, ast.Attribute)}
        assert not called & TOUCHES, worker.name


def worker_options(function: ast.FunctionDef) -> set[str | None]:
    calls = [d for d in function.decorator_list if isinstance(d, ast.Call)]
    works = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "work"]
    return {keyword.arg for call in works for keyword in call.keywords}
