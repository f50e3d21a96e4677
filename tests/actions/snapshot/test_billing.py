"""How the bill is read: whole, at Azure's pace, once each, and going on where it stopped."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from actions.snapshot import bill as billing
from actions.snapshot.request import newest_months
from collectors.connection.errors import Stopped
from collectors.connection.pace import Budget
from collectors.connection.patience import Patience
from collectors.connection.reading import Reader
from collectors.costs.bill import CostQuestion, ask_costs
from collectors.records import CostLine
from emulator import Fault, Workspace, World, silent
from emulator.server.faults import Kind
from emulator.tenant.bill import charges
from emulator.tenant.state import Charge
from queries.estate.questions import current_deployments
from tests.queries.bills import Passing, cents, months_asked, read_bill, truth
from tests.scene import NOW, Scene, ago, noting

pytestmark = pytest.mark.journey

BILL = "select sum(cost) from billed_lines"
COST = "CostManagement"


@pytest.fixture
def serving(workspace: Workspace) -> Workspace:
    """A workspace with one endpoint and its deployment."""
    endpoint = workspace.endpoint("score", traffic={"blue": 100}, created_at=ago(500))
    endpoint.deployment("blue", created_at=ago(500), requests=silent())
    return workspace


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other thread moves the clock between a query's turn and the record of it."""
    monkeypatch.setattr(billing, "MONTHS_AT_ONCE", 1)


@pytest.fixture
def tenant(world: World) -> World:
    """Twenty subscriptions with a deployment each."""
    for number in range(20):
        group = world.subscription(f"s{number:02}").resource_group("rg")
        endpoint = group.workspace(f"w{number}").endpoint(f"e{number}", created_at=ago(300))
        endpoint.deployment("blue", created_at=ago(300))
    return world


def extra(place: Workspace, cost: float, **more: object) -> Charge:
    values = {
        "day": NOW.date() - timedelta(days=1),
        "resource_id": place.id.lower(),
        "cost": cost,
        "endpoint": "score",
        "deployment": "blue",
        "subscription_id": place.subscription_id,
    }
    return Charge(**(values | more))  # type: ignore[arg-type]


def fits_the_pace(scene: Scene) -> bool:
    """Whether no scope got five queries within a minute, by the stand-in's own record."""
    by_scope: dict[str, list[float]] = {}
    for one in scene.asked("cost"):
        by_scope.setdefault(one.path.lower(), []).append(one.at.timestamp())
    return all(
        later - sooner >= 60
        for times in by_scope.values()
        for sooner, later in zip(times, times[4:], strict=False)
    )


def test_twenty_subscriptions_cost_forty_queries_a_month(scene: Scene, tenant: World) -> None:
    assert read_bill(scene, [date(2026, 11, 1)]).errors == ()
    assert len(scene.asked("cost")) == 40
    assert cents(scene.sql(BILL)[0][0]) == cents(truth(scene, first=date(2026, 11, 1)))


def test_allocated_and_unallocated_are_the_bill_of_each_subscription(
    scene: Scene, tenant: World
) -> None:
    place = tenant.find("w0")
    twin = place.parent.workspace("us", region="eastus").endpoint("e0", created_at=ago(300))
    twin.deployment("blue", created_at=ago(300), instance_type="Standard_NC6s_v3")
    gone = tenant.find("w1/e1").deployment("gone", created_at=ago(200))
    tenant.find("w1/e1").remove(gone, at=ago(30))
    elsewhere = extra(place, 99.0, resource_type="microsoft.storage/storageaccounts")
    scene.world.extra_charges.append(elsewhere)
    read_bill(scene)
    parts = "select subscription_id, currency, sum(cost) from costs group by all"
    found = {(own, currency): cents(cost) for own, currency, cost in scene.sql(parts)}
    assert found == {
        (one.subscription_id, "EUR"): cents(
            truth(scene, lambda charge, own=one.id: charge.resource_id.startswith(own.lower()))  # type: ignore[misc]
        )
        for one in tenant.subscriptions
    }
    split = "select part, sum(cost) from costs where deployment = 'gone' group by all"
    [(part, cost)] = scene.sql(split)
    assert part == "deleted deployment"
    assert cents(cost) == cents(truth(scene, lambda charge: charge.deployment == "gone"))


