"""One that spoils a batch, a page or a group is unknown and named; every other row stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.snapshot.take import SnapshotReport
from emulator import Deployment, Fault, Workspace, World, large_tenant
from queries.estate.questions import current_deployments
from queries.estate.rows import DeploymentRow
from queries.reports.diff import changes
from tests.scene import AzureOf, Scene

Judged = tuple[SnapshotReport, dict[str, DeploymentRow]]
Take = Callable[..., Judged]
GRAPH = "ResourceGraph"


@pytest.fixture
def take(azure_of: AzureOf, tmp_path_factory: pytest.TempPathFactory) -> Take:
    """Snapshots of a tenant in stores of their own, each after `spoil` had the scene."""

    def of(world: World, spoil: Callable[[Scene], object] = lambda _scene: None) -> Judged:
        scene = Scene(azure_of(world), tmp_path_factory.mktemp("store"))
        spoil(scene)
        report = scene.snapshot()
        rows = current_deployments(scene.store)
        scene.close()
        return report, {row.deployment_key: replace(row, snapshot_id="") for row in rows}

    return of


def tenant_of_202() -> World:
    """Five subscriptions, and two endpoints whose only deployment is idle."""
    world = large_tenant(200, workspaces=10, endpoints=40, regions=3, subscriptions=5)
    places = [one for one in world.resources() if isinstance(one, Workspace)]
    for number, place in enumerate(places[:2]):
        place.endpoint(f"alone-{number}").deployment("d")
    return world


def alone(world: World) -> tuple[Deployment, Deployment]:
    first, second = (one for one in world.deployments() if "/alone-" in one.id)
    return first, second


def refused(path: str, status: int, text: str) -> Fault:
    return Fault("unavailable", path, status=status, code="Spoiled", holds=text)


def test_bad_members_of_four_kinds_are_isolated_and_every_other_row_is_unchanged(
    take: Take,
) -> None:
    world = tenant_of_202()
    malformed, broken = alone(world)
    closed = world.subscriptions[3].subscription_id

    def spoil(scene: Scene) -> None:
        scene.azure.faults.add(refused("getBatch", 400, f'{malformed.id}"'))
        scene.azure.faults.add(refused("getBatch", 500, f'{broken.id}"'))
        scene.azure.faults.add(refused(GRAPH, 400, closed))
        scene.world.largest_graph_payload = 40

    clean, before = take(tenant_of_202())
    report, after = take(world, spoil)
    assert (len(before), clean.status, report.status) == (202, "complete", "partial")
    culprits = {malformed.id.lower(), broken.id.lower()}
    assert sorted((one.source, one.scope.lower()) for one in report.errors) == sorted(
        [("inventory", closed), *(("metrics", culprit) for culprit in culprits)]
    )
    others = {key for key in before if closed not in key} - culprits
    assert {before[key].verdict for key in culprits} == {"idle"}
    assert {after[key].verdict for key in culprits} == {"unknown"}
    assert after.keys() == others | culprits
    assert {key: after[key] for key in others} == {key: before[key] for key in others}
    assert sum(report.requests.values()) <= sum(clean.requests.values()) + 80


def test_rows_that_stay_missing_are_not_read_and_never_gone(
    scene: Scene, workspace: Workspace
) -> None:
    for number in range(20):
        workspace.endpoint(f"e{number:02}").deployment("d")
    first = scene.snapshot()
    scene.clock.advance(timedelta(hours=1))
    scene.world.longest_graph_page, scene.world.graph_shifts = 15, None
    second = scene.snapshot()
    assert (first.status, second.status) == ("complete", "partial")
    assert [(one.scope, one.code) for one in second.errors] == [
        (workspace.subscription_id, "RowsMissing")
    ]
    found = changes(scene.store, first.snapshot_id, second.snapshot_id)
    assert "vanished" not in {one.change for one in found}
    not_read = [one.deployment for one in found if one.change == "not read"]
    verdicts = scene.verdicts()
    assert len(verdicts) == 20 - len(not_read)
    # Two rows are missing: a deployment's, or an endpoint's, of which the traffic is unknown then.
    assert sorted(verdicts.values()) == ["idle"] * 18 + ["unknown"] * (2 - len(not_read))


def test_what_came_is_shown_though_a_row_was_never_read(scene: Scene, workspace: Workspace) -> None:
    for number in range(20):
        workspace.endpoint(f"e{number:02}").deployment("d")
    scene.world.longest_graph_page, scene.world.graph_shifts = 15, None
    assert scene.snapshot().status == "partial"
    assert len(scene.rows()) >= 18


def test_an_endpoint_that_may_have_a_deployment_that_was_not_read_is_not_silent_as_a_whole(
    scene: Scene, workspace: Workspace
) -> None:
    for number in range(10):
        endpoint = workspace.endpoint(f"e{number:02}", traffic={"a": 100})
        endpoint.deployment("a")
        endpoint.deployment("b")
    scene.world.longest_graph_page, scene.world.graph_shifts = 20, None
    rows = scene.judged()
    with_share = {name: row for name, row in rows.items() if name.endswith("/a")}
    assert {row.verdict for row in with_share.values()} == {"unknown"}
    assert any("perhaps one that was not read" in str(row.reasons) for row in with_share.values())


def test_pages_that_never_end_and_hold_few_of_the_rows_replace_nothing_that_is_known(
    scene: Scene, workspace: Workspace
) -> None:
    for number in range(20):
        workspace.endpoint(f"e{number:02}").deployment("d")
    scene.snapshot()
    scene.clock.advance(timedelta(hours=1))
    scene.world.longest_graph_page, scene.world.graph_repeats_token = 15, True
    assert [one.code for one in scene.snapshot().errors] == ["EndlessPages"]
    assert len(scene.rows()) == 20


@pytest.mark.parametrize("status", [400, 404, 500])
def test_locks_that_one_subscription_refuses_leave_the_others_theirs(
    scene: Scene, world: World, status: int
) -> None:
    places = [world.subscription(f"s{n}").resource_group("rg").workspace("w") for n in range(3)]
    for place in places:
        world.lock(place.endpoint("e").deployment("d"))
    bad = places[1].subscription_id
    scene.azure.faults.add(
        Fault("unavailable", f"{bad}/providers/Microsoft.Authorization/locks", status=status)
    )
    report = scene.snapshot()
    assert [(one.source, one.scope) for one in report.errors] == [("locks", bad)]
    verdicts = {
        row.deployment_key.split("/")[2]: row.verdict for row in current_deployments(scene.store)
    }
    assert verdicts == {
        place.subscription_id: "unknown" if place.subscription_id == bad else "protected"
        for place in places
    }


def test_a_batch_of_which_every_member_is_refused_names_each(
    scene: Scene, workspace: Workspace
) -> None:
    both = [workspace.endpoint("e").deployment(name) for name in ("one", "two")]
    for deployment in both:
        scene.azure.faults.add(refused("getBatch", 400, f'{deployment.id}"'))
    report = scene.snapshot()
    scopes = {one.scope.lower() for one in report.errors if one.source == "metrics"}
    assert scopes == {deployment.id.lower() for deployment in both}
