"""Requests a day as a column: what the store knows of the rows in sight, gaps where it does not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from queries.estate import daily_requests as asked_in
from queries.estate import questions
from queries.estate.daily_requests import daily_requests
from queries.estate.facts import evidence_of
from queries.estate.rows import DeploymentRow
from queries.store.file import Store
from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import home
from tui.app import MothballApp
from tui.views.view import Sort, View
from tui.words.sparks import BLOCKS, has_blocks, spark

NAMES = ("fraud/blue", "fraud/red", "search-rerank/bm25", "chargeback/v2", "edge-quality/line1")
VIEW = View(Sort("requests", descending=True), None, ("name", "requests", "by_day"))


def test_days_that_are_not_known_are_gaps_and_zeros_are_no_gaps() -> None:
    assert spark([0, None, 1, 4, 8], blocks=True) == "_ ▂▅█"
    assert spark([0, None, 1, 4, 8], blocks=False) == "_ :+@"
    assert spark([None, None]) == "  "
    assert spark([0, 0]) == "__"


@pytest.mark.parametrize(
    ("term", "encoding", "has"),
    [
        ("xterm-256color", "utf-8", True),
        (None, None, True),
        ("linux", "utf-8", False),
        ("xterm", "ascii", False),
    ],
)
def test_a_terminal_without_blocks_is_told_by_its_name_or_its_encoding(
    term: str | None, encoding: str | None, has: bool
) -> None:
    assert has_blocks(term, encoding) is has


def test_the_days_are_those_of_the_chart_in_the_details(sample_store: Path) -> None:
    store = Store(sample_store)
    rows = [row for row in questions.current_deployments(store) if row.name in NAMES]
    found = daily_requests(store, rows)
    assert len(rows) == len(found) == len(NAMES)
    for row in rows:
        last = row.as_of.date()
        first = last - timedelta(days=row.window_days)
        days = evidence_of(store, row.deployment_key, row.snapshot_id, first, last).days
        drawn = [day.requests if day.requests or day.was_asked else None for day in days]
        assert list(found[row.deployment_key]) == pytest.approx(drawn, nan_ok=False), row.name


async def test_only_the_days_of_rows_in_sight_are_read(
    app: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[str]] = []

    def noted(store: Store, rows: Collection[DeploymentRow]) -> dict[str, Any]:
        asked.append({row.deployment_key for row in rows})
        return daily_requests(store, rows)

    monkeypatch.setattr(asked_in, "daily_requests", noted)
    async with app.run_test(size=(98, 24)) as pilot:
        await settled(pilot)
        assert asked == []
        grid = home(app).grid
        grid.set_view(VIEW)
        await settled(pilot)
        seen = {row.deployment_key for row in grid.rows_in_sight}
        assert set.union(*asked) == seen
        assert len(seen) < grid.total
        assert any(block in frame_of(app) for block in BLOCKS)
        grid.go_to(
            next(row for row in grid.shown if row.name == "edge-quality/line1").deployment_key
        )
        await pilot.press("right", "right", "i")
        await pilot.press("end")
        await settled(pilot)
        assert {row.deployment_key for row in grid.rows_in_sight} <= set.union(*asked)
        assert sum(map(len, asked)) == len(set.union(*asked))


async def test_a_column_that_was_just_chosen_is_in_sight(app: MothballApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        sort = Sort("idle", descending=True, then=Sort("run_rate", descending=True))
        home(app).grid.set_view(View(sort))
        place = [column.id for column in home(app).grid.every_column].index("by_day")
        await pilot.press("L", *["j"] * place, "space", "enter")
        await settled(pilot)
        assert "requests a day" in frame_of(app).splitlines()[2]
        assert any(block in frame_of(app) for block in BLOCKS)
