"""The palette: it sorts and groups by any column, and runs every action of the place."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from actions.session import Session
from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import home
from tui.app import MothballApp
from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS
from tui.grid.grid import Grid
from tui.places.column_commands import order_of
from tui.views.kept_views import KeptViews
from tui.views.view import Sort

WIDE = (120, 40)


async def run(pilot: Pilot[None], words: str) -> None:
    """Type into the palette, and take the first that it offers."""
    await pilot.press("colon", *["space" if c == " " else c for c in words])
    await settled(pilot)
    await pilot.press("enter")
    await settled(pilot)


async def test_the_palette_sorts_and_groups_by_any_column_of_any_table(
    session: Session, tmp_path: Path
) -> None:
    app = MothballApp(session, KeptViews(tmp_path / "views.json"))
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        grid = home(app).grid
        await run(pilot, "sort by idle days")
        assert grid.sort == Sort("idle", descending=True)
        await run(pilot, "sort by idle days")
        assert grid.sort == Sort("idle")
        await run(pilot, "sort by resource group")
        assert grid.sort == Sort("group")
        assert grid.column_ids[-1] == "group"
        await run(pilot, "group by owner")
        assert grid.view.group == "owner"
        assert app.views.read("deployments") == grid.view
        await run(pilot, "group by nothing")
        assert grid.view.group is None
        await pilot.press("W")
        await settled(pilot)
        await run(pilot, "sort by instances")
        assert app.screen.query_one("#grid", Grid).sort == Sort("instances", descending=True)


def test_only_figures_are_called_large_or_small() -> None:
    named = {column.id: column for column in DEPLOYMENT_COLUMNS}
    assert order_of(named["idle"], descending=True) == "the largest first"
    assert order_of(named["idle"], descending=False) == "the smallest first"
    assert order_of(named["owner"], descending=False) == "from the first"
    assert order_of(named["owner"], descending=True) == "the other way round, from the last"


async def test_what_was_run_is_offered_again_first_at_the_next_start(
    session: Session, tmp_path: Path
) -> None:
    first = MothballApp(session, KeptViews(tmp_path / "views.json"))
    async with first.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await run(pilot, "group by owner")
        await run(pilot, "ws lexnlp")
        assert first.history.path[-1].filter == "lexnlp"
    other = MothballApp(session, KeptViews(tmp_path / "views.json"))
    async with other.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("colon")
        await settled(pilot)
        frame = frame_of(other)
        newest = frame.index("again: go: workspaces that say lexnlp")
        assert newest < frame.index("again: group by owner") < frame.index("table: ")
        await pilot.press("enter")
        await settled(pilot)
        assert other.history.path[-1].filter == "lexnlp"
