"""`mothball doctor`: each source in a line, and the fix where it does not answer."""

from __future__ import annotations

import pytest

from emulator import Fault, dead, silent
from tests.mothball.shop import OpenShop, Shop, estate, now


def test_all_well_is_exit_zero(shop: Shop) -> None:
    result = shop.run("doctor")
    assert result.code == 0
    for source in ("prices", "subscriptions", "Resource Graph", "locks", "metrics", "cost"):
        assert source in result.out
    assert "billed" in result.out
    assert "signed in as mothball-operator" in result.out
    assert shop.azure.writes == []


def test_a_price_list_that_is_not_reached_is_named(own: Shop) -> None:
    own.azure.forget()
    own.azure.faults.add(Fault("forbid", "retail/prices"))
    result = own.run("doctor", "--format", "json")
    assert result.code == 1
    assert [(row["source"], row["fix"]) for row in result.json if not row["ok"]] == [
        ("prices", "check the network: without the list, list prices are unknown")
    ]


def test_the_cost_source_is_asked_one_query_a_subscription(own: Shop) -> None:
    own.azure.forget()
    rows = own.run("doctor", "--format", "json").json
    (cost,) = [row for row in rows if row["source"] == "cost"]
    assert (cost["state"], cost["ok"]) == ("answers", True)
    assert len([one for one in own.azure.requests if one.source == "cost"]) == 1


def test_a_cost_query_that_would_have_to_wait_is_not_asked_and_says_why(own: Shop) -> None:
    for _again in range(4):
        own.run("doctor")
    own.azure.forget()
    result = own.run("doctor", "--format", "json")
    assert result.code == 0
    (cost,) = [row for row in result.json if row["source"] == "cost"]
    assert (cost["state"], cost["ok"]) == ("not asked", None)
    assert "four queries a minute" in cost["message"]
    assert [one for one in own.azure.requests if one.source == "cost"] == []


@pytest.mark.parametrize("is_seen", [False, True], ids=["first snapshot", "later one"])
def test_the_metric_requests_of_a_snapshot_are_those_that_it_then_makes(
    open_shop: OpenShop, is_seen: bool
) -> None:
    world = estate(now())
    group = world.find("ws").parent
    for region in ("eastus", "japaneast"):
        for number in range(2):
            endpoint = group.workspace(f"w-{region}-{number}", region=region).endpoint("e")
            for name in range(30):
                endpoint.deployment(f"d{name}")
    shop = open_shop(world)
    if is_seen:
        shop.run("snapshot")
    rows = shop.run("doctor", "--format", "json").json
    (told,) = [r for r in rows if (r["source"], r["scope"]) == ("requests", "metrics")]
    made = shop.run("snapshot", "--format", "json").json["requests"]["metrics"]
    assert f"about {made} requests" in told["message"]


def test_json_has_a_row_a_source(shop: Shop) -> None:
    rows = shop.run("doctor", "--format", "json").json
    assert all(row["ok"] for row in rows)
    assert {"source", "scope", "state", "ok", "message", "fix"} <= rows[0].keys()


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("Microsoft.Authorization/locks", "locks"),
        ("metrics:getBatch", "metrics"),
        ("Microsoft.ResourceGraph/resources", "Resource Graph"),
    ],
)
def test_a_source_that_answers_403_is_named_with_its_fix(own: Shop, path: str, source: str) -> None:
    own.azure.faults.add(Fault("forbid", path))
    result = own.run("doctor", "--format", "json")
    assert result.code == 1
    (broken,) = [row for row in result.json if not row["ok"]]
    assert broken["source"] == source
    assert "ask for" in broken["fix"]
    assert "AuthorizationFailed" in broken["message"]


