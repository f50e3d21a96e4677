"""Rows kept by column say, sort, group and filter as rows one by one do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from actions.session import Limits
from queries.estate import questions
from queries.estate.joined import Joined, PlacesOf
from queries.estate.packed import FIELD_NAMES, PackedRows, counts_by, counts_of, packed
from queries.estate.packed_questions import current_rows, rows_of_snapshot
from queries.estate.rows import DeploymentRow
from queries.filter import (
    FIELDS,
    HIDES,
    SHOWS,
    UNKNOWN,
    Asked,
    completions,
    parsed,
    quoted,
    text_of,
)
from queries.filter.terms import TEXT_READS
from queries.store.file import Store
from tests.tui.rows import row
from tui.grid.columns import Column, group_names, sorted_by
from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS, SUMMARIES, run_rates, size_of
from tui.grid.gathered import (
    DEPLOYMENT_COUNT,
    INSTANCES,
    RATE,
    REQUESTS,
    VERDICTS,
    WASTED,
    gathered,
)
from tui.grid.grid import Grid
from tui.grid.rows import GridRows, Group
from tui.keys.registry import ActionContext, action_of
from tui.views.view import Sort

ANSWERS = {True: SHOWS, False: HIDES, None: UNKNOWN}
UNKNOWN_ROW = row("e/unknown")
SEVERAL_TIMES = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Both:
    """The same rows in both ways; no dataclass, whose fields hypothesis would write out."""

    def __init__(self, rows: Sequence[DeploymentRow]) -> None:
        self.one_by_one, self.by_column = rows, packed(rows)


@pytest.fixture(scope="session")
def both(long_store: Path) -> Both:
    """The rows of the sample tenant, and one of which little is known."""
    rows = [*questions.current_deployments(Store(long_store)), UNKNOWN_ROW]
    return Both(rows)


@pytest.fixture
def one_by_one(both: Both) -> Sequence[DeploymentRow]:
    return both.one_by_one


@pytest.fixture
def by_column(both: Both) -> PackedRows:
    return both.by_column


def test_the_store_gives_the_same_rows_by_column_as_one_by_one(long_store: Path) -> None:
    store = Store(long_store)
    assert list(current_rows(store)) == questions.current_deployments(store)
    for snapshot in questions.snapshots(store):
        those = questions.deployments_of(store, snapshot.snapshot_id)
        assert list(rows_of_snapshot(store, snapshot.snapshot_id)) == those


WORDS = st.sampled_from(
    ["idle", "ws", "FRAUD", "managed", "ada", '"/"', "x", "/^idle/", "/d[0-9]$/", '"standard_ds"']
)


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    """A field with a value of the sample tenant, or a limit."""
    asked = draw(st.sampled_from(FIELDS))
    if asked.kind in ("text", "texts", "tags"):
        value = draw(st.sampled_from(asked.words or ("a", "?", "prod", "/o.*e/", "ws", "owner=a")))
        operator = draw(st.sampled_from([":", "=", "!="]))
        return f"{asked.short}{operator}{value if value[0] in '/?' else quoted(value)}"
    operator = draw(st.sampled_from([":", "=", "!=", ">", ">=", "<", "<="]))
    limits = {"number": ["0", "1.5k", "100"], "days": ["30d", "2w"], "date": ["2026-11-01"]}
    return f"{asked.short}{operator}{draw(st.sampled_from(limits[asked.kind]))}"


TERMS = st.recursive(
    WORDS | comparisons(),
    lambda inner: st.one_of(
        inner.map(lambda term: f"!({term})"),
        st.tuples(inner, inner).map(" or ".join).map("({})".format),
        st.tuples(inner, inner).map(" ".join).map("({})".format),
    ),
    max_leaves=5,
)


@SEVERAL_TIMES
@given(text=TERMS)
def test_any_filter_shows_the_same_rows_by_column_as_one_by_one(both: Both, text: str) -> None:
    meant, by_column = parsed(text), both.by_column
    test, one_by_one = meant.test(), both.one_by_one
    assert list(Asked(meant).of_all(by_column)) == [ANSWERS[test(each)] for each in one_by_one]
    assert Asked(meant).blame(by_column) == meant.blame(one_by_one)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", DEPLOYMENT_COLUMNS, ids=lambda column: column.id)
def test_any_column_sorts_and_groups_the_same_by_column_as_one_by_one(
    one_by_one: Sequence[DeploymentRow],
    by_column: PackedRows,
    column: Column[DeploymentRow],
    descending: bool,
) -> None:
    those = [each.deployment_key for each in sorted_by(one_by_one, column, descending)]
    assert [each.deployment_key for each in sorted_by(by_column, column, descending)] == those
    assert list(group_names(by_column, column)) == list(group_names(one_by_one, column))


@pytest.mark.parametrize("name", [each.name for each in FIELDS])
def test_every_field_says_what_it_reads_of_a_row(by_column: PackedRows, name: str) -> None:
    compared = next(each for each in FIELDS if each.name == name)
    assert compared.reads
    found = by_column.evaluated(compared.read, compared.reads)
    assert list(found.by_row()) == list(map(compared.read, by_column))


def test_the_text_of_a_row_says_what_it_reads(by_column: PackedRows) -> None:
    texts = list(by_column.evaluated(text_of, TEXT_READS).by_row())
    assert texts == list(map(text_of, by_column))


def test_every_column_of_deployments_says_what_it_reads() -> None:
    assert [column.id for column in DEPLOYMENT_COLUMNS if not column.reads] == []


def test_what_is_typed_is_completed_the_same_by_column(
    one_by_one: Sequence[DeploymentRow], by_column: PackedRows
) -> None:
    for typed in ("owner:", "tag:o", "ws:ml", "name:f", "cost>"):
        those = completions(typed, len(typed), one_by_one)
        assert completions(typed, len(typed), by_column) == those


def test_a_row_of_a_part_is_the_row_of_the_whole(by_column: PackedRows) -> None:
    part = by_column.part([5, 3])
    assert part[1] is by_column[3]
    assert [each.id for each in part] == [by_column[5].id, by_column[3].id]
    assert counts_of(part[:1], "verdict") == {by_column[5].verdict: 1}


def test_a_row_can_be_replaced_in_part_like_any_other(by_column: PackedRows) -> None:
    changed = replace(by_column[2], owner="carla")
    assert changed.owner == "carla"
    assert replace(changed, owner=by_column[2].owner) == by_column[2]


def test_other_values_of_a_field_leave_the_rest_as_it_was(by_column: PackedRows) -> None:
    amounts = [Decimal(n) for n in range(len(by_column))]
    changed = by_column.part([4, 2]).with_columns({"monthly_run_rate": amounts[:2]})
    assert [each.monthly_run_rate for each in changed] == amounts[:2]
    assert [each.id for each in changed] == [by_column[4].id, by_column[2].id]


def test_amounts_that_differ_only_in_a_far_digit_sort_exactly() -> None:
    near = [Decimal("1.000000000000000002"), Decimal("1.000000000000000001"), Decimal(1)]
    rows = packed(replace(row(f"e/{n}"), monthly_run_rate=amount) for n, amount in enumerate(near))
    column = next(each for each in DEPLOYMENT_COLUMNS if each.id == "run_rate")
    assert [each.monthly_run_rate for each in sorted_by(rows, column, False)] == near[::-1]


@SEVERAL_TIMES
@given(text=WORDS, group=st.sampled_from([None, "verdict", "owner"]), descending=st.booleans())
def test_a_table_shows_the_same_lines_by_column_as_one_by_one(
    both: Both, text: str, group: str | None, descending: bool
) -> None:
    lines = []
    for rows in (both.one_by_one, both.by_column):
        table = GridRows(DEPLOYMENT_COLUMNS, lambda each: each.deployment_key, Sort("verdict"))
        table.replace(rows)
        table.filter_by(Asked(parsed(text)))
        table.sort_by(Sort("name", descending))
        table.group_by(group)
        if table.groups:
            table.toggle(table.groups[-1])
        lines.append(
            [
                (line.name, [each.id for each in line.rows]) if isinstance(line, Group) else line.id
                for line in table.lines
            ]
        )
        names = map(table.name_of, table.lines)
        assert [table.place_of(name) for name in names] == list(range(len(table.lines)))
        assert table.unknown == 0
    assert lines[0] == lines[1]


def test_ids_are_found_again_by_what_they_begin_and_end_with() -> None:
    texts = Joined()
    texts.extend(["/a/b", "/a/c", "/b/b", "plain", "/a/"])
    texts.extend(["/b/d"])
    assert list(texts) == [texts[n] for n in range(6)] == [*texts[:2], *texts[2:]]
    places = PlacesOf(texts)
    assert {text: places[text] for text in places} == {t: n for n, t in enumerate(texts)}
    assert [t for t in ("/b/c", "/c/b", "", "/a", "b") if t in places] == []


@pytest.mark.parametrize("names", [("verdict",), ("monthly_run_rate", "currency"), ("reasons",)])
def test_values_are_counted_the_same_by_column_as_one_by_one(
    one_by_one: Sequence[DeploymentRow], by_column: PackedRows, names: tuple[str, ...]
) -> None:
    large = packed([*one_by_one] * 60)  # a part of it is too large to be looked at row by row
    half = range(0, len(large), 2)
    several = [list(large)[place] for place in half]
    assert counts_of(by_column, *names) == counts_of(one_by_one, *names)
    assert counts_of(large.part(half), *names) == counts_of(several, *names)
    assert counts_of(by_column.part([3, 1]), *names) == counts_of(
        [one_by_one[3], one_by_one[1]], *names
    )
    assert counts_by(large.part(half), _size, ("instance_type", "instance_count")) == counts_by(
        several, _size, ()
    )


def _size(row: DeploymentRow) -> str | None:
    return size_of(row)


def test_deployments_are_gathered_the_same_by_column_as_one_by_one(
    one_by_one: Sequence[DeploymentRow], by_column: PackedRows
) -> None:
    found = [
        [
            (group.key, group.name, [each.id for each in group.rows], [c.text(group) for c in SUMS])
            for group in gathered(rows, _workspace, _workspace, ["workspace"])
        ]
        for rows in (one_by_one, by_column)
    ]
    assert found[0] == found[1]
    assert len(found[0]) > 3


SUMS = (RATE, WASTED, VERDICTS, DEPLOYMENT_COUNT, INSTANCES, REQUESTS)


def _workspace(row: DeploymentRow) -> str:
    return row.workspace


class Looked(PackedRows):
    """Counts the rows that are made."""

    made = 0

    def _row(self, place: int) -> DeploymentRow:
        type(self).made += 1
        return super()._row(place)


class Table(App[None]):
    def compose(self) -> ComposeResult:
        yield Grid(
            DEPLOYMENT_COLUMNS,
            lambda each: each.deployment_key,
            Sort("verdict"),
            summaries=SUMMARIES,
        )


async def test_marks_sums_and_groups_of_many_rows_look_at_none_of_them(
    one_by_one: Sequence[DeploymentRow],
) -> None:
    many = packed(
        replace(each, id=f"{each.id}{n}", deployment_key=f"{each.deployment_key}{n}")
        for n in range(70)
        for each in one_by_one
    )
    rows = Looked({name: many.column(name) for name in FIELD_NAMES}, len(many))
    app = Table()
    async with app.run_test(size=(120, 12)):
        grid = app.query_one(Grid)
        grid.show(rows)
        grid.action_mark_shown()
        grid.group_by("region")
        situation = ActionContext(grid.marked, Limits(), True, False, True)
        assert action_of("delete").why_not(situation) is not None
        assert len(grid.marked) == len(rows)
        assert run_rates(grid.marked) == run_rates(list(many))
        assert grid.current_group is not None
        assert grid.summed_up[1] == f"run rate {run_rates(grid.current_group.rows)}"
        grid.unmark_all()
        assert len(grid.marked) == 0
    assert Looked.made < 500  # a sample, for the widths of the columns
