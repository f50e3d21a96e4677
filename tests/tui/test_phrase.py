"""Where a phrase is asked for, what is typed is text: no letter of it is a shortcut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from actions.deletion.plan import Plan
from emulator import Clock, Emulator
from queries.estate.rows import DeploymentRow
from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import home, type_filter
from tui.app import MothballApp
from tui.dialogs.deletion import DeletionDialog
from tui.dialogs.endpoint_deletion import EndpointDeletion

NARROW, WIDE = (80, 24), (120, 40)
GOES, GOES_TOO, BARRED = "fraud/red", "clause-extract/distil", "fraud/blue"


async def write(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*["space" if c == " " else c for c in text])
    await pilot.pause()


async def open_plan(pilot: Pilot[None], *names: str) -> DeletionDialog:
    await settled(pilot)
    app = pilot.app
    assert isinstance(app, MothballApp)
    grid = home(app).grid
    grid.mark(row.deployment_key for row in grid.shown if row.name in names)
    await pilot.press("d")
    await settled(pilot)
    dialog = app.screen
    assert isinstance(dialog, DeletionDialog)
    return dialog


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_phrase_is_one_tab_from_cancel_and_its_letters_are_text(
    app: MothballApp, azure: Emulator, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        dialog = await open_plan(pilot, GOES, GOES_TOO)
        assert "tab phrase" in frame_of(app)
        assert dialog.plan is not None
        phrase = dialog.plan.phrase
        assert phrase.startswith("delete 2 deployments ")
        await pilot.press("tab")
        await write(pilot, phrase)
        assert app.screen is dialog
        assert dialog.query_one("#phrase", Input).value == phrase
        assert len(dialog.kept) == 2
        hint = str(dialog.query_one(".hint").render())
        assert hint == "enter goes to Delete   ↑ ↓ target   pgup pgdn scroll   esc close"
        assert not dialog.query_one("#delete", Button).disabled
        await pilot.press("enter")
        await settled(pilot)
        assert dialog.focused is dialog.query_one("#delete", Button)
        assert azure.writes == []
        await pilot.press("shift+tab", "shift+tab")
        assert dialog.focused is dialog.query_one("#cancel", Button)
        await settled(pilot)
        assert "o override   tab phrase" in frame_of(app)


async def test_a_phrase_typed_before_the_plan_is_there_is_text_too(app: MothballApp) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        dialog = Held([row for row in home(app).grid.shown if row.name == GOES], frozenset())
        await app.push_screen(dialog)
        await pilot.press("tab")
        await write(pilot, GOES)
        assert dialog.query_one("#delete", Button).disabled
        dialog.gate.set()
        await settled(pilot)
        assert dialog.query_one("#phrase", Input).value == GOES
        assert not dialog.query_one("#delete", Button).disabled


async def test_the_phrase_of_the_plan_before_frees_nothing_while_another_is_made(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        rows = [row for row in home(app).grid.shown if row.name in (GOES, GOES_TOO)]
        dialog = Held(rows, frozenset())
        dialog.gate.set()
        await app.push_screen(dialog)
        await settled(pilot)
        dialog.gate.clear()
        assert dialog.plan is not None
        await pilot.press("space", "tab")
        await write(pilot, dialog.plan.phrase)
        assert dialog.query_one("#phrase", Input).value == dialog.plan.phrase
        assert dialog.query_one("#delete", Button).disabled
        dialog.gate.set()
        await settled(pilot)
        assert dialog.query_one("#delete", Button).disabled
        assert azure.writes == []


async def test_a_barred_plan_names_no_phrase_and_keeps_the_keyboard(app: MothballApp) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        dialog = Held([row for row in home(app).grid.shown if row.name == BARRED], frozenset())
        await app.push_screen(dialog)
        await pilot.press("tab")
        dialog.gate.set()
        await settled(pilot)
        frame = frame_of(app)
        assert "cannot be deleted" in frame
        assert "o override   esc close" in frame
        assert "phrase" not in frame
        assert dialog.focused is dialog.query_one("#cancel", Button)


async def test_a_plan_without_targets_or_of_old_data_names_no_phrase(
    app: MothballApp, clock: Clock
) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await open_plan(pilot, GOES)
        await pilot.press("space")
        await settled(pilot)
        assert "nothing is left to delete" in frame_of(app)
        assert "phrase" not in frame_of(app)
        await pilot.press("space")
        await settled(pilot)
        assert "tab phrase" in frame_of(app)
        await pilot.press("escape")
        clock.advance(timedelta(days=2))
        await open_plan(pilot)
        assert "j k target   tab snapshot   esc close" in frame_of(app)


async def test_a_barred_endpoint_names_no_phrase(app: MothballApp) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("E")
        await settled(pilot)
        await type_filter(pilot, "demand-weekly")
        await pilot.press("d")
        await settled(pilot)
        assert isinstance(app.screen, EndpointDeletion)
        assert "all or nothing   j k target   o override   esc close" in frame_of(app)


class Held(DeletionDialog):
    """A plan that is not made before its gate is opened."""

    def __init__(self, targets: Sequence[DeploymentRow], hidden_keys: frozenset[str]) -> None:
        super().__init__(targets, hidden_keys)
        self.gate = Event()

    def make_plan(self, rows: Sequence[DeploymentRow], overrides: Mapping[str, str]) -> Plan:
        """The plan, once it may be made."""
        assert self.gate.wait(60)
        return super().make_plan(rows, overrides)