def test_a_sign_in_that_fails_is_reported_with_its_fix(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    result = shop.run("doctor")
    assert result.code == 1
    assert "sign-in" in result.out
    assert "AZURE_CLIENT_SECRET" in result.out + result.err


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_sign_in_that_fails_is_a_row_for_programs_too(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    result = shop.run("doctor", "--format", form)
    assert result.code == 1
    row, *others = result.json if form == "json" else result.csv
    assert (row["source"], str(row["ok"]).lower()) == ("sign-in", "false")
    assert "AZURE_CLIENT_SECRET" in row["fix"]
    assert result.err == ""
    states = {other["source"]: other["state"] for other in others}
    assert states["prices"] == "answers"
    for source in ("subscriptions", "Resource Graph", "Machine Learning", "locks", "metrics"):
        assert states[source] == "not asked"
    messages = {other["source"]: other["message"] for other in others}
    assert messages["cost"] == "not asked: no sign-in"


def test_a_sign_in_that_works_is_a_row_like_every_source(shop: Shop) -> None:
    rows = shop.run("doctor", "--format", "json").json
    assert (rows[0]["source"], rows[0]["ok"]) == ("sign-in", True)
    assert "mothball-operator" in rows[0]["message"]


def test_no_store_is_needed(shop: Shop) -> None:
    shop.store.unlink()
    assert shop.run("doctor").code == 0
    assert not shop.store.exists()


def test_the_facts_are_shown_as_the_first_snapshot_found_them(shop: Shop) -> None:
    result = shop.run("doctor", "--format", "json")
    facts = {row["scope"]: row for row in result.json if row["source"] == "fact"}
    assert facts["graph-tags"]["state"] == "confirmed"
    assert facts["average-counts"]["state"] == "not testable"
    assert "Azure gives no Total of requests" in facts["average-counts"]["message"]
    single = "providers/Microsoft.Insights/metrics"
    assert [one for one in shop.azure.requests if single in one.path] == []


def test_facts_compares_anew_and_a_contradiction_changes_what_is_listed(own: Shop) -> None:
    assert "idle" in {row["verdict"] for row in own.rows().values()}
    own.world.own_factor = 2.0
    result = own.run("doctor", "--facts", "--format", "json")
    assert result.code == 0
    facts = {row["scope"]: row for row in result.json if row["source"] == "fact"}
    wrong = facts["both-namespaces"]
    assert (wrong["state"], wrong["ok"]) == ("contradicted", False)
    assert "what rests on it is unknown: requests" in wrong["fix"]
    assert "ws/fraud/blue" in wrong["message"]
    assert not {"idle", "idle-endpoint", "rollback"} & {r["verdict"] for r in own.rows().values()}
    own.world.own_factor = 1.0
    own.run("doctor", "--facts")
    assert "idle" in {row["verdict"] for row in own.rows().values()}
    assert own.azure.writes == []


def test_facts_are_kept_where_there_was_no_store(open_shop: OpenShop) -> None:
    shop = open_shop(estate(now()))
    assert shop.run("doctor", "--facts").code == 0
    shop.azure.forget()
    assert shop.run("snapshot").code in (0, 3)
    single = "providers/Microsoft.Insights/metrics"
    assert [one for one in shop.azure.requests if single in one.path] == []
    assert shop.run("sql", "select count(*) from current_facts").code == 0


def test_a_tenant_whose_silent_deployments_emit_no_capacity_is_told_so_once(
    open_shop: OpenShop,
) -> None:
    world = estate(now())
    world.capacity_when_silent = False
    dark = world.find("ws").endpoint("dark")
    for number in range(20):
        dark.deployment(f"d{number}", requests=silent("nothing"), life=dead())
    shop = open_shop(world)
    first = shop.run("snapshot")
    assert first.err.count("a silent deployment emits its capacity (A97): contradicted") == 1
    assert "silent deployment emits" not in shop.run("snapshot").err
    reasons = [row["reasons"] for path, row in shop.rows().items() if "/dark/" in path]
    assert len(reasons) == 20
    assert all("silent-capacity (azure.md A97)" in one[0] for one in reasons)
