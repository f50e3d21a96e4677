"""`mothball snapshot`: one object, every read error named, never a write."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from emulator import Clock, Fault, Received, World
from tests.mothball.shop import VERDICTS, OpenShop, Shop, estate, now

NOBODYS = "00000000-0000-0000-0000-000000000000"
WORKSPACE = (
    "/subscriptions/{}/resourceGroups/rg-ML/providers/Microsoft.MachineLearningServices"
    "/workspaces/ws"
)


def test_the_report_is_one_object_with_the_fields_of_the_contract(open_shop: OpenShop) -> None:
    shop = open_shop(estate(now()))
    result = shop.run("snapshot", "--format", "json")
    assert result.code == 0
    report = result.json
    assert sorted(report) == sorted(
        [
            "snapshot_id",
            "started_at",
            "finished_at",
            "status",
            "workspaces",
            "endpoints",
            "deployments",
            "requests",
            "throttled",
            "errors",
        ]
    )
    assert report["status"] == "complete"
    assert (report["workspaces"], report["throttled"], report["errors"]) == (2, 0, [])
    assert report["deployments"] == 16
    assert all(isinstance(count, int) and count > 0 for count in report["requests"].values())
    for name in ("started_at", "finished_at"):
        assert datetime.fromisoformat(report[name]).utcoffset() is not None
    sent = [r for r in shop.azure.requests if r.source != "identity"]
    assert sum(report["requests"].values()) == len(sent)
    assert shop.rows()["ws/fraud/old"]["snapshot_id"] == report["snapshot_id"]
    assert shop.azure.writes == []


def test_a_refused_subscription_is_a_named_read_error_and_exit_three(open_shop: OpenShop) -> None:
    world = estate(now())
    closed = world.subscription("closed")
    closed.resource_group("rg").workspace("hidden").endpoint("e").deployment("d")
    world.forbid(closed, ["arm", "metrics", "locks", "tags", "graph"])
    shop = open_shop(world)
    result = shop.run("snapshot", "--format", "json")
    assert result.code == 3
    assert result.json["status"] == "partial"
    assert result.json["errors"]
    for read_error in result.json["errors"]:
        assert sorted(read_error) == ["code", "message", "scope", "source"]
    assert any(
        closed.subscription_id in read_error["scope"] for read_error in result.json["errors"]
    )
    assert closed.subscription_id in result.err


def test_throttles_are_counted(open_shop: OpenShop) -> None:
    shop = open_shop(estate(now()))
    shop.azure.faults.add(Fault("throttle", "metrics:getBatch", times=2, retry_after=0))
    report = shop.run("snapshot", "--format", "json").json
    assert report["throttled"] == 2
    assert report["status"] == "complete"


def test_a_wait_for_the_bill_is_counted_down_and_nothing_is_missing(open_shop: OpenShop) -> None:
    world = World(clock=Clock.running(now()))
    place = world.subscription("small").resource_group("rg").workspace("ws")
    place.endpoint("e").deployment("d")
    shop = open_shop(world)
    headers = {"x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after": "0.05"}
    shop.azure.faults.add(Fault("throttle", "CostManagement", times=1, headers=headers))
    result = shop.run("snapshot", "--cost-months", "1", "--format", "json")
    assert "next cost query in 1 s (rate limit; ctrl+c stops)" in result.err
    assert (result.code, result.json["throttled"], result.json["errors"]) == (0, 1, [])


def test_the_scope_is_narrowed_by_subscription_group_and_workspace(open_shop: OpenShop) -> None:
    world = estate(now())
    other = world.subscription("other")
    other.resource_group("rg").workspace("apart").endpoint("e").deployment("d")
    shop = open_shop(world)
    lab = world.find("lab").id
    both = ("--subscription", other.subscription_id, "--subscription", lab.split("/")[2])
    asked = {
        ("--subscription", other.subscription_id): 1,
        both: 3,
        ("--management-group", "contoso"): 2,
        ("--workspace", lab): 1,
    }
    for options, workspaces in asked.items():
        report = shop.run("snapshot", "--format", "json", *options).json
        assert report["workspaces"] == workspaces


@pytest.mark.parametrize(
    ("option", "kept"),
    [("--subscription", NOBODYS), ("--workspace", "x"), ("--management-group", "contosa")],
)
def test_a_slip_in_what_is_named_is_wrong_usage_and_leaves_no_trace_in_the_store(
    own: Shop, option: str, kept: str
) -> None:
    named = f"{own.world.find('ws').id}{kept}" if option == "--workspace" else kept
    before = own.store.read_bytes()
    result = own.run("snapshot", option, named)
    assert (result.code, own.store.read_bytes() == before) == (2, True)
    assert named in result.one_line()
    assert own.run("list").code == 0


def test_a_slip_leaves_no_new_store_and_names_the_nearest_subscription(open_shop: OpenShop) -> None:
    shop = open_shop(estate(now()))
    home = shop.world.find("ws").subscription_id
    slip = home[:-1] + ("0" if home[-1] != "0" else "1")
    for words in (["--subscription", slip], ["--workspace", f"{WORKSPACE.format(slip)}"]):
        result = shop.run("snapshot", *words)
        assert result.code == 2
        assert f"did you mean {home}?" in result.one_line()
    assert not shop.store.exists()


def test_what_a_snapshot_has_read_and_the_sign_in_no_longer_sees_is_a_read_error(own: Shop) -> None:
    (home,) = own.world.subscriptions
    own.world.subscription("left")
    own.world.subscriptions.remove(home)
    result = own.run("snapshot", "--subscription", home.subscription_id)
    assert result.code == 3
    assert "does not see this subscription" in result.err


def test_locks_that_are_not_understood_exit_with_three_and_leave_nothing_idle(own: Shop) -> None:
    body: dict[str, list[Any]] = {"value": [None, 1, "x", []]}
    own.azure.faults.add(Fault("answer", "Microsoft.Authorization/locks", body=body))
    result = own.run("snapshot", "--cost-months", "0", "--format", "json")
    assert result.code == 3
    assert [read_error["source"] for read_error in result.json["errors"]] == ["locks"]
    assert own.rows()["ws/fraud/old"]["verdict"] == "unknown"
    assert own.rows()["ws/fraud/kept"]["verdict"] == "unknown"


@pytest.mark.parametrize("status", [400, 501])
def test_one_resource_that_spoils_its_batch_is_named_and_alone_unknown(
    open_shop: OpenShop, status: int
) -> None:
    shop = open_shop(estate(now()))
    target = shop.world.find("ws/fraud/spare")
    shop.azure.faults.add(
        Fault("unavailable", "getBatch", status=status, code="Spoiled", holds=f'{target.id}"')
    )
    result = shop.run("snapshot", "--format", "json")
    assert (result.code, result.json["status"]) == (3, "partial")
    (read_error,) = result.json["errors"]
    assert (read_error["source"], read_error["code"]) == ("metrics", "Spoiled")
    assert read_error["scope"].lower() == target.id.lower()
    assert target.name in result.err
    verdicts = {path: row["verdict"] for path, row in shop.rows().items()}
    assert verdicts == VERDICTS | {"ws/fraud/spare": "unknown"}
    assert result.json["requests"]["metrics"] == len(_asked(shop, "metrics"))


@pytest.mark.parametrize("status", [400, 404])
def test_one_subscription_that_the_graph_refuses_is_named_and_the_others_are_read(
    open_shop: OpenShop, status: int
) -> None:
    world = estate(now())
    others = [world.subscription(f"s{number}") for number in range(3)]
    for one in others:
        one.resource_group("rg").workspace(one.name).endpoint("e").deployment("d")
    bad = others[1].subscription_id
    shop = open_shop(world)
    shop.azure.faults.add(
        Fault("unavailable", "ResourceGraph", status=status, code="Spoiled", holds=bad)
    )
    result = shop.run("snapshot", "--format", "json")
    assert result.code == 3
    assert [(one["source"], one["scope"]) for one in result.json["errors"]] == [("inventory", bad)]
    rows = {path: row["verdict"] for path, row in shop.rows().items()}
    assert rows == VERDICTS | {"s0/e/d": "idle", "s2/e/d": "idle"}
    assert result.json["requests"]["graph"] == len(_asked(shop, "graph"))


def test_pages_that_are_too_large_are_asked_smaller_and_nothing_is_missing(
    open_shop: OpenShop,
) -> None:
    shop = open_shop(estate(now()))
    shop.world.largest_graph_payload = 5
    result = shop.run("snapshot", "--format", "json")
    assert (result.code, result.json["errors"]) == (0, [])
    assert {path: row["verdict"] for path, row in shop.rows().items()} == VERDICTS


def test_rows_that_are_lost_between_pages_are_read_again_or_named(own: Shop) -> None:
    own.world.longest_graph_page, own.world.graph_shifts = 9, 2
    result = own.run("snapshot", "--format", "json")
    assert (result.code, result.json["errors"]) == (0, [])
    own.world.graph_shifts = None
    result = own.run("snapshot", "--format", "json")
    assert (result.code, result.json["status"]) == (3, "partial")
    assert [(one["source"], one["code"]) for one in result.json["errors"]] == [
        ("inventory", "RowsMissing")
    ]
    assert "rows" in result.json["errors"][0]["message"]


def test_a_skip_token_that_repeats_ends_the_reading_with_a_read_error(own: Shop) -> None:
    own.world.graph_repeats_token = True
    result = own.run("snapshot", "--format", "json")
    assert result.code == 3
    assert [(one["source"], one["code"]) for one in result.json["errors"]] == [
        ("inventory", "EndlessPages")
    ]
    assert result.json["requests"]["graph"] <= 4
    assert result.json["deployments"] == len(VERDICTS)


def _asked(shop: Shop, source: str) -> list[Received]:
    return [one for one in shop.azure.requests if one.source == source]


@pytest.mark.parametrize(
    "options",
    [
        ("--lookback", "soon"),
        ("--lookback", "0"),
        ("--lookback", "-3d"),
        ("--cost-months", "x"),
        ("--cost-months", "-1"),
        ("--workspace", "ws"),
        ("--workspace", "/subscriptions/production/workspaces/ws"),
        ("--subscription", "production"),
        ("--subscription", f"/subscriptions/{NOBODYS}"),
        ("--subscription", f"{{{NOBODYS}}}"),
        ("--subscription", ""),
        ("--management-group", "/providers/Microsoft.Management/managementGroups/contoso"),
        ("--management-group", " "),
        ("--management-group", ""),
        ("--format", "xml"),
        ("--nonsense",),
        ("surplus",),
    ],
)
def test_wrong_usage_exits_with_two_before_anything_is_asked(
    shop: Shop, options: tuple[str, ...]
) -> None:
    result = shop.run("snapshot", *options)
    assert result.code == 2
    assert result.out == ""
    assert shop.azure.requests == []


def test_lookback_sets_the_window_of_this_snapshot(own: Shop) -> None:
    assert own.run("snapshot", "--lookback", "50d", "--cost-months", "0").code == 0
    assert "0 requests in 50 days" in " ".join(own.rows()["ws/fraud/old"]["reasons"])


def test_progress_goes_to_standard_error(own: Shop) -> None:
    result = own.run("snapshot", "--format", "json")
    assert "metrics" in result.err
    assert result.json["status"] == "complete"


def test_without_a_sign_in_one_line_says_what_to_do(
    own: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    result = own.run("snapshot")
    assert result.code == 1
    assert result.out == ""
    assert "az login" in result.err.strip().splitlines()[-1]


def test_a_tenant_that_lets_nothing_be_read_is_a_failure(own: Shop) -> None:
    own.azure.faults.add(Fault("forbid", r"^/subscriptions\?"))
    result = own.run("snapshot")
    assert result.code == 1
    assert result.err.strip().splitlines()[-1].startswith("mothball: ")


def test_the_store_of_another_cloud_is_refused(own: Shop) -> None:
    profile = own.azure.profile
    profile.write_text(profile.read_text().replace('"emulator"', '"another"'))
    result = own.run("snapshot")
    assert result.code == 1
    assert "--store" in result.err.strip().splitlines()[-1]


def test_a_call_after_a_deletion_is_reported_and_journalled(own: Shop) -> None:
    target, old = "ws/fraud/old", own.world.find("ws/fraud/old")
    own.world.diagnose(own.world.find("ws/fraud"), "11111111-2222-3333-4444-555555555555")
    done = own.run("delete", target, "--confirm", "ws/fraud/old")
    assert done.code == 0, done.err
    with own.azure.lock:
        own.world.log_call(old, now(), caller="oid-of-a-job", auth_type="AADToken")
    result = own.run("snapshot", "--format", "json")
    assert result.code == 0, result.err
    assert "ws/fraud/old was deleted on" in result.err
    assert "is still called: 1 call in the traffic log" in result.err
    assert result.json["requests"]["logs"] == 1
    last = own.journal()[-1]
    assert (last["action"], last["outcome"]) == ("watch", "called")
    assert "oid-of-a-job" in last["reason"]
    assert own.run("journal", "verify").code == 0


@pytest.mark.parametrize(
    ("off", "words"),
    [
        (timedelta(days=-40), "40 days ahead of Azure's"),
        (timedelta(minutes=-10), "10 min ahead of Azure's"),
        (timedelta(hours=30), "30 h behind Azure's"),
    ],
)
def test_a_snapshot_by_a_wrong_clock_is_refused_and_hides_nothing(
    own: Shop, off: timedelta, words: str
) -> None:
    before = own.rows()
    own.world.date_header_off = off
    result = own.run("snapshot")
    assert result.code == 1
    line = result.err.strip().splitlines()[-1]
    assert words in line
    assert "set the clock" in line
    assert own.rows() == before
    own.world.date_header_off = timedelta(minutes=2)
    assert own.run("snapshot").code == 0


def test_a_source_that_never_answers_is_named_by_its_host_and_never_as_a_rate_limit(
    own: Shop, tmp_path: Path
) -> None:
    settings = tmp_path / "short.toml"
    settings.write_text("[timeouts]\nread_seconds = 2\ntotal_seconds = 3\n")
    own.azure.faults.add(Fault("slow", "metrics:getBatch", delay_seconds=600))
    result = own.run("snapshot", "--config", str(settings), "--format", "json")
    assert result.code == 3
    errors = [error for error in result.json["errors"] if error["source"] == "metrics"]
    assert {error["code"] for error in errors} == {"NoAnswer"}
    text = f"no answer from localhost:{own.azure.port} in 2 s"
    assert all(error["message"].startswith(text) for error in errors)
    assert "limit" not in result.err
    assert "throttl" not in result.err
