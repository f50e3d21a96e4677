"""Every table of every place: no number and no name is cut, and what is sorted by is in sight."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from actions.session import Session
from queries.estate.packed import packed
from queries.estate.rows import DeploymentRow
from tests.tui.demo import settled
from tests.tui.scenes import SIZES
from tui.app import MothballApp
from tui.grid.grid import Grid
from tui.grid.rows import Group
from tui.keys.places import PLACES
from tui.places.place import Place
from tui.state.history import Address

LONG = "a-name-of-twentyfour-let"  # two of them fit beside a figure on 80 columns


def lengthened(row: DeploymentRow) -> DeploymentRow:
    """Long names, and a price of millions."""
    return replace(
        row,
        workspace=LONG,
        endpoint=LONG,
        deployment=LONG,
        owner=f"{LONG}@contoso.example",
        monthly_run_rate=Decimal("12345678.90"),
        requests_in_window=9_999_499,
    )


def cut_in(grid: Grid[DeploymentRow]) -> list[str]:
    """The cells of names and numbers in sight that the screen does not show whole."""
    layout, lost = grid.shown_layout, []
    name = max((c for c in grid.columns if c.frozen), key=lambda column: column.priority)
    whole = {name.id, *(column.id for column, _width in layout if column.align == "right")}
    assert name.id in layout
    for y in range(1, grid.size.height):
        line = grid.line_at(y)
        shown = grid.render_line(y).text
        if line is None or isinstance(line, Group):
            continue
        texts = [column.text(line) for column, _width in layout if column.id in whole]
        lost += [text for text in texts if text not in shown]
    return lost


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_no_number_and_no_name_is_cut_in_any_place_and_the_sorted_column_is_in_sight(
    session_with_past: Session, size: tuple[int, int]
) -> None:
    app = MothballApp(session_with_past)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        assert app.estate is not None
        first, *others = app.estate.rows
        app.estate = replace(app.estate, rows=packed([lengthened(first), *others]))
        for place in PLACES:
            app.jump(Address(place.id))
            await settled(pilot)
            assert isinstance(app.screen, Place)
            grid = app.screen.grid_of()
            assert cut_in(grid) == [], place.id
            names = {column.id for column, _width in grid.shown_layout}
            assert grid.sort.column_id in names, place.id
            assert grid.shown_layout.width <= grid.size.width, place.id
            assert grid.total > 0 or place.id in ("journal", "archives", "holes"), place.id
