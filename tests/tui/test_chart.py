"""The chart tells silence from ignorance, and fits wherever it is drawn."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from queries.estate.rows import BilledDay, DayRow
from tests.tui.rows import day
from tui.details.chart import charts, dates, scale_for


def drawn(days: list[DayRow], bill: list[BilledDay] | None = None, width: int = 60) -> str:
    return "".join(text for text, _style in charts(days, bill or [], width))


def lines(*days: DayRow) -> list[str]:
    """The bars from the top, the life line, the dates, the legend; three cells a day."""
    return drawn(list(days)).split("\n")[1:]


def test_a_day_without_evidence_differs_from_a_day_without_requests() -> None:
    reported = lines(day(0, 0.0), day(1, None, was_asked=False, is_alive=False), day(2, 8.0))
    assert reported[3] == "___···███"


def test_an_empty_answer_of_a_living_day_is_distinguished_from_both() -> None:
    assert lines(day(0, None), day(1, 4.0))[3] == "---███"


def test_one_request_beside_a_million_is_still_seen() -> None:
    assert lines(day(0, 1.0), day(1, 1_000_000.0))[3] == "▁▁▁███"


def test_the_life_line_lies_beneath_the_bars() -> None:
    assert lines(day(0, 1.0), day(1, 1.0, is_alive=False))[4] == "━━━···"


def test_only_the_signs_that_occur_are_explained() -> None:
    busy, silent = drawn([day(0, 1.0)]), drawn([day(0, 0.0)])
    assert ("zero" in busy, "not known" in busy, "alive" in busy) == (False, False, True)
    assert "_ zero" in silent
    assert "alive" not in drawn([day(0, None, was_asked=False, is_alive=False)])


def test_the_title_says_how_much_the_highest_bar_is_and_when() -> None:
    title = drawn([day(0, 3.0), day(1, 144_860.0), day(2, 2.0)]).split("\n")[0]
    assert title == "requests a day · most 144,860 on 2 Nov"


def test_a_load_is_drawn_against_a_hundred_percent() -> None:
    reported = drawn([day(0, 0.0, cpu_percent=6.0), day(1, 0.0, cpu_percent=100.0)]).split("\n")
    at = next(at for at, line in enumerate(reported) if "CPU" in line)
    assert reported[at + 1 : at + 3] == ["   ███", "▁▁▁███"]


@pytest.mark.parametrize("width", [24, 42, 60, 76, 110, 200])
@pytest.mark.parametrize("count", [1, 30, 93])
def test_every_line_fits_its_pane(width: int, count: int) -> None:
    first = date(2026, 8, 1)
    bill = [BilledDay(first + timedelta(n), Decimal(4), "EUR") for n in range(count)]
    days = [day(number, 1.0, cpu_percent=3.0) for number in range(count)]
    reported = drawn(days, bill, width).split("\n")
    bars = [line for line in reported if line and line[0] in "█▁━"]
    assert bars
    assert max(map(len, bars)) <= width


def test_ninety_three_days_in_a_narrow_pane_say_how_many_a_bar_holds() -> None:
    assert "requests in 3 days" in drawn([day(number, 1.0) for number in range(93)], width=44)
    assert "requests a day" in drawn([day(number, 1.0) for number in range(93)], width=110)


def test_a_bar_of_several_days_is_not_quiet_while_one_of_them_is_not_known() -> None:
    days = [day(number, 0.0) for number in range(70)]
    days[1] = day(1, None, was_asked=False, is_alive=False)
    assert drawn(days, width=35).split("\n")[1].startswith("·_")


def test_what_was_not_billed_yet_differs_from_what_cost_nothing() -> None:
    first = date(2026, 11, 1)
    costs = (Decimal(0), None, Decimal(4))
    bill = [BilledDay(first + timedelta(n), cost, "EUR") for n, cost in enumerate(costs)]
    text = drawn([day(0, 0.0), day(1, 0.0), day(2, 0.0)], bill)
    assert "___···███" in text
    assert "EUR billed a day" in text


def test_without_a_bill_there_is_no_chart_of_it() -> None:
    bill = [BilledDay(date(2026, 11, 1), None, None)]
    assert "billed" not in drawn([day(0, 0.0)], bill)


def test_dates_stand_under_their_own_days() -> None:
    days = [date(2026, 10, 25) + timedelta(n) for n in range(30)]
    reported = dates(days, scale_for(30, 60))
    assert reported.index("8 Nov") == 14 * 2
    assert reported.startswith("25 Oct        1 Nov  ")
    assert reported.endswith("23 Nov")
    assert len(reported) == 60


@pytest.mark.parametrize("width", [24, 42, 72, 110])
def test_labels_of_many_days_stand_evenly_and_apart(width: int) -> None:
    days = [date(2026, 8, 23) + timedelta(n) for n in range(93)]
    reported = dates(days, scale_for(93, width)).split("  ")
    starts = [
        datetime.strptime(f"{text.strip()} 2026 +0000", "%d %b %Y %z")
        for text in reported
        if text.strip()
    ]
    steps = {later - earlier for earlier, later in pairwise(starts[:-1])}
    assert len(steps) <= 1
    assert len(starts) >= 2
