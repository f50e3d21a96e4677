"""The chart tells silence from ignorance."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from queries.rows import BilledDay, DayRow
from tests.tui.rows import day
from tui.widgets.chart import charts


def lines(*days: DayRow) -> list[str]:
    return charts(days, (), 200).plain.split("\n")


def legend(*days: DayRow) -> str:
    return next(line for line in lines(*days) if "requests a day" in line)


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
    assert "not known" not in legend(day(0, 1.0))
    assert "zero" in legend(day(0, 0.0))


def drawn(days: list[DayRow], bill: list[BilledDay], width: int = 60) -> str:
    return charts(days, bill, width).plain


def test_ninety_three_days_fit_a_narrow_pane_and_say_how_many_a_bar_holds() -> None:
    text = drawn([day(number, 1.0) for number in range(93)], [], 44)
    assert max(map(len, text.split("\n"))) <= 44
    assert "requests in 3 days" in text


def test_a_bar_of_several_days_is_not_quiet_while_one_of_them_is_not_known() -> None:
    days = [day(number, 0.0) for number in range(70)]
    days[1] = day(1, None, was_asked=False, is_alive=False)
    assert drawn(days, [], 45).split("\n")[0].startswith("·_")


def test_what_was_not_billed_yet_differs_from_what_cost_nothing() -> None:
    first = date(2026, 11, 1)
    costs = (Decimal(0), None, Decimal(4))
    bill = [BilledDay(first + timedelta(n), cost, "EUR") for n, cost in enumerate(costs)]
    text = drawn([day(0, 0.0), day(1, 0.0), day(2, 0.0)], bill)
    assert "_·█" in text
    assert "EUR billed a day" in text


def test_without_a_bill_there_is_no_chart_of_it() -> None:
    bill = [BilledDay(date(2026, 11, 1), None, None)]
    assert "billed" not in drawn([day(0, 0.0)], bill)
