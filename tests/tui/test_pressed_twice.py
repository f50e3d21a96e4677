"""A button whose second press is handled while the first one is under way acts once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from actions.session import Session
from emulator import Emulator
from queries.reports.shown import Shown
from queries.store.journal import entries
from tests.tui.demo import frame_of, settled
from tests.tui.test_deletion import RETIRED, plan_for, type_phrase
from tests.tui.test_tagging import open_on, type_lines
from tui.app import MothballApp
from tui.dialogs.exporting import Exporting
from tui.places.archives import Archives

SIZE = (140, 50)


async def press_twice(
    pilot: Pilot[None], selector: str, is_under_way: Callable[[], object]
) -> None:
    """The second press comes to be handled when what the first one began is under way."""
    button = pilot.app.screen.query_one(selector, Button)
    button.post_message(Button.Pressed(button))
    while not is_under_way():
        await pilot.pause(0.01)
    button.post_message(Button.Pressed(button))
    await settled(pilot)


async def test_tags_are_written_once(app: MothballApp, session: Session, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, RETIRED)
        await type_lines(pilot, "owner=ada")
        await press_twice(pilot, "#apply", lambda: azure.writes)
        assert [write.method for write in azure.writes] == ["PATCH"]
        written = [entry for entry in entries(session.store) if entry.action == "tag"]
        assert [entry.outcome for entry in written] == ["intended", "done"]


async def test_a_file_is_written_once(app: MothballApp, tmp_path: Path) -> None:
    path = tmp_path / "idle.csv"
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        dialog = app.screen
        assert isinstance(dialog, Exporting)
        made: list[str] = []
        make = dialog._make

        def noted() -> Shown:
            made.append("a file")
            return make()

        dialog._make = noted
        dialog.query_one("#path", Input).value = str(path)
        await press_twice(pilot, "#apply", lambda: made)
        assert (len(made), path.exists()) == (1, True)
        assert app.screen is not dialog


@pytest.mark.journey
async def test_what_is_deleted_and_restored_is_so_once(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await plan_for(pilot, RETIRED)
        await type_phrase(pilot, RETIRED)
        await press_twice(pilot, "#delete", lambda: azure.writes)
        assert [write.method for write in azure.writes] == ["DELETE"]
        assert "1 of 1 deleted" in frame_of(app)
        azure.writes.clear()
        await pilot.press("escape", "A")
        await settled(pilot)
        assert isinstance(app.screen, Archives)
        await pilot.press("enter")
        await settled(pilot)
        await type_phrase(pilot, RETIRED)
        await press_twice(pilot, "#restore", lambda: azure.writes)
        assert [write.method for write in azure.writes] == ["PUT"]
        assert "✓ restored: it stands as it was archived" in frame_of(app)
