"""What is said of money: who is barely used, what a probe asks, why list and bill differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from emulator import Charge, Deployment, Workspace, at, silent, since, steady
from queries.estate.rows import DeploymentRow
from tests.queries.bills import cents, read_bill, truth
from tests.scene import NOW, Gallery, Scene, ago, playing

gallery = Gallery()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Two snapshots, five days apart; right after the first one, two are scaled."""
    world = gallery.world()
    world.currency = "USD"
    world.reserved_sizes.add("standard_nc12s_v3")
    with playing(world, tmp_path_factory.mktemp("store")) as scene:
        scene.clock.set(ago(5))
        scene.snapshot()
        world.find("ws-words/grown/d").instances = 3
        world.find("ws-words/shrunk/d").instances = 1
        scene.clock.set(NOW)
        read_bill(scene)
        yield scene


def row(scene: Scene, endpoint: str, deployment: str = "d") -> DeploymentRow:
    return scene.rows()[f"{endpoint}/{deployment}"]


def stands(workspace: Workspace, endpoint: str, **given: Any) -> Deployment:
    values: dict[str, Any] = {"requests": steady(9), "created_at": ago(200)}
    home = workspace.endpoint(endpoint, traffic={"d": 100}, created_at=ago(200))
    return home.deployment("d", **(values | given))


@gallery.shows
def _requests(workspace: Workspace) -> None:
    dear = {"instance_type": "Standard_NC6s_v3"}
    stands(workspace, "barely", requests=at(ago(9), 1) + at(ago(8), 2), **dear)
    stands(workspace, "once", requests=at(ago(9), 1), **dear)
    stands(workspace, "cheap", requests=at(ago(9), 3), instance_type="Standard_DS1_v2")
    stands(workspace, "probed", requests=steady(1))
    stands(workspace, "bursty", requests=at(ago(9), 35 * 1440))
    stands(workspace, "late", requests=since(ago(20), 1))
    stands(workspace, "nobody", requests=silent())


def test_a_dear_one_with_three_requests_is_barely_used(scene: Scene) -> None:
    found = row(scene, "barely")
    assert found.monthly_run_rate is not None
    text = f"barely used: 3 requests in 35 days for {found.monthly_run_rate:,.0f} USD a month"
    assert text in found.findings.sentences
    assert found.monthly_run_rate > 2000
    assert any(
        text.startswith("barely used: 1 request in")
        for text in row(scene, "once").findings.sentences
    )


@pytest.mark.parametrize("endpoint", ["cheap", "probed", "nobody"])
def test_the_cheap_the_used_and_the_silent_are_not_barely_used(scene: Scene, endpoint: str) -> None:
    assert not [
        value for value in row(scene, endpoint).findings.sentences if "barely used" in value
    ]


def test_one_request_a_minute_day_after_day_looks_like_a_probe(scene: Scene) -> None:
    assert [value for value in row(scene, "probed").findings.sentences if "a probe alone" in value]
    assert row(scene, "probed").verdict == "serving"


@pytest.mark.parametrize("endpoint", ["bursty", "late", "barely", "nobody"])
def test_as_many_requests_that_come_otherwise_are_no_probe(scene: Scene, endpoint: str) -> None:
    assert not [value for value in row(scene, endpoint).findings.sentences if "probe" in value]


def test_a_thousand_requests_cost_their_share_of_the_window(scene: Scene) -> None:
    found = row(scene, "barely")
    assert found.cost_in_window is not None
    assert found.requests_in_window == 3
    assert cents(found.cost_per_1000_requests) == cents(found.cost_in_window * 1000 / 3)
    assert row(scene, "nobody").cost_per_1000_requests is None


@gallery.shows
def _words(workspace: Workspace) -> None:
    stands(workspace, "grown", instances=1)
    stands(workspace, "shrunk", instances=3)
    stands(workspace, "plain", instances=2)
    stands(workspace, "reserved", instance_type="Standard_NC12s_v3")
    stands(workspace, "broken", state="Failed", requests=silent())
    stands(workspace, "networked")
    stands(workspace, "refunded")
    for name, cost in (("networked", 9.0), ("refunded", -3.0)):
        workspace.world.extra_charges += [
            Charge(
                day=(NOW - timedelta(days=days)).date(),
                resource_id=workspace.id.lower(),
                cost=cost,
                endpoint=name,
                deployment="d",
                meter_category="Bandwidth",
                subscription_id=workspace.subscription_id,
            )
            for days in range(1, 20)
        ]


@pytest.mark.parametrize(
    ("endpoint", "explanation"),
    [
        ("plain", None),
        ("reserved", "a reservation or savings plan seems to cover it: the bill will not fall"),
        ("broken", "failed, but billed all the same"),
        ("networked", "billed above the list: other meters such as bandwidth, or more instances"),
        ("refunded", "billed below the list: a reservation, a savings plan, or fewer instances"),
        ("grown", "billed below the list: it had between 1 and 3 instances in the days that were"),
        ("shrunk", "billed above the list: it had between 1 and 3 instances in the days that were"),
    ],
)
def test_list_and_bill_differ_for_a_reason(
    scene: Scene, endpoint: str, explanation: str | None
) -> None:
    result = row(scene, endpoint).explanation
    assert result == explanation or (explanation and (result or "").startswith(explanation))


@gallery.shows
def _shares(workspace: Workspace) -> None:
    home = workspace.endpoint("shared", traffic={"big": 100}, created_at=ago(200))
    home.deployment("big", instances=3, requests=steady(5), created_at=ago(200))
    home.deployment("small", instances=1, requests=silent(), created_at=ago(200))


def test_a_deployment_has_its_share_of_what_its_endpoint_costs(scene: Scene) -> None:
    shares = [row(scene, "shared", name).share_of_endpoint for name in ("big", "small")]
    assert shares == [pytest.approx(0.75, abs=1e-4), pytest.approx(0.25, abs=1e-4)]


def test_cost_since_idle_counts_from_the_first_silent_day(scene: Scene) -> None:
    found = row(scene, "barely")
    assert found.idle_days is None or found.cost_since_idle is None
    small = row(scene, "shared", "small")
    assert small.cost_since_idle_from is not None
    assert cents(small.cost_since_idle) == cents(
        truth(
            scene,
            lambda charge: charge.deployment == "small",
            first=small.cost_since_idle_from,
        )
    )


@gallery.shows
def _sizes(workspace: Workspace) -> None:
    stands(workspace, "odd", instance_type="Standard_Unheard_v9")
    workspace.world.extra_charges.append(
        Charge(
            day=NOW.date() - timedelta(days=3),
            resource_id=workspace.id.lower(),
            cost=0.01,
            endpoint="odd",
            deployment="d",
            subscription_id=workspace.subscription_id,
        )
    )


def test_an_unknown_price_comes_first_though_its_bill_is_next_to_nothing(scene: Scene) -> None:
    """A reservation may hide it: what it would cost is not known."""
    first = next(iter(scene.rows().values()))
    assert (first.endpoint, first.list_price_per_month) == ("odd", None)
    assert cents(first.billed_per_month) == Decimal("0.30")


def test_the_larger_of_bill_and_list_ranks(scene: Scene) -> None:
    rows = [one for one in scene.rows().values() if one.list_price_per_month is not None]
    amounts = [one.ranking_amount or Decimal(0) for one in rows]
    assert amounts == sorted(amounts, reverse=True)
    names = [one.endpoint for one in rows]
    assert names[0] == "reserved"
    assert row(scene, "reserved").ranking_amount == row(scene, "reserved").list_price_per_month
