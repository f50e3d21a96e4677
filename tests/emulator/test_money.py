"""Cost Management, retail prices, autoscale settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from azure.mgmt.costmanagement import CostManagementClient
from azure.mgmt.costmanagement.models import (
    QueryAggregation,
    QueryDataset,
    QueryDefinition,
    QueryGrouping,
    QueryTimePeriod,
)

from emulator import Clock, Deployment, Emulator, Endpoint, large_tenant
from emulator.tenant.state import Charge
from tests.emulator.client import DAY, NOW, Client

TAGS = [
    {"type": "TagKey", "name": "azuremlendpoint"},
    {"type": "TagKey", "name": "azuremldeployment"},
]
BY_ID = [{"type": "Dimension", "name": "ResourceId"}, TAGS[0]]


def question(
    grouping: list[dict[str, str]],
    first: str = "2026-11-01",
    last: str = "2026-11-23",
    **dataset: Any,
) -> dict[str, Any]:
    return {
        "type": "ActualCost",
        "timeframe": "Custom",
        "timePeriod": {"from": f"{first}T00:00:00Z", "to": f"{last}T23:59:59Z"},
        "dataset": {
            "granularity": "Daily",
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "grouping": grouping,
            **dataset,
        },
    }


def ask(client: Client, body: dict[str, Any], **query: str) -> Any:
    scope = client.azure.world.subscriptions[0].id
    return client.send("POST", f"{scope}/providers/Microsoft.CostManagement/query", body, **query)


def by_tags(answer: Any) -> dict[tuple[int, Any, Any], float]:
    """Cost by day, endpoint and deployment; the two tag groupings come one after the other."""
    properties = answer.json()["properties"]
    names = [column["name"] for column in properties["columns"]]
    amount, day = names.index("Cost"), names.index("UsageDate")
    keys = [place for place, name in enumerate(names) if name == "TagKey"]
    found = {}
    for row in properties["rows"]:
        tags = {row[place]: row[(place + 1) % len(names)] for place in keys}
        key = (row[day], tags["azuremlendpoint"], tags["azuremldeployment"])
        found[key] = row[amount]
    return found


def test_the_bill_is_by_two_tags_in_lower_case(
    client: Client, endpoint: Endpoint, blue: Deployment
) -> None:
    endpoint.deployment("Gold", instance_type="STANDARD_NC6S_V3")
    found = by_tags(ask(client, question(TAGS)))
    names = {(one, two) for _, one, two in found if one and two}
    assert names == {("fraud", "blue"), ("fraud", "green"), ("fraud", "gold")}
    expected = 0.293 * 1.13 * 0.92 * 0.92 * 24 * 2
    assert found[20261120, "fraud", "blue"] == pytest.approx(expected, rel=1e-3)
    assert 20261123 not in {day for day, _, _ in found}


def test_what_is_deleted_keeps_its_rows(client: Client, endpoint: Endpoint) -> None:
    gone = endpoint.deployment("gone", created_at=NOW - 30 * DAY)
    endpoint.remove(gone, at=NOW - 10 * DAY)
    days = [day for day, _, name in by_tags(ask(client, question(TAGS))) if name == "gone"]
    assert (min(days), max(days)) == (20261101, 20261113)


def test_untagged_rows_and_endpoints_without_deployment(client: Client) -> None:
    found = by_tags(ask(client, question(TAGS)))
    assert {(one, two) for _, one, two in found if not two} == {("fraud", None), (None, None)} or {
        (one, two) for _, one, two in found if not two
    } == {("fraud", ""), ("", "")}


def test_columns_move_from_query_to_query(client: Client) -> None:
    orders = set()
    for first in range(1, 9):
        answer = ask(client, question(BY_ID, f"2026-11-{first:02}")).json()
        orders.add(tuple(column["name"] for column in answer["properties"]["columns"]))
        assert answer["eTag"] is answer["sku"] is answer["location"] is None
    assert len(orders) > 1
    assert all(set(order) == set(next(iter(orders))) for order in orders)


def test_rows_name_the_workspace_in_lower_case(client: Client, endpoint: Endpoint) -> None:
    properties = ask(client, question(BY_ID)).json()["properties"]
    place = [column["name"] for column in properties["columns"]].index("ResourceId")
    assert endpoint.parent is not None
    assert {row[place] for row in properties["rows"]} == {endpoint.parent.id.lower()}


@pytest.fixture(scope="module")
def large() -> Iterator[Client]:
    world = large_tenant(deployments=120, workspaces=2, endpoints=20)
    with Emulator(world, Clock(NOW)) as azure:
        client = Client(azure)
        yield client
        client.close()


@pytest.mark.parametrize(("top", "size"), [(None, 1000), ("5000", 5000), ("700", 700)])
def test_pages_are_fetched_by_post(large: Client, top: str | None, size: int) -> None:
    body = question(TAGS)
    page = ask(large, body, **({"$top": top} if top else {})).json()["properties"]
    total = len(page["rows"])
    while page["nextLink"]:
        assert len(page["rows"]) == size
        assert page["nextLink"].startswith(large.azure.url)
        page = large.send("POST", page["nextLink"], body).json()["properties"]
        total += len(page["rows"])
    assert total > 2000


@pytest.mark.parametrize(
    "body",
    [
        question([*TAGS, BY_ID[0]]),
        question(TAGS, "2026-09-01"),
        question([TAGS[0], TAGS[0]]),
        question([{"type": "Dimension", "name": "Nonsense"}]),
        question(
            TAGS, filter={"and": [{"tags": {"name": "a", "operator": "In", "values": ["b"]}}]}
        ),
        question(TAGS, granularity="Hourly"),
    ],
    ids=["three groupings", "92 days", "twice", "dimension", "lonely and", "granularity"],
)
def test_bad_cost_queries(client: Client, body: dict[str, Any]) -> None:
    assert ask(client, body).status_code == 400


def test_filters_by_type_id_and_tag(client: Client, endpoint: Endpoint) -> None:
    assert endpoint.parent is not None
    stranger = "/subscriptions/x/providers/microsoft.storage/storageaccounts/s"
    client.azure.world.extra_charges.append(
        Charge(
            day=date(2026, 11, 20),
            resource_id=stranger,
            cost=5.0,
            endpoint="fraud",
            resource_type="microsoft.storage/storageaccounts",
            subscription_id=endpoint.subscription_id,
        )
    )

    def dimension(name: str, value: str) -> dict[str, Any]:
        return {"dimensions": {"name": name, "operator": "In", "values": [value]}}

    learning = dimension("ResourceType", "Microsoft.MachineLearningServices/workspaces")
    here = dimension("ResourceId", endpoint.parent.id)
    tagged = {"tags": {"name": "azuremlendpoint", "operator": "In", "values": ["Fraud"]}}
    all_rows = sum(by_tags(ask(client, question(TAGS))).values())
    ours = sum(by_tags(ask(client, question(TAGS, filter=learning))).values())
    assert all_rows - ours == pytest.approx(5.0)
    both = by_tags(ask(client, question(TAGS, filter={"and": [here, tagged]})))
    assert {one for _, one, _ in both} == {"fraud"}


def test_a_reservation_hides_the_actual_cost(client: Client, endpoint: Endpoint) -> None:
    endpoint.deployment("gpu", instance_type="Standard_NC6s_v3")
    client.azure.world.reserved_sizes.add("standard_nc6s_v3")
    actual = by_tags(ask(client, question(TAGS)))[20261120, "fraud", "gpu"]
    amortized = by_tags(ask(client, {**question(TAGS), "type": "AmortizedCost"}))
    assert actual == pytest.approx(1.5e-05)
    assert amortized[20261120, "fraud", "gpu"] > 60


def test_a_subscription_without_charges_answers_204(client: Client) -> None:
    empty = client.azure.world.subscription("empty")
    path = f"{empty.id}/providers/Microsoft.CostManagement/query"
    assert client.send("POST", path, question(TAGS)).status_code == 204


def test_the_cost_client_reads_it(azure: Emulator, client: Client, blue: Deployment) -> None:
    costs = CostManagementClient(
        client.credential,
        base_url=azure.url,
        credential_scopes=[f"{azure.url}/.default"],
        connection_verify=str(azure.ca_bundle),
    )
    result = costs.query.usage(
        f"subscriptions/{blue.subscription_id}",
        QueryDefinition(
            type="ActualCost",
            timeframe="Custom",
            time_period=QueryTimePeriod(from_property=NOW - 20 * DAY, to=NOW),
            dataset=QueryDataset(
                granularity="Daily",
                aggregation={"totalCost": QueryAggregation(name="Cost", function="Sum")},
                grouping=[QueryGrouping(type="TagKey", name="azuremldeployment")],
            ),
        ),
    )
    costs.close()
    assert result is not None
    assert result.rows
    assert azure.writes == []


def retail(client: Client, **query: str) -> Any:
    return client.send("GET", "/api/retail/prices", None, **query)


def test_nine_rows_for_a_size_in_a_region(client: Client) -> None:
    asked = "serviceName eq 'Virtual Machines' and armSkuName eq 'Standard_DS3_v2'"
    found = retail(client, **{"$filter": f"{asked} and armRegionName eq 'northeurope'"}).json()
    rows = found["Items"]
    assert (len(rows), found["NextPageLink"]) == (9, None)
    assert sum(row["type"] == "Reservation" for row in rows) == 2
    tests = next(row for row in rows if row["type"] == "DevTestConsumption")
    assert sum(row["meterId"] == tests["meterId"] for row in rows) == 2
    assert rows[0]["isPrimaryMeterRegion"] is False
    assert max(row["retailPrice"] for row in rows if row["type"] == "Reservation") > 1000


def test_price_filters_compare_with_case(client: Client) -> None:
    assert retail(client, **{"$filter": "armSkuName eq 'STANDARD_DS3_V2'"}).json()["Count"] == 0
    either = "(armSkuName eq 'Standard_DS3_v2' or armSkuName eq 'Standard_F4s_v2')"
    found = retail(client, **{"$filter": f"{either} and contains(productName, 'Windows')"}).json()
    assert {row["armSkuName"] for row in found["Items"]} == {"Standard_DS3_v2", "Standard_F4s_v2"}


def test_prices_come_in_pages_and_currencies(client: Client) -> None:
    page = retail(client, currencyCode="'EUR'").json()
    total = page["Count"]
    while page["NextPageLink"]:
        page = client.send("GET", page["NextPageLink"]).json()
        total += page["Count"]
        assert page["BillingCurrency"] == "EUR"
    assert total == 15 * 8 * 9


def test_a_bad_price_filter_has_its_own_shape(client: Client) -> None:
    answer = retail(client, **{"$filter": "tolower(armSkuName) eq 'x'"})
    assert answer.status_code == 400
    assert answer.json()["Error"]["Code"] == "BadRequest"


def test_autoscale_settings_outlive_their_target(client: Client, green: Deployment) -> None:
    client.azure.world.autoscale(green, 1, 3)
    client.send("DELETE", green.id)
    client.azure.world.clock.advance(timedelta(days=1))
    path = f"/subscriptions/{green.subscription_id}/providers/Microsoft.Insights/autoscaleSettings"
    found = client.get(path)["value"]
    assert found[0]["properties"]["profiles"][0]["capacity"]["maximum"] == "3"
    assert client.send("DELETE", found[0]["id"]).status_code == 200
    assert client.get(path)["value"] == []
