"""The sample tenant tells its story; the large one has the size that was asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from emulator import Clock, Deployment, Emulator, Endpoint, World, large_tenant, sample_tenant
from tests.emulator.client import DAY, NOW, Client


def requests_since(deployment: Deployment, days: float) -> float:
    return deployment.requests.total(NOW - timedelta(days=days), NOW).requests


def home(deployment: Deployment) -> Endpoint:
    assert isinstance(deployment.parent, Endpoint)
    return deployment.parent


def figures(world: World) -> list[tuple[str, float]]:
    return [(one.id, requests_since(one, 40)) for one in world.deployments()]


def test_the_same_seed_gives_the_same_tenant_and_figures() -> None:
    first, second = sample_tenant(NOW, seed=3), sample_tenant(NOW, seed=3)
    assert json.dumps(first.seen_by_graph(), default=str) == json.dumps(
        second.seen_by_graph(), default=str
    )
    assert figures(first) == figures(second)
    assert figures(first) != figures(sample_tenant(NOW, seed=4))


def test_the_size_of_the_story() -> None:
    world = sample_tenant(NOW)
    assert len(world.subscriptions) == 3
    assert {workspace.kind for workspace in world.workspaces()} == {"Default", "Hub", "Project"}
    assert 6 <= len(world.workspaces()) <= 8
    assert 33 <= len(world.deployments()) <= 42


@pytest.mark.parametrize("path", ["fraud/red", "churn-trial/gru", "clause-extract/distil"])
def test_what_is_marked_can_be_deleted(path: str) -> None:
    world = sample_tenant(NOW)
    marked = world.find(path)
    assert marked.tags["role"] == "retire"
    assert date.fromisoformat(marked.tags["mothball-retire-after"]) < NOW.date()
    assert home(marked).share_of(marked.name) == 0
    assert requests_since(marked, 93) == 0
    assert not any(lock.covers(marked.id) for lock in world.locks)


def test_green_held_the_traffic_before_blue() -> None:
    world = sample_tenant(NOW)
    fraud = world.find("fraud")
    assert fraud.traffic_now() == {"blue": 100}
    world.clock.set(NOW - 40 * DAY)
    assert fraud.traffic_now() == {"green": 100}
    assert [one.name for one in fraud.deployments] == ["green", "red"]
    assert requests_since(world.find("fraud/green"), 20) == 0


def test_the_story_has_every_odd_case() -> None:
    world = sample_tenant(NOW)
    endpoints, deployments = world.endpoints(), world.deployments()
    assert any(one.traffic_now() is None for one in endpoints)
    assert any(one.state == "Updating" for one in endpoints)
    assert any(one.kind == "K8S" for one in endpoints)
    assert any(one.sku is None for one in deployments)
    assert {"Failed", "Canceled"} <= {one.state for one in deployments}
    assert any(not one.life.minutes(NOW - 13 * DAY, NOW - 12 * DAY) for one in deployments)
    assert any(dict(one.requests.shares).get("5xx") == 1.0 for one in deployments)
    gone = [
        name
        for endpoint in endpoints
        for name in endpoint.traffic_now() or ()
        if isinstance(endpoint.traffic_now(), Mapping)
        and name.casefold() not in {one.name.casefold() for one in endpoint.deployments}
    ]
    assert gone == ["v5"]


def test_a_direct_caller_and_a_silent_live_share() -> None:
    world = sample_tenant(NOW)
    pinned, monthly = world.find("chargeback/v2"), world.find("ledger-close/main")
    assert home(pinned).share_of("v2") == 0
    assert requests_since(pinned, 7) > 0
    assert requests_since(monthly, 15) == 0 < requests_since(monthly, 35)
    weekly = world.find("demand-weekly")
    assert (weekly.share_of("prophet"), weekly.share_of("lgbm")) == (60, 40)
    assert sum(requests_since(one, 93) for one in weekly.deployments) == 0


def test_the_sample_is_served_at_an_earlier_time() -> None:
    clock = Clock(NOW)
    with Emulator(sample_tenant(NOW), clock) as azure:
        client = Client(azure)
        query = "resources | where type endswith 'onlineendpoints/deployments' | project id"
        today = client.graph(query, None, **{"$top": 1000}).json()["count"]
        clock.set(NOW - 40 * DAY)
        before = client.graph(query, None, **{"$top": 1000}).json()["count"]
        client.close()
    assert before == today - 4 + 1


def test_the_large_tenant_has_its_size() -> None:
    world = large_tenant(deployments=120, workspaces=6, endpoints=30, regions=3, subscriptions=2)
    assert len(world.deployments()) == 120
    assert len(world.endpoints()) == 30
    assert len({workspace.location for workspace in world.workspaces()}) == 3
    assert figures(world) == figures(
        large_tenant(deployments=120, workspaces=6, endpoints=30, regions=3, subscriptions=2)
    )


def test_the_log_of_the_sample_says_what_its_story_says() -> None:
    world = sample_tenant(NOW)
    done = {
        (
            event.resource_id.split("/workspaces/")[1],
            event.body["operationName"]["value"].split("/")[-1],
        )
        for event in world.activity
    }
    assert ("hub-vision/onlineEndpoints/damage-severity/deployments/v5", "delete") in done
    assert ("mlw-payments/onlineEndpoints/fraud", "write") in done
    assert all(event.submitted_at <= NOW for event in world.activity)
    assert all(event.at >= NOW - 90 * DAY for event in world.activity)
    assert len({event.body["caller"] for event in world.activity}) > 4
