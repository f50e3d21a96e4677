"""How creation times are asked: one list a subscription, and few endpoints by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.snapshot import ages
from collectors.inventory.scope import Scope
from emulator import Fault, Received, Workspace, World, steady
from tests.scene import Scene, SceneOf, ago, query_of

LIST = r"/subscriptions/[^/]+/resources\?"


def _of_list(scene: Scene) -> list[Received]:
    return [one for one in scene.azure.requests if one.source == "resources"]


def _of_endpoints(scene: Scene) -> list[str]:
    return [r.path for r in scene.azure.requests if r.path.lower().endswith("/deployments")]


def _blind(scene: Scene) -> None:
    scene.world.graph_has_system_data = False


@pytest.mark.parametrize("system_data", [True, False])
def test_every_snapshot_asks_a_page_of_a_thousand_per_subscription_and_no_endpoint(
    scene_of: SceneOf, world: World, system_data: bool
) -> None:
    world.graph_has_system_data = system_data
    world.longest_resource_page = 10
    for number in range(4):
        group = world.subscription(f"s{number}").resource_group("rg")
        for place in range(5):
            endpoint = group.workspace("ws" if not place else f"ws{place}").endpoint("e")
            for name in range(5):
                endpoint.deployment(f"d{name}", created_at=ago(20 + name))
    scene = scene_of(world)
    for _snapshot in ("first", "later"):
        scene.azure.forget()
        assert scene.snapshot().errors == ()
        assert len(_of_list(scene)) == 4 * 3  # 25 deployments in pages of 10
        assert _of_endpoints(scene) == []
        scene.clock.advance(timedelta(days=1))
    asked = query_of(_of_list(scene)[0])
    assert asked["$top"] == "1000"
    assert asked["$expand"] == "createdTime,changedTime"
    assert asked["$filter"].endswith("/workspaces/onlineEndpoints/deployments'")


def test_a_subscription_without_online_deployments_is_not_asked(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.batch_endpoint("b").deployment("d")
    workspace.serverless_endpoint("s")
    scene.snapshot()
    assert _of_list(scene) == []


def test_the_later_of_two_sources_counts(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e")
    first = endpoint.deployment("graph-lags")
    endpoint.remove(first, ago(2, hours=1))
    second = endpoint.deployment("list-lags", deleted_at=ago(0, hours=3))
    scene.clock.set(ago(3))
    scene.world.freeze_graph()
    scene.clock.set(ago(0))
    endpoint.deployment("graph-lags", created_at=ago(2))
    assert scene.judged()["e/graph-lags"].created_at == ago(2)
    scene.world.thaw_graph()
    endpoint.deployment("list-lags", created_at=ago(0, hours=2))
    scene.world.resource_list_lags = timedelta(hours=4)
    scene.clock.advance(timedelta(minutes=1))
    assert second.created_at != ago(0, hours=2)
    assert scene.judged()["e/list-lags"].created_at == ago(0, hours=2)


def test_what_the_list_lacks_is_asked_by_one_list_of_its_endpoint(
    scene: Scene, workspace: Workspace
) -> None:
    _blind(scene)
    for name in ("lacking", "listed"):
        endpoint = workspace.endpoint(name)
        endpoint.deployment("d", created_at=ago(20), created_by="Grace Example")
        endpoint.deployment("f", created_at=ago(25))
    lacking = scene.world.find("lacking")
    scene.world.not_in_resource_list = {one.id for one in lacking.deployments}
    row = scene.judged()["lacking/d"]
    assert (row.created_at, row.created_by) == (ago(20), "Grace Example")
    assert row.verdict == "idle"
    assert [path.split("/")[-2] for path in _of_endpoints(scene)] == ["lacking"]


@pytest.mark.parametrize("system_data", [True, False])
def test_what_serves_is_not_asked_though_the_list_lacks_it(
    scene: Scene, workspace: Workspace, system_data: bool
) -> None:
    scene.world.graph_has_system_data = system_data
    serving = workspace.endpoint("serving", traffic={"D": 100}, mirror={"shadow": 10})
    serving.deployment("d", requests=steady(1))
    serving.deployment("shadow", requests=steady(1))
    workspace.endpoint("silent", traffic={"d": 100}).deployment("d")
    scene.world.not_in_resource_list = {one.id for one in scene.world.deployments()}
    assert scene.judged()["silent/d"].verdict == "idle-endpoint"
    assert [path.split("/")[-2] for path in _of_endpoints(scene)] == ["silent"]


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_a_refused_list_is_a_read_error_of_its_own_and_endpoints_are_asked(
    scene: Scene, workspace: Workspace, status: int
) -> None:
    _blind(scene)
    workspace.endpoint("e").deployment("d", created_at=ago(20))
    scene.azure.faults.add(Fault("forbid", path=LIST, status=status, code="Refused"))
    report = scene.snapshot(attempts=2)
    assert [(error.source, error.scope) for error in report.errors] == [
        ("creation times", workspace.subscription_id)
    ]
    row = scene.rows()["e/d"]
    assert (row.verdict, row.created_at) == ("idle", ago(20))


def test_a_refused_list_costs_nothing_where_resource_graph_reports(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d", created_at=ago(20))
    scene.azure.faults.add(Fault("forbid", path=LIST))
    report = scene.snapshot()
    assert report.status == "partial"
    assert scene.rows()["e/d"].verdict == "idle"
    assert _of_endpoints(scene) == []


def test_a_list_that_breaks_off_counts_up_to_there(scene: Scene, workspace: Workspace) -> None:
    _blind(scene)
    scene.world.longest_resource_page = 1
    workspace.endpoint("a").deployment("d", created_at=ago(20))
    workspace.endpoint("b").deployment("d", created_at=ago(20))
    scene.azure.faults.add(Fault("forbid", path="skiptoken"))
    rows = scene.judged()
    assert rows["a/d"].created_at == rows["b/d"].created_at == ago(20)
    assert [path.split("/")[-2] for path in _of_endpoints(scene)] == ["b"]


def test_no_more_than_so_many_endpoints_are_asked_and_the_rest_is_a_read_error(
    scene: Scene, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ages, "MOST_ENDPOINTS", 2)
    _blind(scene)
    for name in "abc":
        workspace.endpoint(name).deployment("d", created_at=ago(20))
    scene.world.not_in_resource_list = {one.id for one in scene.world.deployments()}
    report = scene.snapshot()
    assert len(_of_endpoints(scene)) == 2
    assert [(error.source, error.code) for error in report.errors] == [
        ("creation times", "TooManyMissing")
    ]
    verdicts = sorted(scene.verdicts().values())
    assert verdicts == ["idle", "idle", "unknown"]


@pytest.mark.parametrize("narrow", ["workspace", "endpoint"])
def test_a_narrow_snapshot_asks_its_endpoints_and_not_the_whole_list(
    scene: Scene, workspace: Workspace, narrow: str
) -> None:
    _blind(scene)
    endpoint = workspace.endpoint("e")
    endpoint.deployment("d", created_at=ago(20))
    scope = (
        Scope(endpoint=endpoint.id) if narrow == "endpoint" else Scope((), None, (workspace.id,))
    )
    scene.snapshot(scope=scope)
    assert scene.sql("select created_at from deployments") == [(ago(20).replace(tzinfo=None),)]
    assert (len(_of_list(scene)), len(_of_endpoints(scene))) == (0, 1)


def test_a_narrow_snapshot_of_many_endpoints_asks_the_list(
    scene: Scene, workspace: Workspace
) -> None:
    for number in range(ages.FEW_ENDPOINTS + 1):
        workspace.endpoint(f"e{number}").deployment("d")
    scene.snapshot(scope=Scope((), None, (workspace.id,)))
    assert (len(_of_list(scene)), len(_of_endpoints(scene))) == (1, 0)


def test_a_guard_asks_its_endpoint_once_and_no_list(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e")
    endpoint.deployment("d")
    scene.snapshot(scope=Scope(endpoint=endpoint.id), kind="guard")
    assert (len(_of_list(scene)), len(_of_endpoints(scene))) == (0, 1)
