"""Callers: a call in the traffic log is a call; no log and a refused one are never "nobody"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from collectors.connection.reading import Reader
from collectors.logs.callers import LATE, Callers, ask_callers, read_callers, with_pins
from collectors.logs.traffic_log import MOST_ROWS, TrafficLog, traffic_log_of
from emulator import Deployment, Endpoint, Fault, Workspace
from tests.scene import NOW, Bent, Scene, ago, body_of

GUID = "11111111-2222-3333-4444-555555555555"
LOGS = r"/v1/.*/query"
SETTINGS = "diagnosticSettings"
OID = "8d1f0c66-0000-4000-8000-000000000001"


@pytest.fixture
def reader(scene: Scene, endpoint: Endpoint) -> Iterator[Reader]:
    with scene.reader() as reading:
        yield reading


@pytest.fixture
def endpoint(workspace: Workspace) -> Endpoint:
    return workspace.endpoint("Fraud")


@pytest.fixture
def blue(endpoint: Endpoint) -> Deployment:
    return endpoint.deployment("Blue")


@pytest.fixture
def logged(scene: Scene, endpoint: Endpoint, blue: Deployment) -> Endpoint:
    """Two callers of blue, and one of green before the window."""
    scene.world.diagnose(endpoint, GUID)
    for hours in (3, 30):
        scene.world.log_call(
            blue, ago(0, hours), caller=OID, auth_type="AADToken", user_agent="nightly/2.1"
        )
    scene.world.log_call(blue, ago(1), caller=OID, auth_type="AADToken", user_agent="nightly/2.1")
    scene.world.log_call(blue, ago(5), status=401)
    scene.world.log_call(endpoint.deployment("green"), ago(40))
    return endpoint


def _ask(reader: Reader, endpoint: Endpoint, deployment: str | None = None) -> Callers:
    return read_callers(reader, endpoint.id, deployment, ago(35), NOW)


def test_callers_are_reported_with_identity_agent_number_and_last_time(
    reader: Reader, logged: Endpoint
) -> None:
    found = _ask(reader, logged, "BLUE")
    assert found.was_asked
    assert found.refused is None
    nightly, keyed = found.calls
    assert (nightly.deployment, nightly.auth_type, nightly.identity) == ("Blue", "AADToken", OID)
    assert (nightly.user_agent, nightly.calls, nightly.failures) == ("nightly/2.1", 3, 0)
    assert nightly.last_call_at == ago(0, 3)
    assert (keyed.auth_type, keyed.identity, keyed.calls, keyed.failures) == ("Key", "", 1, 1)
    assert "4 calls" in found.summary
    assert OID in found.summary


def test_two_requests_tell_it(scene: Scene, reader: Reader, logged: Endpoint) -> None:
    _ask(reader, logged)
    assert len([one for one in scene.azure.requests if SETTINGS in one.path]) == 1
    assert len(scene.asked("logs")) == 1
    assert reader.tally.sent["logs"] == 1
    assert scene.azure.writes == []


def test_a_call_of_the_very_moment_is_reported(
    scene: Scene, reader: Reader, logged: Endpoint, blue: Deployment
) -> None:
    scene.clock.advance(timedelta(milliseconds=700))
    scene.world.log_call(blue, scene.clock.now(), user_agent="the newest")
    found = read_callers(reader, logged.id, None, ago(35), scene.clock.now())
    assert found.calls[0].user_agent == "the newest"


def test_calls_before_the_window_are_not_reported(reader: Reader, logged: Endpoint) -> None:
    assert {one.deployment for one in _ask(reader, logged).calls} == {"Blue"}
    older = read_callers(reader, logged.id, None, ago(60), NOW)
    assert {one.deployment for one in older.calls} == {"Blue", "green"}


def test_without_a_setting_nobody_is_asked_and_nobody_is_not_said(
    scene: Scene, reader: Reader, endpoint: Endpoint, blue: Deployment
) -> None:
    found = _ask(reader, endpoint)
    assert found == Callers(False, None, (), "not asked: no traffic log")
    assert scene.asked("logs") == []


def test_an_empty_log_is_reported_with_what_it_cannot_hold(
    scene: Scene, reader: Reader, endpoint: Endpoint, blue: Deployment
) -> None:
    scene.world.diagnose(endpoint, GUID)
    found = _ask(reader, endpoint)
    assert (found.was_asked, found.refused, found.calls) == (True, None, ())
    assert LATE in found.summary


@pytest.mark.parametrize("path", [LOGS, SETTINGS])
@pytest.mark.parametrize("kind", ["forbid", "throttle", "unavailable", "drop", "garble"])
def test_what_cannot_be_read_is_refused_and_never_nobody(
    scene: Scene, reader: Reader, logged: Endpoint, path: str, kind: Any
) -> None:
    scene.azure.faults.add(Fault(kind, path=path))
    found = _ask(reader, logged)
    assert found.was_asked
    assert found.refused
    assert found.calls == ()
    assert "could not be read" in found.summary


def test_a_refused_log_names_the_role_to_ask_for(
    scene: Scene, reader: Reader, logged: Endpoint
) -> None:
    scene.azure.faults.add(Fault("forbid", path=LOGS))
    assert "Log Analytics Reader" in str(_ask(reader, logged).refused)


def test_a_partial_answer_keeps_its_calls_and_is_refused_all_the_same(
    scene: Scene, reader: Reader, logged: Endpoint
) -> None:
    error = {"code": "PartialError", "message": "There were some errors."}
    scene.azure.bend(LOGS, lambda body: body | {"error": error})
    found = _ask(reader, logged)
    assert len(found.calls) == 2
    assert "PartialError" in str(found.refused)


def test_a_partial_answer_without_rows_is_refused(
    scene: Scene, reader: Reader, logged: Endpoint
) -> None:
    scene.azure.bend(LOGS, lambda _body: {"error": {"code": "PartialError"}})
    found = _ask(reader, logged)
    assert (found.calls, found.was_asked) == ((), True)
    assert "PartialError" in str(found.refused)


def test_more_callers_than_were_asked_for_are_reported(
    scene: Scene, reader: Reader, logged: Endpoint, blue: Deployment
) -> None:
    for number in range(MOST_ROWS + 5):
        scene.world.log_call(blue, ago(1), user_agent=f"agent/{number}")
    found = _ask(reader, logged)
    assert len(found.calls) == MOST_ROWS
    assert str(MOST_ROWS) in str(found.refused)


ODD: list[Any] = [
    {},
    {"tables": None},
    {"tables": []},
    {"tables": [3]},
    {"tables": [{"columns": [], "rows": None}]},
    {"tables": [{"columns": [{"name": "last"}], "rows": [[1, 2]]}]},
    {"tables": [{"columns": [{"name": "last"}], "rows": [["2026-11-20T00:00:00Z"]]}]},
    {"tables": [{"columns": [{"name": "requests"}], "rows": [[4]]}]},
    {"tables": [{"columns": [3], "rows": [[4]]}]},
]


@pytest.mark.parametrize("body", ODD)
def test_an_answer_of_another_shape_is_refused_and_no_crash(
    scene: Scene, reader: Reader, logged: Endpoint, body: Any
) -> None:
    scene.azure.bend(LOGS, lambda _body: body)
    found = _ask(reader, logged)
    assert found.refused
    assert found.calls == ()


def test_columns_count_by_name_wherever_they_stand(
    scene: Scene, reader: Reader, logged: Endpoint
) -> None:
    def turned(body: Any) -> Any:
        (table,) = body["tables"]
        table["columns"].reverse()
        for row in table["rows"]:
            row.reverse()
        return body

    straight = _ask(reader, logged)
    scene.azure.bend(LOGS, turned)
    assert _ask(reader, logged) == straight


@pytest.mark.parametrize("name", ["o'brien", "back\\slash", "both\\'", 'dou"ble', "' or '' =~ '"])
def test_a_name_with_quotes_asks_for_that_name_alone(
    scene: Scene, reader: Reader, endpoint: Endpoint, logged: Endpoint, name: str
) -> None:
    scene.world.log_call(endpoint.deployment(name), ago(2))
    found = _ask(reader, endpoint, name)
    assert found.refused is None
    assert [one.deployment for one in found.calls] == [name]


@pytest.mark.parametrize("name", ["", "two\nlines", "nul\0"])
def test_a_name_that_no_literal_holds_is_not_asked(
    scene: Scene, reader: Reader, logged: Endpoint, name: str
) -> None:
    assert "BadName" in str(_ask(reader, logged, name).refused)
    assert scene.asked("logs") == []


@pytest.mark.parametrize(
    "workspace_id",
    [
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
        "/subscriptions/s/resourceGroups/../providers/Microsoft.OperationalInsights/workspaces/",
        "https://evil.example/subscriptions/s",
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/a?b",
    ],
)
def test_a_setting_that_names_no_log_workspace_sends_no_request_anywhere(
    scene: Scene, reader: Reader, endpoint: Endpoint, workspace_id: str
) -> None:
    found = ask_callers(reader, TrafficLog((workspace_id,)), endpoint.id, None, ago(35), NOW)
    assert "BadId" in str(found.refused)
    assert [one for one in scene.azure.requests if one.source != "identity"] == []


def test_a_log_that_goes_to_a_storage_account_only_cannot_be_read(
    scene: Scene, reader: Reader, endpoint: Endpoint
) -> None:
    setting = scene.world.diagnose(endpoint, GUID)
    setting["properties"]["storageAccountId"] = setting["properties"].pop("workspaceId")
    found = _ask(reader, endpoint)
    assert found.was_asked
    assert "storage account" in str(found.refused)


@pytest.mark.parametrize(
    ("log", "sends"),
    [
        ({"category": "AmlOnlineEndpointTrafficLog", "enabled": True}, True),
        ({"category": "amlonlineendpointtrafficlog", "enabled": True}, True),
        ({"category": "AmlOnlineEndpointTrafficLog", "enabled": False}, False),
        ({"category": "AmlOnlineEndpointConsoleLog", "enabled": True}, False),
        ({"categoryGroup": "allLogs", "category": None, "enabled": True}, True),
        ({}, False),
        (None, False),
    ],
)
def test_only_a_setting_that_sends_the_traffic_log_counts(log: Any, sends: bool) -> None:
    setting = {"properties": {"workspaceId": "/subscriptions/s", "logs": [log]}}
    assert traffic_log_of([setting]).is_sent is sends


@pytest.mark.parametrize("setting", [{}, {"properties": None}, {"properties": {"logs": 3}}])
def test_an_odd_setting_sends_nothing(setting: Any) -> None:
    assert not traffic_log_of([setting]).is_sent


def test_the_same_calls_in_two_workspaces_are_counted_once(
    scene: Scene, reader: Reader, logged: Endpoint
) -> None:
    once = _ask(reader, logged)
    second = scene.world.diagnose(logged, GUID, "second")
    second["properties"]["workspaceId"] += "-2"
    assert _ask(reader, logged) == once
    assert len(scene.asked("logs")) == 3


def test_one_workspace_that_refuses_leaves_the_log_unread(
    scene: Scene, reader: Reader, logged: Endpoint
) -> None:
    second = scene.world.diagnose(logged, GUID, "second")
    second["properties"]["workspaceId"] += "-2"
    scene.azure.faults.add(Fault("forbid", path="workspaces/logs-2/query"))
    found = _ask(reader, logged)
    assert len(found.calls) == 2
    assert found.refused


def test_texts_of_callers_are_one_line_and_cut(
    scene: Scene, reader: Reader, logged: Endpoint, blue: Deployment
) -> None:
    nasty = "=cmd|'/c calc'!A1\x1b[31m\n[bold]" + "x" * 500

    def spoken(body: Any) -> Any:
        for row in body["tables"][0]["rows"]:
            row[2] = row[3] = nasty
        return body

    scene.azure.bend(LOGS, spoken)
    for one in _ask(reader, logged).calls:
        for text in (one.identity, one.user_agent):
            assert text.isprintable()
            assert len(text) <= 100


def test_a_call_without_a_share_is_pinned(reader: Reader, logged: Endpoint) -> None:
    found = _ask(reader, logged)
    assert [one.is_pinned for one in found.calls] == [None, None]
    fields = {ago(0, 3): False, ago(5): True}
    marked = with_pins(found, lambda _deployment, at: fields[at])
    assert [one.is_pinned for one in marked.calls] == [True, False]


def test_without_an_address_for_logs_the_log_is_refused_and_no_host_is_asked(
    scene: Scene, logged: Endpoint
) -> None:
    scene.cloud = replace(scene.cloud, logs=None)
    with scene.reader() as reading:
        found = _ask(reading, logged)
    assert "NoLogsAddress" in str(found.refused)
    assert scene.asked("logs") == []


def test_the_log_is_asked_at_its_own_address_with_a_token_for_it_alone(
    scene: Scene, logged: Endpoint
) -> None:
    scope = f"{scene.azure.url}/the-logs"
    scene.cloud = replace(scene.cloud, logs_scope=f"{scope}/.default")
    with scene.reader() as reading:
        _ask(reading, logged)
    azure: Bent = scene.azure
    asked = {(audience, "/v1/" in target) for target, audience in azure.audiences}
    assert asked == {(scene.azure.url, False), (scope, True)}
    (request,) = scene.asked("logs")
    assert body_of(request)["timespan"] == "2026-10-19T18:00:00Z/2026-11-23T18:00:00Z"


def test_a_next_page_of_settings_on_another_host_is_not_asked(
    scene: Scene, reader: Reader, logged: Endpoint
) -> None:
    scene.azure.bend(SETTINGS, lambda body: body | {"nextLink": "https://localhost:1/next"})
    found = _ask(reader, logged)
    assert "UnknownHost" in str(found.refused)
    assert found.calls == ()


def test_a_table_that_is_not_there_is_refused_in_azures_own_words(
    scene: Scene, reader: Reader, logged: Endpoint
) -> None:
    scene.azure.before("POST", LOGS, lambda world: world.diagnostic_settings.clear())
    found = _ask(reader, logged)
    assert "Failed to resolve table" in str(found.refused)
    assert found.calls == ()
