"""The charts of a review: every number in words, what is unknown not drawn, currencies apart."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from queries.reports.charts import MOST_BARS, WIDTH, Chart, charts_of
from queries.reports.quarters import Quarter
from queries.reports.review import Review
from queries.reports.sections import Column, Section, section
from queries.reports.writing import as_html, as_markdown

Rows = list[dict[str, Any]]
QUARTER = Quarter("2026-Q4", date(2026, 10, 1), date(2026, 12, 31))
WEEKS = ("week", "served_nobody", "not_judged", "kept", "in_use", "endpoints_alone", "currency")
SAVINGS = ("deployment", "saved", "grown_elsewhere", "currency")


def part(name: str, columns: tuple[str, ...], rows: Rows) -> Section:
    known = [Column(column, column.title(), absent="nobody") for column in columns]
    return section(name, f"What of {name}?", known, rows)


def review(
    weeks: Rows | None = None,
    waste: Rows | None = None,
    savings: Rows | None = None,
) -> Review:
    sections = (
        part("headline", ("figure", "amount", "currency", "note"), []),
        part("weeks", WEEKS, weeks or []),
        part("waste", ("owner", "served_nobody", "currency"), waste or []),
        part("savings", SAVINGS, savings or []),
    )
    return Review(QUARTER, datetime(2027, 1, 2, tzinfo=UTC), None, sections)


def only(charts: list[Chart]) -> Chart:
    (chart,) = charts
    return chart


def week(day: str, currency: str = "EUR", **amounts: str) -> dict[str, Any]:
    return dict.fromkeys(WEEKS, "0") | {"week": day, "currency": currency} | amounts


def test_a_week_is_drawn_by_its_parts_and_told_in_words() -> None:
    weeks = [week("2026-10-05", served_nobody="30", in_use="70"), week("2026-10-12", in_use="50")]
    chart = only(charts_of(review(weeks))["weeks"])
    assert [kind for kind, _word in chart.legend] == ["served_nobody", "in_use"]
    first, second = chart.bars
    nobody, used = first.parts
    assert used.x == pytest.approx(nobody.x + nobody.width, abs=0.2)
    assert used.width == pytest.approx(nobody.width * 7 / 3, abs=0.2)
    assert second.parts[1].width == pytest.approx(used.width * 5 / 7, abs=0.2)
    assert first.end == "100"
    assert chart.description == (
        "2026-10-05: served nobody 30.00 EUR, in use 70.00 EUR;"
        " 2026-10-12: served nobody 0.00 EUR, in use 50.00 EUR"
    )


def test_what_is_not_known_has_no_length_and_is_not_reported_as_nothing() -> None:
    rows: Rows = [
        {"deployment": "a", "saved": "100", "grown_elsewhere": "90", "currency": "EUR"},
        {"deployment": "b", "saved": "100", "grown_elsewhere": None, "currency": "EUR"},
    ]
    done, pending = only(charts_of(review(savings=rows))["savings"]).bars
    assert done.end == "90"
    assert (pending.end, pending.parts[1].width) == ("not known", 0)
    assert pending.words == "saved 100.00 EUR, grown elsewhere not known"


def test_a_credit_has_no_length_and_keeps_its_sign_in_words() -> None:
    rows: Rows = [
        {"owner": "ann", "served_nobody": "5", "currency": "EUR"},
        {"owner": "bob", "served_nobody": "-2.5", "currency": "EUR"},
    ]
    bar = only(charts_of(review(waste=rows))["waste"]).bars[1]
    assert (bar.parts[0].width, bar.words) == (0, "served nobody -2.50 EUR")


def test_two_currencies_are_two_charts_and_sums_are_in_neither() -> None:
    rows: Rows = [
        {"deployment": "a", "saved": "1", "grown_elsewhere": "1", "currency": "EUR"},
        {"deployment": "b", "saved": "9", "grown_elsewhere": "9", "currency": "USD"},
        {"deployment": "2 of them", "saved": "1", "currency": "EUR", "is_total": True},
    ]
    charts = charts_of(review(savings=rows))["savings"]
    assert [chart.title for chart in charts] == [
        "Saved in the quarter, EUR",
        "Saved in the quarter, USD",
    ]
    assert [[bar.label for bar in chart.bars] for chart in charts] == [["a"], ["b"]]


def test_what_does_not_fit_is_counted() -> None:
    rows: Rows = [
        {"owner": f"owner {n}", "served_nobody": "1", "currency": "EUR"}
        for n in range(MOST_BARS + 3)
    ]
    chart = only(charts_of(review(waste=rows))["waste"])
    assert (len(chart.bars), chart.left_out) == (MOST_BARS, 3)
    assert "3 more are in the table." in as_html(review(waste=rows))


def test_nothing_to_draw_is_no_chart() -> None:
    assert (
        charts_of(review(waste=[{"owner": "a", "served_nobody": "0", "currency": "EUR"}]))["waste"]
        == []
    )
    assert "<figure>" not in as_html(review())


def test_every_bar_and_label_stays_in_the_drawing() -> None:
    rows: Rows = [
        {"owner": "x" * 300, "served_nobody": "1234567.89", "currency": "EUR"},
        {"owner": None, "served_nobody": "1", "currency": "EUR"},
    ]
    chart = only(charts_of(review(waste=rows))["waste"])
    assert all(part.x + part.width <= WIDTH for bar in chart.bars for part in bar.parts)
    assert chart.bars[1].label == "nobody"
    html = as_html(review(waste=rows))
    assert not re.findall(r"<text[^>]*>x{60}", html)


def test_a_drawing_has_a_text_alternative_and_its_table_row_headings() -> None:
    rows: Rows = [{"owner": 'a"<b>\x1b', "served_nobody": "5", "currency": "EUR"}]
    html = as_html(review(waste=rows))
    alternative = (
        'aria-label="Served nobody, by owner, EUR: a&#34;&lt;b&gt;\ufffd: served nobody 5.00 EUR"'
    )
    assert f'role="img" viewBox="0 0 960 38" width="960" height="38" {alternative}' in html
    assert '<th scope="row">a&#34;&lt;b&gt;\ufffd</th>' in html
    assert "\x1b" not in html


def test_a_sum_is_set_off_from_what_it_sums_up() -> None:
    rows: Rows = [
        {"deployment": "a", "saved": "1", "grown_elsewhere": None, "currency": "EUR"},
        {"deployment": "1 of them", "saved": "1", "currency": "EUR", "is_total": True},
    ]
    html, text = as_html(review(savings=rows)), as_markdown(review(savings=rows))
    assert html.count('<tr class="total">') == 1
    assert "| **1 of them** |" in text
