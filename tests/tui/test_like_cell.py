"""One key leaves the rows that say the same as a cell, in the words of the filter."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from queries.filter import FIELDS, parsed
from tests.tui.demo import settled
from tests.tui.rows import row
from tests.tui.test_deployments import home
from tui.app import MothballApp
from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS
from tui.places.like_cell import term_like, turned

COLUMNS = {column.id: column for column in DEPLOYMENT_COLUMNS}
CELLS = replace(
    row("fraud/blue"),
    verdict="idle",
    owner='the "A" team',
    instance_type="Standard_DS3_v2",
    live_traffic_percent=12.5,
    monthly_run_rate=Decimal("2680.930000001"),
    idle_days=35,
    role=None,
)


@pytest.mark.parametrize(
    ("column", "term"),
    [
        ("verdict", "verdict:idle"),
        ("owner", 'owner="the \\"A\\" team"'),
        ("size", "size=Standard_DS3_v2"),
        ("live", "live:12.5"),
        ("run_rate", "rate:2680.930000001"),
        ("idle", "idle:35"),
        ("role", "role:?"),
    ],
)
def test_a_cell_is_a_term_that_shows_its_row(column: str, term: str) -> None:
    assert term_like(COLUMNS[column], [CELLS], FIELDS) == term
    assert parsed(term).test()(CELLS) is True


def test_a_column_that_no_filter_compares_says_so() -> None:
    with pytest.raises(ValueError, match="no filter compares the column retire after"):
        term_like(COLUMNS["retire_after"], [CELLS], FIELDS)


def test_a_group_whose_rows_differ_in_the_field_says_so() -> None:
    rows = [CELLS, replace(CELLS, deployment="green")]
    with pytest.raises(ValueError, match="no filter can be written"):
        term_like(COLUMNS["name"], rows, FIELDS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "owner=ada"),
        ("fraud !new", "fraud !new owner=ada"),
        ("fraud or churn", "(fraud or churn) owner=ada"),
        ("(fraud) or (churn)", "((fraud) or (churn)) owner=ada"),
        ("(fraud or churn) idle>3", "(fraud or churn) idle>3 owner=ada"),
    ],
)
def test_a_term_is_added_and_taken_back(before: str, after: str) -> None:
    assert turned(parsed(before), "owner=ada", FIELDS) == after
    assert turned(parsed(after), "owner=ada", FIELDS) in (before, f"({before})")


async def test_the_picked_column_of_the_row_filters_and_the_same_key_takes_it_back(
    app: MothballApp,
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        place = home(app)
        await pilot.press("right", "right", "f")
        await settled(pilot)
        row = place.grid.current
        assert row is not None
        assert place.filter_text == f"ws={row.workspace}"
        assert {each.workspace for each in place.grid.shown} == {row.workspace}
        assert place.grid.has_focus
        await pilot.press("F", "f")
        await settled(pilot)
        assert place.filter_text == ""
        await pilot.press("f")
        assert place.grid.current_group is not None
        assert place.filter_text == f"ws={place.grid.current_group.name}"
