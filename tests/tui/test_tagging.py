"""Tags are merged, read back and shown."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, TextArea

from emulator import Emulator, Fault
from tests.tui.demo import frame_of, settled
from tests.tui.test_deletion import line_of, mark
from tui.app import MothballApp
from tui.dialogs.tagging import Tagging, change_of, named_in
from tui.places.deployments import Deployments

SIZE = (120, 40)
THREE = ("churn-trial/gru", "clause-extract/longformer", "clause-extract/bert-large")


async def open_on(pilot: Pilot[None], name: str) -> None:
    await settled(pilot)
    home = pilot.app.screen
    assert isinstance(home, Deployments)
    grid = home.grid
    grid.go_to(next(row.deployment_key for row in grid.shown if row.name == name))
    await pilot.press("t")
    await settled(pilot)
    assert isinstance(pilot.app.screen, Tagging)


async def type_lines(pilot: Pilot[None], text: str) -> None:
    pilot.app.screen.query_one(TextArea).text = text
    await pilot.pause()


async def press_apply(pilot: Pilot[None]) -> None:
    await pilot.click("#apply")
    await settled(pilot)


async def test_a_tag_is_set_read_back_and_shown(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "fraud/red")
        assert "role=retire" in frame_of(app)
        await type_lines(pilot, "owner=ada\n-role")
        await press_apply(pilot)
        frame = frame_of(app)
        assert "✓ done: now " in frame
        assert "owner=ada" in frame
        assert app.estate is not None
        row = next(row for row in app.estate.rows if row.name == "fraud/red")
        assert row.tags["owner"] == "ada"
        assert "role" not in row.tags
        assert {write.method for write in azure.writes} == {"PATCH"}


async def test_nothing_is_written_before_the_button_is_pressed(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "fraud/red")
        await type_lines(pilot, "owner=ada")
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, Deployments)
        assert azure.writes == []


async def test_a_line_that_means_nothing_bars_the_button(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "fraud/red")
        await type_lines(pilot, "owner")
        assert app.screen.query_one("#apply", Button).disabled
        assert "write name=value, or -name to remove" in frame_of(app)


async def test_a_refusal_by_azure_is_reported_and_the_dialog_can_be_closed(
    app: MothballApp, azure: Emulator
) -> None:
    azure.faults.add(Fault("forbid", path="tags", method="PATCH"))
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "fraud/red")
        await type_lines(pilot, "owner=ada")
        await press_apply(pilot)
        assert "✗ failed: " in frame_of(app)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, Deployments)


async def test_a_target_is_taken_out_before_anything_is_written(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await mark(pilot, *THREE)
        await pilot.press("R")
        await settled(pilot)
        assert "3 of 3 would be written; nothing is yet" in frame_of(app)
        await pilot.press("space", "space", "space")
        assert "nothing is left to write: space takes a target back in" in frame_of(app)
        assert app.screen.query_one("#apply", Button).disabled
        await pilot.press("space", "k", "k", "space")
        await settled(pilot)
        assert "2 of 3 would be written, 1 left out" in frame_of(app)
        assert line_of(app, "left out", THREE[1])
        await press_apply(pilot)
        assert "2 of 3 written, 1 left out" in frame_of(app)
        assert line_of(app, "left out", THREE[1])
        written = {write.path.split("/")[12] for write in azure.writes}
        assert written == {"gru", "bert-large"}


@pytest.mark.parametrize(
    ("typed", "set_tags", "remove"),
    [
        ("a=b", {"a": "b"}, ()),
        (" a = b=c ", {"a": "b=c"}, ()),
        ("a=", {"a": ""}, ()),
        ("-a", {}, ("a",)),
        ("\n\n", {}, ()),
    ],
)
def test_a_line_sets_or_removes(
    typed: str, set_tags: dict[str, str], remove: tuple[str, ...]
) -> None:
    change = change_of(typed)
    assert (change.set_tags, change.remove, change.errors) == (set_tags, remove, ())


@pytest.mark.parametrize("typed", ["a", "=b", "-", "a=b\n-A", "a=\x1b[31m"])
def test_a_line_that_means_nothing_is_an_error(typed: str) -> None:
    assert change_of(typed).errors


def test_a_name_is_removed_as_it_is_shown() -> None:
    assert named_in({"Ro\x07le": "x"}, "ro␇LE") == "Ro\x07le"