def test_a_name_in_two_workspaces_costs_one_query_more_for_each_set(
    scene: Scene, tenant: World
) -> None:
    group = tenant.find("w0").parent
    for name in ("w0b", "w0c"):
        for endpoint in ("e0", "other"):
            place = group.workspace(name + endpoint).endpoint(endpoint, created_at=ago(300))
            place.deployment("blue", created_at=ago(300))
    read_bill(scene, [date(2026, 11, 1)])
    # e0 is in three workspaces, the other name in two of the same sets.
    assert len(scene.asked("cost")) == 40 + 3
    assert cents(scene.sql(BILL)[0][0]) == cents(truth(scene, first=date(2026, 11, 1)))


@pytest.mark.usefixtures("one_at_a_time")
def test_no_scope_ever_gets_more_than_four_queries_a_minute(
    scene: Scene, serving: Workspace
) -> None:
    stop = Passing(scene)
    assert read_bill(scene, newest_months(NOW.date(), 13), stop).errors == ()
    assert len(scene.asked("cost")) == 26
    assert fits_the_pace(scene)
    assert stop.waits
    assert cents(scene.sql(BILL)[0][0]) == cents(truth(scene, first=date(2025, 11, 1)))


@pytest.mark.usefixtures("one_at_a_time")
def test_the_queries_of_the_run_before_count_too(scene: Scene, serving: Workspace) -> None:
    read_bill(scene)
    scene.clock.advance(timedelta(seconds=5))
    read_bill(scene)
    assert len(scene.asked("cost")) == 6
    assert fits_the_pace(scene)


@pytest.mark.usefixtures("one_at_a_time")
@pytest.mark.parametrize("kind", ["forbid", "garble", "throttle"])
def test_queries_that_failed_in_the_run_before_count_too(
    scene: Scene, serving: Workspace, kind: Kind
) -> None:
    fault = scene.azure.faults.add(Fault(kind, path=COST, retry_after=0))
    assert read_bill(scene).status == "partial"
    assert scene.sql("select count(*) from cost_reads") == [(0,)]
    fault.times = 0
    assert read_bill(scene).errors == ()
    assert fits_the_pace(scene)


@pytest.mark.usefixtures("one_at_a_time")
def test_queries_of_a_stopped_run_count_too(scene: Scene, serving: Workspace) -> None:
    scene.azure.before(path=COST, do=lambda _world: stop.set(), times=1)
    stop = Passing(scene)
    with pytest.raises(Stopped):
        read_bill(scene, newest_months(NOW.date(), 13), stop)
    read_bill(scene, newest_months(NOW.date(), 13))
    assert fits_the_pace(scene)


