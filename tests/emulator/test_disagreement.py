"""Each way in which two answers about one thing can be made to differ."""

from __future__ import annotations

from typing import Any

from emulator import Deployment, Emulator, Endpoint, silent
from tests.emulator.client import DAY, NOW, Client

GRAPH = "/providers/Microsoft.ResourceGraph/resources"


def single(client: Client, resource: Any, metric: str, aggregation: str = "average") -> Any:
    query = {
        "api-version": "2024-02-01",
        "metricnames": metric,
        "timespan": f"{NOW - 3 * DAY:%Y-%m-%dT%H:%M:%SZ}/{NOW:%Y-%m-%dT%H:%M:%SZ}",
        "interval": "P1D",
        "aggregation": aggregation,
    }
    path = f"{resource.id}/providers/Microsoft.Insights/metrics"
    return client.get(path, **query)["value"][0]["timeseries"]


def graph_rows(client: Client, subscription: str) -> dict[str, Any]:
    query = "resources | where type contains 'onlineendpoints' | project id, name, tags, properties"
    body = {
        "subscriptions": [subscription],
        "query": f"{query}, systemData | order by id asc",
        "options": {"resultFormat": "objectArray"},
    }
    rows = client.send("POST", GRAPH, body).json()["data"]
    return {row["name"]: row for row in rows}


def test_one_resource_answers_what_the_batch_answers(client: Client, blue: Deployment) -> None:
    (one,) = single(client, blue, "RequestsPerMinute")
    batch = client.series(blue.id, "RequestsPerMinute")
    assert one["data"] == batch[0]["data"][-len(one["data"]) :]


def test_the_batch_can_show_more_than_the_call_for_one(
    azure: Emulator, client: Client, blue: Deployment
) -> None:
    azure.world.batch_factor = 2.0
    (one,) = single(client, blue, "RequestsPerMinute")
    (of_batch,) = client.series(blue.id, "RequestsPerMinute")
    assert (one["data"][-1]["average"], of_batch["data"][-1]["average"]) == (3.0, 6.0)


def test_a_total_is_given_only_where_it_is_told_to(
    azure: Emulator, client: Client, blue: Deployment
) -> None:
    (none,) = single(client, blue, "RequestsPerMinute", "average,total")
    assert "total" not in none["data"][1]
    azure.world.total_factor = 1.0
    (given,) = single(client, blue, "RequestsPerMinute", "average,total")
    assert given["data"][1]["total"] == 3.0 * 1440


def test_a_silent_deployment_can_emit_no_capacity(
    azure: Emulator, client: Client, blue: Deployment, green: Deployment
) -> None:
    green.requests = silent("nothing")
    azure.world.capacity_when_silent = False
    assert single(client, blue, "DeploymentCapacity")[0]["data"][1]["average"] == 2.0
    shown = [point for one in single(client, green, "DeploymentCapacity") for point in one["data"]]
    assert all("average" not in point for point in shown)


def test_the_graph_can_lose_what_resource_manager_has(
    azure: Emulator, client: Client, endpoint: Endpoint, blue: Deployment, green: Deployment
) -> None:
    blue.tags["owner"] = "a"
    whole = graph_rows(client, blue.subscription_id)
    azure.world.graph_loses = frozenset({"row", "traffic", "tag", "creation"})
    left = graph_rows(client, blue.subscription_id)
    assert set(whole) - set(left) == {max("blue", "green")}
    assert whole[endpoint.name]["properties"]["traffic"]
    assert left[endpoint.name]["properties"]["traffic"] == {}
    assert len(left["blue"]["tags"]) == len(whole["blue"]["tags"]) - 1
    assert left["blue"]["systemData"]["createdAt"] > whole["blue"]["systemData"]["createdAt"]
