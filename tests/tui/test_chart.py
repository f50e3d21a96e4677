"""The chart tells silence from ignorance."""

from __future__ import annotations

from tests.tui.rows import day
from tui.widgets.chart import chart


def lines(*days: object, height: int = 4) -> list[str]:
    return chart(days, height).plain.split("\n")  # type: ignore[arg-type]


def test_a_day_without_evidence_differs_from_a_day_without_requests() -> None:
    drawn = lines(day(0, 0.0), day(1, None, was_asked=False, is_alive=False), day(2, 8.0))
    assert drawn[3] == "_·█"


def test_an_empty_answer_of_a_living_day_is_told_apart_from_both() -> None:
    assert lines(day(0, None), day(1, 4.0))[3][0] == "-"


def test_one_request_beside_a_million_is_still_seen() -> None:
    assert lines(day(0, 1.0), day(1, 1_000_000.0))[3] == "▁█"


def test_the_life_line_lies_beneath_the_bars() -> None:
    drawn = lines(day(0, 1.0), day(1, 1.0, is_alive=False))
    assert drawn[4].startswith("━·")


def test_only_the_signs_that_occur_are_explained() -> None:
    assert "not known" not in lines(day(0, 1.0))[-1]
    assert "zero" in lines(day(0, 0.0))[-1]
