"""`mothball show`: one deployment by an id or the shortest tail, with its evidence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from emulator import Workspace
from mothball.money import money_facts
from tests.mothball.shop import Shop, now
from tests.mothball.test_costs_import import export, lived, rows_of
from tests.mothball.test_list import FIELDS
from tests.queries.bills import read_bill
from tests.scene import Scene, ago


@pytest.mark.parametrize(
    "target", ["only", "quiet/only", "ws/quiet/only", "WS/Quiet/ONLY", "llama", "lab/llama"]
)
def test_the_shortest_unambiguous_tail_is_enough(shop: Shop, target: str) -> None:
    row = shop.run("show", target, "--format", "json").json
    assert (row["deployment"] or row["endpoint"]) == target.lower().split("/")[-1]


def test_an_arm_id_in_any_case_is_a_target(shop: Shop) -> None:
    wanted = shop.rows()["ws/fraud/old"]["id"]
    for spelt in (wanted, wanted.upper(), wanted.lower(), wanted.strip("/")):
        assert shop.run("show", spelt, "--format", "json").json["id"] == wanted


@pytest.mark.parametrize("target", ["fraud/old", "old", "main"])
def test_an_ambiguous_tail_is_refused_with_what_it_may_mean(shop: Shop, target: str) -> None:
    result = shop.run("show", target)
    assert result.code == 1
    assert result.one_line().lower().count("/onlineendpoints/") == 2


@pytest.mark.parametrize("target", ["nobody", "ld", "/", "", "ws/fraud"])
def test_an_unknown_target_is_one_line(shop: Shop, target: str) -> None:
    result = shop.run("show", target)
    assert result.code in (1, 2)
    assert "Traceback" not in result.err
    assert result.out == ""


def test_json_holds_the_fields_of_list_and_the_evidence_day_by_day(shop: Shop) -> None:
    row = shop.run("show", "ws/fraud/old", "--format", "json").json
    assert row.keys() >= set(FIELDS)
    days = row["days"]
    assert len(days) >= 36
    assert all(day["requests"] == 0 for day in days[:-1])
    assert all(day["is_alive"] for day in days[:-1])


def test_the_text_names_verdict_reasons_and_evidence(shop: Shop) -> None:
    result = shop.run("show", "ws/fraud/old")
    assert result.code == 0
    assert "ws/fraud/old: idle" in result.out
    assert "0 requests in 35 days" in result.out
    assert "mothball-retire-after" in result.out


def test_each_fact_under_the_verdict_is_reported_with_its_state_and_coverage(shop: Shop) -> None:
    reported = shop.run("show", "ws/fraud/old", "--format", "json").json["facts"]
    facts = {fact["fact"]: fact for fact in reported}
    assert facts["live traffic"]["state"] == "zero"
    assert facts["requests"]["days_known"] == facts["requests"]["days_wanted"] > 30
    assert facts["callers"]["state"] == "not asked"
    assert "what the verdict rests on" in shop.run("show", "ws/fraud/old").out


def test_csv_is_the_days(shop: Shop) -> None:
    rows = shop.run("show", "ws/fraud/old", "--format", "csv").csv
    assert len(rows) >= 36
    assert rows[0]["requests"] in ("0", "0.0")


def test_the_list_price_is_reported_with_its_source_and_age(shop: Shop) -> None:
    result = shop.run("show", "ws/fraud/old")
    [price] = [line for line in result.out.splitlines() if "list price a month" in line]
    assert price.endswith("(Azure retail prices, read today)")
    money = shop.run("show", "ws/fraud/old", "--format", "json").json["money"]
    assert money["list_price_source"] == "Azure retail prices"
    assert money["cost_basis"] is None  # no bill was read


def test_costs_name_their_basis(shop: Shop, tmp_path: Path) -> None:
    two_days_ago = lived(now() - timedelta(days=2))
    path = export(tmp_path, [row | {"Date": two_days_ago} for row in rows_of(shop)])
    config = tmp_path / "config.toml"
    config.write_text('[costs]\nbasis = "amortized"\n')
    assert shop.run("costs", "import", path, "--replace", "--config", str(config)).code == 0
    result = shop.run("show", "ws/fraud/blue")
    assert [line.split()[-1] for line in result.out.splitlines() if "costs are" in line] == [
        "AmortizedCost"
    ]


def test_money_is_reported_with_its_share_and_since_when(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("e", traffic={}, created_at=ago(200))
    endpoint.deployment("small", created_at=ago(200))
    endpoint.deployment("large", created_at=ago(200), instances=3)
    read_bill(scene)
    facts = dict(money_facts(scene.rows()["e/large"], scene.clock.now()))
    assert facts["share of endpoint"] == "75 %"
    assert str(facts["since it fell idle"]).endswith("counted from 2026-10-01 on")
    assert facts["per 1,000 requests"] is None


def test_it_says_on_what_less_it_could_run_what_scales_it_and_what_quota_it_holds(
    shop: Shop,
) -> None:
    row = shop.run("show", "ws/fraud/old", "--format", "json").json
    assert row["right_sizing"]["could_run_on_instances"] is None
    assert "nobody asks it: retire it rather than shrink it" in row["right_sizing"]["why_not"]
    assert row["autoscale"] == []
    assert row["quota_returned"]["cores"] == 8
    result = shop.run("show", "ws/fraud/old").out
    assert "no setting seen that has it as target" in result
    assert "8 cores of standardDSv2Family" in result


def test_what_holds_no_instances_has_no_size_and_no_quota(shop: Shop) -> None:
    row = shop.run("show", "llama", "--format", "json").json
    assert (row["right_sizing"], row["autoscale"], row["quota_returned"]) == (None, [], None)
    assert "right-sizing" not in shop.run("show", "llama").out
