"""A recording stands for its tenant: what is judged from it is what was judged there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collectors.connection.errors import AzureFailure
from emulator import Fault, Workspace, World, sample_tenant, steady
from mothball.settings import read_settings
from queries.estate.rows import DeploymentRow
from queries.policy import DEFAULT_TAGS, Policy
from tests.actions.recording.tape import (
    exchanges_of,
    graph_ids,
    replayed,
    rows_of,
    seen_by,
    session_of,
    taped,
)
from tests.scene import NOW, Scene, SceneOf

# What a row says beside names, texts and the ids of its snapshot.
JUDGED = tuple(
    """
    verdict kind region provisioning_state instance_count live_traffic_percent role expires_on
    mirror_traffic_percent requests_in_window last_request_at idle_days cost_in_window
    list_price_per_month monthly_run_rate run_rate_source currency created_at owner_source
    """.split()  # noqa: SIM905
)


def judged_alike(scene: Scene, folder: Path) -> None:
    """The tenant and its recording are judged alike; deployments pair by their place in answers."""
    report, heard = seen_by(session_of(scene))
    own = rows_of(scene.store)
    ids = graph_ids([json.loads(one.content) for one in heard if _is_estate(one.url, one.sent)])
    with replayed(folder, scene.folder) as (session, azure):
        again, _heard = seen_by(session)
        others = rows_of(session.store)
        assert [one.path for one in azure.requests if one.status == 501] == []
    kept = exchanges_of(folder)
    bodies = [one["answer"]["body"] for one in kept if _is_kept_estate(one)]
    names = dict(zip(ids, graph_ids(bodies), strict=True))
    assert own
    assert {names[key]: _judged(row) for key, row in own.items()} == {
        key: _judged(row) for key, row in others.items()
    }
    owners = {(row.owner, others[names[key]].owner) for key, row in own.items()}
    assert len(owners) == len({mine for mine, _other in owners})
    assert (again.status, again.requests) == (report.status, report.requests)
    assert sorted((e.source, e.code) for e in again.errors) == sorted(
        (e.source, e.code) for e in report.errors
    )


def _is_estate(url: str, sent: bytes) -> bool:
    return "ResourceGraph" in url and b"resourcecontainers" not in sent


def _is_kept_estate(one: dict[str, dict[str, dict[str, str]]]) -> bool:
    is_graph = "ResourceGraph" in str(one["request"]["path"])
    return is_graph and "resourcecontainers" not in one["request"]["body"]["query"]


def _judged(row: DeploymentRow) -> dict[str, object]:
    codes = {n: [one.code for one in getattr(row, n)] for n in ("reasons", "findings")}
    return {name: getattr(row, name) for name in JUDGED} | codes


@pytest.mark.journey
def test_the_sample_tenant_replayed_is_judged_like_itself(scene_of: SceneOf) -> None:
    scene = scene_of(sample_tenant(NOW))
    folder = taped(scene).folder
    judged_alike(scene, folder)


def test_names_that_occur_in_many_workspaces_are_asked_for_alike(
    scene: Scene, world: World
) -> None:
    group = world.subscription("production").resource_group("rg")
    for number, names in enumerate(("a", "ab", "bc", "c", "ad", "dc")):
        workspace = group.workspace(f"ws{number}")
        for name in names:
            endpoint = workspace.endpoint(name, traffic={"v1": 100})
            endpoint.deployment("v1", requests=steady(2.0))
    judged_alike(scene, taped(scene).folder)


def test_pages_go_on_at_the_replaying_host(scene: Scene, world: World, fraud: Workspace) -> None:
    world.longest_cost_page = 3
    folder = taped(scene).folder
    links = [one for one in exchanges_of(folder) if "$skiptoken" in one["request"]["query"]]
    assert len(links) > 3
    judged_alike(scene, folder)


def test_refusals_and_waits_are_replayed_too(scene: Scene, fraud: Workspace) -> None:
    scene.azure.faults.add(Fault("forbid", path="CostManagement"))
    scene.azure.faults.add(Fault("throttle", path="ResourceGraph", times=1, retry_after=0))
    scene.azure.faults.add(Fault("drop", path="locks", times=1))
    folder = taped(scene).folder
    assert [one["answer"] and one["answer"]["status"] for one in exchanges_of(folder)][:3] == [
        200,
        429,
        200,
    ]
    with replayed(folder, scene.folder) as (session, _azure):
        report, _heard = seen_by(session)
    assert report.throttled == 1
    assert {(one.source, one.code) for one in report.errors} == {("cost", "AuthorizationFailed")}
    assert report.requests["locks"] == 2


def test_a_snapshot_that_fails_is_recorded_up_to_there(scene: Scene, fraud: Workspace) -> None:
    scene.azure.faults.add(Fault("forbid", path="/subscriptions\\?"))
    recorded = taped(scene)
    assert isinstance(recorded.failure, AzureFailure)
    with (
        replayed(recorded.folder, scene.folder) as (session, _azure),
        pytest.raises(AzureFailure) as failed,
    ):
        seen_by(session)
    assert (failed.value.code, failed.value.status) == ("AuthorizationFailed", 403)


def test_the_replay_judges_as_of_the_recording(scene: Scene, fraud: Workspace) -> None:
    folder = taped(scene).folder
    with replayed(folder, scene.folder) as (session, _azure):
        report, _heard = seen_by(session)
    assert report.started_at == NOW


def test_the_settings_that_verdicts_rest_on_are_recorded(scene: Scene, fraud: Workspace) -> None:
    policy = Policy(window_days=20, tags={**DEFAULT_TAGS, "role": ("ML-role",)})
    folder = taped(scene, policy).folder
    kept = read_settings(folder / "config.toml", must_exist=True)
    assert (kept.window_days, kept.tags["role"]) == (20, ("ML-role",))


@pytest.fixture
def fraud(workspace: Workspace) -> Workspace:
    endpoint = workspace.endpoint("fraud", traffic={"blue": 100}, tags={"owner": "ada@x.example"})
    endpoint.deployment("blue", instances=2, requests=steady(3.0))
    endpoint.deployment("green", tags={"role": "rollback"})
    endpoint.deployment("old", tags={"role": "retire", "mothball-retire-after": "2026-11-20"})
    return workspace
