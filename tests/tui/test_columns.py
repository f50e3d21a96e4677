"""What cells say, and how they sort."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tui.rows import row
from tui.grid.columns import Column, number, sorted_by
from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS
from tui.grid.layout import GUTTER, chosen_columns, fitting, widths_in

UNKNOWN_ROW = row(
    live_traffic_percent=None,
    mirror_traffic_percent=None,
    requests_in_window=None,
    idle_days=None,
    instance_type=None,
    instance_count=None,
    owner=None,
)


def column(column_id: str) -> Column[Any]:
    return next(c for c in DEPLOYMENT_COLUMNS if c.id == column_id)


@pytest.mark.parametrize(
    "column_id", ["live", "mirror", "requests", "idle", "size", "owner", "run_rate"]
)
def test_an_unknown_value_is_never_shown_as_zero(column_id: str) -> None:
    assert column(column_id).text(UNKNOWN_ROW) == "–"


@pytest.mark.parametrize("descending", [False, True])
def test_an_unknown_value_sorts_first_in_both_directions(descending: bool) -> None:
    rows = [row("e/a", requests_in_window=5), UNKNOWN_ROW, row("e/b", requests_in_window=0)]
    assert sorted_by(rows, column("requests"), descending)[0] is UNKNOWN_ROW


@pytest.mark.parametrize("descending", [False, True])
def test_equal_rows_keep_their_order(descending: bool) -> None:
    rows = [row(f"e/{name}") for name in "badc"]
    assert sorted_by(rows, column("requests"), descending) == rows


def test_days_of_proven_silence_are_a_lower_bound() -> None:
    assert column("idle").text(row(idle_days=92, last_request_at=None)) == "≥92"


def test_an_owner_who_is_only_the_creator_carries_a_question_mark() -> None:
    text = column("owner").text(row(owner="ada", owner_source="created_by"))
    assert text == "ada?"


def test_less_than_one_request_is_not_rounded_to_none() -> None:
    assert number(0.04) == "0.04"


def test_a_number_of_millions_fits_its_column() -> None:
    assert number(12_345_678) == "12.3 M"
    assert number(9_999_499) == "9,999,499"


def test_every_verdict_has_a_symbol_of_its_own() -> None:
    from tui.words.verdicts import LOOKS

    symbols = [look.symbol for look in LOOKS.values()]
    assert len(set(symbols)) == len(symbols)


def test_a_slim_table_drops_the_least_needed_columns_first() -> None:
    ids = [c.id for c in fitting(chosen_columns(DEPLOYMENT_COLUMNS, None), 64)]
    assert ids == ["verdict", "name", "run_rate"]


def test_spare_room_goes_to_the_columns_that_grow() -> None:
    shown = chosen_columns(DEPLOYMENT_COLUMNS, None)
    widths = dict(zip((c.id for c in shown), widths_in(shown, 300), strict=True))
    assert widths["name"] == 44
    assert widths["live"] == 7


@pytest.mark.parametrize("room", [76, 78, 118, 160])
def test_no_number_is_cut_at_the_edge_where_names_can_take_its_room(room: int) -> None:
    shown = chosen_columns(DEPLOYMENT_COLUMNS, None)
    edge, cut = GUTTER, []
    for column, width in zip(shown, widths_in(shown, room), strict=True):
        if edge < room < edge + width:
            cut.append(column.id)
        edge += width + 1
    assert cut == []
