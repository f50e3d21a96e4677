"""What is shown is written to a file, and no file is replaced silently."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.demo import frame_of, settled
from tests.tui.test_deletion import type_filter
from tui.app import MothballApp
from tui.dialogs.exporting import Exporting
from tui.places.deployments import Deployments

SIZE = (120, 40)


async def export_to(pilot: Pilot[None], path: Path) -> None:
    await pilot.press("e")
    await settled(pilot)
    assert isinstance(pilot.app.screen, Exporting)
    pilot.app.screen.query_one("#path", Input).value = str(path)
    await pilot.press("enter")
    await settled(pilot)


async def test_an_export_has_the_rows_that_are_shown_and_the_filter(
    app: MothballApp, tmp_path: Path
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await type_filter(pilot, "verdict:idle red")
        await export_to(pilot, tmp_path / "idle.csv")
        assert isinstance(app.screen, Deployments)
        lines = list(csv.reader((tmp_path / "idle.csv").read_text("utf-8-sig").splitlines()))
        assert lines[0] == ["# filter: verdict:idle red"]
        assert lines[1][0].startswith("# 1 of 42 deployments")
        assert dict(zip(lines[2], lines[3], strict=True))["deployment"] == "red"
        assert len(lines) == 4


async def test_a_file_that_is_there_is_left_and_told_of(app: MothballApp, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("mine")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await export_to(pilot, tmp_path / "mine.json")
        assert "✗ mine.json is there already" in frame_of(app)
        assert (tmp_path / "mine.json").read_text() == "mine"
        await pilot.click("#replace")
        await pilot.click("#apply")
        await settled(pilot)
        assert isinstance(app.screen, Deployments)
        assert (tmp_path / "mine.json").read_text().startswith("{")


async def test_a_wrong_suffix_is_reported_in_one_line(app: MothballApp, tmp_path: Path) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await export_to(pilot, tmp_path / "idle.txt")
        assert "✗ idle.txt: the name has to end in .csv, .json or .md" in frame_of(app)
        await pilot.press("escape")
        assert isinstance(app.screen, Deployments)
        assert "idle.txt" not in os.listdir(tmp_path)


async def test_any_table_exports_its_cells(app: MothballApp, tmp_path: Path) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("O")
        await settled(pilot)
        await export_to(pilot, tmp_path / "owners.md")
        text = (tmp_path / "owners.md").read_text()
        assert text.startswith("# Owners\n\n> filter: none")
        assert "| owner | run rate/mo |" in text


async def test_the_row_is_copied_as_it_is_shown(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await type_filter(pilot, "fraud/red")
        await pilot.press("C")
        await pilot.pause()
        assert app.clipboard.startswith("○ idle\tfraud/red\t")
