"""The record of a release window: who served what share, as far as our snapshots saw it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from collectors.inventory.scope import Scope
from emulator import Fault, Workspace, silent, steady
from emulator.tenant.resources import Endpoint
from queries.estate.history import TrafficPeriod, endpoints_ever, traffic_periods_of
from tests.scene import NOW, Scene, ago

pytestmark = pytest.mark.journey

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def _release(workspace: Workspace) -> Endpoint:
    """Two days of blue, then one at half and half, then green alone."""
    endpoint = workspace.endpoint(
        "fraud",
        traffic=[
            (ago(300), {"Blue": 100}),
            (ago(-1.5), {"Blue": 50, "green": 50}),
            (ago(-2.5), {"Blue": 0, "green": 100}),
        ],
    )
    endpoint.deployment("Blue", model="fraud:7", requests=steady(1))
    endpoint.deployment("green", model="fraud:8", requests=silent())
    return endpoint


def _periods(
    scene: Scene, endpoint: Endpoint, deployment: str | None = None
) -> list[TrafficPeriod]:
    found = traffic_periods_of(scene.store, endpoint.id.lower())
    return [one for one in found if deployment in (None, one.deployment)]


def _daily(scene: Scene, days: int) -> None:
    for _day in range(days):
        scene.clock.advance(DAY)
        scene.snapshot()


def test_a_release_is_reported_with_model_and_share(scene: Scene, workspace: Workspace) -> None:
    endpoint = _release(workspace)
    scene.snapshot()
    _daily(scene, 4)
    pairs = [
        (one.live_percent, one.seen_from, one.seen_until, one.next_seen_at, one.snapshots)
        for one in _periods(scene, endpoint, "Blue")
    ]
    assert pairs == [
        (100.0, NOW, NOW + DAY, NOW + 2 * DAY, 2),
        (50.0, NOW + 2 * DAY, NOW + 2 * DAY, NOW + 3 * DAY, 1),
        (0.0, NOW + 3 * DAY, NOW + 4 * DAY, None, 2),
    ]
    assert [one.live_percent for one in _periods(scene, endpoint, "green")] == [0, 50, 100]
    models = {(one.deployment, one.model) for one in _periods(scene, endpoint)}
    assert models == {
        ("Blue", f"{workspace.id}/models/fraud/versions/7"),
        ("green", f"{workspace.id}/models/fraud/versions/8"),
    }


def test_mirrored_traffic_is_told_too(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint(
        "vision", traffic={"a": 100}, mirror=[(ago(300), {"b": 10}), (ago(-0.5), {})]
    )
    endpoint.deployment("a", requests=steady(1))
    endpoint.deployment("b")
    scene.snapshot()
    _daily(scene, 1)
    assert [one.mirror_percent for one in _periods(scene, endpoint, "b")] == [10, 0]


def test_another_model_begins_another_period(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e", traffic={"d": 100})
    deployment = endpoint.deployment("d", model="m:1", requests=steady(1))
    scene.snapshot()
    deployment.properties["model"] = deployment.properties["model"].replace("/1", "/2")
    _daily(scene, 1)
    first, second = _periods(scene, endpoint)
    assert [(one.model or "")[-12:] for one in (first, second)] == ["m/versions/1", "m/versions/2"]
    assert first.next_seen_at == second.seen_from == NOW + DAY


def test_the_time_between_two_snapshots_is_reported_as_not_seen(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = _release(workspace)
    scene.snapshot()
    scene.clock.advance(HOUR)
    scene.snapshot()
    scene.clock.advance(20 * HOUR)
    scene.snapshot()
    scene.clock.advance(9 * DAY)
    scene.snapshot()
    first, last = _periods(scene, endpoint, "Blue")
    assert (first.snapshots, first.longest_gap_hours) == (3, 20)
    assert first.seen_until == NOW + 21 * HOUR
    assert first.next_seen_at == last.seen_from == NOW + 9 * DAY + 21 * HOUR
    assert last.longest_gap_hours is None


def test_a_deployment_that_is_gone_ends_with_the_last_snapshot_that_saw_it(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("e", traffic={"stays": 100})
    endpoint.deployment("stays", requests=steady(1))
    endpoint.deployment("goes", deleted_at=ago(-0.5))
    scene.snapshot()
    _daily(scene, 2)
    (gone,) = _periods(scene, endpoint, "goes")
    assert (gone.seen_until, gone.next_seen_at) == (NOW, NOW + DAY)
    (kept,) = _periods(scene, endpoint, "stays")
    assert (kept.seen_until, kept.next_seen_at, kept.snapshots) == (NOW + 2 * DAY, None, 3)


def test_a_deployment_that_comes_back_is_another_period(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e")
    endpoint.deployment("d", deleted_at=ago(-0.5))
    scene.snapshot()
    _daily(scene, 1)
    endpoint.deployment("d", created_at=scene.clock.now())
    _daily(scene, 1)
    first, second = _periods(scene, endpoint)
    assert (first.seen_until, first.next_seen_at) == (NOW, NOW + DAY)
    assert second.seen_from == NOW + 2 * DAY
    assert first.created_at != second.created_at


def test_a_name_that_leaves_the_map_and_returns_is_two_periods(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint(
        "e", traffic=[(ago(300), {"Ghost": 5}), (ago(-0.5), {}), (ago(-1.5), {"Ghost": 5})]
    )
    endpoint.deployment("d")
    scene.snapshot()
    _daily(scene, 2)
    pairs = [(one.seen_from, one.next_seen_at) for one in _periods(scene, endpoint, "Ghost")]
    assert pairs == [(NOW, NOW + DAY), (NOW + 2 * DAY, None)]


def test_a_deployment_recreated_between_two_snapshots_is_another_period(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("e", traffic={"d": 100})
    endpoint.deployment("d", deleted_at=ago(-0.5), requests=steady(1))
    scene.snapshot()
    scene.clock.advance(DAY)
    endpoint.deployment("d", created_at=ago(-0.6), requests=steady(1))
    scene.snapshot()
    assert len(_periods(scene, endpoint)) == 2


def test_a_share_of_something_that_is_not_there_is_reported(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("e", traffic={"Ghost": 100})
    endpoint.deployment("d")
    scene.snapshot()
    (ghost,) = _periods(scene, endpoint, "Ghost")
    assert (ghost.is_there, ghost.live_percent, ghost.model) == (False, 100.0, None)


def test_a_map_that_was_not_reported_is_unknown(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e", traffic=None)
    endpoint.deployment("d")
    scene.snapshot()
    assert _periods(scene, endpoint)[0].live_percent is None


def test_a_snapshot_that_did_not_read_the_endpoint_ends_nothing(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("e", traffic={"d": 100})
    endpoint.deployment("d", requests=steady(1))
    group = workspace.parent
    assert group is not None
    other = group.workspace("other")  # type: ignore[attr-defined]
    other.endpoint("o").deployment("d")
    scene.snapshot()
    scene.clock.advance(DAY)
    scene.snapshot(scope=Scope(workspaces=(other.id,)))
    _daily(scene, 1)
    (whole,) = _periods(scene, endpoint)
    assert (whole.snapshots, whole.longest_gap_hours) == (2, 48)


def test_requests_are_those_of_the_whole_days_of_a_period(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("e", traffic={"d": 100})
    endpoint.deployment("d", requests=steady(1))
    scene.snapshot()
    _daily(scene, 1)
    (short,) = _periods(scene, endpoint)
    assert (short.requests, short.request_days) == (None, 0)
    _daily(scene, 2)
    (period,) = _periods(scene, endpoint)
    # The two whole UTC days between an evening and the evening three days later.
    assert (period.requests, period.request_days) == (2 * 1440, 2)


def test_requests_that_were_refused_are_unknown_and_not_none(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("e", traffic={"d": 100})
    endpoint.deployment("d", requests=steady(1))
    scene.azure.faults.add(Fault("forbid", path="getBatch"))
    scene.snapshot()
    scene.clock.advance(3 * DAY)
    scene.snapshot()
    (period,) = _periods(scene, endpoint)
    assert (period.requests, period.request_days) == (None, 0)


def test_a_guard_sees_too(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e", traffic=[(ago(300), {"d": 100}), (ago(0, -1), {"d": 0})])
    endpoint.deployment("d")
    scene.snapshot()
    scene.clock.advance(2 * HOUR)
    scene.snapshot(kind="guard", scope=Scope(endpoint=endpoint.id))
    assert [one.live_percent for one in _periods(scene, endpoint)] == [100, 0]


def test_an_endpoint_that_was_deleted_is_found(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("Gone", deleted_at=ago(-0.5))
    endpoint.deployment("d", deleted_at=ago(-0.5))
    workspace.endpoint("stays").deployment("d")
    scene.snapshot()
    _daily(scene, 1)
    assert "Gone" not in {name.split("/")[0] for name in scene.rows()}
    assert [one.path for one in endpoints_ever(scene.store)] == ["ws/Gone", "ws/stays"]
    assert _periods(scene, endpoint)[0].next_seen_at == NOW + DAY
