"""Tables for people: one line a row with its whole name in any terminal, all of it in a pipe."""

from __future__ import annotations

import click
import pytest
from rich.cells import cell_len

from mothball.table import Cells, column_of, laid_out
from tests.mothball.shop import VERDICTS, Shop
from tests.mothball.terminal import in_terminal

WIDTHS = (50, 80, 120, 200)


def listed(shop: Shop, columns: int, *arguments: str, **environment: str) -> list[str]:
    """The heading and the rows of `mothball list` in a terminal."""
    text = in_terminal(columns, "list", "--store", str(shop.store), *arguments, **environment)
    return text[: len(VERDICTS) + 1]


def columns(**texts: list[str]) -> list[Cells]:
    return [column_of(name, cells, is_right=False) for name, cells in texts.items()]


@pytest.mark.journey
@pytest.mark.parametrize("width", WIDTHS)
def test_a_row_is_one_line_with_its_whole_name_in_a_terminal_of_any_width(
    shop: Shop, width: int
) -> None:
    heading, *rows = listed(shop, width)
    for line in (heading, *rows):
        assert cell_len(click.unstyle(line)) <= width
    names = {word for line in rows for word in line.split() if word in VERDICTS}
    assert names == set(VERDICTS)


@pytest.mark.journey
def test_why_is_the_last_column_and_the_first_to_go(shop: Shop) -> None:
    headings = [click.unstyle(listed(shop, width)[0]) for width in (60, 80, 200)]
    assert headings[2].endswith("first reason")
    assert all("first reason" not in heading for heading in headings[:2])
    assert all(
        heading.startswith("verdict") and "workspace/endpoint/deployment" in heading
        for heading in headings
    )
    assert len(headings[0].split()) < len(headings[1].split()) < len(headings[2].split())


@pytest.mark.journey
def test_a_column_that_found_no_room_is_named(shop: Shop) -> None:
    text = "\n".join(in_terminal(80, "list", "--store", str(shop.store)))
    assert "no room for: " in text
    assert "first reason" in text.partition("no room for: ")[2]


@pytest.mark.journey
def test_a_tag_does_not_steer_the_terminal_and_no_color_leaves_no_sequence_at_all(
    shop: Shop,
) -> None:
    heading, *rows = listed(shop, 200)
    assert heading.startswith("\x1b[1m")
    assert heading.count("\x1b") == 2
    assert all(line.isprintable() for line in rows)
    plain = listed(shop, 200, NO_COLOR="1")
    assert all(line.isprintable() for line in plain)
    assert plain == [click.unstyle(heading), *rows]


@pytest.mark.journey
def test_a_plan_tells_what_stands_in_its_way_in_full_where_the_table_is_cut(shop: Shop) -> None:
    target = ("delete", "ws/fraud/kept", "--store", str(shop.store))
    cloud = ("--cloud", str(shop.azure.profile))
    text = in_terminal(60, *target, *cloud, **shop.azure.environment)
    assert any(line.startswith("  ws/fraud/kept: lock fail: ") for line in text)


def test_nothing_is_cut_in_a_pipe(shop: Shop) -> None:
    result = shop.run("sql", "select repeat('long ', 100) as why, 'x' as deployment")
    assert result.out.splitlines()[1].count("long") == 100


def test_prose_is_cut_before_a_column_goes() -> None:
    table = columns(verdict=["idle"], deployment=["ws/fraud/old"], why=["silent " * 20])
    shown = laid_out(table, 70)
    lines = list(shown.lines)
    assert shown.left_out == ()
    assert shown.is_cut
    assert lines[1].startswith("idle     ws/fraud/old  silent silent")
    assert lines[1].endswith("…")
    assert len(lines[1]) <= 70


def test_columns_go_in_the_order_that_is_asked_and_the_name_never() -> None:
    table = columns(deployment=["ws/fraud/old"], a=["1" * 10], b=["2" * 10], c=["3" * 10])
    assert laid_out(table, 40, ["a"]).left_out == ("a",)
    assert laid_out(table, 40).left_out == ("c",)
    assert laid_out(table, 5, ["a"]).left_out == ("a", "b", "c")
    assert list(laid_out(table, 5).lines) == ["deployment", "ws/fraud/old"]


def test_a_width_counts_cells_and_no_characters() -> None:
    table = columns(deployment=["欺诈/旧", "a/b"], verdict=["idle", "new"])
    _heading, first, second = laid_out(table, 40).lines
    assert cell_len(first[: first.index("i")]) == 12
    assert second.index("new") == 12


def test_a_table_without_rows_is_its_heading() -> None:
    table = columns(deployment=[], verdict=[])
    assert list(laid_out(table, 80).lines) == ["deployment  verdict"]
