"""What only several snapshots can know, and what the current view makes of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from collectors.inventory.scope import Scope
from emulator import Fault, Life, Workspace, World, at, silent, steady
from queries.estate.facts import evidence_of
from queries.estate.questions import (
    NoSnapshot,
    current_read_errors,
    deployments_of,
    judged_endpoint,
    raw_seen,
    snapshots,
    traffic_of,
)
from queries.policy import Policy
from queries.reports.diff import changes
from queries.store.maintenance import prune
from tests.scene import NOW, Scene, SceneOf, ago

pytestmark = pytest.mark.journey

DAY = timedelta(days=1)


def test_a_shadow_is_stale_after_14_days_from_the_first_snapshot_that_saw_it(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("vision", traffic={"a": 100}, mirror={"b": 10})
    endpoint.deployment("a", requests=steady(1))
    endpoint.deployment("b", requests=steady(1))
    assert not _stale(scene)
    scene.clock.advance(14 * DAY)
    assert not _stale(scene)
    scene.clock.advance(DAY)
    assert _stale(scene)


def _stale(scene: Scene) -> bool:
    return any(
        "shadow since" in finding for finding in scene.judged()["vision/b"].findings.sentences
    )


@pytest.mark.parametrize(
    ("last_request", "text"),
    [
        (ago(-3), "came after its last share"),
        (ago(5), "came before its last share"),
        (ago(0, 1), "before or after its last share cannot be determined"),
    ],
)
def test_direct_tells_whether_requests_came_after_the_last_share(
    scene: Scene, workspace: Workspace, last_request: object, text: str
) -> None:
    endpoint = workspace.endpoint("fraud", traffic=[(ago(300), {"d": 50}), (ago(-1), {})])
    endpoint.deployment("d", requests=at(last_request, 5))  # type: ignore[arg-type]
    scene.snapshot()
    scene.clock.set(ago(-4))
    row = scene.judged()["fraud/d"]
    assert row.verdict == "direct"
    assert text in row.reasons.sentences[0]


def test_a_proof_grows_longer_than_azures_memory(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("long").deployment("d")
    scene.snapshot()
    for _month in range(2):
        scene.clock.advance(30 * DAY)
        scene.snapshot()
    row = scene.rows()["long/d"]
    assert row.idle_days is not None
    assert row.idle_days > 93 + 50


def test_a_snapshot_never_changes_what_an_older_one_concluded(
    scene: Scene, workspace: Workspace
) -> None:
    deployment = workspace.endpoint("then").deployment("d")
    first = scene.snapshot()
    scene.clock.advance(DAY)
    deployment.requests = steady(1)
    scene.snapshot()
    assert [row.verdict for row in deployments_of(scene.store, first.snapshot_id)] == ["idle"]
    assert scene.verdicts() == {"then/d": "direct"}


def test_what_is_gone_leaves_the_current_view(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("going")
    gone = endpoint.deployment("gone")
    endpoint.deployment("stays")
    scene.snapshot()
    scene.clock.advance(DAY)
    endpoint.remove(gone)
    assert set(scene.judged()) == {"going/stays"}


def _two_subscriptions(world: World) -> tuple[Workspace, Workspace]:
    homes = []
    for name in ("one", "two"):
        home = world.subscription(name).resource_group("rg").workspace(f"ws-{name}")
        home.endpoint(f"ep-{name}").deployment("d")
        homes.append(home)
    return homes[0], homes[1]


def test_what_a_narrower_snapshot_did_not_read_keeps_its_row_and_its_age(
    scene_of: SceneOf, world: World
) -> None:
    one, two = _two_subscriptions(world)
    scene = scene_of(world)
    first = scene.snapshot()
    scene.clock.advance(DAY)
    second = scene.snapshot(scope=Scope(subscriptions=(one.subscription_id,)))
    rows = scene.rows()
    assert rows["ep-one/d"].snapshot_id == second.snapshot_id
    assert rows["ep-two/d"].snapshot_id == first.snapshot_id
    assert rows["ep-two/d"].as_of == NOW
    assert second.status == "complete"


def test_what_a_refused_snapshot_did_not_read_is_not_gone(scene_of: SceneOf, world: World) -> None:
    one, two = _two_subscriptions(world)
    scene = scene_of(world)
    scene.snapshot()
    scene.clock.advance(DAY)
    world.forbid(two.subscription_id, ["graph", "arm", "metrics", "locks"])
    report = scene.snapshot()
    assert report.status == "partial"
    assert scene.rows()["ep-two/d"].as_of == NOW
    assert [read_error.code for read_error in current_read_errors(scene.store)] == [
        "AuthorizationFailed"
    ]
    scene.clock.advance(DAY)
    world.allow(two.subscription_id)
    assert scene.judged()["ep-two/d"].as_of == NOW + 2 * DAY
    assert current_read_errors(scene.store) == []


def test_a_snapshot_of_one_workspace_leaves_the_others(
    scene_of: SceneOf, world: World, workspace: Workspace
) -> None:
    group = workspace.parent
    assert group is not None
    other = group.workspace("other")  # type: ignore[attr-defined]
    kept = workspace.endpoint("here").deployment("d")
    other.endpoint("there").deployment("d")
    scene = scene_of(world)
    scene.snapshot()
    scene.clock.advance(DAY)
    kept.parent.remove(kept)  # type: ignore[union-attr]
    scene.snapshot(scope=Scope(workspaces=(other.id.upper(),)))
    rows = scene.rows()
    assert rows["here/d"].as_of == NOW
    assert rows["there/d"].as_of == NOW + DAY
    scene.clock.advance(DAY)
    assert set(scene.judged(scope=Scope(workspaces=(workspace.id,)))) == {"there/d"}


def test_a_subscription_that_is_named_but_not_visible_is_a_read_error(
    scene_of: SceneOf, world: World
) -> None:
    one, _two = _two_subscriptions(world)
    scene = scene_of(world)
    missing = "00000000-0000-0000-0000-00000000dead"
    report = scene.snapshot(scope=Scope(subscriptions=(one.subscription_id, missing)))
    assert report.status == "partial"
    assert [(read_error.code, read_error.scope) for read_error in report.errors] == [
        ("NotVisible", missing)
    ]
    assert set(scene.rows()) == {"ep-one/d"}


def test_a_management_group_narrows_to_its_subscriptions(scene_of: SceneOf, world: World) -> None:
    one, _two = _two_subscriptions(world)
    first = next(sub for sub in world.subscriptions if sub.name == "one")
    world.management_group("team", [first])
    scene = scene_of(world)
    scene.snapshot(scope=Scope(management_group="team"))
    assert set(scene.rows()) == {"ep-one/d"}


def test_a_guard_never_becomes_the_current_view(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("guarded")
    deployment = endpoint.deployment("d")
    scene.snapshot()
    scene.clock.advance(timedelta(hours=1))
    deployment.requests = steady(1)
    guard = scene.snapshot(kind="guard", scope=Scope(endpoint=endpoint.id))
    assert scene.verdicts() == {"guarded/d": "idle"}
    judged = judged_endpoint(scene.store, guard.snapshot_id)
    assert [row.verdict for row in judged] == ["direct"]
    assert len(snapshots(scene.store)) == 1


def test_a_guard_allows_one_hour_of_a_day_without_a_sign_of_life(
    scene: Scene, workspace: Workspace
) -> None:
    start = ago(3).replace(hour=4)
    endpoint = workspace.endpoint("hourly")
    hours = {"one": 1, "two": 2}
    for name, count in hours.items():
        endpoint.deployment(
            name,
            requests=silent("nothing"),
            life=Life(((start, start + timedelta(hours=count)),)),
        )
    guard = scene.snapshot(kind="guard", scope=Scope(endpoint=endpoint.id))
    judged = judged_endpoint(scene.store, guard.snapshot_id)
    assert {row.deployment: row.verdict for row in judged} == {"one": "idle", "two": "unknown"}


@pytest.mark.parametrize(("hours", "verdict"), [(1, "idle"), (2, "unknown")])
def test_hours_without_any_value_between_real_zeros_are_a_gap(
    scene: Scene, workspace: Workspace, hours: int, verdict: str
) -> None:
    endpoint = workspace.endpoint("hourly")
    endpoint.deployment("zeros", requests=silent("zeros"))
    start = ago(3).replace(hour=4)
    lost = {start + timedelta(hours=hour) for hour in range(hours)}

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: without(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [without(one) for one in value if not is_lost(one)]
        return value

    def is_lost(one: Any) -> bool:
        reported = one.get("timeStamp") if isinstance(one, dict) else None
        return reported is not None and datetime.fromisoformat(reported) in lost

    scene.azure.bend("metrics:getBatch", without)
    guard = scene.snapshot(kind="guard", scope=Scope(endpoint=endpoint.id))
    (row,) = judged_endpoint(scene.store, guard.snapshot_id)
    assert row.verdict == verdict


def test_a_snapshot_that_does_not_exist_is_named(scene: Scene, workspace: Workspace) -> None:
    scene.snapshot()
    with pytest.raises(NoSnapshot, match="no snapshot 'x'"):
        deployments_of(scene.store, "x")


def test_days_tell_zero_no_data_and_not_asked_apart(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("days")
    deployment = endpoint.deployment("d", requests=at(ago(2), 9))
    snapshot_id = scene.snapshot().snapshot_id
    key = deployment.id.lower()
    last = NOW.date()
    found = evidence_of(scene.store, key, snapshot_id, last - 100 * DAY, last)
    days = {day.day: day for day in found.days}
    assert days[last - 2 * DAY].requests == 9
    assert days[last - 3 * DAY].requests == 0
    assert days[last - 100 * DAY].requests is None
    assert not days[last - 100 * DAY].was_asked
    assert days[last - 3 * DAY].capacity == 1


def test_shares_over_time_are_reported(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("moved", traffic=[(ago(300), {"A": 100}), (ago(-1), {"b": 100})])
    endpoint.deployment("a")
    scene.snapshot()
    scene.clock.advance(2 * DAY)
    scene.snapshot()
    pairs = [
        (row.deployment, row.live_percent) for row in traffic_of(scene.store, endpoint.id.lower())
    ]
    assert pairs == [("A", 100.0), ("b", 100.0)]


def test_a_window_of_its_own_is_reported_and_kept(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("window").deployment("d", requests=at(ago(20), 1))
    assert scene.judged(policy=Policy(window_days=10))["window/d"].verdict == "idle"
    assert scene.rows()["window/d"].window_days == 10
    scene.clock.advance(timedelta(minutes=1))
    assert scene.judged(policy=Policy(window_days=35))["window/d"].verdict == "direct"


def test_a_window_longer_than_azures_memory_is_unknown_until_the_store_has_it(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("long").deployment("d")
    assert scene.judged(policy=Policy(window_days=100))["long/d"].verdict == "unknown"
    scene.clock.advance(30 * DAY)
    assert scene.judged(policy=Policy(window_days=100))["long/d"].verdict == "idle"


def test_a_read_error_today_does_not_undo_what_is_proven(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("later").deployment("d")
    scene.snapshot()
    scene.clock.advance(2 * DAY)
    scene.azure.faults.add(Fault("forbid", path="getBatch"))
    row = scene.judged()["later/d"]
    assert row.verdict == "unknown"
    assert row.requests_in_window is None
    scene.azure.faults.clear()
    scene.clock.advance(timedelta(hours=1))
    assert scene.judged()["later/d"].verdict == "idle"


def test_of_two_snapshots_at_one_instant_the_one_taken_later_is_the_newest(
    scene: Scene, workspace: Workspace
) -> None:
    marked = workspace.endpoint("vision").deployment("old")
    first = scene.snapshot()
    marked.tags["role"] = "retire"
    marked.instances = 3
    second = scene.snapshot()
    rows = scene.rows()
    assert (rows["vision/old"].role, rows["vision/old"].snapshot_id) == (
        "retire",
        second.snapshot_id,
    )
    kept = snapshots(scene.store)
    assert [row.snapshot_id for row in kept] == [second.snapshot_id, first.snapshot_id]
    assert kept[0].started_at > kept[1].started_at == NOW
    assert second.finished_at >= second.started_at == kept[0].started_at
    seen = raw_seen(scene.store, rows["vision/old"].deployment_key)
    assert seen is not None
    assert seen.seen_at == second.started_at
    text = {change.change for change in changes(scene.store, first.snapshot_id, second.snapshot_id)}
    assert text == {"role", "size"}


def test_many_snapshots_at_one_instant_keep_their_order(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("vision").deployment("old")
    taken = [scene.snapshot().snapshot_id for _ in range(4)]
    assert [row.snapshot_id for row in reversed(snapshots(scene.store))] == taken
    assert scene.rows()["vision/old"].snapshot_id == taken[-1]
    assert prune(scene.store, NOW + DAY).snapshot_ids == tuple(taken[:-1])


def test_a_clock_that_is_set_back_within_the_second_changes_no_order(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("vision").deployment("old")
    scene.clock.advance(timedelta(milliseconds=700))
    scene.snapshot()
    scene.clock.advance(timedelta(milliseconds=-600))
    last = scene.snapshot()
    assert scene.rows()["vision/old"].snapshot_id == last.snapshot_id
    assert snapshots(scene.store)[0].snapshot_id == last.snapshot_id
