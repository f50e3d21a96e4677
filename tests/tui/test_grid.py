"""The table by itself, on rows of no special kind: order, groups, marks, columns, cells, mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown

from tests.tui.demo import frame_of
from tui.grid.columns import Column, Summary, summed, sums_in_cell, total_of_money
from tui.grid.grid import Grid
from tui.grid.layout import chosen_columns
from tui.grid.marks import GridMarks
from tui.grid.rows import GridRows, Group
from tui.views.view import Sort, View


@dataclass(frozen=True)
class Thing:
    name: str
    team: str | None = "a"
    cost: Decimal | None = None
    currency: str = "EUR"


def total(things: Sequence[Thing]) -> str:
    return sums_in_cell(summed(((thing.cost, thing.currency), 1) for thing in things))


COLUMNS: tuple[Column[Thing], ...] = (
    Column("name", "name", 8, lambda t: t.name, lambda t: t.name, frozen=True, priority=9),
    Column(
        "team", "team", 6, lambda t: t.team, lambda t: t.team, priority=3, why=lambda _t: "no tag"
    ),
    Column(
        "cost",
        "cost",
        8,
        lambda t: None if t.cost is None else str(t.cost),
        lambda t: t.cost,
        align="right",
        priority=5,
        total=total_of_money(lambda t: (t.cost, t.currency)),
    ),
    Column("twice", "twice", 6, lambda t: t.name * 2, lambda t: t.name, is_default=False),
)
THINGS = (
    Thing("one", "a", Decimal(5)),
    Thing("two", "b", Decimal(3)),
    Thing("three", "a", None),
    Thing("four", None, Decimal(9), "USD"),
    Thing("five", "a", Decimal(7), "USD"),
)


class Table(App[None]):
    CSS = "Grid { width: 1fr; height: 1fr; }"

    def __init__(self, things: Sequence[Thing] = THINGS) -> None:
        super().__init__()
        self.things = things

    def compose(self) -> ComposeResult:
        yield Grid(COLUMNS, lambda t: t.name, Sort("name"), summaries=[Summary(total)])

    def on_mount(self) -> None:
        self.grid.show(self.things)
        self.grid.focus()

    @property
    def grid(self) -> Grid[Thing]:
        return self.query_one(Grid)


def lines_of(app: Table) -> list[str]:
    return [line.rstrip() for line in frame_of(app).splitlines() if line.strip()]


async def test_groups_tell_count_and_sums_under_their_column_and_what_is_unknown() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        await pilot.press("right", "F")
        await pilot.pause()
        header, *groups = lines_of(app)
        assert [line.split() for line in groups] == [
            ["▸", "a", "3", "1", "?", "+", "7", "USD", "+", "5", "EUR"],
            ["▸", "–", "1", "9", "USD"],
            ["▸", "b", "1", "3", "EUR"],
        ]
        assert {len(line) for line in groups} == {header.index("cost") + 4}
        assert header.endswith("=team")


async def test_groups_stand_in_the_order_of_their_sums_where_a_sum_is_sorted_by() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        app.grid.set_view(View(Sort("cost", descending=True), "team"))
        await pilot.pause()
        assert [line.split()[1] for line in lines_of(app)[1:]] == ["–", "a", "b"]
        await pilot.press("s")
        await pilot.pause()
        assert [line.split()[1] for line in lines_of(app)[1:]] == ["b", "a", "–"]


async def test_the_row_of_the_cursor_stays_when_rows_are_gathered_and_parted_again() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        grid = app.grid
        for name in ("two", "five"):
            grid.go_to(name)
            team = grid.current.team  # type: ignore[union-attr]
            grid.group_by("team")
            assert grid.current_group is not None
            assert grid.current_group.name == team
            grid.group_by("currency")
            grid.group_by(None)
            assert grid.current is not None
            assert grid.current.name == name
        grid.group_by("team")
        await pilot.press("g")
        first = grid.current_group.rows[0]  # type: ignore[union-attr]
        grid.group_by(None)
        assert grid.current == first


async def test_the_name_of_a_group_is_never_cut() -> None:
    long = "a team with a name of many words"
    app = Table([Thing("one", long, Decimal(5))])
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("right", "F")
        await pilot.pause()
        assert lines_of(app)[1].split() == ["▸", *long.split(), "1", "5", "EUR"]


async def test_a_figure_is_first_sorted_by_with_the_largest_on_top_and_a_text_from_a_to_z() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        await pilot.press("right", "s")
        assert app.grid.sort == Sort("team")
        await pilot.press("right", "s")
        assert app.grid.sort == Sort("cost", descending=True)
        await pilot.press("s")
        assert app.grid.sort == Sort("cost")


async def test_rows_equal_in_one_column_stand_in_the_order_of_a_second() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        await pilot.press("right", "right", "s", "left", "ampersand")
        await pilot.pause()
        assert app.grid.sort == Sort("team", then=Sort("cost", descending=True))
        assert [t.name for t in app.grid.shown] == ["five", "one", "three", "two", "four"]
        assert lines_of(app)[0].split() == ["name", "team", "▲", "▽cost"]
        await pilot.press("s")
        assert app.grid.sort == Sort("team", descending=True, then=Sort("cost", descending=True))
        await pilot.press("left", "s")
        assert app.grid.sort == Sort("name")


async def test_a_column_is_widened_to_its_longest_and_made_as_it_was() -> None:
    app = Table([Thing("one", "a team with a long name"), Thing("two", "b")])
    async with app.run_test(size=(24, 12)) as pilot:
        await pilot.press("right")
        await pilot.pause()
        assert "a team with a long name" not in lines_of(app)[1]
        assert "cost" in lines_of(app)[0]
        await pilot.press("underscore")
        await pilot.pause()
        assert "cost" not in lines_of(app)[0]
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        assert "a team with a long name" in lines_of(app)[1]
        widened = app.grid.view
        await pilot.press("underscore")
        assert (widened.widened, app.grid.view.widened) == (("team",), ())


async def test_what_is_sorted_by_and_what_is_picked_is_on_screen_in_any_width() -> None:
    app = Table()
    async with app.run_test(size=(26, 12)) as pilot:
        app.grid.set_view(View(Sort("team"), None, ("name", "team", "twice", "cost")))
        await pilot.pause()
        assert lines_of(app)[0].split() == ["name", "team", "▲", "twice", "+1"]
        await pilot.press("right", "right")
        await pilot.pause()
        assert app.grid.picked_column.id == "cost"
        assert lines_of(app)[0].split() == ["name", "team", "▲", "cost", "+1"]


async def test_a_longer_number_or_name_that_comes_into_sight_is_not_cut() -> None:
    things = [Thing(f"t{n:04}", cost=Decimal(n)) for n in range(1500)]
    things[778] = Thing("t0778-of-a-long-name", cost=Decimal(10) ** 12)
    app = Table(things)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert lines_of(app)[1].index("a") < 12
        app.grid.go_to("t0778-of-a-long-name")
        await pilot.pause()
        line = next(each for each in lines_of(app) if "t0778" in each)
        assert line.split() == ["t0778-of-a-long-name", "a", "1000000000000"]


async def test_columns_give_the_scrollbar_its_cell_as_soon_as_there_are_more_lines() -> None:
    app = Table([Thing(f"thing {n}", "a", Decimal(n)) for n in range(30)])
    async with app.run_test(size=(40, 10)) as pilot:
        grid = app.grid
        grid.filter_by(lambda thing: thing.name == "thing 7", str)
        await pilot.pause()
        assert not grid.show_vertical_scrollbar
        grid.filter_by(None, str)
        await pilot.pause()
        assert grid.show_vertical_scrollbar
        assert not grid.show_horizontal_scrollbar
        assert grid.virtual_size.width == grid.scrollable_content_region.width


async def test_enter_opens_a_group_and_the_same_key_ends_the_groups() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        await pilot.press("right", "F", "enter")
        await pilot.pause()
        assert [line.split()[0] for line in lines_of(app)[1:6]] == [
            "▾",
            "five",
            "one",
            "three",
            "▸",
        ]
        assert app.grid.current is None
        assert app.grid.current_group is not None
        await pilot.press("down", "F")
        await pilot.pause()
        assert app.grid.current == THINGS[4]
        assert len(lines_of(app)) == 6


async def test_a_mark_on_a_group_marks_its_rows() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        await pilot.press("right", "F", "space")
        assert {thing.name for thing in app.grid.marked} == {"one", "three", "five"}
        await pilot.press("up", "space")
        assert not app.grid.marked


async def test_a_range_is_marked_from_the_last_mark_in_the_order_shown() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        await pilot.press("space", "down", "down", "v")
        assert [t.name for t in app.grid.marked] == ["five", "four", "one", "three"]


async def test_marks_survive_groups_filter_and_refresh_and_end_with_their_rows() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        await pilot.press("asterisk", "right", "F")
        app.grid.filter_by(lambda t: None if t.team is None else t.team == "b", str)
        assert len(app.grid.marked) == 5
        assert len(app.grid.hidden_marked) == 4
        assert app.grid.unknown == 1
        app.grid.show(THINGS[1:])
        assert len(app.grid.marked) == 4


async def test_columns_are_chosen_and_ordered_and_frozen_ones_stay_in_front() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        app.grid.choose(["twice", "cost", "gone"])
        await pilot.pause()
        assert lines_of(app)[0].split() == ["name", "▲", "twice", "cost"]
        assert app.grid.view == View(Sort("name"), None, ("twice", "cost", "gone"))
        app.grid.choose(None)
        await pilot.pause()
        assert lines_of(app)[0].split() == ["name", "▲", "team", "cost"]


async def test_a_sort_by_a_column_that_is_not_shown_stays() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        app.grid.set_view(View(Sort("cost", descending=True), "team", ("name",)))
        await pilot.pause()
        assert app.grid.shown[-1].cost is None
        assert [t.cost for t in app.grid.shown[:-1]] == [Decimal(each) for each in (9, 7, 5, 3)]


async def test_columns_without_room_are_left_out_by_priority_and_counted() -> None:
    app = Table()
    async with app.run_test(size=(18, 12)) as pilot:
        await pilot.pause()
        assert lines_of(app)[0].split() == ["name", "▲", "cost", "+1"]


WIDE_NAMES = [
    "日本語の名前です",
    "e\u0301e\u0301e\u0301",
    "\U0001f469\u200d\U0001f4bb x",
    "\uff21\uff22\uff23\uff24\uff25\uff26",
    "a\u200b\u202eb",
    "\x1b[31m",
]


@pytest.mark.parametrize("name", WIDE_NAMES)
async def test_wide_and_combining_characters_keep_the_columns_in_line(name: str) -> None:
    app = Table([Thing(name, "team", Decimal(5))])
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.pause()
        for y in range(2):
            assert app.grid.render_line(y).cell_length == 40
        heads, line = (app.grid.render_line(y).text for y in range(2))
        assert cell_len(line.split("team")[0]) == heads.index("team")


async def test_an_unknown_cell_is_a_dash_with_its_reason() -> None:
    app = Table()
    async with app.run_test(size=(40, 12)) as pilot:
        app.grid.go_to("four")
        await pilot.press("right")
        assert app.grid.explained == "team is not known: no tag"
        row = [line.split()[0] for line in lines_of(app)].index("four")
        assert lines_of(app)[row].split() == ["four", "–", "9"]
        await pilot.hover(Grid, offset=(12, row))
        assert app.grid.tooltip == "team is not known: no tag"
        await pilot.hover(Grid, offset=(3, row))
        assert app.grid.tooltip == "name: four"


async def test_the_mouse_picks_marks_sorts_and_opens() -> None:
    app = Table()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.click(Grid, offset=(4, 3))
        assert app.grid.current == THINGS[0]
        await pilot.click(Grid, offset=(0, 2))
        assert [t.name for t in app.grid.marked] == ["four"]
        await pilot.click(Grid, offset=(4, 4), shift=True)
        assert [t.name for t in app.grid.marked] == ["four", "one", "three"]
        await pilot.click(Grid, offset=(16, 0))
        assert app.grid.sort == Sort("cost", descending=True)


class Settled(Grid[Thing]):
    def may_mark(self) -> bool:
        return False


class SettledTable(Table):
    def compose(self) -> ComposeResult:
        yield Settled(COLUMNS, lambda t: t.name, Sort("name"))


async def test_marks_stay_as_they_are_where_a_table_is_settled() -> None:
    app = SettledTable()
    async with app.run_test(size=(70, 9)) as pilot:
        await pilot.press("space", "v", "asterisk")
        await pilot.click(Grid, offset=(0, 1))
        await pilot.click(Grid, offset=(4, 4), shift=True)
        assert not app.grid.marked


async def test_the_wheel_scrolls_rows() -> None:
    app = Table([Thing(f"t{number:03}") for number in range(200)])
    async with app.run_test(size=(40, 12)) as pilot:
        app.grid.post_message(
            MouseScrollDown(app.grid, 5, 5, 0, 0, 0, shift=False, meta=False, ctrl=False)
        )
        await pilot.pause()
        await pilot.wait_for_animation()
        assert app.grid.scroll_offset.y > 0


ROWS = st.lists(
    st.builds(
        Thing,
        st.text("abc", min_size=1, max_size=3),
        st.sampled_from([None, "a", "b"]),
        st.one_of(st.none(), st.decimals(0, 9, places=0)),
    ),
    unique_by=lambda t: t.name,
    max_size=12,
)
SORTS = st.builds(Sort, st.sampled_from(["name", "team", "cost"]), st.booleans())


@given(ROWS, ROWS, SORTS, st.sampled_from([None, "team", "cost"]), st.sampled_from("abc"))
def test_every_row_is_shown_once_or_hidden_by_the_filter(
    first: list[Thing], then: list[Thing], sort: Sort, group: str | None, letter: str
) -> None:
    rows = GridRows(COLUMNS, lambda t: t.name, Sort("name"))
    rows.replace(first)
    rows.group_by(group)
    rows.sort_by(sort)
    rows.filter_by(lambda t: None if t.team is None else letter in t.name)
    rows.replace(then)
    for line in list(rows.lines):
        if isinstance(line, Group):
            rows.toggle(line)
    known = [line for line in rows.lines if not isinstance(line, Group)]
    assert {t.name for t in known} == {t.name for t in then if t.team and letter in t.name}
    assert len(known) == len(rows.shown)
    assert rows.unknown == sum(t.team is None for t in then)
    assert all(rows.lines[rows.place_of(rows.name_of(line)) or 0] == line for line in rows.lines)


@given(ROWS, st.booleans())
def test_sorting_again_keeps_equal_rows_in_order_and_unknown_last(
    things: list[Thing], descending: bool
) -> None:
    rows = GridRows(COLUMNS, lambda t: t.name, Sort("cost", descending))
    rows.replace(things)
    costs = [t.cost for t in rows.shown]
    known = [cost for cost in costs if cost is not None]
    assert costs[len(known) :] == [None] * (len(costs) - len(known))
    assert known == sorted(known, reverse=descending)
    for cost in set(costs):
        alike = [t.name for t in things if t.cost == cost]
        assert [t.name for t in rows.shown if t.cost == cost] == alike


@given(st.lists(st.sampled_from("abcde")), st.sets(st.sampled_from("abcde")))
def test_marks_are_those_that_were_toggled_an_odd_number_of_times(
    toggled: list[str], there: set[str]
) -> None:
    marks = GridMarks()
    for key in toggled:
        marks.toggle([key])
    marks.keep(there)
    assert set(marks) == {key for key in there if toggled.count(key) % 2}


def test_the_first_frozen_column_cannot_be_left_out() -> None:
    assert [column.id for column in chosen_columns(COLUMNS, ["cost"])] == ["name", "cost"]


def test_names_that_differ_only_in_case_are_one_group() -> None:
    rows = GridRows(COLUMNS, lambda t: t.name, Sort("name"))
    rows.replace(
        [Thing(name, team, None) for name, team in (("a", "Law"), ("b", "law"), ("c", "law"))]
    )
    rows.group_by("team")
    assert [(group.name, len(group.rows)) for group in rows.groups] == [("law", 3)]
