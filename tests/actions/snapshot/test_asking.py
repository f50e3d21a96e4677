"""How much a snapshot asks: batches, only days not yet complete, nothing per deployment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from collectors.connection.errors import Stopped
from collectors.connection.patience import Stop
from emulator import Resource, Workspace, World, large_tenant
from queries.estate.questions import snapshots
from tests.scene import NOW, Scene, SceneOf, body_of, query_of

DAY = timedelta(days=1)


def _first_days(scene: Scene) -> set[date]:
    asked = (query_of(request)["starttime"] for request in scene.asked("metrics"))
    return {date.fromisoformat(start[:10]) for start in asked}


def test_the_first_snapshot_asks_all_days_that_azure_keeps_in_one_call(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    scene.snapshot()
    assert _first_days(scene) == {NOW.date() - 92 * DAY}
    spaces = Counter(query_of(request)["metricnamespace"] for request in scene.asked("metrics"))
    assert list(spaces.values()) == [1, 1]


def test_the_next_snapshot_asks_only_days_not_yet_complete(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    scene.snapshot()
    scene.azure.forget()
    scene.clock.advance(DAY)
    scene.snapshot()
    assert _first_days(scene) == {NOW.date()}


def test_yesterday_is_asked_again_until_late_values_are_in(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    scene.snapshot()
    scene.clock.set(NOW.replace(hour=5) + DAY)
    scene.snapshot()
    scene.azure.forget()
    scene.clock.set(NOW.replace(hour=7) + DAY)
    scene.snapshot()
    assert _first_days(scene) == {NOW.date()}


def test_a_day_that_was_read_late_enough_is_not_asked_again(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    scene.clock.set(NOW.replace(hour=7))
    scene.snapshot()
    scene.azure.forget()
    scene.clock.set(NOW.replace(hour=8))
    scene.snapshot()
    assert _first_days(scene) == {NOW.date()}


def test_a_deployment_that_is_new_to_the_store_is_asked_for_all_days(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("e")
    endpoint.deployment("d")
    scene.snapshot()
    scene.azure.forget()
    scene.clock.advance(DAY)
    endpoint.deployment("f")
    scene.snapshot()
    ranges = {
        body_of(request)["resourceids"][0].rsplit("/", 1)[-1]: query_of(request)["starttime"][:10]
        for request in scene.asked("metrics")
        if query_of(request)["metricnamespace"].endswith("deployments")
    }
    assert ranges == {
        "d": NOW.date().isoformat(),
        "f": (NOW.date() - 91 * DAY).isoformat(),
    }


def test_a_resumed_snapshot_asks_only_what_the_stopped_one_left(scene: Scene, world: World) -> None:
    group = world.subscription("wide").resource_group("rg")
    # Two questions a region; up to eight are under way when the sixth is answered.
    for region in (f"region{number}" for number in range(12)):
        group.workspace(f"ws-{region}", region=region).endpoint(region).deployment("d")
    stop, answers = Stop(), [0]

    def stop_late(_world: World) -> None:
        answers[0] += 1
        if answers[0] == 6:
            stop.set()

    scene.azure.after(path="getBatch", do=stop_late, times=None)
    with pytest.raises(Stopped):
        scene.snapshot(stop=stop)
    scene.azure.forget()
    scene.clock.advance(timedelta(minutes=5))
    report = scene.snapshot(resume=True)
    assert 0 < len(scene.asked("metrics")) < 24
    assert report.status == "complete"
    assert set(scene.verdicts().values()) == {"idle"}


def test_a_stop_while_it_is_judged_keeps_the_answers_and_no_half_of_it(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    stop = Stop()
    scene.azure.after(path="eventtypes/management", do=lambda _world: stop.set())
    with pytest.raises(Stopped):
        scene.snapshot(stop=stop)
    assert [row.status for row in snapshots(scene.store)] == ["stopped"]
    assert scene.rows() == {}
    scene.azure.forget()
    assert scene.snapshot(resume=True).status == "complete"
    assert scene.asked("metrics") == []
    assert list(scene.verdicts().values()) == ["idle"]


def test_without_resume_the_running_day_is_asked_again(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("e").deployment("d")
    scene.snapshot()
    scene.azure.forget()
    scene.clock.advance(timedelta(minutes=5))
    scene.snapshot(resume=True)
    assert scene.asked("metrics") == []
    scene.clock.advance(timedelta(minutes=5))
    scene.snapshot()
    assert len(scene.asked("metrics")) == 2


def test_an_answer_older_than_an_hour_does_not_count_for_a_resumed_day(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    scene.snapshot()
    scene.azure.forget()
    scene.clock.advance(timedelta(hours=2))
    scene.snapshot(resume=True)
    assert len(scene.asked("metrics")) == 2


def test_more_than_50_deployments_are_asked_in_batches_of_50(
    scene: Scene, workspace: Workspace
) -> None:
    endpoints = [workspace.endpoint(f"e{number}") for number in range(3)]
    for number in range(60):
        endpoints[number % 3].deployment(f"d{number}")
    scene.snapshot()
    sizes = [
        len(body_of(request)["resourceids"])
        for request in scene.asked("metrics")
        if query_of(request)["metricnamespace"].endswith("deployments")
    ]
    assert sorted(sizes) == [10, 50]
    assert set(scene.verdicts().values()) == {"idle"}


@pytest.mark.parametrize("refuses_classes", [False, True])
def test_the_requests_of_a_snapshot_are_those_of_the_formula(
    scene_of: SceneOf, refuses_classes: bool
) -> None:
    world = large_tenant(200, workspaces=8, endpoints=40, regions=4, subscriptions=2)
    world.status_classes_refused = refuses_classes
    scene = scene_of(world)
    report = scene.snapshot()
    assert report.status == "complete"
    own = _batches(world.deployments())
    split = _batches([one for one in world.endpoints() if one.deployments])
    if refuses_classes:  # asked once more where it was not known yet
        assert own + split < report.requests["metrics"] <= own + 2 * split
    else:
        assert report.requests["metrics"] == own + split
    assert (report.requests["graph"], report.requests["locks"]) == (2, 2)
    assert "ml" not in report.requests


def _batches(resources: Sequence[Resource]) -> int:
    """Batches of 50 of one subscription and region."""
    places = Counter((one.subscription_id, _region(one)) for one in resources)
    return sum(-(-count // 50) for count in places.values())


def _region(resource: Resource | None) -> str | None:
    while resource is not None and not resource.location:
        resource = resource.parent
    return None if resource is None else resource.location


def test_kubernetes_batch_and_serverless_are_never_asked(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("k", kind="K8S").deployment("d")
    workspace.batch_endpoint("b").deployment("d")
    workspace.serverless_endpoint("s")
    scene.snapshot()
    assert scene.asked("metrics") == []


def test_a_large_tenant_takes_at_most_80_requests_and_none_per_deployment(
    scene_of: SceneOf,
) -> None:
    scene = scene_of(large_tenant())
    report = scene.snapshot()
    sent = [request for request in scene.azure.requests if request.source != "identity"]
    assert len(sent) <= 80
    assert sum(report.requests.values()) == len(sent)
    assert not [r for r in sent if re.search("/deployments(/|$)", r.path, re.IGNORECASE)]
    assert (report.workspaces, report.endpoints, report.deployments) == (20, 200, 1000)
    assert report.status == "complete"
    assert scene.waits == []
    assert scene.azure.writes == []
    keys = [row.deployment_key for row in scene.rows().values()]
    assert sorted(keys) == sorted(one.id.lower() for one in scene.world.deployments())
