"""Age where Resource Graph does not report it: signs of life, our own snapshots, one list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import pytest

from emulator import Deployment, Fault, Workspace, alive_since, silent
from queries.estate.rows import DeploymentRow
from tests.scene import Scene, ago


def _lists(scene: Scene) -> list[str]:
    return [r.path for r in scene.azure.requests if r.path.lower().endswith("/deployments")]


def _without_creation(scene: Scene) -> None:
    scene.world.graph_has_system_data = False


@pytest.mark.parametrize("system_data", [False, "null"])
def test_a_sign_of_life_older_than_the_window_proves_it_older(
    scene: Scene, workspace: Workspace, system_data: Literal["null"] | bool
) -> None:
    scene.world.graph_has_system_data = system_data
    workspace.endpoint("e").deployment("d")
    row = scene.judged()["e/d"]
    assert row.created_at is None
    assert row.is_new is False
    assert row.verdict == "idle"
    assert _lists(scene) == []


def test_a_first_sign_of_life_within_the_minimum_age_is_new(
    scene: Scene, workspace: Workspace
) -> None:
    _without_creation(scene)
    workspace.endpoint("e").deployment("d", created_at=ago(5))
    row = scene.judged()["e/d"]
    assert row.verdict == "new"
    assert _lists(scene) == []


def test_in_between_one_list_of_the_endpoint_tells(scene: Scene, workspace: Workspace) -> None:
    _without_creation(scene)
    endpoint = workspace.endpoint("e")
    endpoint.deployment("d", created_at=ago(20))
    endpoint.deployment("f", created_at=ago(25))
    rows = scene.judged()
    assert len(_lists(scene)) == 1
    assert rows["e/d"].created_at == ago(20)
    assert rows["e/d"].verdict == "idle"


def test_no_sign_of_life_at_all_is_asked_too(scene: Scene, workspace: Workspace) -> None:
    _without_creation(scene)
    young = workspace.endpoint("e").deployment("d", created_at=ago(2))
    young.life, young.requests = alive_since(ago(-1)), silent("nothing")
    assert scene.judged()["e/d"].verdict == "new"
    assert len(_lists(scene)) == 1


def test_a_refused_list_leaves_the_age_unknown_and_is_a_read_error(
    scene: Scene, workspace: Workspace
) -> None:
    _without_creation(scene)
    workspace.endpoint("e").deployment("d", created_at=ago(20))
    scene.azure.faults.add(Fault("forbid", path="/deployments\\?"))
    report = scene.snapshot()
    row = scene.rows()["e/d"]
    assert row.verdict == "unknown"
    assert row.requests_in_window is None
    assert [read_error.source for read_error in report.errors] == ["deployments"]


def test_metrics_that_begin_late_do_not_shorten_the_window(
    scene: Scene, workspace: Workspace
) -> None:
    _without_creation(scene)
    deployment = workspace.endpoint("e").deployment("d", created_at=None)
    deployment.life, deployment.requests = alive_since(ago(20)), silent("nothing")
    row = scene.judged()["e/d"]
    assert row.verdict == "unknown"


def _appears(scene: Scene, workspace: Workspace, days_later: float) -> Deployment:
    """A snapshot reads the endpoint without it; it is created some days later."""
    endpoint = workspace.endpoint("e")
    endpoint.deployment("other")
    scene.snapshot()
    born = ago(-days_later)
    scene.clock.set(born)
    return endpoint.deployment("d", created_at=born, requests=silent("nothing"))


def _judged_at(scene: Scene, days_later: float) -> DeploymentRow:
    scene.clock.set(ago(-days_later))
    return scene.judged()["e/d"]


def test_a_snapshot_that_did_not_find_it_shortens_the_window(
    scene: Scene, workspace: Workspace
) -> None:
    _without_creation(scene)
    _appears(scene, workspace, 1)
    scene.azure.bend("/deployments\\?", _no_creation)
    row = _judged_at(scene, 40)
    assert row.created_at is None
    assert row.verdict == "idle"
    assert row.requests_in_window == 0


def test_a_snapshot_of_late_that_did_not_find_it_makes_it_new(
    scene: Scene, workspace: Workspace
) -> None:
    _without_creation(scene)
    _appears(scene, workspace, 1)
    scene.azure.bend("/deployments\\?", _no_creation)
    assert _judged_at(scene, 5).verdict == "new"


def test_an_own_snapshot_proves_it_as_old_as_that(scene: Scene, workspace: Workspace) -> None:
    _without_creation(scene)
    workspace.endpoint("e").deployment("d", created_at=None).life = alive_since(ago(-100))
    scene.azure.bend("/deployments\\?", _no_creation)
    assert scene.judged()["e/d"].is_new is None
    scene.clock.advance(timedelta(days=15))
    assert scene.judged()["e/d"].is_new is False


def _no_creation(body: Any) -> Any:
    for item in body["value"]:
        item["systemData"] = {}
    return body


def test_the_creation_time_of_resource_graph_needs_no_list(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d", created_at=ago(20))
    row = scene.judged()["e/d"]
    assert row.created_at == ago(20)
    assert _lists(scene) == []
