"""Where a number comes from, by the column that shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from queries.money.origins import BillRead, PriceRow
from tests.tui.rows import AS_OF, row
from tests.tui.test_sections import fact
from tui.details.provenance import Origins, provenance_of
from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS

NOW = AS_OF + timedelta(minutes=6)
READ = datetime(2026, 11, 23, 6, tzinfo=UTC)
BILL = BillRead(date(2026, 11, 1), "ActualCost", "query", None, READ)
PRICE = PriceRow(Decimal("0.2730"), "Azure retail prices", "Dv2 Series", "meter-1", READ)
FACTS = (
    fact(),
    fact("requests by split", source="metrics of the endpoint"),
    fact("aliveness", "non-zero", known="a sign of life on 36 of 36 days"),
    fact("live traffic", "zero", known="0 %", first_day=None, last_day=None),
)
KNOWN = Origins(FACTS, (BILL,), PRICE)


def lines(column_id: str, known: Origins = KNOWN, **changes: Any) -> list[tuple[str, str | None]]:
    column = next(column for column in DEPLOYMENT_COLUMNS if column.id == column_id)
    return provenance_of(column, row(**changes), known, NOW)


def text(column_id: str, known: Origins = KNOWN, **changes: Any) -> str:
    return "\n".join(f"{label}: {value}" for label, value in lines(column_id, known, **changes))


@pytest.mark.parametrize("column_id", [column.id for column in DEPLOYMENT_COLUMNS])
def test_every_column_says_its_value_or_why_it_is_unknown_and_where_from(column_id: str) -> None:
    known, unknown = lines(column_id), lines(column_id, Origins((), (), None), verdict="unknown")
    for shown_lines in (known, unknown):
        assert shown_lines[0][0] == "value"
        assert len(shown_lines) > 1


def test_requests_name_metric_aggregation_window_coverage_and_both_namespaces() -> None:
    reported = text("requests")
    assert "RequestsPerMinute, average × minutes" in reported
    assert "2026-10-19 to 2026-11-23, UTC days" in reported
    assert "36 of 36 days answered" in reported
    assert "metrics of the endpoint" in reported
    assert "17:54 UTC · 6 min" in reported


def test_an_unknown_number_says_why_before_all_else() -> None:
    reported = lines("requests", requests_in_window=None, reasons=("2 days are not known",))
    assert reported[:2] == [("value", "not known"), ("because", "2 days are not known")]


def test_a_refused_fact_shows_azures_code_and_that_it_was_never_read() -> None:
    refused = fact(state="refused", known=None, code="AuthorizationFailed", read_at=None)
    reported = text("requests", replace(KNOWN, facts=(refused,)), requests_in_window=None)
    assert "refused: AuthorizationFailed" in reported
    assert "read: never" in reported


def test_a_billed_rate_names_the_months_of_the_bill_and_their_age() -> None:
    reported = text(
        "run_rate", monthly_run_rate=Decimal(5), run_rate_source="billed", currency="EUR"
    )
    assert "7 newest billed days" in reported
    assert "2026-11: ActualCost by query, read 12 h ago" in reported


def test_a_listed_rate_names_the_row_of_the_price_list() -> None:
    reported = text("run_rate", monthly_run_rate=Decimal(5), run_rate_source="list", currency="EUR")
    assert "0.273 EUR an hour and instance × 730 hours × 2 instances" in reported
    assert "meter-1" in reported


def test_a_price_that_is_not_listed_is_said_to_be_missing() -> None:
    reported = text("list", replace(KNOWN, price=None))
    assert "no row for this size in this region and currency" in reported


def test_a_verdict_lists_its_facts_with_their_states() -> None:
    reported = text("verdict", reasons=("nobody asks it",))
    assert "because: nobody asks it" in reported
    assert "live traffic: 0 %" in reported
