"""The table by itself, on rows of no special kind: order, groups, marks, columns, cells, mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown

from tests.tui.demo import frame_of
from tui.grid.columns import Column, Summary, sums_text
from tui.grid.grid import Grid
from tui.grid.layout import chosen_columns
from tui.grid.lines import clipped
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
    return sums_text((thing.cost, thing.currency) for thing in things)


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
        yield Grid(COLUMNS, lambda t: t.name, Sort("name"), summaries=[Summary(30, total)])

    def on_mount(self) -> None:
        self.grid.show(self.things)
        self.grid.focus()

    @property
    def grid(self) -> Grid[Thing]:
        return self.query_one(Grid)


def lines_of(app: Table) -> list[str]:
    return [line.rstrip() for line in frame_of(app).splitlines() if line.strip()]


async def test_groups_tell_count_and_sums_of_each_currency_and_what_is_unknown() -> None:
    app = Table()
    async with app.run_test(size=(70, 12)) as pilot:
        await pilot.press("right", "F")
        await pilot.pause()
        header, *groups = lines_of(app)
        assert "=team" in header
        assert [line.split() for line in groups] == [
            ["▸", "a", "3", "7", "USD", "+", "5", "EUR", "+", "1", "unknown"],
            ["▸", "–", "1", "9", "USD"],
            ["▸", "b", "1", "3", "EUR"],
        ]


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
        assert app.grid.shown[0].cost is None
        assert [t.cost for t in app.grid.shown[1:]] == [Decimal(each) for each in (9, 7, 5, 3)]


async def test_a_slim_grid_drops_columns_by_priority() -> None:
    app = Table()
    async with app.run_test(size=(20, 12)) as pilot:
        app.grid.keep_slim(True)
        await pilot.pause()
        assert lines_of(app)[0].split() == ["name", "▲", "cost"]


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
        for scrolled in range(3):
            app.grid.scroll_to(x=scrolled, animate=False)
            await pilot.pause()
            for y in range(2):
                assert app.grid.render_line(y).cell_length == 40
            line = app.grid.render_line(1).text
            assert cell_len(line.split("team")[0]) == 11


@pytest.mark.parametrize(
    ("text", "first", "end", "seen"),
    [
        ("   12345", 0, 8, "   12345"),
        ("   12345", 0, 6, "   12…  "),
        ("   12345", 0, 3, "        "),
        ("name    ", 0, 5, "name    "),
        ("names   ", 0, 4, "nam…    "),
        ("name    ", 2, 8, "na…e    "),
        ("   12345", 2, 8, "   12345"),
        ("日本語  ", 0, 4, "日 …    "),
    ],
)
def test_a_cell_at_the_edge_says_that_it_goes_on(
    text: str, first: int, end: int, seen: str
) -> None:
    found = clipped(Segment(text), first, end).text
    assert found.rstrip() == seen.rstrip()
    assert cell_len(found) == cell_len(text)


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
        await pilot.click(Grid, offset=(20, 0))
        await pilot.click(Grid, offset=(20, 0))
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
def test_sorting_again_keeps_equal_rows_in_order_and_unknown_first(
    things: list[Thing], descending: bool
) -> None:
    rows = GridRows(COLUMNS, lambda t: t.name, Sort("cost", descending))
    rows.replace(things)
    costs = [t.cost for t in rows.shown]
    known = [cost for cost in costs if cost is not None]
    assert costs[: len(costs) - len(known)] == [None] * (len(costs) - len(known))
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
