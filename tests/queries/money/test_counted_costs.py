"""Sums that are shown: one basis, one currency, no gap; what is not known is no smaller sum."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from collectors.records import CostLine
from emulator import Deployment, Fault, Workspace, World, silent, steady
from queries.estate.rows import DeploymentRow
from tests.queries.bills import cents, keep_bill, line, months_asked, read_bill, truth
from tests.scene import NOW, Scene, ago

pytestmark = pytest.mark.journey

NOVEMBER, OCTOBER, SEPTEMBER = date(2026, 11, 1), date(2026, 10, 1), date(2026, 9, 1)
BILL = "select sum(cost) from billed_lines"


@pytest.fixture
def blue(workspace: Workspace) -> Deployment:
    """The one deployment of the endpoint `score`, idle for long."""
    endpoint = workspace.endpoint("score", traffic={}, created_at=ago(200))
    return endpoint.deployment("blue", created_at=ago(200), requests=silent())


@pytest.fixture
def seen(scene: Scene, blue: Deployment) -> Scene:
    """A scene after a snapshot that asked no bill."""
    scene.snapshot()
    return scene


def days(first: date, last: date, cost: str = "2", **more: Any) -> list[CostLine]:
    count = (last - first).days + 1
    return [line(first + timedelta(days=n), cost, **more) for n in range(count)]


def october(**more: Any) -> list[CostLine]:
    return days(OCTOBER, date(2026, 10, 31), **more)


def november(last: int = 22, **more: Any) -> list[CostLine]:
    return days(NOVEMBER, date(2026, 11, last), **more)


def row(scene: Scene, name: str = "score/blue") -> DeploymentRow:
    return scene.rows()[name]


# --- one basis ---


@pytest.fixture
def reserved(world: World, workspace: Workspace) -> World:
    """A reservation pays for the machine: actual cost is next to nothing, amortized is not."""
    endpoint = workspace.endpoint("score", traffic={"blue": 100}, created_at=ago(200))
    endpoint.deployment("blue", instance_type="Standard_NC6s_v3", created_at=ago(200))
    world.reserved_sizes.add("standard_nc6s_v3")
    return world


def amortized(scene: Scene) -> Decimal:
    return cents(truth(scene, of=lambda charge: charge.cost + charge.reserved))


def test_amortized_cost_spreads_what_a_reservation_hides(scene: Scene, reserved: World) -> None:
    read_bill(scene, basis="AmortizedCost")
    assert cents(scene.sql(BILL)[0][0]) == amortized(scene) > cents(truth(scene)) + 1000
    found = row(scene)
    assert found.cost_basis == "AmortizedCost"
    assert found.explanation is None


def test_another_basis_reads_the_months_again_and_mixes_nothing(
    scene: Scene, reserved: World
) -> None:
    by_basis = "select distinct basis from billed_lines"
    for basis, asked, expected in (
        ("ActualCost", 4, cents(truth(scene))),
        ("AmortizedCost", 4, amortized(scene)),
        ("ActualCost", 2, cents(truth(scene))),  # October was settled when it was read
    ):
        scene.azure.forget()
        scene.clock.advance(timedelta(minutes=2))
        assert read_bill(scene, basis=basis).errors == ()
        assert len(scene.asked("cost")) == asked
        assert scene.sql(by_basis) == [(basis,)]
        assert cents(scene.sql(BILL)[0][0]) == expected
        assert row(scene).cost_basis == basis
    assert months_asked(scene.asked("cost")) == ["2026-11"] * 2


def test_a_month_of_the_other_basis_is_not_known(seen: Scene) -> None:
    keep_bill(seen, october(), OCTOBER, "ActualCost")
    keep_bill(seen, november(), NOVEMBER, "AmortizedCost")
    # Actual cost counts where no settings say otherwise, and of that November was not read.
    found = row(seen)
    assert (found.cost_basis, found.last_full_month) == ("ActualCost", Decimal(62))
    assert (found.cost_in_window, found.month_to_date) == (None, None)


def test_a_refused_basis_leaves_the_other_one_shown_by_its_name(
    scene: Scene, reserved: World
) -> None:
    read_bill(scene)
    scene.azure.faults.add(Fault("forbid", path="CostManagement"))
    scene.clock.advance(timedelta(minutes=2))
    assert {read_error.source for read_error in read_bill(scene, basis="AmortizedCost").errors} == {
        "cost"
    }
    assert row(scene).cost_basis == "ActualCost"
    assert cents(scene.sql(BILL)[0][0]) == cents(truth(scene))


# --- no gap ---


def test_a_whole_window_is_summed_to_the_cent(seen: Scene) -> None:
    keep_bill(seen, october(), OCTOBER)
    keep_bill(seen, november(), NOVEMBER)
    found = row(seen)
    # From 2026-10-19, 35 days before the 23rd, through the 22nd.
    assert found.cost_in_window == Decimal(2 * (13 + 22))
    assert (found.month_to_date, found.last_full_month) == (Decimal(44), Decimal(62))
    assert found.cost_through == date(2026, 11, 22)
    assert cents(found.monthly_run_rate) == cents(Decimal(2) * 365 / 12)


@pytest.mark.parametrize(
    "read",
    [
        {NOVEMBER: NOW},  # October was not read
        {OCTOBER: NOW},  # November was not read
        {OCTOBER: datetime(2026, 10, 25, tzinfo=UTC), NOVEMBER: NOW},  # October's end was not
    ],
    ids=["the first month", "the newest month", "the end of a month"],
)
def test_a_window_with_a_gap_has_no_sum(seen: Scene, read: dict[date, datetime]) -> None:
    for month, at in read.items():
        keep_bill(seen, october() if month == OCTOBER else november(), month, at=at)
    assert row(seen).cost_in_window is None
    assert seen.sql("select without_cost from money_by_group where grouping_name = 'owner'") == [
        (1,)
    ]


def test_a_month_before_a_gap_does_not_bridge_it(seen: Scene) -> None:
    keep_bill(seen, days(SEPTEMBER, date(2026, 9, 30)), SEPTEMBER)
    keep_bill(seen, november(), NOVEMBER)
    found = row(seen)
    assert (found.cost_in_window, found.last_full_month) == (None, None)
    assert found.month_to_date == Decimal(44)


def test_a_month_of_which_nothing_is_billed_yet_is_not_zero(seen: Scene) -> None:
    keep_bill(seen, october(), OCTOBER)
    keep_bill(seen, [], NOVEMBER)
    found = row(seen)
    assert found.cost_through == date(2026, 10, 31)
    assert found.month_to_date is None
    assert found.last_full_month == Decimal(62)


def test_an_empty_bill_is_no_cost_of_zero(seen: Scene) -> None:
    keep_bill(seen, [], OCTOBER)
    keep_bill(seen, [], NOVEMBER)
    found = row(seen)
    assert (found.cost_in_window, found.month_to_date, found.last_full_month) == (None,) * 3
    assert (found.cost_basis, found.run_rate_source) == (None, None)


def test_what_was_created_after_the_newest_billed_day_has_no_cost_yet(
    scene: Scene, blue: Deployment
) -> None:
    blue.parent.deployment("new", created_at=ago(0, 3))  # type: ignore[union-attr]
    blue.parent.deployment("young", created_at=ago(10))  # type: ignore[union-attr]
    scene.snapshot()
    keep_bill(
        scene, [*november(), *days(date(2026, 11, 13), date(2026, 11, 22), deployment="young")]
    )
    assert row(scene, "score/new").cost_in_window is None
    # The months before its creation need not be read.
    assert row(scene, "score/young").cost_in_window == Decimal(20)
    assert row(scene).cost_in_window is None
    assert row(scene).share_of_endpoint is None


def test_cost_since_idle_says_from_when_it_counts(seen: Scene) -> None:
    keep_bill(seen, october(), OCTOBER)
    keep_bill(seen, november(), NOVEMBER)
    found = row(seen)
    assert found.idle_days is not None
    assert found.idle_days > 60
    assert found.cost_since_idle == Decimal(62 + 44)
    assert found.cost_since_idle_from == OCTOBER


def test_a_deployment_that_the_bill_does_not_name_is_said(seen: Scene) -> None:
    keep_bill(seen, october(deployment="another"), OCTOBER)
    keep_bill(seen, november(deployment="another"), NOVEMBER)
    found = row(seen)
    assert found.cost_in_window == 0
    assert "no line of the bill names it" in (found.explanation or "")


def test_the_cost_of_a_namesake_before_it_is_not_its_own(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("score", traffic={}, created_at=ago(200))
    endpoint.deployment("blue", created_at=ago(8, 18))  # midnight of 2026-11-15
    scene.snapshot()
    keep_bill(scene, october(), OCTOBER)
    keep_bill(scene, november(), NOVEMBER)
    found = row(scene)
    assert found.month_to_date == found.cost_in_window == Decimal(2 * 8)
    parts = dict(scene.sql("select part, sum(cost) from costs group by part"))
    assert parts == {"deployment": Decimal(16), "deleted deployment": Decimal(62 + 28)}


# --- one currency ---


def test_two_currencies_of_a_window_are_not_added_up(seen: Scene) -> None:
    keep_bill(seen, october(currency="USD"), OCTOBER)
    keep_bill(seen, november(), NOVEMBER)
    found = row(seen)
    assert found.currency == "EUR"
    assert found.cost_in_window is None
    assert "two currencies" in (found.explanation or "")
    assert found.month_to_date == Decimal(44)
    assert found.last_full_month is None
    assert cents(found.monthly_run_rate) == cents(Decimal(2) * 365 / 12)
    assert found.run_rate_source == "billed"
    by_currency = "select currency, sum(cost) from costs group by currency order by all"
    assert seen.sql(by_currency) == [("EUR", Decimal(44)), ("USD", Decimal(62))]


def test_a_day_in_two_currencies_gives_no_run_rate(seen: Scene) -> None:
    shared = november(deployment=None)
    keep_bill(seen, [*november(), *november(cost="1", currency="USD"), *shared])
    found = row(seen)
    assert found.currency == "EUR"
    assert found.billed_per_month is None
    assert len(seen.rows()) == 1


def test_without_a_bill_the_currency_of_the_settings_counts(scene: Scene, blue: Deployment) -> None:
    scene.azure.faults.add(Fault("forbid", path="CostManagement"))
    for currency in ("EUR", "USD"):
        read_bill(scene, currency=currency)
    [(rows, currency)] = scene.sql("select count(*), any_value(currency) from deployment_money")
    assert (rows, currency) == (1, "USD")
    assert row(scene).list_price_per_month is not None


def test_a_price_in_yen_is_no_overflow(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("score", traffic={}, created_at=ago(200))
    endpoint.deployment("blue", created_at=ago(200), instances=40)
    scene.snapshot()
    keep_bill(scene, november(currency="JPY"))
    with scene.store.writing() as connection:
        connection.execute(
            "insert into list_prices by name select 'westeurope' as region,"
            " 'standard_ds3_v2' as instance_type, 'JPY' as currency, 6123.45 as per_hour,"
            " timestamp '2026-11-20' as read_at"
        )
    assert row(scene).list_price_per_month == Decimal("6123.45") * 730 * 40


# --- the bill, each cent once ---


def test_a_split_that_tells_more_than_the_bill_adds_nothing(seen: Scene) -> None:
    """The split is asked after the bill, and a charge may come in between."""
    day = date(2026, 11, 20)
    homes = ("/ws/a", "/ws/b")
    keep_bill(
        seen,
        [line(day, "10"), line(day, "1", deployment=None)],
        places=tuple(line(day, "5", deployment=None, resource_key=key) for key in homes),
        splits=(
            line(day, "6", resource_key=homes[0]),
            line(day, "5.5", resource_key=homes[1]),
            line(day + timedelta(days=1), "3", resource_key=homes[1]),
        ),
    )
    assert seen.sql(BILL) == [(Decimal(11),)]
    assert seen.sql("select sum(cost) from billed_lines where resource_key = '/ws/b'") == [
        (Decimal("8.5"),)
    ]


# --- prices ---


def test_a_price_is_shown_with_its_source_and_age_and_asked_again_after_a_week(
    scene: Scene, blue: Deployment
) -> None:
    read_bill(scene)
    at = scene.clock.now()
    found = row(scene)
    assert found.list_price_source == "Azure retail prices"
    assert found.list_price_read_at is not None
    assert abs(found.list_price_read_at - at) < timedelta(minutes=1)
    for days_later, asked in ((6, 0), (2, 1)):
        scene.azure.forget()
        scene.clock.advance(timedelta(days=days_later))
        read_bill(scene)
        assert len(scene.asked("prices")) == asked


def test_an_old_price_counts_while_the_list_cannot_be_reached(
    scene: Scene, blue: Deployment
) -> None:
    read_bill(scene)
    before = row(scene)
    scene.clock.advance(timedelta(days=30))
    scene.azure.faults.add(Fault("unavailable", path="retail/prices"))
    report = read_bill(scene)
    assert {read_error.source for read_error in report.errors} == {"prices"}
    after = row(scene)
    assert after.list_price_per_month == before.list_price_per_month
    assert after.list_price_read_at == before.list_price_read_at


def test_an_own_price_needs_no_list(scene: Scene, blue: Deployment) -> None:
    scene.azure.faults.add(Fault("forbid", path="retail/prices"))
    read_bill(scene, overrides={"standard_DS3_V2": Decimal("0.25")})
    found = row(scene)
    assert found.list_price_per_month == Decimal("0.25") * 730
    assert (found.list_price_source, found.list_price_read_at) == ("the settings", None)


def test_a_discount_is_named(scene: Scene, blue: Deployment) -> None:
    read_bill(scene, discount=Decimal("0.125"))
    assert row(scene).list_price_source == "Azure retail prices less 12.5 %"


# --- kinds without a bill of their own, and groups ---


def test_what_has_no_instances_on_this_bill_says_so(scene: Scene, workspace: Workspace) -> None:
    cluster = workspace.endpoint("k8s", traffic={"d": 100}, kind="K8S", created_at=ago(200))
    cluster.deployment("d", instance_type="cpuinstance", created_at=ago(200))
    workspace.serverless_endpoint("llama")
    read_bill(scene)
    for name, why in (("k8s/d", "costed on its cluster"), ("llama", "it has no instances")):
        found = row(scene, name)
        assert why in (found.explanation or "")
        assert (found.cost_in_window, found.monthly_run_rate, found.currency) == (None,) * 3
    assert scene.sql("select count(*) from money_by_group") == [(0,)]


def test_money_by_team_takes_the_nearest_tag(scene: Scene, world: World) -> None:
    group = world.subscription("p", tags={"Team": "platform"}).resource_group("g")
    place = group.workspace("ws", tags={"team": "risk"})
    endpoint = place.endpoint("score", created_at=ago(200))
    endpoint.deployment("a", created_at=ago(200), tags={"TEAM": "fraud"}, requests=steady(1))
    endpoint.deployment("b", created_at=ago(200))
    other = group.workspace("other").endpoint("e", created_at=ago(200))
    other.deployment("c", created_at=ago(200), instance_type="Standard_Unheard_v9")
    bare = world.subscription("q").resource_group("g").workspace("bare").endpoint("f")
    bare.deployment("d", created_at=ago(200))
    read_bill(scene)
    found = scene.sql(
        "select name, deployments, without_price, cost_in_window from money_by_group"
        " where grouping_name = 'team'"
    )
    by_team = {name: (deployments, unknown) for name, deployments, unknown, _cost in found}
    assert by_team == {"fraud": (1, 0), "risk": (1, 0), "platform": (1, 1), None: (1, 0)}
    sums = {name: cost for name, _deployments, _unknown, cost in found}
    assert cents(sums["fraud"]) == cents(
        truth(
            scene,
            lambda charge: (
                charge.deployment == "a" and charge.day >= NOW.date() - timedelta(days=35)
            ),
        )
    )


def test_owners_and_teams_that_differ_only_in_case_have_one_sum(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("score", created_at=ago(200))
    for name, owner in zip("abc", ("Ann Groß", "ANN GROSS", "Ann Groß"), strict=True):
        tags = {"owner": owner, "team": owner}
        endpoint.deployment(name, created_at=ago(200), tags=tags)
    read_bill(scene)
    found = scene.sql(
        "select grouping_name, name, deployments, monthly_run_rate from money_by_group"
        " where grouping_name in ('owner', 'team') order by grouping_name"
    )
    rates = [one.monthly_run_rate or Decimal(0) for one in scene.rows().values()]
    whole = sum(rates, Decimal(0))
    assert [(*named, cents(rate)) for *named, rate in found] == [
        ("owner", "Ann Groß", 3, cents(whole)),
        ("team", "Ann Groß", 3, cents(whole)),
    ]


def test_a_group_with_an_unknown_price_comes_first_and_counts_it(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("score", created_at=ago(200))
    endpoint.deployment("dear", created_at=ago(200), instances=9, tags={"team": "a"})
    endpoint.deployment(
        "odd", created_at=ago(200), instance_type="Standard_Unheard_v9", tags={"team": "b"}
    )
    read_bill(scene, months=())
    found = scene.sql(
        "select name, monthly_run_rate, without_price, without_cost from money_by_group"
        " where grouping_name = 'team'"
    )
    assert [(name, rate is None, *counts) for name, rate, *counts in found] == [
        ("b", True, 1, 1),
        ("a", False, 0, 1),
    ]
