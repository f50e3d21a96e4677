"""A subscription whose offer has no costs to read is told of once, and is no read error then."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.sources import fix_of, fix_of_write
from emulator import Fault
from tests.mothball.shop import OpenShop, Shop, estate, now

COST = "CostManagement"
SENTENCE = "Cost Management supports only some offer types; offerId: MS-AZR-0036P is of none."
TWO_MONTHS = ("snapshot", "--cost-months", "2")


@pytest.fixture
def unbilled(open_shop: OpenShop) -> Shop:
    shop = open_shop(estate(now()))
    shop.azure.faults.add(Fault("forbid", COST, status=400, code="400", message=SENTENCE))
    return shop


def asked(shop: Shop) -> int:
    return sum(request.source == "cost" for request in shop.azure.requests)


def test_it_is_told_once_and_asked_one_month_from_then_on(unbilled: Shop) -> None:
    first = unbilled.run(*TWO_MONTHS)
    assert first.code == 3
    assert first.err.count("this subscription has no bill to read") == 1
    assert asked(unbilled) == 2
    unbilled.azure.forget()
    second = unbilled.run(*TWO_MONTHS)
    assert second.code == 0, second.err
    assert asked(unbilled) == 1
    listed = unbilled.run("list", "--format", "json")
    assert listed.code == 0
    assert {row["cost_in_window"] for row in listed.json} == {None}


def test_where_the_settings_name_it_its_bill_is_not_asked(unbilled: Shop, tmp_path: Path) -> None:
    identity = unbilled.world.subscriptions[0].subscription_id.upper()
    settings = tmp_path / "without.toml"
    settings.write_text(f'[costs]\nwithout_bill = ["{identity}"]\n')
    assert unbilled.run(*TWO_MONTHS, "--config", str(settings)).code == 0
    assert asked(unbilled) == 0


def test_the_doctor_says_so_and_finds_nothing_wrong(unbilled: Shop) -> None:
    result = unbilled.run("doctor", "--format", "json")
    (cost,) = (row for row in result.json if row["source"] == "cost")
    assert (result.code, cost["ok"]) == (0, True)
    assert "has no bill to read" in cost["message"]


def test_costs_that_somebody_hides_stay_a_read_error_with_whom_to_ask() -> None:
    assert "enterprise agreement" in fix_of("cost", "AccountCostDisabled")
    assert "ask your partner" in fix_of("cost", "IndirectCostDisabled")


def test_a_policy_that_denies_a_write_is_no_missing_role() -> None:
    path = "https://h/subscriptions/s/providers/Microsoft.Resources/tags/default"
    denied = fix_of_write("PATCH", path, "RequestDisallowedByPolicy", is_refused=True)
    assert denied is not None
    assert denied.startswith("a policy of Azure refuses it")
    lacking = fix_of_write("PATCH", path, "AuthorizationFailed", is_refused=True)
    assert lacking is not None
    assert "Tag Contributor" in lacking


def test_a_metric_that_is_refused_as_malformed_says_what_that_mostly_is() -> None:
    assert "moved or deleted" in fix_of("metrics", "BadRequest")
