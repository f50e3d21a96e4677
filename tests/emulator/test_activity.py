"""The activity log: what the stand-in notes of writes, and how it hands it out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from emulator import OBJECT_ID, Deployment, Emulator, Endpoint
from tests.emulator.client import DAY, NOW, Client

LOG = "/providers/Microsoft.Insights/eventtypes/management/values"
ML = "resourceProvider eq 'Microsoft.MachineLearningServices'"


def span(since: str, until: str, more: str = "") -> str:
    return f"eventTimestamp ge '{since}' and eventTimestamp le '{until}'{more}"


def events(client: Client, more: str = f" and {ML}", **query: str) -> list[Any]:
    now = client.azure.world.clock.now()
    first, last = (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (now - 30 * DAY, now + DAY))
    path = client.azure.world.subscriptions[0].id + LOG
    page = client.get(path, **{"$filter": span(first, last, more), **query})
    found: list[Any] = page["value"]
    while "nextLink" in page:
        page = client.send("GET", page["nextLink"]).json()
        found += page["value"]
    return found


def statuses(found: list[Any]) -> list[str]:
    return sorted(event["status"]["value"] for event in found)


def test_a_deletion_is_noted_from_its_start_to_its_end(client: Client, green: Deployment) -> None:
    client.send("DELETE", green.id, None)
    assert statuses(events(client)) == ["Accepted", "Started"]
    client.azure.world.clock.advance(timedelta(minutes=6))
    found = events(client)
    assert statuses(found) == ["Accepted", "Started", "Succeeded"]
    assert len({event["correlationId"] for event in found}) == 1
    assert {event["resourceId"] for event in found} == {green.id}
    assert {event["caller"] for event in found} == {OBJECT_ID}
    assert all(event["operationName"]["value"].endswith("/deployments/delete") for event in found)


def test_what_was_refused_is_noted_as_failed(client: Client, blue: Deployment) -> None:
    assert client.send("DELETE", blue.id, None).status_code == 400
    assert statuses(events(client)) == ["Failed", "Started"]


def test_the_body_of_a_request_is_held_where_that_is_asked_of_the_stand_in(
    client: Client, endpoint: Endpoint
) -> None:
    body = client.get(endpoint.id)
    body["properties"]["traffic"] = {"blue": 40, "green": 60}
    client.send("PUT", endpoint.id, body)
    assert not any("requestbody" in event["properties"] for event in events(client))
    client.azure.world.clock.advance(timedelta(minutes=6))
    client.azure.world.activity_has_bodies = True
    client.send("PUT", endpoint.id, body)
    held = [e["properties"]["requestbody"] for e in events(client) if "requestbody" in str(e)]
    assert [json.loads(text)["properties"]["traffic"] for text in held] == [
        {"blue": 40, "green": 60}
    ]


def test_tags_are_noted_under_the_provider_that_wrote_them(
    client: Client, green: Deployment
) -> None:
    body = {"operation": "Merge", "properties": {"tags": {"a": "b"}}}
    client.send("PATCH", f"{green.id}/providers/Microsoft.Resources/tags/default", body)
    assert events(client) == []
    (name,) = {event["operationName"]["value"] for event in events(client, "")}
    assert name == "Microsoft.Resources/tags/write"


def test_events_come_in_pages_in_no_order_with_the_fields_that_are_asked_for(
    client: Client, azure: Emulator, green: Deployment
) -> None:
    for age_days in range(1, 8):
        azure.world.log_operation(green.id, NOW - age_days * DAY, "ada@contoso.example")
    azure.world.activity_page_size = 4
    found = events(client, **{"$select": "eventTimestamp,correlationId,caller"})
    assert len(found) == 21
    times = [event["eventTimestamp"] for event in found]
    assert times != sorted(times)
    assert times != sorted(times, reverse=True)
    assert {name for event in found for name in event} == {
        "eventTimestamp",
        "correlationId",
        "caller",
    }


def test_an_event_is_not_there_before_it_was_submitted(
    client: Client, azure: Emulator, green: Deployment
) -> None:
    azure.world.log_operation(green.id, NOW, "ada", takes=timedelta(0), late=timedelta(minutes=20))
    assert events(client) == []
    azure.world.clock.advance(timedelta(minutes=21))
    assert len(events(client)) == 3


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "caller eq 'ada'",
        span("2026-11-20", "2026-11-21", " and resourceProvider eq 'a' and resourceUri eq 'b'"),
        span("2026-08-01T00:00:00Z", "2026-08-02T00:00:00Z"),
        span("last week", "today"),
    ],
)
def test_another_filter_or_one_that_goes_too_far_back_is_refused(
    client: Client, asked: str
) -> None:
    path = client.azure.world.subscriptions[0].id + LOG
    assert client.send("GET", path, None, **{"$filter": asked}).status_code == 400
