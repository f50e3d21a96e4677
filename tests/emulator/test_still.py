"""A tenant that nothing changes but its requests answers as any other, with less work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from emulator import Clock, Emulator, World, large_tenant
from emulator.tenant.graph_rows import rows_of
from tests.emulator.client import NOW, ONLINE, Client

DEPLOYMENTS = f"resources | where type =~ '{ONLINE}/deployments' | project id, name, tags"
BILL = {
    "type": "ActualCost",
    "timeframe": "MonthToDate",
    "dataset": {
        "granularity": "Daily",
        "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
        "grouping": [{"type": "TagKey", "name": "azuremldeployment"}],
    },
}


@contextmanager
def asking(world: World) -> Iterator[Client]:
    world.clock = Clock(NOW)
    with Emulator(world) as azure:
        client = Client(azure)
        yield client
        client.close()


def large(*, is_still: bool) -> World:
    world = large_tenant(40, workspaces=2, endpoints=10, subscriptions=2)
    world.is_still = is_still
    world.longest_resource_page = 7
    world.longest_cost_page = 7
    return world


def graph_rows(client: Client) -> list[Any]:
    found: list[Any] = []
    token: dict[str, str] = {}
    while True:
        options: dict[str, Any] = {"$top": 7, **token}
        page = client.graph(DEPLOYMENTS, **options).json()
        found += page["data"]
        if "$skipToken" not in page:
            return found
        token = {"$skipToken": page["$skipToken"]}


def listed(client: Client) -> list[Any]:
    found = []
    for one in client.azure.world.subscriptions:
        path = f"/subscriptions/{one.subscription_id}/resources"
        query = {"$filter": f"resourceType eq '{ONLINE}/deployments'"}
        page = client.get(path, **query)
        found += page["value"]
        while "nextLink" in page:
            page = client.send("GET", page["nextLink"].removeprefix(client.azure.url)).json()
            found += page["value"]
    return found


def billed(client: Client) -> list[Any]:
    found = []
    for one in client.azure.world.subscriptions:
        path: str | None = f"/subscriptions/{one.subscription_id}/providers"
        path = f"{path}/Microsoft.CostManagement/query?api-version=2025-03-01"
        while path:
            page = client.send("POST", path, BILL).json()["properties"]
            found += page["rows"]
            path = page["nextLink"]
    return found


def test_a_still_tenant_gives_the_same_pages() -> None:
    with asking(large(is_still=True)) as still, asking(large(is_still=False)) as other:
        for pages_of in (graph_rows, listed, billed):
            rows = pages_of(still)
            assert len(rows) > 7
            assert rows == pages_of(other)
            assert rows == pages_of(still)


def test_a_still_tenant_shows_what_a_request_changed() -> None:
    with asking(large(is_still=True)) as client:
        before = graph_rows(client)
        assert len(listed(client)) == len(before)
        gone = next(row["id"] for row in before if row["name"] == "d3")
        answer = client.send("DELETE", f"{gone}?api-version=2025-09-01")
        assert answer.status_code in (200, 202)
        client.azure.world.end(next(iter(client.azure.world.operations.values())))
        assert graph_rows(client) == [row for row in before if row["id"] != gone]
        assert len(listed(client)) == len(before) - 1


def test_a_still_tenant_shows_what_changed_around_a_request() -> None:
    with asking(large(is_still=True)) as client:
        before = graph_rows(client)

        def tag(world: World) -> None:
            world.find(before[0]["id"]).tags["owner"] = "somebody"

        client.azure.before("POST", "ResourceGraph", tag)
        assert graph_rows(client)[0]["tags"] == {**(before[0]["tags"] or {}), "owner": "somebody"}


def test_a_still_tenant_works_out_an_answer_once_for_all_its_pages() -> None:
    world, worked_out = large(is_still=True), []

    def work() -> int:
        worked_out.append(len(rows_of(world.tenant_id, world.resources(), (), system=True)))
        return worked_out[0]

    assert [world.once("rows", work) for _page in range(3)] == worked_out * 3
    world.moved()
    world.once("rows", work)
    assert len(worked_out) == 2
