"""What may be done to what: limits drop keys, lost tags come back, the end leads to the journal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from textual.widgets import Button

from actions.session import Limits, Session
from actions.tags.tag import tag
from emulator import Clock, Emulator
from queries.estate.questions import current_deployments
from queries.store.file import Store
from tests.tui.demo import frame_of, settled
from tests.tui.test_deletion import mark, plan_for, type_phrase
from tui.app import MothballApp
from tui.places.deployments import Deployments
from tui.places.journal import Journal

pytestmark = pytest.mark.journey

SIZE = (140, 50)
NAME = "fraud/red"


async def test_in_read_only_mode_no_dialog_that_writes_opens(
    app_within: Callable[[Limits], MothballApp],
) -> None:
    app = app_within(Limits(read_only=True))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for key in ("d", "t", "R", "x"):
            await pilot.press(key)
            await settled(pilot)
            assert isinstance(app.screen, Deployments)


async def test_a_protected_subscription_drops_them_for_its_own(
    app_within: Callable[[Limits], MothballApp], session: Session
) -> None:
    rows = {row.name: row for row in current_deployments(session.store)}
    protected = rows[NAME].subscription_id.lower()
    other = next(row for row in rows.values() if row.subscription_id.lower() != protected)
    app = app_within(Limits(protected_subscriptions=frozenset({protected})))
    async with app.run_test(size=SIZE) as pilot:
        await mark(pilot, NAME)
        assert " d delete" not in frame_of(app).splitlines()[-1]
        await pilot.press("u")
        await mark(pilot, other.name)
        assert " d delete" in frame_of(app).splitlines()[-1]


async def test_lost_tags_are_shown_and_put_back(
    app: MothballApp, session: Session, azure: Emulator, clock: Clock
) -> None:
    row = next(row for row in current_deployments(session.store) if row.name == NAME)
    tag(session, row, {"owner": "ada"}, ())
    del azure.world.find("mlw-payments/fraud/red").tags["owner"]
    clock.advance(timedelta(hours=1))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        await pilot.press("colon", *"put back")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "→ put back owner=ada (written 2026-11-23)" in frame_of(app)
        assert azure.world.find("mlw-payments/fraud/red").tags.get("owner") is None
        await pilot.click("#apply")
        await settled(pilot)
        assert "1 of 1 written" in frame_of(app)
        assert azure.world.find("mlw-payments/fraud/red").tags["owner"] == "ada"


async def test_without_a_lost_tag_nothing_is_opened(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("colon", *"put back")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, Deployments)


async def test_the_end_of_a_deletion_leads_to_the_journal(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, NAME)
        assert not dialog.query_one("#journal", Button).display
        await type_phrase(pilot, NAME)
        await pilot.press("enter", "enter")
        await settled(pilot)
        await pilot.press("tab", "enter")
        await settled(pilot)
        assert isinstance(app.screen, Journal)
        assert app.screen.grid.current is not None
        assert app.screen.grid.current.outcome == "deleted"
        described = app.screen.described(app.screen.grid.current, 80).plain
        assert re.search(r"monthly saving +558 USD\n", described)
        assert app.estate is not None
        assert NAME not in [row.name for row in app.estate.rows]


async def test_every_dialog_shows_its_buttons_in_the_smallest_terminal(app: MothballApp) -> None:
    async with app.run_test(size=(60, 15)) as pilot:
        await mark(pilot, NAME)
        for key, button in (
            ("t", "Set these tags in Azure"),
            ("R", "Write the mark to Azure"),
            ("x", "Write the exemption to Azure"),
            ("d", "Delete"),
            ("e", "Write the file"),
        ):
            await pilot.press(key)
            await settled(pilot)
            frame = frame_of(app)
            assert "Cancel" in frame, key
            assert button in frame, key
            await pilot.press("escape")
            await settled(pilot)
            assert isinstance(app.screen, Deployments)


async def test_the_journal_is_not_called_empty_before_it_was_read(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        with Store(app.session.store.path).noting():
            await pilot.press("B")
            await pilot.pause()
            assert isinstance(app.screen, Journal)
            assert "reading …" in frame_of(app)
            assert "empty" not in frame_of(app)
        await settled(pilot)
        assert "reading …" not in frame_of(app)


@pytest.mark.parametrize(
    ("key", "words"), [("B", "the journal is empty"), ("A", "there is no archive yet")]
)
async def test_journal_and_archives_need_no_snapshot(
    app_without_store: MothballApp, key: str, words: str
) -> None:
    async with app_without_store.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press(key)
        await settled(pilot)
        assert words in frame_of(app_without_store)