def test_a_wait_of_one_scope_holds_up_no_other(scene: Scene, world: World) -> None:
    for name in ("a", "b"):
        endpoint = world.subscription(name).resource_group("rg").workspace(name).endpoint(name)
        endpoint.deployment("blue", created_at=ago(300))
    held = world.subscriptions[0].subscription_id
    headers = {"x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "900"}
    scene.azure.faults.add(Fault("throttle", path=f"{held}.*{COST}", headers=headers))
    report = read_bill(scene)
    assert {read_error.scope for read_error in report.errors} == {
        f"{held}/2026-11",
        f"{held}/2026-10",
    }
    assert sum(held in one.path for one in scene.asked("cost")) == 1
    assert scene.sql("select count(*) from cost_reads") == [(2,)]


def test_the_wait_of_a_scope_is_its_own_and_of_any_is_everyones() -> None:
    budget = Budget(lambda: 100.0)
    one, other = "/subscriptions/ONE", "/subscriptions/other"
    budget.keep_quiet(one, 60.0)
    assert (budget.take(one.lower()), budget.take(other)) == (60.0, 0.0)
    budget.keep_quiet(None, 30.0)
    assert (budget.take(one), budget.take(other)) == (60.0, 30.0)
    assert dict(budget.waits()) == {one.lower(): 60.0, None: 30.0}


def test_a_stated_wait_of_one_scope_is_no_wait_of_the_others(
    scene: Scene, serving: Workspace
) -> None:
    headers = {"x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "60"}
    scene.azure.faults.add(Fault("throttle", path=COST, headers=headers, times=1))
    stop, of_all = Passing(scene), list[float]()
    patience, budget = Patience(noting(of_all), clock=stop.clock), Budget(stop.clock)
    with Reader(scene.cloud, scene.credential, stop, None, patience, budget) as reader:
        question = CostQuestion(serving.subscription_id, date(2026, 11, 1), "tags")
        assert ask_costs(reader, question, NOW.date()).read_errors == []
    assert stop.waits == [pytest.approx(60)]
    assert of_all == []


def test_after_a_backfill_only_months_that_can_still_change_are_asked(
    scene: Scene, serving: Workspace
) -> None:
    months = newest_months(NOW.date(), 13)
    read_bill(scene, months)
    assert sorted(set(months_asked(scene.asked("cost")))) == sorted(f"{m:%Y-%m}" for m in months)
    by_month = "select month, sum(cost) from billed_lines group by all order by all"
    before = scene.sql(by_month)
    scene.azure.forget()
    scene.clock.advance(timedelta(minutes=5))
    read_bill(scene, months)
    assert months_asked(scene.asked("cost")) == ["2026-11", "2026-11"]
    assert (
        scene.sql("select month, sum(cost) from billed_lines group by all order by all") == before
    )


def test_a_month_is_asked_until_its_fifth_day_has_passed(scene: Scene, serving: Workspace) -> None:
    read_bill(scene, [date(2026, 11, 1)])
    asked = []
    for day in (1, 5, 6, 7):
        scene.clock.set(NOW.replace(month=12, day=day))
        scene.azure.forget()
        read_bill(scene, [date(2026, 12, 1), date(2026, 11, 1)])
        asked.append(months_asked(scene.asked("cost")).count("2026-11"))
    assert asked == [2, 2, 2, 0]


def test_pages_of_exactly_a_thousand_rows_are_all_read(scene: Scene, serving: Workspace) -> None:
    """The service gives pages of 1,000 rows though 5,000 were asked for."""
    scene.world.longest_cost_page = 1000
    month = date(2026, 11, 1)
    own = serving.subscription_id
    there = {
        (c.day, c.endpoint, c.deployment) for c in charges(scene.world, own, month, NOW.date())
    }
    for number in range(2000 - len(there)):
        scene.world.extra_charges.append(extra(serving, 0.01, deployment=f"d{number}"))
    assert read_bill(scene, [month]).errors == ()
    assert scene.sql("select count(*) from cost_lines where kind = 'bill'") == [(2000,)]
    assert cents(scene.sql(BILL)[0][0]) == cents(truth(scene, first=month))
    assert scene.sql("select queries from cost_reads") == [(3,)]


@pytest.mark.usefixtures("one_at_a_time")
def test_pages_count_against_the_pace_as_queries(scene: Scene, serving: Workspace) -> None:
    scene.world.longest_cost_page = 10
    assert read_bill(scene).errors == ()
    assert len(scene.asked("cost")) > 12
    assert fits_the_pace(scene)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ms-ratelimit-microsoft.costmanagement-clienttype-retry-after": "60"},
        {
            "x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "17",
            "x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after": "60",
        },
        {"Retry-After": "60"},
    ],
    ids=["one vendor header", "the longest of two", "Retry-After"],
)
def test_a_429_is_waited_for_as_it_says_and_nothing_is_missing(
    scene: Scene, serving: Workspace, headers: dict[str, str]
) -> None:
    scene.azure.faults.add(Fault("throttle", path=COST, times=1, headers=headers))
    report = read_bill(scene, [date(2026, 11, 1)])
    assert (report.throttled, report.errors) == (1, ())
    times = [one.at for one in scene.asked("cost")]
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(times)]
    assert gaps[0] >= 60
    assert cents(scene.sql(BILL)[0][0]) == cents(truth(scene, first=date(2026, 11, 1)))


