"""What deployments cost: the bill allocated to the cent, and unknown where it is unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actions.snapshot.request import Money, SnapshotRequest, months_of_window
from actions.snapshot.take import SnapshotReport, take_snapshot
from collectors.connection.pace import Budget
from collectors.connection.patience import Patience, Stop
from collectors.connection.reading import Reader
from collectors.inventory.scope import Scope
from emulator import Fault, Workspace, World, silent, steady
from emulator.tenant.bill import charges
from emulator.tenant.state import Charge
from queries.estate.questions import current_deployments
from queries.policy import Policy
from tests.scene import NOW, Scene, ago

CENT = Decimal("0.01")


class NoWait(Stop):
    """Waits are counted on a clock of their own and never waited."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0
        self.waits: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.seconds += seconds
        return False


def billed(scene: Scene, stop: NoWait | None = None, **options: Any) -> SnapshotReport:
    """A snapshot that asks the bill of the window's months."""
    stop = stop or NoWait()
    money = Money(tuple(months_of_window(scene.clock.now().date(), 35)), **options)
    snapshot_request = SnapshotRequest(scene.cloud.name, None, Scope(), Policy(), money=money)

    def clock() -> float:
        return stop.seconds

    patience, budget = Patience(stop.wait, clock=clock), Budget(clock)
    with Reader(scene.cloud, scene.credential, stop, None, patience, budget) as reader:
        return take_snapshot(
            scene.store,
            reader,
            snapshot_request,
            scene.clock.now,
            lambda _what, _done, _total: None,
        )


def truth(scene: Scene, wanted: Callable[[Charge], bool] = lambda _charge: True) -> Decimal:
    """What the stand-in billed since the first month of the window."""
    first = months_of_window(NOW.date(), 35)[-1]
    found = (
        charge
        for subscription in scene.world.subscriptions
        for charge in charges(scene.world, subscription.subscription_id, first, NOW.date())
    )
    return sum((Decimal(str(c.cost)) for c in found if wanted(c)), Decimal(0))


def to_the_cent(amount: Decimal | None) -> Decimal:
    assert amount is not None
    return amount.quantize(CENT)


def in_window(charge: Charge) -> bool:
    return charge.day >= NOW.date() - timedelta(days=35)


@pytest.fixture
def twins(world: World, workspace: Workspace) -> World:
    """One endpoint name in two workspaces, and a deployment that was deleted last month."""
    (subscription,) = world.subscriptions
    other = subscription.resource_group("rg-us").workspace("us", region="eastus")
    for place, size in ((workspace, "Standard_DS3_v2"), (other, "Standard_NC6s_v3")):
        endpoint = place.endpoint("score", traffic={"blue": 100}, created_at=ago(200))
        endpoint.deployment(
            "blue", instance_type=size, requests=steady(2.0), created_at=ago(200), instances=2
        )
    gone = workspace.endpoint("old", created_at=ago(200))
    dead = gone.deployment("v1", created_at=ago(190), requests=silent())
    gone.remove(dead, at=ago(20))
    return world


def test_all_parts_together_are_the_bill(scene: Scene, twins: World) -> None:
    assert billed(scene).errors == ()
    parts = dict(scene.sql("select part, sum(cost) from costs group by part"))
    assert set(parts) == {
        "deployment",
        "deleted deployment",
        "endpoint without deployment",
        "training and shared",
    }
    assert to_the_cent(sum(parts.values(), Decimal(0))) == to_the_cent(truth(scene))
    assert to_the_cent(parts["deleted deployment"]) == to_the_cent(
        truth(scene, lambda charge: charge.deployment == "v1")
    )


def test_one_endpoint_name_in_two_workspaces_is_distinguished(scene: Scene, twins: World) -> None:
    billed(scene)
    rows = scene.sql(
        "select workspace, cost_in_window from current_deployments"
        " join deployment_money using (deployment_key)"
    )
    for name, cost in rows:
        expected = truth(
            scene,
            lambda charge, name=name: (
                charge.deployment == "blue"  # type: ignore[misc]
                and charge.resource_id.endswith(f"/workspaces/{name}")
                and in_window(charge)
            ),
        )
        assert to_the_cent(cost) == to_the_cent(expected)
    assert len({cost for _name, cost in rows}) == 2


def test_a_second_snapshot_doubles_nothing(scene: Scene, twins: World) -> None:
    billed(scene)
    before = scene.sql("select sum(cost), count(*) from billed_lines")
    scene.clock.advance(timedelta(minutes=2))
    billed(scene)
    assert scene.sql("select sum(cost), count(*) from billed_lines") == before


def test_restated_costs_replace_the_old_ones(scene: Scene, twins: World) -> None:
    billed(scene)
    before = scene.sql("select sum(cost) from billed_lines")[0][0]
    place = scene.world.find("ws")
    scene.world.extra_charges.append(
        Charge(
            NOW.date() - timedelta(days=1),
            place.id.lower(),
            7.25,
            "score",
            "blue",
            subscription_id=place.subscription_id,
        )
    )
    scene.clock.advance(timedelta(minutes=2))
    billed(scene)
    after = scene.sql("select sum(cost) from billed_lines")[0][0]
    assert to_the_cent(after - before) == Decimal("7.25")


