"""What was deleted is in the journal and the archives, and comes back by its phrase."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from actions.archive.definitions import definitions_of
from actions.archive.writing import write_archive
from actions.deletion.delete import delete, plan_deletion
from actions.session import Limits, Session
from collectors.inventory.endpoint import get_resource
from emulator import Emulator, Endpoint, Fault
from queries.estate.questions import current_deployments
from tests.tui.demo import frame_of, settled
from tests.tui.test_deletion import line_of, type_filter, type_phrase
from tui.app import MothballApp
from tui.dialogs.restoring import Restoring
from tui.places.archives import Archives
from tui.places.journal import Journal

pytestmark = pytest.mark.journey

SIZE = (140, 50)
NAME = "fraud/red"


@pytest.fixture(autouse=True)
def deleted(session: Session, azure: Emulator) -> None:
    rows = [row for row in current_deployments(session.store) if row.name == NAME]
    plan = plan_deletion(session, rows)
    done = delete(session, plan, plan.phrase, {}, lambda _target, _text: None)
    assert [target.outcome for target in done.targets] == ["deleted"]
    azure.writes.clear()


async def open_plan(pilot: Pilot[None]) -> Restoring:
    await settled(pilot)
    await pilot.press("A")
    await settled(pilot)
    await pilot.press("enter")
    await settled(pilot)
    dialog = pilot.app.screen
    assert isinstance(dialog, Restoring)
    return dialog


async def test_a_deleted_one_comes_back_by_its_phrase(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await open_plan(pilot)
        frame = frame_of(app)
        assert "Restore mlw-payments/fraud/red   archived 2026-11-23 18:00 UTC" in frame
        assert "✓ name-free nothing is called " in frame
        assert "costs 558 USD a month by the price list" in frame
        assert "to restore, type   fraud/red" in frame
        assert dialog.focused is dialog.query_one("#cancel", Button)
        assert "tab phrase   pgup pgdn scroll" in frame
        await pilot.press("tab", *"fraud/re")
        await settled(pilot)
        assert "enter goes to Restore" in frame_of(app)
        assert dialog.query_one("#restore", Button).disabled
        await pilot.press("d", "enter")
        assert azure.writes == []
        await pilot.press("enter")
        await settled(pilot)
        frame = frame_of(app)
        assert "✓ restored: it stands as it was archived" in frame
        assert "✓ creating red: reading back" in frame
        assert [write.method for write in azure.writes] == ["PUT"]
        assert "role" not in azure.world.find("mlw-payments/fraud/red").tags
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert "exists: a restore never overwrites" in line_of(app, "✗ name-free")


async def test_a_deployment_is_taken_out_of_the_restore_of_its_endpoint(
    app: MothballApp, session: Session, azure: Emulator
) -> None:
    endpoint = azure.world.find("mlw-payments/fraud")
    assert isinstance(endpoint, Endpoint)
    with session.reader() as reader:
        raw = get_resource(reader, endpoint.id)
        inside = [get_resource(reader, one.id) for one in endpoint.deployments]
        kept = definitions_of(reader, "endpoint", raw, inside)
    write_archive(session.archive_folder, kept, {}, session.now() + timedelta(minutes=1))
    azure.world.find("mlw-payments").remove(endpoint, session.now())
    async with app.run_test(size=SIZE) as pilot:
        dialog = await open_plan(pilot)
        assert "space out or in" in frame_of(app)
        names = [line.name for line in dialog._lines]
        await pilot.press(*["down"] * names.index("fraud/blue"), "space")
        await settled(pilot)
        assert dialog.left_out == frozenset()
        why = "not left out: blue holds 100 % of the archived live traffic, which is set last"
        assert [str(n.message) for n in app._notifications] == [why]
        await pilot.press(*["k"] * len(names))
        await pilot.press(*["j"] * names.index("fraud/green"), "space")
        await settled(pilot)
        frame = frame_of(app)
        assert "left out" in line_of(app, "fraud/green", "left out")
        assert "! green is left out: it is not created, and stays in the archive" in frame
        await type_phrase(pilot, "fraud")
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert "✓ restored: it stands as it was archived" in frame_of(app)
        created = {write.path.rsplit("/", 1)[-1] for write in azure.writes}
        assert "green" not in created
        assert "blue" in created


async def test_enter_alone_restores_nothing(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_plan(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, Archives)
        assert azure.writes == []


async def test_a_restore_that_azure_fails_says_how_far_it_came(
    app: MothballApp, azure: Emulator
) -> None:
    azure.faults.add(Fault("forbid", method="PUT"))
    async with app.run_test(size=SIZE) as pilot:
        await open_plan(pilot)
        await type_phrase(pilot, NAME)
        await pilot.press("enter", "enter")
        await settled(pilot)
        frame = frame_of(app)
        assert "✗ creating red" in frame
        assert "tab phrase" not in frame
        assert "✗ failed: creating red: " in frame
        assert not app.is_writing


async def test_read_only_mode_shows_the_plan_and_bars_the_restore(
    app_within: Callable[[Limits], MothballApp], azure: Emulator
) -> None:
    app = app_within(Limits(read_only=True))
    async with app.run_test(size=SIZE) as pilot:
        dialog = await open_plan(pilot)
        assert "✗ limits    read-only mode is on" in frame_of(app)
        assert dialog.query_one("#phrase", Input).disabled
        assert "tab phrase" not in frame_of(app)
        assert "esc close" in frame_of(app)


async def test_an_archive_that_is_not_whole_is_reported_and_has_no_plan(
    app: MothballApp, session: Session
) -> None:
    (folder,) = session.archive_folder.iterdir()
    (folder / "deployment.json").write_text("{}")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("A")
        await settled(pilot)
        assert "✗ not whole" in frame_of(app)
        assert isinstance(app.screen, Archives)
        row = app.screen.grid.current
        assert row is not None
        assert "is not what was archived" in (row.trouble or "")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, Archives)


async def test_the_journal_tells_who_did_what_on_what_evidence(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("B")
        await settled(pilot)
        assert isinstance(app.screen, Journal)
        frame = frame_of(app)
        assert "✓ the chain of 3 entries is whole" in frame
        assert "› intended" in line_of(app, "intended")
        assert "✓ live-traffic" in frame
        await type_filter(pilot, "outcome:deleted")
        assert "1 of 3" in frame_of(app)
        assert app.screen.grid.current is not None
        assert app.screen.grid.current.outcome == "deleted"


async def test_a_changed_journal_says_from_where_on_it_does_not_hold(
    app: MothballApp, session: Session
) -> None:
    with session.store.writing() as connection:
        connection.execute("update journal set actor = 'nobody' where sequence = 2")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("B")
        await settled(pilot)
        assert "✗ does not hold from entry 2 on" in frame_of(app)
