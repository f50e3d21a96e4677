"""`mothball costs status` and `forget`: what is known of the bill, and a month taken out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.mothball.shop import Shop
from tests.mothball.test_costs_import import export, rows_of

MARCH, APRIL = "2025-03", "2025-04"


def imported(shop: Shop, folder: Path, cost: str = "2.5") -> str:
    """March and April of one subscription from an export; the subscription."""
    row = rows_of(shop)[0]
    shared = row | {"Date": "2025-03-02", "Tags": "", "CostInBillingCurrency": "1"}
    rows = [
        row | {"Date": "2025-03-01", "CostInBillingCurrency": cost},
        shared,
        row | {"Date": "2025-04-01"},
    ]
    result = shop.run("costs", "import", export(folder, rows), "--replace")
    assert result.code == 0, result.err
    return row["SubscriptionId"].lower()


def status(shop: Shop) -> dict[str, dict[str, Any]]:
    rows = shop.run("costs", "status", "--format", "json").json
    return {row["month"]: row for row in rows if row["source"] == "export"}


def test_status_shows_each_month_with_its_source_and_sums(shop: Shop, tmp_path: Path) -> None:
    subscription = imported(shop, tmp_path)
    march = status(shop)[MARCH]
    assert (march["subscription_id"], march["basis"], march["counts"]) == (
        subscription,
        "ActualCost",
        True,
    )
    assert (march["through"], march["currency"]) == ("2025-03-02", "USD")
    assert (march["cost"], march["cost_on_deployments"]) == (3.5, 2.5)
    assert (march["moved_by"], march["moved_since"]) == (None, None)


def test_status_shows_by_how_much_a_month_moved_and_since_when(shop: Shop, tmp_path: Path) -> None:
    imported(shop, tmp_path)
    before = status(shop)[MARCH]["read_at"]
    imported(shop, tmp_path, cost="4")
    march = status(shop)[MARCH]
    assert (march["cost"], march["moved_by"], march["moved_since"]) == (5, 1.5, before)
    assert status(shop)[APRIL]["moved_by"] == 0


def test_the_months_of_a_snapshot_are_shown_as_read_by_a_query(shop: Shop) -> None:
    assert shop.run("snapshot", "--cost-months", "1").code in (0, 3)
    rows = shop.run("costs", "status", "--format", "csv").csv
    assert {row["source"] for row in rows} == {"query"}


def test_a_forgotten_month_is_gone_and_in_the_journal(shop: Shop, tmp_path: Path) -> None:
    subscription = imported(shop, tmp_path)
    result = shop.run("costs", "forget", "--month", MARCH, "--format", "json")
    assert [(row["month"], row["cost"]) for row in result.json] == [(MARCH, 3.5)]
    assert MARCH not in status(shop)
    assert APRIL in status(shop)
    bill = "select count(*) as lines from cost_lines where month = date '2025-03-01'"
    assert shop.run("sql", bill, "--format", "json").json == [{"lines": 0}]
    entry = shop.run("journal", "--format", "json").json[-1]
    assert (entry["action"], entry["target"], entry["outcome"]) == (
        "forget-costs",
        f"/subscriptions/{subscription}",
        "done",
    )
    assert entry["evidence"]["month"] == MARCH


def test_only_the_named_subscription_is_forgotten(shop: Shop, tmp_path: Path) -> None:
    subscription = imported(shop, tmp_path)
    other = shop.run("costs", "forget", "--month", MARCH, "--subscription", "other")
    assert (other.code, MARCH in status(shop)) == (1, True)
    assert f"no bill of {MARCH} of other is known" in other.one_line()
    assert (
        shop.run("costs", "forget", "--month", MARCH, "--subscription", subscription.upper()).code
        == 0
    )
    assert MARCH not in status(shop)


def test_a_month_that_is_none_is_wrong_usage(shop: Shop) -> None:
    result = shop.run("costs", "forget", "--month", "2025-13")
    assert (result.code, "not a month such as 2026-10" in result.err) == (2, True)
    assert shop.run("costs", "forget").code == 2
