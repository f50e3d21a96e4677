"""Resource Graph: its pipeline, its paging, and what it hides."""

from __future__ import annotations

import pytest

from emulator import Deployment, Emulator, Endpoint, Fault, Workspace
from tests.emulator.client import Client

TYPE = "microsoft.machinelearningservices/workspaces/onlineendpoints/deployments"


def names(answer: object) -> list[str]:
    return [row["name"] for row in answer.json()["data"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "where",
    [
        f"type in~ ('{TYPE.upper()}')",
        f"type == '{TYPE}'",
        f"type =~ '{TYPE.title()}' and (name == 'blue' or name == 'green')",
        f"tolower(type) in ('{TYPE}') | where properties.endpointComputeType =~ 'managed'",
        f'type has "deployments" and not(type !in ("{TYPE}"))',
    ],
)
def test_conditions(client: Client, where: str) -> None:
    answer = client.graph(f"Resources | where {where} | project id, name | order by id asc")
    assert answer.status_code == 200, answer.text()
    assert names(answer) == ["blue", "green"]


@pytest.mark.parametrize(
    "query",
    [
        "resources | project id, nonsense",
        "resources | where nonsense == 'a'",
        "resources | summarize count() by type",
        "resources | extend a = 1",
        "resources | where name == blue",
        "nowhere | take 1",
    ],
)
def test_what_is_unknown_fails_the_whole_query(client: Client, query: str) -> None:
    answer = client.graph(query)
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["code"] == "InvalidQuery"


def test_system_data_may_be_absent_or_null(azure: Emulator, client: Client) -> None:
    query = f"resources | where type == '{TYPE}' | project id, systemData"
    assert client.graph(query).json()["data"][0]["systemData"]["createdAt"]
    azure.world.graph_has_system_data = "null"
    assert client.graph(query).json()["data"][0]["systemData"] is None
    azure.world.graph_has_system_data = False
    assert client.graph(query).status_code == 400


def test_pages_follow_the_token_though_truncated_says_false(client: Client) -> None:
    query = "resources | project id, name | order by id asc"
    seen: list[str] = []
    options = {"$top": 3}
    for _ in range(9):
        page = client.graph(query, None, **options).json()
        assert page["resultTruncated"] == "false"
        assert page["totalRecords"] == 4
        seen += [row["id"] for row in page["data"]]
        if "$skipToken" not in page:
            break
        options = {"$top": 3, "$skipToken": page["$skipToken"]}
    assert len(seen) == len(set(seen)) == 4


def test_a_page_may_be_too_large(azure: Emulator, client: Client) -> None:
    azure.world.largest_graph_payload = 2
    answer = client.graph("resources | project id", None, **{"$top": 3})
    details = answer.json()["error"]["details"]
    assert (answer.status_code, details[0]["code"]) == (400, "ResponsePayloadTooLarge")
    assert client.graph("resources | project id", None, **{"$top": 2}).json()["count"] == 2


def test_a_row_may_be_lost_and_another_doubled_between_two_pages(
    azure: Emulator, client: Client
) -> None:
    query = "resources | project id, name | order by id asc"
    right = names(client.graph(query))
    azure.world.longest_graph_page, azure.world.graph_shifts = 2, 1
    for expected in ([*right[:2], right[1], right[3]], right):
        first = client.graph(query)
        second = client.graph(query, None, **{"$skipToken": first.json()["$skipToken"]})
        assert names(first) + names(second) == expected
        assert second.json()["totalRecords"] == 4


def test_a_token_may_repeat_itself(azure: Emulator, client: Client) -> None:
    azure.world.graph_repeats_token = True
    first = client.graph("resources | project id").json()
    second = client.graph("resources | project id", None, **{"$skipToken": first["$skipToken"]})
    assert second.json() == first


def test_one_subscription_may_spoil_a_query(azure: Emulator, client: Client) -> None:
    other = azure.world.subscription("second").subscription_id
    azure.faults.add(Fault("unavailable", status=400, path="ResourceGraph", holds=other.upper()))
    assert client.graph("resources").status_code == 400
    alone = {"subscriptions": [azure.world.subscriptions[0].subscription_id]}
    assert client.graph("resources", alone).status_code == 200


def test_without_an_id_the_answer_is_cut(client: Client) -> None:
    page = client.graph("resources | project name", None, **{"$top": 2}).json()
    assert page["resultTruncated"] == "true"
    assert "$skipToken" not in page


def test_a_token_belongs_to_its_query(client: Client) -> None:
    page = client.graph("resources | project id", None, **{"$top": 2}).json()
    options = {"$top": 2, "$skipToken": page["$skipToken"]}
    assert client.graph("resources | project id, name", None, **options).status_code == 400


def test_the_default_page_has_100_rows(client: Client, endpoint: Endpoint) -> None:
    for number in range(100):
        endpoint.deployment(f"d{number}")
    assert client.graph("resources | project id").json()["count"] == 100


def test_rows_are_spelt_otherwise_than_by_arm(client: Client, workspace: Workspace) -> None:
    for number in range(9):
        workspace.endpoint(f"e-{number}").deployment("a")
    rows = client.graph(f"resources | where type == '{TYPE}' | project id, resourceGroup").json()
    ids = [row["id"] for row in rows["data"]]
    assert any("/resourcegroups/rg-ML/" in one and "/onlineendpoints/" in one for one in ids)
    assert any("/resourceGroups/rg-ML/" in one for one in ids)
    assert {row["resourceGroup"] for row in rows["data"]} == {"rg-ml"}


def test_an_unreadable_subscription_is_dropped_without_a_word(
    azure: Emulator, client: Client
) -> None:
    other = azure.world.subscription("second")
    other.resource_group("rg").workspace("lonely")
    azure.world.forbid(azure.world.subscriptions[0], {"graph"})
    assert names(client.graph("resources | project id, name")) == ["lonely"]
    azure.world.forbid(other, {"graph"})
    assert client.graph("resources").status_code == 403


def test_containers_have_tags(azure: Emulator, client: Client) -> None:
    azure.world.subscriptions[0].tags["owner"] = "x"
    rows = client.graph("resourcecontainers | project id, type, tags | order by id asc").json()
    assert [row["type"] for row in rows["data"]] == [
        "microsoft.resources/subscriptions",
        "microsoft.resources/subscriptions/resourcegroups",
    ]
    assert rows["data"][0]["tags"] == {"owner": "x"}


def test_a_management_group_is_a_scope(azure: Emulator, client: Client) -> None:
    azure.world.management_group("contoso", azure.world.subscriptions)
    assert client.graph("resources", {"managementGroups": ["contoso"]}).json()["count"] == 4
    assert client.graph("resources", {}).json()["count"] == 4
    assert client.graph("resources", {"subscriptions": []}).status_code == 400


def test_the_graph_may_lag(azure: Emulator, client: Client, blue: Deployment) -> None:
    query = "resources | where name == 'blue' | project id, tags"
    azure.world.freeze_graph()
    blue.tags["late"] = "yes"
    assert client.graph(query).json()["data"][0]["tags"] == {"Role": "test"}
    azure.world.thaw_graph()
    assert client.graph(query).json()["data"][0]["tags"]["late"] == "yes"


def test_the_quota_is_reported_with_every_answer(client: Client) -> None:
    answer = client.graph("resources | take 1")
    assert answer.headers["x-ms-user-quota-remaining"] == "14"
    assert answer.headers["x-ms-user-quota-resets-after"] == "00:00:05"
