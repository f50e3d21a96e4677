"""The Activity Log in a snapshot: what is asked, what is kept once, and what rests on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from collectors.inventory.scope import Scope
from emulator import Endpoint, Fault, Workspace, large_tenant
from tests.scene import NOW, Scene, SceneOf, ago, query_of

LOG = "eventtypes"
ADA, BOB = "ada@contoso.example", "bob@contoso.example"
HOUR = timedelta(hours=1)


@pytest.fixture
def endpoint(workspace: Workspace) -> Endpoint:
    made = workspace.endpoint("fraud", traffic={"blue": 100})
    made.deployment("blue", created_by=None)
    return made


def operations(scene: Scene) -> list[tuple[Any, ...]]:
    return scene.sql(
        "select operation, status, started_at, happened_at, caller from activity_operations"
        " order by started_at"
    )


def naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


def spans(scene: Scene) -> list[str]:
    return [query_of(one)["$filter"] for one in scene.asked("activity")]


@pytest.mark.parametrize("page_size", [1, 2, 200])
def test_an_operation_is_kept_once_by_how_it_ended_in_whatever_order_its_events_come(
    scene: Scene, endpoint: Endpoint, page_size: int
) -> None:
    scene.world.activity_page_size = page_size
    for place in range(6):
        end = "Failed" if place % 2 else "Succeeded"
        statuses = ("Started", "Accepted", end)
        scene.world.log_operation(endpoint.id, ago(20 - place), ADA, statuses=statuses)
    scene.snapshot()
    assert [(status, at) for _op, status, at, *_rest in operations(scene)] == [
        ("failed" if place % 2 else "succeeded", naive(ago(20 - place))) for place in range(6)
    ]


def test_an_operation_whose_end_came_after_one_snapshot_is_ended_by_the_next(
    scene: Scene, endpoint: Endpoint
) -> None:
    log = scene.world.log_operation
    correlation = log(endpoint.id, NOW - HOUR, ADA, statuses=("Started", "Accepted"))
    scene.snapshot()
    assert [one[1] for one in operations(scene)] == ["accepted"]
    scene.clock.advance(timedelta(days=1))
    log(endpoint.id, NOW + HOUR, "", statuses=["Succeeded"], correlation_id=correlation)
    scene.snapshot()
    ((_operation, status, started_at, happened_at, _caller),) = operations(scene)
    assert (status, started_at, happened_at) == (
        "succeeded",
        naive(NOW - HOUR),
        naive(NOW + HOUR),
    )


def test_a_snapshot_asks_for_the_time_since_the_last_one_that_was_read_whole(
    scene: Scene, endpoint: Endpoint
) -> None:
    scene.snapshot()
    scene.clock.advance(timedelta(days=1))
    scene.azure.faults.add(Fault("forbid", path=LOG, times=1))
    scene.snapshot()
    scene.clock.advance(timedelta(days=1))
    scene.snapshot()
    first, refused, last = (span.split("'")[1] for span in spans(scene))
    assert first == f"{ago(89):%Y-%m-%dT%H:%M:%S.%fZ}"
    assert refused == last == f"{ago(0, hours=6):%Y-%m-%dT%H:%M:%S.%fZ}"


def test_what_was_submitted_late_is_read_by_the_next_snapshot(
    scene: Scene, endpoint: Endpoint
) -> None:
    scene.world.log_operation(endpoint.id, NOW - HOUR, ADA, late=2 * HOUR)
    scene.snapshot()
    assert operations(scene) == []
    scene.clock.advance(timedelta(days=1))
    scene.snapshot()
    assert len(operations(scene)) == 1


def test_one_question_a_subscription_however_many_deployments(scene_of: SceneOf) -> None:
    scene = scene_of(large_tenant(60, 4, 12, 2, 2, now=NOW))
    scene.snapshot()
    assert len(scene.asked("activity")) == len(scene.world.subscriptions)


def test_a_guard_does_not_ask(scene: Scene, endpoint: Endpoint) -> None:
    scene.snapshot()
    scene.azure.forget()
    scene.snapshot(scope=Scope(endpoint=endpoint.id), kind="guard")
    assert scene.asked("activity") == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("forbid", path=LOG),
        Fault("throttle", path=LOG, retry_after=1),
        Fault("unavailable", path=LOG, status=500),
        Fault("garble", path=LOG),
    ],
    ids=["403", "429", "500", "garbled"],
)
def test_a_refusal_is_a_read_error_of_its_own_and_touches_no_verdict(
    scene: Scene, endpoint: Endpoint, fault: Fault
) -> None:
    for name in ("green", "red"):
        endpoint.deployment(name)
    whole = scene.judged()
    scene.azure.faults.add(fault)
    report = scene.snapshot()
    assert [error.source for error in report.errors] == ["activity log"]
    assert report.status == "partial"
    assert scene.verdicts() == {name: row.verdict for name, row in whole.items()}


def test_what_was_understood_is_kept_where_one_event_was_not(
    scene: Scene, endpoint: Endpoint
) -> None:
    for age_days in (3, 4):
        scene.world.log_operation(endpoint.id, ago(age_days), ADA, statuses=["Succeeded"])

    def without(page: Any) -> Any:
        page["value"][0].pop("status")
        return page

    scene.azure.bend(LOG, without)
    assert [error.code for error in scene.snapshot().errors] == ["WrongShape"]
    assert len(operations(scene)) == 1


def test_neither_addresses_nor_claims_nor_bodies_are_in_the_store(
    scene: Scene, endpoint: Endpoint
) -> None:
    body = {
        "tags": {"a": "tag-of-somebody"},
        "properties": {"environmentVariables": {"K": "hunter2"}},
    }
    scene.world.log_operation(endpoint.id, ago(3), ADA, body=body)
    scene.snapshot()
    assert len(operations(scene)) == 1
    kept = scene.store.path.read_bytes()
    for text in ("203.0.113.7", "name of ada", "tag-of-somebody", "hunter2"):
        assert text.encode() not in kept


def test_the_creator_is_filled_in_where_azure_names_nobody(
    scene: Scene, endpoint: Endpoint
) -> None:
    green = endpoint.deployment("green", created_at=ago(20), created_by=None)
    scene.world.log_operation(green.id, ago(20), ADA)
    scene.world.log_operation(green.id, ago(10), BOB)
    rows = scene.judged()
    row = rows["fraud/green"]
    assert (row.created_by, row.last_changed_by) == (ADA, BOB)
    assert row.last_changed_at == ago(10) + timedelta(minutes=2)
    assert (row.owner, row.owner_source) == (ADA, "created_by")
    assert rows["fraud/blue"].created_by is None


def test_what_azure_says_of_the_creator_stands(scene: Scene, endpoint: Endpoint) -> None:
    green = endpoint.deployment("green", created_at=ago(20), created_by="Carla")
    scene.world.log_operation(green.id, ago(20), ADA)
    assert scene.judged()["fraud/green"].created_by == "Carla"


def test_the_creator_of_a_predecessor_is_not_taken_for_that_of_the_present_one(
    scene: Scene, endpoint: Endpoint
) -> None:
    old = endpoint.deployment("green", created_at=ago(60), created_by=None)
    scene.snapshot()
    endpoint.remove(old, ago(15))
    green = endpoint.deployment("green", created_at=ago(10), created_by=None)
    scene.world.log_operation(green.id, ago(60), BOB)
    scene.world.log_operation(green.id, ago(15), BOB, "delete")
    assert scene.judged()["fraud/green"].created_by is None
    assert scene.judged()["fraud/green"].last_changed_by is None
    scene.world.log_operation(green.id, ago(10), ADA)
    scene.clock.advance(timedelta(days=1))
    with scene.store.writing() as connection:
        connection.execute("delete from activity_reads")
    assert scene.judged()["fraud/green"].created_by == ADA


def test_without_a_creation_time_the_write_after_a_deletion_is_the_creation(
    scene: Scene, endpoint: Endpoint
) -> None:
    green = endpoint.deployment("green", created_at=None, created_by=None)
    scene.world.log_operation(green.id, ago(20), BOB)
    scene.world.log_operation(green.id, ago(15), BOB, "delete")
    scene.world.log_operation(green.id, ago(10), ADA)
    scene.world.log_operation(green.id, ago(5), BOB)
    row = scene.judged()["fraud/green"]
    assert (row.created_by, row.last_changed_by) == (ADA, BOB)


def test_who_changed_it_last_is_a_hint_for_what_has_neither_owner_nor_creator(
    scene: Scene, endpoint: Endpoint
) -> None:
    blue = endpoint.deployments[0]
    owned = endpoint.deployment("owned", created_by=None, tags={"owner": "carla"})
    for one in (blue, owned):
        scene.world.log_operation(one.id, ago(5), BOB)
    rows = scene.judged()
    hint = rows["fraud/blue"]
    assert (hint.owner, hint.owner_source) == (BOB, "last_changed_by")
    assert (rows["fraud/owned"].owner, rows["fraud/owned"].owner_source) == ("carla", "deployment")


def test_what_failed_or_only_began_changed_nothing(scene: Scene, endpoint: Endpoint) -> None:
    blue = endpoint.deployments[0]
    scene.world.log_operation(blue.id, ago(9), ADA)
    scene.world.log_operation(blue.id, ago(5), BOB, statuses=("Started", "Failed"))
    scene.world.log_operation(blue.id, ago(4), BOB, statuses=("Started",))
    row = scene.judged()["fraud/blue"]
    assert row.last_changed_by == ADA
