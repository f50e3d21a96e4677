"""Quarters by name, whenever the fiscal year begins."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from queries.reports.quarters import quarter_before, quarter_named


@pytest.mark.parametrize(
    ("name", "begins", "first", "last"),
    [
        ("2026-Q4", 1, date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-q1", 1, date(2026, 1, 1), date(2026, 3, 31)),
        ("2026Q1", 7, date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-Q3", 7, date(2027, 1, 1), date(2027, 3, 31)),
        ("2026-Q2", 12, date(2027, 3, 1), date(2027, 5, 31)),
    ],
)
def test_a_quarter_is_named_by_the_year_in_which_its_fiscal_year_begins(
    name: str, begins: int, first: date, last: date
) -> None:
    quarter = quarter_named(name, begins)
    assert (quarter.first_day, quarter.last_day) == (first, last)


@pytest.mark.parametrize("begins", range(1, 13))
def test_quarters_follow_each_other_without_a_gap(begins: int) -> None:
    quarter = quarter_named("2027-Q4", begins)
    for _step in range(9):
        before = quarter_before(quarter, begins)
        assert before.last_day + timedelta(days=1) == quarter.first_day
        quarter = before


@pytest.mark.parametrize("name", ["2026-Q5", "Q4", "2026", "", "0000-Q1", "2026-Q4x"])
def test_what_is_no_quarter_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a quarter"):
        quarter_named(name)
