"""What was refused, cut, late or left out is never evidence of silence, and always a hole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from actions.snapshot.take import SnapshotReport
from collectors.connection.errors import AzureFailure, Refused
from emulator import Fault, Workspace, World, silent, steady
from queries.estate.rows import DeploymentRow
from tests.scene import Gallery, Scene, SceneOf, playing

gallery = Gallery()
Rows = dict[str, DeploymentRow]
CAPACITY, REQUESTS, CPU = "DeploymentCapacity", "RequestsPerMinute", "CpuUtilizationPercentage"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with playing(gallery.world(), tmp_path_factory.mktemp("store")) as scene:
        for region, fault in FAULTS.items():
            fault.path = f"^/{region}/.*metrics:getBatch"
            scene.azure.faults.add(fault)
        scene.azure.bend("^/southindia/.*getBatch", _nulls)
        scene.azure.bend("^/centralindia/.*getBatch", _no_metrics)
        scene.azure.bend("^/westindia/.*getBatch.*ndpoints&", _only_split_lost)
        yield scene


@pytest.fixture(scope="module")
def report(scene: Scene) -> SnapshotReport:
    return scene.snapshot(attempts=2)


@pytest.fixture(scope="module")
def rows(scene: Scene, report: SnapshotReport) -> Rows:
    return scene.rows()


FAULTS = {
    "eastus": Fault("forbid"),
    "westus": Fault("throttle"),
    "northeurope": Fault("unavailable"),
    "uksouth": Fault("garble"),
    "japaneast": Fault("truncate"),
    "japanwest": Fault("drop"),
    "koreacentral": Fault("throttle", status=529, code="Overloaded"),
    "francecentral": Fault("forbid", status=401, code="Unauthorized", shape="flat"),
    "canadaeast": Fault("forbid", status=404, code="NotFound"),
}
REGIONS = [*FAULTS, "southindia", "centralindia", "westindia"]


def _nulls(body: Any) -> Any:
    for value in body["values"]:
        for metric in value["value"]:
            for series in metric["timeseries"]:
                for point in series["data"]:
                    point.update({name: None for name in point if name != "timeStamp"})
    return body


def _no_metrics(body: Any) -> Any:
    for value in body["values"]:
        value["value"] = []
    return body


def _only_split_lost(body: Any) -> Any:
    return {"values": []}


@gallery.shows
def _regions(workspace: Workspace) -> None:
    group: Any = workspace.parent
    for region in REGIONS:
        place = group.workspace(f"ws-{region}", region=region)
        place.endpoint(f"silent-{region}").deployment("d")
        place.endpoint(f"live-{region}", traffic={"d": 100}).deployment("d")


@pytest.mark.parametrize("region", REGIONS)
def test_a_refused_metric_is_never_idle(rows: Rows, region: str) -> None:
    for name in (f"silent-{region}/d", f"live-{region}/d"):
        assert rows[name].verdict == "unknown"
        assert rows[name].requests_in_window is None
        assert rows[name].idle_days is None
        assert not rows[name].requests_proven


@pytest.mark.parametrize("region", sorted(set(REGIONS) - {"southindia"}))
def test_every_refusal_is_a_read_error_that_names_its_scope(
    report: SnapshotReport, region: str
) -> None:
    assert report.status == "partial"
    named = [read_error for read_error in report.errors if region in read_error.scope]
    assert named
    assert {read_error.source for read_error in named} == {"metrics"}
    assert all(read_error.code and read_error.message for read_error in named)


def test_the_reason_names_what_azure_said(rows: Rows) -> None:
    assert "AuthorizationFailed" in " ".join(rows["silent-eastus/d"].reasons.sentences)


@gallery.shows
def _one_metric(workspace: Workspace) -> None:
    world = workspace.world
    for metric in (REQUESTS, CAPACITY, CPU, "GpuUtilizationPercentage"):
        place = workspace.endpoint(f"no-{metric.lower()}")
        place.deployment("zeros")
        place.deployment("nothing", requests=silent("nothing"))
        world.metric_error(metric, "Throttled", resource=f"no-{metric.lower()}")


def test_refused_requests_are_never_zero(rows: Rows) -> None:
    assert rows["no-requestsperminute/zeros"].verdict == "unknown"
    assert rows["no-requestsperminute/nothing"].verdict == "unknown"
    assert rows["no-requestsperminute/zeros"].requests_in_window is None


@pytest.mark.parametrize("metric", [CAPACITY, CPU])
def test_either_sign_of_life_is_enough(rows: Rows, metric: str) -> None:
    assert rows[f"no-{metric.lower()}/nothing"].verdict == "idle"


@gallery.shows
def _no_life(workspace: Workspace) -> None:
    place = workspace.endpoint("no-life")
    place.deployment("zeros")
    place.deployment("nothing", requests=silent("nothing"))
    for metric in (CAPACITY, CPU):
        workspace.world.metric_error(metric, "Throttled", resource="no-life/")


def test_without_any_sign_of_life_only_a_real_zero_is_a_zero(rows: Rows) -> None:
    assert rows["no-life/zeros"].verdict == "idle"
    assert rows["no-life/nothing"].verdict == "unknown"


@gallery.shows
def _own_refused(workspace: Workspace) -> None:
    workspace.endpoint("one-space").deployment("d")
    workspace.world.metric_error(REQUESTS, "Forbidden", resource="one-space/deployments/d")


def test_one_namespace_alone_proves_nothing(rows: Rows) -> None:
    assert rows["one-space/d"].verdict == "unknown"


@gallery.shows
def _own_refused_busy(workspace: Workspace) -> None:
    workspace.endpoint("one-busy").deployment("d", requests=steady(1))
    workspace.world.metric_error(REQUESTS, "Forbidden", resource="one-busy/deployments/d")


def test_one_namespace_alone_is_enough_to_be_in_use(rows: Rows) -> None:
    assert rows["one-busy/d"].verdict == "direct"


@gallery.shows
def _maximum(workspace: Workspace) -> None:
    workspace.endpoint("no-maximum").deployment("d", requests=silent("nothing"))
    workspace.endpoint("no-maximum-busy").deployment("d", requests=steady(0.5))
    for metric in (REQUESTS, CAPACITY):
        workspace.world.metric_error(metric, "BadAggregation", "maximum", "no-maximum")


def test_what_knows_no_maximum_is_asked_again_by_average(rows: Rows) -> None:
    assert rows["no-maximum/d"].verdict == "idle"
    assert rows["no-maximum-busy/d"].verdict == "direct"


@gallery.shows
def _subscriptions(workspace: Workspace) -> None:
    world = workspace.world
    for source in ("metrics", "locks", "graph", "arm", "tags"):
        subscription = world.subscription(f"no-{source}", tags={"owner": "above"})
        place = subscription.resource_group("rg").workspace(f"ws-{source}")
        place.endpoint(f"without-{source}").deployment("d")
        world.forbid(subscription, [source])
    closed = world.subscription("closed")
    closed.resource_group("rg").workspace("ws-closed").endpoint("closed").deployment("d")
    world.forbid(closed, ["graph", "arm", "metrics", "locks", "tags"])
    world.subscription("empty")


def test_refused_metrics_of_a_subscription_leave_it_unknown(rows: Rows) -> None:
    assert rows["without-metrics/d"].verdict == "unknown"


def test_refused_locks_leave_it_unknown(rows: Rows) -> None:
    row = rows["without-locks/d"]
    assert row.verdict == "unknown"
    assert any("locks" in reason for reason in row.reasons.sentences)


@pytest.mark.parametrize("name", ["no-graph", "closed"])
def test_a_subscription_that_resource_graph_drops_in_silence_is_a_read_error(
    scene: Scene, report: SnapshotReport, rows: Rows, name: str
) -> None:
    found = next(sub for sub in scene.world.subscriptions if sub.name == name)
    read_errors = [h for h in report.errors if h.scope == found.subscription_id]
    assert [
        read_error.source for read_error in read_errors if read_error.source == "inventory"
    ] == ["inventory"]
    assert not any(row.subscription_id == found.subscription_id for row in rows.values())


def test_an_empty_subscription_is_no_read_error(scene: Scene, report: SnapshotReport) -> None:
    empty = next(sub for sub in scene.world.subscriptions if sub.name == "empty")
    assert not [
        read_error for read_error in report.errors if read_error.scope == empty.subscription_id
    ]


def test_what_was_refused_is_counted_but_not_repeated_in_the_report(
    report: SnapshotReport,
) -> None:
    assert len(set(report.errors)) == len(report.errors)
    assert report.throttled > 0


def test_refusals_write_nothing(scene: Scene, report: SnapshotReport) -> None:
    assert scene.azure.writes == []


def test_a_whole_tenant_that_refuses_is_an_error_and_no_clean_estate(
    scene_of: SceneOf, world: World
) -> None:
    world.subscription("s")
    scene = scene_of(world)
    scene.azure.faults.add(Fault("forbid", path="/subscriptions\\?"))
    with pytest.raises(AzureFailure):
        scene.snapshot()
    assert scene.sql("select status from snapshots") == [("stopped",)]


def test_a_sign_in_without_any_subscription_is_an_error(scene: Scene, scene_of: SceneOf) -> None:
    with pytest.raises(Refused, match="no subscription"):
        scene_of(World(clock=scene.clock)).snapshot()