def test_a_429_that_says_an_hour_is_obeyed_and_no_other_month_asked(
    scene: Scene, serving: Workspace
) -> None:
    headers = {"x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after": "3600"}
    scene.azure.faults.add(Fault("throttle", path=COST, headers=headers))
    stop = Passing(scene)
    report = read_bill(scene, newest_months(NOW.date(), 5), stop)
    assert len(scene.asked("cost")) == 1
    assert stop.waits == []
    assert [read_error.code for read_error in report.errors] == ["BudgetSpent"] * 5
    assert scene.rows()["score/blue"].verdict == "idle-endpoint"


def test_a_wait_that_was_asked_for_holds_for_the_next_run_too(
    scene: Scene, serving: Workspace
) -> None:
    headers = {"x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "900"}
    scene.azure.faults.add(Fault("throttle", path=COST, headers=headers, times=1))
    assert read_bill(scene).status == "partial"
    scene.azure.forget()
    scene.clock.advance(timedelta(seconds=100))
    again = read_bill(scene)  # 800 s are more than a run waits
    assert ({read_error.code for read_error in again.errors}, scene.asked("cost")) == (
        {"BudgetSpent"},
        [],
    )
    scene.clock.advance(timedelta(seconds=400))
    assert read_bill(scene).errors == ()  # 400 s are not
    assert min(one.at for one in scene.asked("cost")) >= NOW + timedelta(seconds=900)
    assert scene.sql("select count(*) from cost_waits") == [(0,)]


def test_what_429s_ask_for_is_spent_from_the_same_ten_minutes(
    scene: Scene, serving: Workspace
) -> None:
    headers = {"x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "60"}
    scene.azure.faults.add(Fault("throttle", path=COST, headers=headers))
    stop = Passing(scene)
    report = read_bill(scene, newest_months(NOW.date(), 13), stop)
    assert len(report.errors) == 13
    assert sum(stop.waits) <= 600
    assert len(scene.asked("cost")) <= 12


def test_a_429_on_a_later_page_loses_no_row(scene: Scene, serving: Workspace) -> None:
    scene.world.longest_cost_page = 10
    scene.azure.faults.add(Fault("throttle", path="skiptoken", times=1))
    assert read_bill(scene).errors == ()
    assert cents(scene.sql(BILL)[0][0]) == cents(truth(scene))


def test_the_default_wait_is_enough_for_two_months_of_twenty_subscriptions(
    scene: Scene, tenant: World
) -> None:
    assert read_bill(scene).errors == ()
    assert scene.sql("select count(*) from cost_reads") == [(40,)]


def test_threads_that_wait_together_spend_the_time_once() -> None:
    now = [0.0]
    budget = Budget(lambda: now[0], longest_wait_seconds=100.0)
    for _thread in range(4):
        budget.allow(60.0)
    now[0] = 60.0
    budget.allow(40.0)
    with pytest.raises(Exception, match="in 41 s"):
        budget.allow(41.0)


def test_a_budget_too_small_leaves_named_read_errors_and_the_next_run_goes_on(
    scene: Scene, serving: Workspace
) -> None:
    months = newest_months(NOW.date(), 5)
    report = read_bill(scene, months, longest_wait_seconds=30)
    own = serving.subscription_id
    read = scene.sql("select month from cost_reads order by month desc")
    assert 0 < len(read) < 5
    assert report.status == "partial"
    assert {read_error.code for read_error in report.errors} == {"BudgetSpent"}
    missing = {read_error.scope for read_error in report.errors}
    assert len(missing) == 5 - len(read)
    assert missing == {f"{own}/{m:%Y-%m}" for m in months} - {f"{own}/{m:%Y-%m}" for (m,) in read}
    assert scene.rows()["score/blue"].verdict == "idle-endpoint"
    scene.azure.forget()
    scene.clock.advance(timedelta(minutes=5))
    read_bill(scene, months, longest_wait_seconds=30)
    # What was missing goes before the running month, which was read already.
    assert f"{own}/{months_asked(scene.asked('cost'))[0]}" in missing
    for _run in range(4):
        scene.clock.advance(timedelta(minutes=5))
        report = read_bill(scene, months, longest_wait_seconds=30)
    assert report.errors == ()
    assert cents(scene.sql(BILL)[0][0]) == cents(truth(scene, first=months[-1]))


def test_a_wait_for_the_pace_is_counted_down_and_can_be_stopped(
    scene: Scene, serving: Workspace
) -> None:
    stop = Passing(scene)
    waits: list[tuple[str, float]] = []

    def note_wait(kind: str, seconds: float) -> None:
        waits.append((kind, seconds))
        stop.set()

    with pytest.raises(Stopped):
        read_bill(scene, newest_months(NOW.date(), 13), stop, note_wait)
    assert {kind for kind, _seconds in waits} == {"cost"}
    assert 0 < waits[0][1] <= 61
    # What was read stays; the snapshot is no latest one.
    assert scene.sql("select count(*) > 0 from cost_reads") == [(True,)]
    assert current_deployments(scene.store) == []
    report = read_bill(scene, newest_months(NOW.date(), 13))
    assert report.errors == ()


def test_the_bill_of_a_workspace_that_is_gone_is_still_read(scene: Scene, world: World) -> None:
    group = world.subscription("closing").resource_group("rg")
    last = group.workspace("last")
    last.endpoint("score", created_at=ago(90)).deployment("blue", created_at=ago(90))
    world.subscription("other").resource_group("rg").workspace("w")
    read_bill(scene)
    scene.clock.advance(timedelta(days=1))
    group.remove(last)
    scene.azure.forget()
    scene.world.extra_charges.append(extra(last, 3.5))
    before = scene.sql(BILL)[0][0]
    read_bill(scene)
    assert any(last.subscription_id in one.path for one in scene.asked("cost"))
    after = scene.sql(BILL)[0][0]
    assert after - before >= Decimal("3.5")


def test_a_tenant_that_never_had_workspaces_is_not_asked(scene: Scene, world: World) -> None:
    world.subscription("empty")
    read_bill(scene)
    assert scene.asked("cost") == []


def test_a_bill_without_an_endpoint_is_one_query(scene: Scene, workspace: Workspace) -> None:
    assert read_bill(scene, [date(2026, 11, 1)]).errors == ()
    assert len(scene.asked("cost")) == 1
    assert cents(scene.sql(BILL)[0][0]) == cents(truth(scene, first=date(2026, 11, 1))) > 0


def test_which_workspaces_are_asked_together_follows_from_no_name() -> None:
    def sets(names: str) -> list[set[int]]:
        places = [("a", 0), ("a", 1), ("b", 1), ("b", 2), ("c", 2), ("c", 3), ("a", 4), ("d", 4)]
        lines = [
            CostLine(date(2026, 11, 1), names[at], endpoint, None, Decimal(1), "EUR")
            for endpoint, at in places
        ]
        found = billing.sets_without_repetition(lines)
        return [{names.index(key) for key in homes.values()} for homes in found]

    assert {str(sets(names)) for names in ("vwxyz", "zyxwv", "yvzxw", "xzwvy")} == {
        str(sets("vwxyz"))
    }
