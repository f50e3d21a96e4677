"""The last write is taken back from the journal or the row, where Azure has it as written."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Button

from actions.session import Session
from actions.tags.tag import tag
from emulator import Emulator, Fault
from queries.estate.questions import current_deployments
from queries.store.journal import entries
from tests.tui.demo import frame_of, settled
from tests.tui.test_deletion import mark
from tui.app import MothballApp
from tui.dialogs.undoing import Undoing
from tui.places.deployments import Deployments
from tui.places.journal import Journal

SIZE = (120, 40)
NAME, PATH = "fraud/red", "mlw-payments/fraud/red"
OTHER, OTHER_PATH = "churn-trial/gru", "mlw-lab/churn-trial/gru"


def written(session: Session, name: str = NAME, **tags: str) -> None:
    row = next(row for row in current_deployments(session.store) if row.name == name)
    tag(session, row, tags, ())


async def open_in_journal(pilot: Pilot[None]) -> None:
    await settled(pilot)
    await pilot.press("B")
    await settled(pilot)
    await pilot.press("U")
    await settled(pilot)


async def test_a_write_is_undone_from_the_journal_and_its_undo_too(
    app: MothballApp, session: Session, azure: Emulator
) -> None:
    written(session, role="test")
    azure.forget()
    async with app.run_test(size=SIZE) as pilot:
        await open_in_journal(pilot)
        assert "→ role=test → role=retire (entry 2, tag of " in frame_of(app)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, Journal)
        assert azure.writes == []

        await pilot.press("U")
        await settled(pilot)
        await pilot.press("shift+tab", *"typed wrong")
        await pilot.click("#apply")
        await settled(pilot)
        assert "✓ done: now " in frame_of(app)
        assert azure.world.find(PATH).tags["role"] == "retire"
        last = entries(session.store)[-1]
        assert (last.action, last.outcome, last.reason) == ("undo", "done", "typed wrong")

        await pilot.press("enter")
        await settled(pilot)
        assert app.screen.query_one("#grid").has_focus
        await pilot.press("g", "U")
        await settled(pilot)
        assert "→ role=retire → role=test (entry 4, undo of " in frame_of(app)


async def test_an_entry_that_is_nothing_to_undo_says_why(
    app: MothballApp, session: Session, azure: Emulator
) -> None:
    written(session, owner="ada")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("B")
        await settled(pilot)
        await pilot.press("j", "U")
        await settled(pilot)
        assert isinstance(app.screen, Journal)
        why = "entry 1: only a write of tags that came about can be undone"
        assert [str(n.message) for n in app._notifications] == [f"U (undo): {why}"]


async def test_what_differs_in_azure_is_left_in_one_sentence(
    app: MothballApp, session: Session, azure: Emulator
) -> None:
    written(session, owner="ada")
    azure.world.find(PATH).tags["owner"] = "grace"
    async with app.run_test(size=SIZE) as pilot:
        await open_in_journal(pilot)
        frame = frame_of(app)
        assert "owner was written as 'ada', and is 'grace' now" in " ".join(frame.split())
        assert "0 of 1 would be written" in frame
        assert app.screen.query_one("#apply", Button).disabled


async def test_the_row_has_the_same_key_for_the_last_write_to_it(
    app: MothballApp, session: Session, azure: Emulator
) -> None:
    written(session, owner="ada")
    written(session, OTHER, owner="ada")
    azure.faults.add(Fault("forbid", path="/gru/", method="GET"))
    async with app.run_test(size=SIZE) as pilot:
        await mark(pilot, NAME, OTHER, "churn-trial/tabnet")
        await pilot.press("U")
        await settled(pilot)
        assert isinstance(app.screen, Undoing)
        assert "→ owner=ada → no owner" in frame_of(app)
        assert "mothball-retire-after=2026-11-20, owner=ada" in frame_of(app)
        assert "1 of 3 would be written" in frame_of(app)
        await pilot.click("#apply")
        await settled(pilot)
        assert "owner" not in azure.world.find(PATH).tags
        assert azure.world.find(OTHER_PATH).tags["owner"] == "ada"


async def test_a_mark_that_nobody_knows_of_is_not_taken_away(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await mark(pilot, "clause-extract/bert-large")
        await pilot.press("R")
        await settled(pilot)
        await pilot.click("#undo")
        await settled(pilot)
        assert "✗ left: no mark is known of it" in frame_of(app)
        assert "0 of 1 would be written" in frame_of(app)
        assert app.screen.query_one("#apply", Button).disabled
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, Deployments)
