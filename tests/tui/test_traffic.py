"""The traffic bar."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.rows import row
from tui.words.traffic import bar, shares_in


def test_a_bar_shows_each_share_by_a_sign_of_its_own() -> None:
    assert bar([60, 40], 10) == "██████▓▓▓▓"


def test_the_smallest_share_is_seen() -> None:
    assert bar([99.9, 0.1], 10) == "█████████▓"


def test_what_nobody_holds_is_dotted() -> None:
    assert bar([], 4) == "····"


@given(shares=st.lists(st.floats(0.01, 100), max_size=30), width=st.integers(1, 40))
def test_a_bar_is_as_wide_as_it_should_be(shares: list[float], width: int) -> None:
    assert len(bar(shares, width)) == width


def test_one_share_that_is_not_reported_leaves_the_bar_unknown() -> None:
    known, unknown = row("e/a", live_traffic_percent=100.0), row("e/b", live_traffic_percent=None)
    assert shares_in([known, unknown]) is None
