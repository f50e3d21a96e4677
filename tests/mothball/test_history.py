"""`mothball history`: one endpoint by an id or a tail, in three formats, deleted or not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.mothball.shop import Shop, now

FIELDS = [
    "endpoint_id",
    "workspace",
    "endpoint",
    "deployment",
    "is_there",
    "model",
    "environment",
    "instance_type",
    "instance_count",
    "created_at",
    "live_percent",
    "mirror_percent",
    "from",
    "seen_until",
    "next_seen_at",
    "snapshots",
    "longest_gap_hours",
    "requests",
    "request_days",
    "ended_at",
    "ended_by",
    "traffic_command",
]


def test_rows_have_their_fields_in_json_and_csv(shop: Shop) -> None:
    result = shop.run("history", "vision", "--format", "json")
    assert result.code == 0
    assert all(list(row) == FIELDS for row in result.json)
    fields = {
        row["deployment"]: (row["live_percent"], row["mirror_percent"]) for row in result.json
    }
    assert fields == {"main": (100, 0), "shadow": (0, 10)}
    assert list(shop.run("history", "vision", "--format", "csv").csv[0]) == FIELDS
    assert "shadow" in shop.run("history", "vision").out


def test_the_command_that_gives_the_traffic_back_is_reported(own: Shop) -> None:
    own.world.find("ws/fraud").traffic = {"blue": 70, "spare": 30}
    assert own.run("snapshot").code == 0
    own.world.find("ws/fraud").traffic = {"blue": 100}
    assert own.run("snapshot").code == 0
    rows = own.run("history", "ws/fraud", "--format", "json").json
    found = {row["traffic_command"].split("--traffic ")[1].split(" --work")[0] for row in rows}
    assert found == {"blue=100", "'blue=70 spare=30'"}
    out = own.run("history", "ws/fraud").out
    first = out.split("by hand:")[1].strip().splitlines()[0]
    assert "az ml online-endpoint update --name fraud --traffic 'blue=70 spare=30'" in first


def test_an_arm_id_in_any_case_or_the_path_is_a_target(shop: Shop) -> None:
    wanted = shop.run("history", "ws/quiet", "--format", "json").json[0]["endpoint_id"]
    for spelt in (wanted, wanted.upper(), wanted.strip("/"), "WS/Quiet", "quiet"):
        rows = shop.run("history", spelt, "--format", "json").json
        assert [row["endpoint_id"] for row in rows] == [wanted]


def test_an_ambiguous_name_is_refused_with_what_it_may_mean(shop: Shop) -> None:
    result = shop.run("history", "fraud")
    assert result.code == 1
    assert result.one_line().lower().count("/onlineendpoints/") == 2


@pytest.mark.parametrize("target", ["nobody", "raud", "/", "", "ws/fraud/old"])
def test_an_unknown_endpoint_is_one_line(shop: Shop, target: str) -> None:
    result = shop.run("history", target)
    assert result.code == 1
    assert "endpoint" in result.one_line()


def test_an_endpoint_that_was_deleted_keeps_its_history(own: Shop) -> None:
    quiet = own.world.find("ws/quiet")
    quiet.deleted_at = quiet.deployments[0].deleted_at = now()
    assert own.run("snapshot").code == 0
    assert "ws/quiet/only" not in own.rows()
    (row,) = own.run("history", "quiet", "--format", "json").json
    assert row["live_percent"] == 100
    assert row["next_seen_at"] > row["seen_until"]


MOMENT = [
    "endpoint_id",
    "workspace",
    "endpoint",
    "at",
    "deployment",
    "is_there",
    "model",
    "environment",
    "instance_type",
    "instance_count",
    "live_percent",
    "mirror_percent",
    "source",
    "certainty",
    "seen_before",
    "seen_after",
    "event",
    "event_at",
    "event_by",
]


def test_what_served_at_a_moment_has_its_fields_in_json_and_csv(shop: Shop) -> None:
    at = now().isoformat()
    rows = shop.run("history", "vision", "--at", at, "--format", "json").json
    assert all(list(row) == MOMENT for row in rows)
    assert [(row["deployment"], row["live_percent"], row["certainty"]) for row in rows] == [
        ("main", 100, "last-seen"),
        ("shadow", 0, "last-seen"),
    ]
    assert list(shop.run("history", "vision", "--at", at, "--format", "csv").csv[0]) == MOMENT
    out = shop.run("history", "vision", "--at", f"{now():%Y-%m-%dT%H:%M:%S}").out
    assert "there is none after it yet" in out


def test_who_moved_the_traffic_is_told_with_the_moment(own: Shop) -> None:
    endpoint = own.world.find("ws/fraud")
    began = own.world.clock.now() - timedelta(seconds=3)
    own.world.log_operation(
        endpoint.id, began, "ada@contoso.example", takes=timedelta(0), late=timedelta(0)
    )
    endpoint.traffic = {"blue": 70, "spare": 30}
    assert own.run("snapshot").code == 0
    out = own.run("history", "ws/fraud").out
    line = next(
        one for one in out.splitlines() if "ada@contoso.example" in one and "changed" in one
    )
    assert "map not known" in line
    body = {"properties": {"traffic": {"blue": 70, "spare": 30}}}
    own.world.log_operation(endpoint.id, began, "bob", body=body, takes=timedelta(0))
    own.world.clock.advance(timedelta(minutes=5))
    assert own.run("snapshot").code == 0
    assert "blue=70, spare=30" in own.run("history", "ws/fraud").out


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "", "12"])
def test_a_time_that_cannot_be_read_is_a_usage_error(shop: Shop, text: str) -> None:
    result = shop.run("history", "vision", "--at", text)
    assert result.code == 2
    assert "2026-11-30T14:05" in result.err.splitlines()[-1]


def test_a_time_ahead_is_a_usage_error(shop: Shop) -> None:
    result = shop.run("history", "vision", "--at", "2999-01-01")
    assert result.code == 2
    assert "lies ahead" in result.err.splitlines()[-1]


def test_a_time_before_the_first_snapshot_is_not_claimed_to_be_known(shop: Shop) -> None:
    result = shop.run("history", "vision", "--at", "2020-01-01", "--format", "json")
    assert result.code == 1
    assert "the first snapshot that read it" in result.one_line()
