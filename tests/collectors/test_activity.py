"""The Activity Log as events: which are kept, what of them, and what is no answer."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from collectors.activity.log import read_activity
from collectors.connection.errors import AzureFailure, Misshapen, Refused
from collectors.connection.reading import Reader
from collectors.records import ActivityEvent, key_of
from emulator import Endpoint, Fault, Workspace
from tests.scene import NOW, Scene, ago, query_of

LOG = "eventtypes"
ADA = "ada@contoso.example"


@pytest.fixture
def endpoint(workspace: Workspace) -> Endpoint:
    return workspace.endpoint("fraud", traffic={"blue": 100})


def read(reader: Reader, endpoint: Endpoint) -> list[ActivityEvent]:
    return list(read_activity(reader, endpoint.subscription_id, ago(89), NOW))


def test_an_event_says_who_did_what_to_which_resource_and_when(
    scene: Scene, reader: Reader, endpoint: Endpoint
) -> None:
    spelt = endpoint.id.replace("onlineEndpoints", "OnlineEndpoints") + "/deployments/Blue"
    correlation = scene.world.log_operation(
        spelt, ago(3), ADA, "delete", statuses=["Started", "Succeeded"]
    )
    first, last = sorted(read(reader, endpoint), key=lambda one: one.happened_at)
    assert first == ActivityEvent(
        subscription_id=endpoint.subscription_id.lower(),
        resource_key=key_of(f"{endpoint.id}/deployments/blue"),
        correlation_id=correlation,
        operation="delete",
        status="started",
        happened_at=ago(3),
        caller=ADA,
    )
    assert (last.status, last.happened_at) == ("succeeded", ago(3) + timedelta(minutes=2))


@pytest.mark.parametrize(
    ("word", "status"),
    [("Start", "started"), ("ACCEPTED", "accepted"), ("Success", "succeeded"), ("Odd", None)],
)
def test_the_words_of_either_schema_are_understood_and_others_are_unknown(
    scene: Scene, reader: Reader, endpoint: Endpoint, word: str, status: str | None
) -> None:
    scene.world.log_operation(endpoint.id, ago(3), ADA, statuses=[word])
    assert [event.status for event in read(reader, endpoint)] == [status]


def test_only_what_can_serve_is_kept_and_of_a_workspace_only_its_end(
    scene: Scene, reader: Reader, endpoint: Endpoint, workspace: Workspace
) -> None:
    log = scene.world.log_operation
    for identity, verb in (
        (workspace.id, "write"),
        (workspace.id, "delete"),
        (f"{workspace.id}/jobs/one", "write"),
        (f"{endpoint.id}/deployments/blue", "write"),
        (endpoint.id, "listKeys/action"),
        (f"{workspace.id}/serverlessEndpoints/llama", "delete"),
    ):
        log(identity, ago(3), ADA, verb, statuses=["Succeeded"])
    found = {
        (event.resource_key.rsplit("/", 2)[1], event.operation) for event in read(reader, endpoint)
    }
    assert found == {
        ("workspaces", "delete"),
        ("deployments", "write"),
        ("serverlessendpoints", "delete"),
    }


def test_of_a_body_nothing_but_the_maps_of_traffic_is_kept(
    scene: Scene, reader: Reader, endpoint: Endpoint
) -> None:
    body = {
        "tags": {"owner": "tag-value-of-somebody"},
        "properties": {
            "traffic": {"blue": 30, "green": 70},
            "mirrorTraffic": {"red": 10},
            "environmentVariables": {"TOKEN": "hunter2"},
        },
    }
    scene.world.log_operation(endpoint.id, ago(3), ADA, body=body, statuses=["Started"])
    (event,) = read(reader, endpoint)
    assert event.traffic == {"blue": 30, "green": 70}
    assert event.mirror == {"red": 10}
    text = json.dumps(asdict(event), default=str)
    for value in ("hunter2", "tag-value-of-somebody", "203.0.113.7", "name of"):
        assert value not in text


@pytest.mark.parametrize(
    "body",
    ['{"properties": {"traffic": {"bl', "[]", '{"properties": {"traffic": {"blue": "x"}}}', "{}"],
)
def test_a_body_that_is_cut_or_odd_gives_no_map(
    scene: Scene, reader: Reader, endpoint: Endpoint, body: str
) -> None:
    scene.world.log_operation(endpoint.id, ago(3), ADA, body=body, statuses=["Started"])
    assert [event.traffic for event in read(reader, endpoint)] == [None]


def test_claims_and_addresses_are_not_even_asked_for_and_pages_are_followed(
    scene: Scene, reader: Reader, endpoint: Endpoint
) -> None:
    for age_days in range(1, 6):
        scene.world.log_operation(endpoint.id, ago(age_days), ADA)
    scene.world.activity_page_size = 4
    assert len(read(reader, endpoint)) == 15
    asked = scene.asked("activity")
    assert len(asked) == 4
    fields = query_of(asked[0])["$select"].split(",")
    assert {"claims", "httpRequest", "authorization"} & {*fields} == set()


def test_a_refusal_is_raised(scene: Scene, reader: Reader, endpoint: Endpoint) -> None:
    scene.azure.faults.add(Fault("forbid", path=LOG))
    with pytest.raises(Refused):
        read(reader, endpoint)


@pytest.mark.parametrize("status", [429, 500])
def test_a_log_that_does_not_answer_to_the_end_is_raised(
    scene: Scene, reader: Reader, endpoint: Endpoint, status: int
) -> None:
    scene.azure.faults.add(Fault("unavailable", path=LOG, status=status, retry_after=1))
    with pytest.raises(AzureFailure):
        read(reader, endpoint)


@pytest.mark.parametrize("name", ["operationName", "status", "resourceId", "eventTimestamp"])
def test_an_event_without_its_shape_is_a_failure_after_those_that_are_whole(
    scene: Scene, reader: Reader, endpoint: Endpoint, name: str
) -> None:
    scene.world.log_operation(endpoint.id, ago(3), ADA)

    def without(page: Any) -> Any:
        page["value"][1].pop(name)
        return page

    scene.azure.bend(LOG, without)
    found: list[ActivityEvent] = []
    with pytest.raises(Misshapen):
        found.extend(read_activity(reader, endpoint.subscription_id, ago(89), NOW))
    assert len(found) == 2
