"""`mothball show --callers`: the callers and assets of one deployment, on request only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from emulator import Fault
from tests.mothball.shop import CONTROL, Shop, now

GUID = "11111111-2222-3333-4444-555555555555"
OID = "8d1f0c66-0000-4000-8000-000000000001"
TARGET = "ws/fraud/old"


@pytest.fixture
def logged(own: Shop) -> Shop:
    own.world.diagnose(own.world.find("ws/fraud"), GUID)
    own.world.log_call(
        own.world.find(TARGET),
        now() - timedelta(hours=5),
        caller=OID,
        user_agent="nightly/2.1",
        auth_type="AADToken",
    )
    return own


def test_without_the_option_nothing_is_asked(shop: Shop) -> None:
    result = shop.run("show", TARGET)
    assert "callers: not asked (--callers asks)" in result.out
    row = shop.run("show", TARGET, "--format", "json").json
    assert (row["callers"], row["assets"]) == (None, None)
    assert shop.azure.requests == []


def test_callers_and_assets_are_shown_on_request(logged: Shop) -> None:
    result = logged.run("show", TARGET, "--callers")
    assert result.code == 0, result.err
    for text in (OID, "nightly/2.1", "AADToken", "model exists", "code exists"):
        assert text in result.out
    assert logged.azure.writes == []


def test_json_holds_callers_and_assets(logged: Shop) -> None:
    row = logged.run("show", TARGET, "--callers", "--format", "json").json
    assert row["callers"]["was_asked"] is True
    assert row["callers"]["refused"] is None
    (caller,) = row["callers"]["calls"]
    assert (caller["identity"], caller["calls"], caller["failures"]) == (OID, 1, 0)
    assert {asset["role"] for asset in row["assets"]} == {"model", "environment", "code"}
    assert all(asset["exists"] for asset in row["assets"])


def test_without_a_traffic_log_nobody_is_not_said(own: Shop) -> None:
    result = own.run("show", TARGET, "--callers")
    assert result.code == 0, result.err
    assert "callers: not asked: no traffic log" in result.out


def test_a_missing_asset_is_a_finding(own: Shop) -> None:
    own.world.archive_asset(str(own.world.find(TARGET).properties["environmentId"]))
    row = own.run("show", TARGET, "--callers", "--format", "json").json
    assert any(sentence.startswith("environment is archived") for sentence in row["findings"])
    assert "environment is archived" in own.run("show", TARGET, "--callers").out


def test_a_refused_log_is_a_named_read_error_and_the_rest_is_shown(logged: Shop) -> None:
    logged.azure.faults.add(Fault("forbid", path=r"/v1/.*/query"))
    result = logged.run("show", TARGET, "--callers")
    assert result.code == 3
    assert f"{TARGET}: idle" in result.out
    assert "not read: callers" in result.err
    assert "Log Analytics Reader" in result.err


def test_without_a_sign_in_the_store_is_shown_and_the_read_error_named(
    logged: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "not the secret")
    result = logged.run("show", TARGET, "--callers")
    assert result.code == 3
    assert f"{TARGET}: idle" in result.out
    assert "AADSTS7000215" in result.err
    assert result.err.count("az login") == 1


def test_a_caller_cannot_steer_the_terminal(logged: Shop) -> None:
    target = logged.world.find(TARGET)
    logged.world.log_call(target, now() - timedelta(hours=1), user_agent=CONTROL, caller=CONTROL)
    result = logged.run("show", TARGET, "--callers")
    assert "\x1b" not in result.out
    assert "\x07" not in result.out
    assert "\u202e" not in result.out


def test_a_serverless_endpoint_has_no_traffic_log(own: Shop) -> None:
    result = own.run("show", "lab/llama", "--callers")
    assert result.code == 0, result.err
    assert "callers: not asked: serverless has no traffic log" in result.out
