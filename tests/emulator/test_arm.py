"""Reads and writes of ARM: shapes, paging, long-running operations, refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.core.rest import HttpResponse

from emulator import ABSENT, Deployment, Emulator, Endpoint, Workspace, steady
from tests.emulator.client import DAY, NOW, Client

TAGS = "/providers/Microsoft.Resources/tags/default"


def finish(client: Client, answer: HttpResponse) -> Any:
    """Poll an operation to its end."""
    address = answer.headers["Azure-AsyncOperation"]
    for _ in range(10):
        status = client.send("GET", address)
        if status.json()["status"] != "InProgress":
            return status.json()
    return None


def test_lists_come_in_pages(azure: Emulator, client: Client, endpoint: Endpoint) -> None:
    azure.world.page_size = 1
    page = client.get(f"{endpoint.id}/deployments")
    assert [row["name"] for row in page["value"]] == ["blue"]
    following = client.send("GET", page["nextLink"]).json()
    assert [row["name"] for row in following["value"]] == ["green"]
    assert following["nextLink"] is None


def test_what_is_not_born_yet_is_not_listed(
    azure: Emulator, client: Client, endpoint: Endpoint
) -> None:
    azure.world.clock.set(NOW - 60 * DAY)
    assert [row["name"] for row in client.get(f"{endpoint.id}/deployments")["value"]] == ["blue"]


def test_traffic_follows_its_schedule(azure: Emulator, client: Client, endpoint: Endpoint) -> None:
    endpoint.traffic = [(NOW - 90 * DAY, {"green": 100}), (NOW - 25 * DAY, {"blue": 100})]
    assert client.get(endpoint.id)["properties"]["traffic"] == {"blue": 100}
    azure.world.clock.set(NOW - 40 * DAY)
    assert client.get(endpoint.id)["properties"]["traffic"] == {"green": 100}


@pytest.mark.parametrize("traffic", [None, ABSENT], ids=["null", "absent"])
def test_traffic_may_be_null_or_absent(client: Client, endpoint: Endpoint, traffic: Any) -> None:
    endpoint.traffic = traffic
    shown = client.get(endpoint.id)["properties"]
    assert ("traffic" in shown) is (traffic is None)
    assert shown.get("traffic") is None


def test_no_mirror_is_said_in_three_ways(client: Client, workspace: Workspace) -> None:
    for number in range(12):
        workspace.endpoint(f"many-{number}")
    shown = [row["properties"] for row in client.get(f"{workspace.id}/onlineEndpoints")["value"]]
    found = {str(row.get("mirrorTraffic", "absent")) for row in shown}
    assert found == {"absent", "None", "{}"}


def test_a_fresh_endpoint_lacks_location_and_times(client: Client, workspace: Workspace) -> None:
    fresh = workspace.endpoint("fresh", location=None, created_at=None, state="Creating")
    shown = client.get(fresh.id)
    assert "location" not in shown
    assert shown["systemData"] == {}
    assert shown["properties"]["scoringUri"] is None


def test_kubernetes_and_scaled_deployments(client: Client, workspace: Workspace) -> None:
    edge = workspace.endpoint("edge", kind="K8S").deployment("a", instance_type="cpuinstance")
    scaled = workspace.endpoint("scaled").deployment("a", sku=None)
    shown = client.get(edge.id)
    assert (shown["kind"], shown["properties"]["endpointComputeType"]) == ("K8S", "Kubernetes")
    assert "sku" not in client.get(scaled.id)


def test_batch_and_serverless(client: Client, workspace: Workspace) -> None:
    batch = workspace.batch_endpoint("scores").deployment("default", model="m:2")
    serverless = workspace.serverless_endpoint("llama")
    assert client.get(batch.id)["properties"]["model"]["assetId"].endswith("/models/m/versions/2")
    assert client.get(serverless.id)["properties"]["endpointState"] == "Online"
    listed = client.get(f"{workspace.id}/serverlessEndpoints")["value"]
    assert [row["name"] for row in listed] == ["llama"]


def test_ids_are_found_in_any_case(client: Client, blue: Deployment) -> None:
    assert client.get(blue.id.upper())["name"] == "blue"


def test_a_delete_runs_and_ends(azure: Emulator, client: Client, green: Deployment) -> None:
    azure.world.polls_until_done = 2
    answer = client.send("DELETE", green.id)
    assert answer.status_code == 202
    assert {"Location", "Azure-AsyncOperation"} <= set(answer.headers)
    assert answer.headers["x-ms-retry-after-ms"] == "10"
    assert client.get(green.id)["properties"]["provisioningState"] == "Deleting"
    status = client.send("GET", answer.headers["Azure-AsyncOperation"]).json()["status"]
    assert status == "InProgress"
    assert finish(client, answer)["status"] == "Succeeded"
    assert client.send("GET", green.id).status_code == 404
    assert client.send("DELETE", green.id).status_code == 204


def test_the_location_answers_202_and_then_204(client: Client, green: Deployment) -> None:
    answer = client.send("DELETE", green.id)
    address = answer.headers["Location"]
    assert [client.send("GET", address).status_code for _ in range(2)] == [202, 204]


def test_a_failed_operation_is_http_200(azure: Emulator, client: Client, green: Deployment) -> None:
    azure.world.will_end("/deployments/green", "Failed", code="OutOfCapacity")
    answer = client.send("DELETE", green.id)
    status = finish(client, answer)
    assert (status["status"], status["error"]["code"]) == ("Failed", "OutOfCapacity")
    assert client.get(green.id)["properties"]["provisioningState"] == "Failed"


def test_an_operation_may_never_end(azure: Emulator, client: Client, green: Deployment) -> None:
    azure.world.will_end("green", "InProgress")
    assert finish(client, client.send("DELETE", green.id)) is None
    azure.world.clock.advance(DAY)
    assert client.get(green.id)["properties"]["provisioningState"] == "Deleting"


def test_an_operation_that_nobody_polls_ends_after_a_while(
    azure: Emulator, client: Client, green: Deployment
) -> None:
    client.send("DELETE", green.id)
    azure.world.clock.advance(DAY)
    assert client.send("GET", green.id).status_code == 404


def test_live_traffic_refuses_the_delete(client: Client, blue: Deployment) -> None:
    answer = client.send("DELETE", blue.id)
    assert answer.status_code == 400
    inner = json.loads(answer.json()["error"]["details"][0]["message"])
    assert "100% of the live traffic" in inner["errors"][""][0]


def test_traffic_keys_match_names_without_case(
    client: Client, endpoint: Endpoint, blue: Deployment
) -> None:
    endpoint.traffic = {"BLUE": 100}
    assert client.send("DELETE", blue.id).status_code == 400


def test_a_busy_endpoint_refuses_writes(
    client: Client, endpoint: Endpoint, green: Deployment
) -> None:
    endpoint.state = "Updating"
    assert client.send("DELETE", green.id).status_code == 409
    assert client.send("PATCH", green.id, {"tags": {}}).status_code == 409


def test_deleting_an_endpoint_deletes_its_deployments(
    client: Client, endpoint: Endpoint, blue: Deployment
) -> None:
    finish(client, client.send("DELETE", endpoint.id))
    assert client.send("GET", blue.id).status_code == 404


@pytest.mark.parametrize("scope", ["deployment", "endpoint", "group", "subscription"])
def test_a_lock_anywhere_above_refuses_the_delete(
    azure: Emulator, client: Client, green: Deployment, scope: str
) -> None:
    depth = {"deployment": 13, "endpoint": 11, "group": 5, "subscription": 3}[scope]
    azure.world.lock("/".join(green.id.split("/")[:depth]), "CanNotDelete")
    answer = client.send("DELETE", green.id)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "ScopeLocked")
    assert client.send("PATCH", green.id, {"tags": {"a": "b"}}).status_code == 200


def test_a_read_only_lock_refuses_every_write(
    azure: Emulator, client: Client, endpoint: Endpoint, green: Deployment
) -> None:
    azure.world.lock(endpoint, "ReadOnly")
    tags = f"{green.id}/providers/Microsoft.Resources/tags/default"
    merge = {"operation": "Merge", "properties": {"tags": {"a": "b"}}}
    assert client.send("PATCH", green.id, {"tags": {"a": "b"}}).status_code == 409
    assert client.send("PATCH", tags, merge).status_code == 409
    assert client.send("POST", f"{endpoint.id}/listKeys").status_code == 409
    assert green.tags == {}


def test_a_locked_deployment_keeps_its_endpoint(
    azure: Emulator, client: Client, endpoint: Endpoint, green: Deployment
) -> None:
    azure.world.lock(green)
    assert client.send("DELETE", endpoint.id).status_code == 409


def test_locks_are_listed_by_scope(
    azure: Emulator, client: Client, endpoint: Endpoint, green: Deployment
) -> None:
    subscription = "/".join(green.id.split("/")[:3])
    azure.world.lock(subscription, name="top")
    azure.world.lock(green, name="leaf")
    path = f"{subscription}/providers/Microsoft.Authorization/locks"
    assert [row["name"] for row in client.get(path)["value"]] == ["top", "leaf"]
    alone = client.get(path, **{"$filter": "atScope()"})["value"]
    assert [row["name"] for row in alone] == ["top"]
    path = f"{endpoint.id}/providers/Microsoft.Authorization/locks"
    assert [row["name"] for row in client.get(path)["value"]] == ["top", "leaf"]
    azure.world.locks_inherited = False
    assert [row["id"] for row in client.get(path)["value"]] == [
        f"{green.id}/providers/Microsoft.Authorization/locks/leaf"
    ]


def test_a_definition_read_can_be_put_back(client: Client, green: Deployment) -> None:
    green.properties["environmentVariables"] = {"SECRET": "s3cret"}
    archived = client.get(green.id)
    finish(client, client.send("DELETE", green.id))
    answer = client.send("PUT", green.id, archived)
    assert answer.status_code == 201
    assert answer.json()["properties"]["provisioningState"] == "Creating"
    assert finish(client, answer)["status"] == "Succeeded"
    restored = client.get(green.id)
    assert restored["properties"] == archived["properties"]
    assert (restored["sku"], restored["tags"]) == (archived["sku"], archived["tags"])
    assert restored["systemData"]["createdAt"].startswith("2026-11-23T12:00:00")


def test_an_existing_deployment_keeps_its_size(client: Client, green: Deployment) -> None:
    changed = client.get(green.id)
    changed["properties"]["instanceType"] = "Standard_F2s_v2"
    assert client.send("PUT", green.id, changed).status_code == 400


def test_a_put_needs_its_model(azure: Emulator, client: Client, green: Deployment) -> None:
    archived = client.get(green.id)
    finish(client, client.send("DELETE", green.id))
    azure.world.remove_asset(archived["properties"]["model"])
    assert client.send("PUT", green.id, archived).status_code == 400
    assert client.send("GET", archived["properties"]["model"]).status_code == 404


def test_assets_may_be_archived(azure: Emulator, client: Client, green: Deployment) -> None:
    model = green.properties["model"]
    assert client.get(model)["properties"]["isArchived"] is False
    azure.world.archive_asset(model)
    assert client.get(model)["properties"]["isArchived"] is True


def test_an_endpoint_is_put_with_its_traffic(
    client: Client, endpoint: Endpoint, green: Deployment
) -> None:
    body = client.get(endpoint.id)
    body["properties"]["traffic"] = {"green": 100}
    answer = client.send("PUT", endpoint.id, body)
    assert answer.status_code == 200
    finish(client, answer)
    assert client.get(endpoint.id)["properties"]["traffic"] == {"green": 100}


@pytest.mark.parametrize("traffic", [{"blue": 60}, {"ghost": 100}], ids=["sum", "stranger"])
def test_bad_traffic_is_refused(
    client: Client, endpoint: Endpoint, blue: Deployment, traffic: dict[str, int]
) -> None:
    body = client.get(endpoint.id)
    body["properties"]["traffic"] = traffic
    assert client.send("PUT", endpoint.id, body).status_code == 400
    assert endpoint.traffic == {"blue": 100}


def test_scaling_takes_a_while(client: Client, blue: Deployment) -> None:
    answer = client.send("PATCH", blue.id, {"sku": {"name": "Default", "capacity": 5}})
    assert answer.status_code == 202
    assert client.get(blue.id)["properties"]["provisioningState"] == "Scaling"
    finish(client, answer)
    assert client.get(blue.id)["sku"]["capacity"] == 5


def test_tags_merge_without_case_of_names(client: Client, blue: Deployment) -> None:
    path = f"{blue.id}/providers/Microsoft.Resources/tags/default"
    body = {"operation": "Merge", "properties": {"tags": {"role": "Rollback", "new": "x"}}}
    merged = client.send("PATCH", path, body).json()["properties"]["tags"]
    assert merged == {"Role": "Rollback", "new": "x"}
    assert client.get(path)["properties"]["tags"] == merged
    wrong = {"operation": "Delete", "properties": {"tags": {"ROLE": "rollback"}}}
    right = {"operation": "Delete", "properties": {"tags": {"ROLE": "Rollback"}}}
    assert client.send("PATCH", path, wrong).json()["properties"]["tags"] == merged
    assert client.send("PATCH", path, right).json()["properties"]["tags"] == {"new": "x"}


def test_tags_can_be_replaced_and_removed(client: Client, endpoint: Endpoint) -> None:
    path = f"{endpoint.id}/providers/Microsoft.Resources/tags/default"
    client.send("PUT", path, {"properties": {"tags": {"a": "b"}}})
    assert endpoint.tags == {"a": "b"}
    assert client.send("DELETE", path).status_code == 200
    assert endpoint.tags == {}


@pytest.mark.parametrize(
    "tags",
    [{f"n{number}": "" for number in range(51)}, {"a/b": "c"}, {"n" * 513: ""}, {"a": "v" * 257}],
    ids=["many", "letters", "long name", "long value"],
)
def test_bad_tags_are_refused(client: Client, blue: Deployment, tags: dict[str, str]) -> None:
    path = f"{blue.id}/providers/Microsoft.Resources/tags/default"
    body = {"operation": "Merge", "properties": {"tags": tags}}
    assert client.send("PATCH", path, body).status_code == 400
    assert blue.tags == {"Role": "test"}


def test_groups_and_subscriptions_have_tags(client: Client, blue: Deployment) -> None:
    group = "/".join(blue.id.split("/")[:5])
    path = f"{group}/providers/Microsoft.Resources/tags/default"
    client.send("PUT", path, {"properties": {"tags": {"owner": "x"}}})
    subscription = "/".join(blue.id.split("/")[:3])
    groups = client.get(f"{subscription}/resourcegroups")["value"]
    assert [row["tags"] for row in groups] == [{"owner": "x"}]


def test_management_group_descendants(azure: Emulator, client: Client) -> None:
    azure.world.management_group("contoso", azure.world.subscriptions)
    path = "/providers/Microsoft.Management/managementGroups/contoso/descendants"
    names = [row["name"] for row in client.get(path)["value"]]
    assert names == [azure.world.subscriptions[0].subscription_id]


def test_a_recreated_deployment_inherits_the_points_of_its_id(
    client: Client, endpoint: Endpoint
) -> None:
    old = endpoint.deployment("twin", created_at=NOW - 4 * DAY, requests=steady(10.0))
    endpoint.remove(old, at=NOW - 2 * DAY)
    new = endpoint.deployment("twin", created_at=NOW - 2 * DAY)
    points = client.series(new.id, "RequestsPerMinute")[0]["data"]
    assert [point.get("average") for point in points] == [None, 10.0, 10.0, 5.0, 0.0, 0.0]


@pytest.mark.parametrize(("method", "suffix"), [("DELETE", ""), ("PATCH", TAGS), ("PATCH", "")])
def test_a_disabled_subscription_is_read_and_refuses_writes(
    azure: Emulator, client: Client, green: Deployment, method: str, suffix: str
) -> None:
    azure.world.subscriptions[0].state = "Disabled"
    (listed,) = client.get("/subscriptions")["value"]
    assert listed["state"] == "Disabled"
    assert client.get(green.id)["name"] == "green"
    answer = client.send(method, green.id + suffix, {})
    code = answer.json()["error"]["code"]
    assert (answer.status_code, code) == (409, "ReadOnlyDisabledSubscription")


def test_a_workspace_that_is_deleted_softly_is_listed(client: Client, workspace: Workspace) -> None:
    workspace.delete_softly(NOW - DAY, NOW + 13 * DAY)
    properties = client.get(workspace.id)["properties"]
    assert properties["provisioningState"] == "SoftDeleted"
    assert properties["scheduledPurgeDate"] > properties["softDeletedAt"]
