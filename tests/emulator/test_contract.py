"""The stand-in's answers fit Microsoft's OpenAPI documents.

They are read from the folder that AZURE_SPECS names; they are no part of the project.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator import Clock, Emulator, sample_tenant
from tests.emulator.client import DAY, NOW, ONLINE, Client
from tests.emulator.contract import Contract

SPECS = os.environ.get("AZURE_SPECS")
pytestmark = pytest.mark.skipif(
    not SPECS, reason="AZURE_SPECS names no folder of Microsoft's OpenAPI documents"
)
ROOT = Path(SPECS or ".") / "specification"
LEARNING = (
    "machinelearningservices/resource-manager/Microsoft.MachineLearningServices/stable/2025-09-01"
)
RESOURCES = "resources/resource-manager/Microsoft.Resources/stable"


def contract(path: str) -> Contract:
    return Contract(ROOT / path)


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    with Emulator(sample_tenant(NOW), Clock(NOW)) as azure:
        client = Client(azure)
        yield client
        client.close()


def paths(client: Client, leaf: str) -> list[str]:
    found = [one for one in client.azure.world.resources() if one.type.endswith(leaf)]
    assert found, leaf
    return [one.id for one in found]


@pytest.mark.parametrize(
    ("leaf", "operation", "document"),
    [
        ("workspaces", "Workspaces_Get", "workspaceRP.json"),
        ("onlineEndpoints", "OnlineEndpoints_Get", "mfe.json"),
        ("onlineEndpoints/deployments", "OnlineDeployments_Get", "mfe.json"),
        ("batchEndpoints", "BatchEndpoints_Get", "mfe.json"),
        ("batchEndpoints/deployments", "BatchDeployments_Get", "mfe.json"),
        ("serverlessEndpoints", "ServerlessEndpoints_Get", "mfe.json"),
    ],
)
def test_resources_of_machine_learning(
    served: Client, leaf: str, operation: str, document: str
) -> None:
    schema = contract(f"{LEARNING}/{document}")
    for path in paths(served, leaf):
        assert schema.deviations(operation, 200, served.get(path)) == []


@pytest.mark.parametrize(
    ("suffix", "parent", "operation", "document"),
    [
        ("onlineEndpoints", "workspaces", "OnlineEndpoints_List", "mfe.json"),
        ("deployments", "onlineEndpoints", "OnlineDeployments_List", "mfe.json"),
        ("batchEndpoints", "workspaces", "BatchEndpoints_List", "mfe.json"),
        ("serverlessEndpoints", "workspaces", "ServerlessEndpoints_List", "mfe.json"),
        ("skus", "onlineEndpoints/deployments", "OnlineDeployments_ListSkus", "mfe.json"),
    ],
)
def test_lists_of_machine_learning(
    served: Client, suffix: str, parent: str, operation: str, document: str
) -> None:
    schema = contract(f"{LEARNING}/{document}")
    for path in paths(served, parent):
        assert schema.deviations(operation, 200, served.get(f"{path}/{suffix}")) == []


def test_assets(served: Client) -> None:
    properties = served.azure.world.find("fraud/blue").properties
    schema = contract(f"{LEARNING}/mfe.json")
    for path, operation in [
        (properties["model"], "ModelVersions_Get"),
        (properties["environmentId"], "EnvironmentVersions_Get"),
        (properties["codeConfiguration"]["codeId"], "CodeVersions_Get"),
    ]:
        assert schema.deviations(operation, 200, served.get(path)) == []


def test_errors_of_machine_learning(served: Client) -> None:
    schema = contract(f"{LEARNING}/mfe.json")
    blue = served.azure.world.find("fraud/blue")
    absent = served.send("GET", f"{blue.id}-not")
    refused = served.send("DELETE", blue.id)
    assert (absent.status_code, refused.status_code) == (404, 400)
    assert schema.deviations("OnlineDeployments_Get", 404, absent.json()) == []
    assert schema.deviations("OnlineDeployments_Delete", 400, refused.json()) == []


def test_usages(served: Client) -> None:
    subscription = served.azure.world.subscriptions[0].id
    region = "providers/Microsoft.MachineLearningServices/locations/westeurope"
    reported = served.get(f"{subscription}/{region}/usages")
    schema = contract(f"{LEARNING}/machineLearningServices.json")
    assert schema.deviations("Usages_List", 200, reported) == []
    assert any(row["currentValue"] for row in reported["value"])


def test_subscriptions_groups_and_tags(served: Client) -> None:
    subscription = served.azure.world.subscriptions[0].id
    subscriptions = contract(f"{RESOURCES}/2022-12-01/subscriptions.json")
    resources = contract(f"{RESOURCES}/2025-04-01/resources.json")
    tags = served.get(f"{subscription}/providers/Microsoft.Resources/tags/default")
    groups = served.get(f"{subscription}/resourcegroups")
    assert subscriptions.deviations("Subscriptions_List", 200, served.get("/subscriptions")) == []
    assert subscriptions.deviations("Subscriptions_Get", 200, served.get(subscription)) == []
    assert resources.deviations("ResourceGroups_List", 200, groups) == []
    assert resources.deviations("Tags_GetAtScope", 200, tags) == []


def test_locks(served: Client) -> None:
    path = "resources/resource-manager/Microsoft.Authorization/stable/2020-05-01/locks.json"
    subscription = served.azure.world.subscriptions[0].id
    found = served.get(f"{subscription}/providers/Microsoft.Authorization/locks")
    assert found["value"]
    operation = "ManagementLocks_ListAtSubscriptionLevel"
    assert contract(path).deviations(operation, 200, found) == []


def test_resource_graph(served: Client) -> None:
    path = (
        "resourcegraph/resource-manager/Microsoft.ResourceGraph/stable/2024-04-01/"
        "resourcegraph.json"
    )
    answer = served.graph("resources | project id, name, properties | order by id asc")
    refused = served.graph("resources | project nonsense")
    assert contract(path).deviations("Resources", 200, answer.json()) == []
    assert contract(path).deviations("Resources", 400, refused.json()) == []


def test_metrics(served: Client) -> None:
    path = "monitor/data-plane/Microsoft.Insights/stable/2024-02-01/metricBatch.json"
    world = served.azure.world
    deployments = [one.id for one in world.find("mlw-payments/fraud").deployments]
    answers = [
        served.metrics(deployments, "RequestsPerMinute,CpuUtilizationPercentage"),
        served.metrics(
            [world.find("mlw-payments/fraud").id],
            "RequestsPerMinute",
            filter="deployment eq '*'",
            aggregation="average,maximum",
            starttime=(NOW - 93 * DAY).isoformat(),
        ),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert contract(path).deviations("Batch", 200, answer.json()) == []


def test_metric_definitions(served: Client) -> None:
    path = (
        "monitor/resource-manager/Microsoft.Insights/stable/2024-02-01/metricDefinitions_API.json"
    )
    fraud = served.azure.world.find("mlw-payments/fraud")
    found = served.get(f"{fraud.id}/providers/Microsoft.Insights/metricDefinitions")
    assert {one["name"]["value"] for one in found["value"]} >= {"RequestsPerMinute"}
    assert found["value"][0]["namespace"] == ONLINE
    assert contract(path).deviations("MetricDefinitions_List", 200, found) == []


def test_the_walker_sees_what_is_wrong(served: Client) -> None:
    schema = contract(f"{LEARNING}/mfe.json")
    answer: dict[str, Any] = served.get(served.azure.world.find("fraud/blue").id)
    del answer["location"]
    answer["properties"]["endpointComputeType"] = "Managed"
    answer["properties"]["provisioningState"] = "Sleeping"
    answer["properties"]["appInsightsEnabled"] = "no"
    found = " ".join(schema.deviations("OnlineDeployments_Get", 200, answer))
    for expected in ("lacks location", "'Sleeping'", "appInsightsEnabled is str"):
        assert expected in found


def test_costs(served: Client) -> None:
    path = (
        "cost-management/resource-manager/Microsoft.CostManagement/stable/2025-03-01/"
        "costmanagement.json"
    )
    body = {
        "type": "ActualCost",
        "timeframe": "MonthToDate",
        "dataset": {
            "granularity": "Daily",
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "grouping": [{"type": "TagKey", "name": "azuremlendpoint"}],
        },
    }
    scope = served.azure.world.subscriptions[0].id
    url = f"{scope}/providers/Microsoft.CostManagement/query"
    answer = served.send("POST", url, body)
    refused = served.send("POST", url, {**body, "timeframe": "Yesterday"})
    assert answer.json()["properties"]["rows"]
    assert contract(path).deviations("Query_Usage", 200, answer.json()) == []
    assert contract(path).deviations("Query_Usage", 400, refused.json()) == []


def test_autoscale_settings(served: Client) -> None:
    path = "monitor/resource-manager/Microsoft.Insights/stable/2022-10-01/autoscale_API.json"
    blue = served.azure.world.find("fraud/blue")
    base = f"/subscriptions/{blue.subscription_id}/providers/Microsoft.Insights/autoscalesettings"
    found = served.get(base)
    assert found["value"]
    operation = "AutoscaleSettings_ListBySubscription"
    assert contract(path).deviations(operation, 200, found) == []


def test_the_traffic_log(served: Client) -> None:
    path = "monitor/data-plane/Microsoft.OperationalInsights/stable/v1/OperationalInsights.json"
    chargeback = served.azure.world.find("chargeback")
    body = {"query": "AmlOnlineEndpointTrafficLog | take 5", "timespan": "P30D"}
    answer = served.send("POST", f"/v1{chargeback.id}/query", body)
    assert answer.json()["tables"][0]["rows"]
    assert contract(path).deviations("Query_ExecuteWithResourceId", 200, answer.json()) == []
