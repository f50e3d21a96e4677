"""What others write to the store is noticed, told in the top line, and shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from actions import journal
from actions.session import Session
from actions.snapshot.request import SnapshotRequest
from actions.snapshot.take import take_snapshot
from collectors.inventory.scope import Scope
from emulator import Clock, Emulator
from tests.tui.demo import frame_of, session_for, settled
from tests.tui.test_deployments import home, type_filter
from tui.app import MothballApp
from tui.state.history import Address
from tui.views.preferences import Preferences
from tui.views.view import Sort

pytestmark = pytest.mark.journey

SIZE = (120, 40)


@pytest.fixture
def somebody_else(azure: Emulator, store: Path, clock: Clock) -> Session:
    """Another program on the same store."""
    return session_for(azure, store, clock)


@pytest.fixture
def snapshot_elsewhere(somebody_else: Session, clock: Clock) -> Callable[[], None]:
    def take() -> None:
        clock.advance(timedelta(hours=3))
        cloud = somebody_else.cloud.name
        asked = SnapshotRequest(cloud, None, Scope(), somebody_else.policy)
        with somebody_else.reader() as reader:
            take_snapshot(somebody_else.store, reader, asked, clock.now, lambda *_text: None)

    return take


async def look(app: MothballApp, pilot: Pilot[None]) -> None:
    """Twice, since a file is left alone while it still changes."""
    for _time in range(2):
        app.look_for_news()
        await settled(pilot)


def top_line(app: MothballApp) -> str:
    return frame_of(app).splitlines()[0]


async def test_a_newer_snapshot_of_another_program_is_shown_where_one_was(
    app: MothballApp, snapshot_elsewhere: Callable[[], None]
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        grid = home(app).grid
        await type_filter(pilot, "verdict:idle")
        await pilot.press("enter")
        grid.sort_by(Sort("name", descending=True))
        await pilot.press("down", "down")
        before = (grid.current.deployment_key if grid.current else "", len(grid.shown))
        snapshot_elsewhere()
        await look(app, pilot)
        assert "as of 21:00 UTC · just now" in top_line(app)
        assert app.news is None
        after = (grid.current.deployment_key if grid.current else "", len(grid.shown))
        assert after == before
        assert grid.sort == Sort("name", descending=True)


async def test_what_is_marked_is_left_alone_until_a_key_shows_the_newest(
    app: MothballApp, snapshot_elsewhere: Callable[[], None]
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("down", "space")
        (marked,) = home(app).grid.marked
        snapshot_elsewhere()
        await look(app, pilot)
        assert "as of 17:54 UTC" in top_line(app)
        assert "newer snapshot of 21:00: ctrl+r shows it" in top_line(app)
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert "as of 21:00 UTC" in top_line(app)
        assert "ctrl+r" not in top_line(app)
        assert [row.deployment_key for row in home(app).grid.marked] == [marked.deployment_key]


async def test_news_waits_until_what_is_being_typed_is_done(
    app: MothballApp, somebody_else: Session
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("slash")
        journal.note(somebody_else, "tag", "/x", "written")
        await look(app, pilot)
        assert "1 new journal entry: ctrl+r shows it" in top_line(app)
        await pilot.press("enter")
        await look(app, pilot)
        assert app.news is None


async def test_the_journal_that_is_open_shows_an_entry_of_another_program(
    app: MothballApp, somebody_else: Session
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        app.jump(Address("journal"))
        await settled(pilot)
        estate = app.estate
        journal.note(somebody_else, "tag", "/x", "written", "by the other one")
        await look(app, pilot)
        assert "by the other one" in frame_of(app)
        assert app.estate is estate


async def test_what_the_interface_itself_writes_is_no_news(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("space")
        journal.note(app.session, "tag", "/x", "written")
        await look(app, pilot)
        assert app.news is None


async def test_what_was_deleted_from_here_stays_away_when_the_same_snapshot_is_read_again(
    app: MothballApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert app.estate is not None
        key = app.estate.rows[0].deployment_key
        app.estate = app.estate.without([key]).with_tags({app.estate.rows[1].deployment_key: {}})
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert key not in home(app).grid.by_key
        assert app.estate.rows[0].tags == {}
        assert "the store holds nothing newer" in [str(n.message) for n in app._notifications]


async def test_the_settings_leave_the_choice_to_the_key(
    session: Session, somebody_else: Session
) -> None:
    app = MothballApp(session, preferences=Preferences(follow=False))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        journal.note(somebody_else, "tag", "/x", "written")
        await look(app, pilot)
        assert "1 new journal entry: ctrl+r shows it" in top_line(app)
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert app.news is None