def test_a_settled_month_is_not_asked_again(scene: Scene, twins: World) -> None:
    billed(scene)
    first = len(scene.asked("cost"))
    scene.clock.advance(timedelta(minutes=2))
    billed(scene)
    # October was settled when it was read; only November's questions go out again.
    assert len(scene.asked("cost")) - first == first // 2


def test_a_refused_bill_is_a_read_error_and_never_a_zero(scene: Scene, twins: World) -> None:
    scene.azure.faults.add(Fault("forbid", path="CostManagement"))
    report = billed(scene)
    assert {read_error.source for read_error in report.errors} == {"cost"}
    row = scene.rows()["score/blue"]
    assert row.cost_in_window is None
    assert row.run_rate_source == "list"
    assert row.verdict == "serving"


def test_a_throttled_bill_waits_as_its_own_headers_say(scene: Scene, twins: World) -> None:
    headers = {
        "x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "17",
        "x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after": "60",
    }
    fault = Fault("throttle", path="CostManagement", times=1, headers=headers)
    scene.azure.faults.add(fault)
    stop = NoWait()
    assert billed(scene, stop).errors == ()
    assert max(stop.waits) >= 60
    assert to_the_cent(scene.sql("select sum(cost) from billed_lines")[0][0]) == to_the_cent(
        truth(scene)
    )


def test_the_run_rate_is_the_mean_of_the_newest_settled_days(scene: Scene, twins: World) -> None:
    billed(scene)
    days = [
        cost
        for (cost,) in scene.sql(
            "select cost from deployment_days where deployment_key like '%/ws/%/blue'"
            " and day <= ? order by day desc limit 7",
            [NOW.date() - timedelta(days=2)],
        )
    ]
    assert len(days) == 7
    row = next(row for row in current_deployments(scene.store) if row.workspace == "ws")
    assert row.run_rate_source == "billed"
    assert to_the_cent(row.monthly_run_rate) == to_the_cent(sum(days) / 7 * 365 / 12)
    assert row.currency == "EUR"


def test_a_reservation_hides_an_instance_and_is_named(scene: Scene, world: World) -> None:
    workspace = world.subscription("p").resource_group("g").workspace("ws")
    endpoint = workspace.endpoint("e", traffic={}, created_at=ago(200))
    endpoint.deployment("d", instance_type="Standard_NC6s_v3", created_at=ago(200))
    world.reserved_sizes.add("standard_nc6s_v3")
    billed(scene)
    row = scene.rows()["e/d"]
    assert row.list_price_per_month is not None
    assert row.ranking_amount is not None
    assert row.ranking_amount >= row.list_price_per_month > 1000
    assert "will not fall" in (row.explanation or "")


def test_kubernetes_is_costed_on_its_cluster(scene: Scene, world: World) -> None:
    workspace = world.subscription("p").resource_group("g").workspace("ws")
    endpoint = workspace.endpoint("e", traffic={"d": 100}, kind="K8S", created_at=ago(200))
    endpoint.deployment("d", instance_type="cpuinstance", created_at=ago(200))
    billed(scene)
    row = scene.rows()["e/d"]
    assert (row.cost_in_window, row.monthly_run_rate, row.list_price_per_month) == (None,) * 3


def test_own_prices_and_a_discount_bend_the_list(scene: Scene, twins: World) -> None:
    scene.azure.faults.add(Fault("forbid", path="CostManagement"))
    billed(
        scene,
        currency="EUR",
        overrides={"Standard_DS3_v2": Decimal("0.25")},
        discount=Decimal("0.5"),
    )
    by_place = {row.workspace: row for row in current_deployments(scene.store)}
    assert by_place["ws"].list_price_per_month == Decimal("0.25") * 730 * 2
    listed = scene.sql("select per_hour from list_prices where instance_type = 'standard_nc6s_v3'")
    assert by_place["us"].list_price_per_month == listed[0][0] / 2 * 730 * 2


def test_no_scope_is_asked_more_than_four_times_a_minute() -> None:
    now = [0.0]
    budget = Budget(lambda: now[0])
    sent: list[tuple[float, str]] = []
    for turn in range(60):
        scope = f"/subscriptions/{turn % 3}"
        while (wait := budget.take(scope)) > 0:
            now[0] += wait
        sent.append((now[0], scope))
    for at, scope in sent:
        minute = [one for one in sent if at - 60 < one[0] <= at]
        assert sum(of == scope for _at, of in minute) <= 4
        assert len(minute) <= 20
        assert sum(at - 10 < one[0] <= at for one in sent) <= 12


def test_the_months_of_a_window_are_those_that_it_touches() -> None:
    assert months_of_window(date(2026, 11, 23), 35) == [date(2026, 11, 1), date(2026, 10, 1)]
    assert months_of_window(date(2026, 3, 1), 60) == [
        date(2026, 3, 1),
        date(2026, 2, 1),
        date(2026, 1, 1),
        date(2025, 12, 1),
    ]
