"""What cells say, and how they sort."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from rich.cells import cell_len

from tests.tui.rows import row
from tui.grid.columns import Column, number, sorted_by
from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS
from tui.grid.layout import GUTTER, Layout, Needs, chosen_columns, laid_out

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
def test_an_unknown_value_sorts_last_in_both_directions(descending: bool) -> None:
    rows = [row("e/a", requests_in_window=5), UNKNOWN_ROW, row("e/b", requests_in_window=0)]
    assert sorted_by(rows, column("requests"), descending)[-1] is UNKNOWN_ROW


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


LONGEST = {"name": 38, "workspace": 15, "run_rate": 13, "owner": 28}


def layout(room: int, *, wanted: Sequence[str] = ("name",), **contents: int) -> Layout[Any]:
    shown = chosen_columns(DEPLOYMENT_COLUMNS, None)
    heads = {column.id: cell_len(column.title) for column in shown}
    return laid_out(shown, Needs(LONGEST | contents, heads, wanted=wanted), room)


def widths(found: Layout[Any]) -> dict[str, int]:
    return {column.id: width for column, width in found}


def test_a_slim_table_leaves_out_the_least_needed_columns() -> None:
    assert list(widths(layout(78))) == ["verdict", "name", "run_rate"]
    assert layout(78).hidden == 8
    assert list(widths(layout(56))) == ["name", "run_rate"]


def test_what_is_wanted_takes_the_room_of_what_is_needed_more() -> None:
    assert "mirror" in widths(layout(78, wanted=("name", "mirror")))


def test_columns_are_as_wide_as_what_they_say_and_texts_share_the_room() -> None:
    assert widths(layout(300)) | LONGEST == widths(layout(300))
    assert widths(layout(300, owner=70))["owner"] == 70
    assert widths(layout(150, owner=70))["name"] == 38


@pytest.mark.parametrize("room", range(58, 200, 7))
def test_no_number_and_no_name_is_cut_in_any_room(room: int) -> None:
    found = layout(room, wanted=("name", "requests"), requests=12)
    assert found.width <= room
    known = widths(found)
    assert (known["name"], known["requests"]) == (38, 12)
    assert known.get("run_rate", 13) == 13


def test_a_name_that_is_longer_than_the_terminal_is_the_only_one_that_is_cut() -> None:
    found = layout(60, name=90, wanted=("name", "run_rate"))
    assert widths(found) == {"name": 60 - GUTTER - 1 - 14, "run_rate": 13}
