"""Resource Manager's list of resources, names that are used again, and workspaces that move."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from emulator import Deployment, Emulator, Endpoint, Workspace, steady
from tests.emulator.client import DAY, NOW, ONLINE, Client

FILTER = f"resourceType eq '{ONLINE}/deployments'"


def listed(client: Client, workspace: Workspace, **query: str) -> Any:
    asked = {"$filter": FILTER, "$expand": "createdTime,changedTime", **query}
    path = f"/subscriptions/{workspace.subscription_id}/resources"
    return client.get(path, **{"api-version": "2021-04-01", **asked})


def test_it_has_generic_fields_and_the_times_that_are_asked_for(
    client: Client, workspace: Workspace, endpoint: Endpoint
) -> None:
    blue, green = listed(client, workspace)["value"]
    assert {"id", "name", "type", "location", "tags", "createdTime", "changedTime"} <= blue.keys()
    assert not {"properties", "systemData"} & green.keys()
    plain = listed(client, workspace, **{"$expand": ""})["value"]
    assert all("createdTime" not in row for row in plain)


def test_it_comes_in_pages(
    azure: Emulator, client: Client, workspace: Workspace, endpoint: Endpoint
) -> None:
    azure.world.longest_resource_page = 1
    page = listed(client, workspace)
    following = client.send("GET", page["nextLink"]).json()
    assert [row["name"] for row in page["value"] + following["value"]] == ["blue", "green"]
    assert "nextLink" not in following


def test_it_can_lag_and_lack_rows(
    azure: Emulator, client: Client, workspace: Workspace, endpoint: Endpoint, blue: Deployment
) -> None:
    endpoint.remove(blue, NOW - DAY)
    endpoint.deployment("blue", created_at=NOW - DAY / 2)
    now = listed(client, workspace)["value"][0]["createdTime"]
    azure.world.resource_list_lags = timedelta(days=2)
    before = listed(client, workspace)["value"][0]["createdTime"]
    assert before < now
    azure.world.not_in_resource_list = {blue.id.upper()}
    assert [row["name"] for row in listed(client, workspace)["value"]] == ["green"]


@pytest.mark.parametrize("query", [{"$filter": "name eq 'x'"}, {"$expand": "systemData"}])
def test_it_refuses_what_it_does_not_know(
    client: Client, workspace: Workspace, endpoint: Endpoint, query: dict[str, str]
) -> None:
    path = f"/subscriptions/{workspace.subscription_id}/resources"
    assert client.send("GET", path, None, **{"$filter": FILTER, **query}).status_code == 400


def test_it_can_be_refused_for_a_subscription(
    azure: Emulator, client: Client, workspace: Workspace, endpoint: Endpoint
) -> None:
    azure.world.forbid(workspace.subscription_id, ["resources"])
    path = f"/subscriptions/{workspace.subscription_id}/resources"
    assert client.send("GET", path, None, **{"$filter": FILTER}).status_code == 403


def test_a_moved_workspace_has_new_ids_and_metrics_since_the_move(
    azure: Emulator, client: Client, workspace: Workspace, endpoint: Endpoint, blue: Deployment
) -> None:
    before = blue.id
    blue.requests = steady(1)
    azure.world.clock.set(NOW - 2 * DAY)
    azure.world.move(workspace, azure.world.subscriptions[0].resource_group("rg-two"))
    azure.world.clock.set(NOW)
    assert "/rg-two/" in blue.id
    assert client.send("GET", before).status_code == 404
    shown = client.get(blue.id)
    assert shown["systemData"]["createdAt"][:10] == "2025-01-15"
    assert "/rg-two/" in shown["properties"]["model"]
    series = client.series(blue.id, "RequestsPerMinute")
    values = [point.get("average") for point in series[0]["data"]]
    assert [value is None for value in values] == [True, True, True, False, False, False]
    assert client.series(before, "RequestsPerMinute") == []
