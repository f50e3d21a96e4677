"""The verdicts in their order, the first that fits; a sentence of the design each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from emulator import Workspace, at, dead, silent, steady, until
from queries import vocabulary
from queries.estate.rows import DeploymentRow
from tests.scene import Gallery, Scene, ago, day, playing

gallery = Gallery()
Rows = dict[str, DeploymentRow]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with playing(gallery.world(), tmp_path_factory.mktemp("store")) as scene:
        scene.snapshot()
        yield scene


@pytest.fixture(scope="module")
def rows(scene: Scene) -> Rows:
    return scene.rows()


@gallery.shows
def _pay_per_use(workspace: Workspace) -> None:
    workspace.batch_endpoint("nightly").deployment("score")
    workspace.serverless_endpoint("llama")


def test_batch_and_serverless_are_pay_per_use(rows: Rows) -> None:
    assert rows["nightly/score"].verdict == "pay-per-use"
    assert rows["nightly/score"].kind == "batch"
    assert rows["llama"].verdict == "pay-per-use"
    assert rows["llama"].kind == "serverless"
    assert rows["llama"].deployment is None


@gallery.shows
def _serving(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("fraud", traffic={"blue": 90, "green": 10})
    endpoint.deployment("blue", requests=steady(1))
    endpoint.deployment("green")
    workspace.world.lock(endpoint.deployments[0], "CanNotDelete")


def test_a_share_with_requests_is_serving(rows: Rows) -> None:
    assert rows["fraud/blue"].verdict == "serving"


def test_a_share_with_requests_on_a_sibling_is_serving_with_a_finding(rows: Rows) -> None:
    row = rows["fraud/green"]
    assert row.verdict == "serving"
    assert any("gets no requests" in finding for finding in row.findings.sentences)


def test_serving_comes_before_protected(rows: Rows) -> None:
    assert rows["fraud/blue"].lock_names
    assert rows["fraud/blue"].verdict == "serving"


@gallery.shows
def _serving_by_other(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("pinned", traffic={"blue": 100})
    endpoint.deployment("blue")
    endpoint.deployment("green", requests=steady(1))


def test_a_request_on_a_sibling_without_share_makes_the_live_one_serving(rows: Rows) -> None:
    assert rows["pinned/blue"].verdict == "serving"
    assert rows["pinned/green"].verdict == "direct"


@gallery.shows
def _shadow(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("vision", traffic={"v1": 100}, mirror={"v2": 10})
    endpoint.deployment("v1", requests=steady(1))
    endpoint.deployment("v2", requests=steady(0.1), created_at=ago(3))


def test_mirrored_traffic_makes_a_shadow_even_of_a_new_one(rows: Rows) -> None:
    row = rows["vision/v2"]
    assert row.verdict == "shadow"
    assert row.mirror_traffic_percent == 10


@gallery.shows
def _both(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("half", traffic={"a": 100}, mirror={"a": 5})
    endpoint.deployment("a", requests=steady(1))


def test_serving_comes_before_shadow(rows: Rows) -> None:
    assert rows["half/a"].verdict == "serving"


@gallery.shows
def _direct(workspace: Workspace) -> None:
    workspace.endpoint("direct").deployment("d", requests=at(ago(2), 4), state="Failed")
    workspace.endpoint("direct-new").deployment("d", requests=at(ago(2), 4), created_at=ago(5))


def test_requests_without_a_share_are_direct(rows: Rows) -> None:
    row = rows["direct-new/d"]
    assert row.verdict == "direct"
    assert "cannot be determined" in row.reasons.sentences[0]


def test_direct_comes_before_failed(rows: Rows) -> None:
    row = rows["direct/d"]
    assert row.verdict == "direct"
    assert any("yet it was asked" in finding for finding in row.findings.sentences)


@gallery.shows
def _failed(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("broken")
    endpoint.deployment("failed", state="Failed", requests=silent("nothing"), life=dead())
    endpoint.deployment("canceled", state="Canceled")
    endpoint.deployment("young", state="Failed", created_at=ago(2))
    endpoint.deployment("kept", state="Failed", tags={"role": "production"})


@pytest.mark.parametrize("name", ["failed", "canceled"])
def test_failed_or_canceled_without_a_request_is_failed(rows: Rows, name: str) -> None:
    assert rows[f"broken/{name}"].verdict == "failed"


def test_failed_comes_before_new_and_before_protected(rows: Rows) -> None:
    assert rows["broken/young"].verdict == "failed"
    assert rows["broken/kept"].verdict == "failed"


@gallery.shows
def _failed_live(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("broken-live", traffic={"a": 100})
    endpoint.deployment("a", state="Failed")
    endpoint.deployment("b")


def test_a_failed_one_with_a_share_is_failed_and_its_sibling_kept(rows: Rows) -> None:
    assert rows["broken-live/a"].verdict == "failed"
    assert rows["broken-live/b"].verdict == "rollback"


@gallery.shows
def _new(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("ages")
    endpoint.deployment("thirteen", created_at=ago(13, 23))
    endpoint.deployment("fourteen", created_at=ago(14))
    endpoint.deployment("locked", created_at=ago(2), tags={"role": "production"})


def test_younger_than_the_minimum_age_is_new(rows: Rows) -> None:
    assert rows["ages/thirteen"].verdict == "new"
    assert rows["ages/fourteen"].verdict == "idle"


def test_new_comes_before_protected(rows: Rows) -> None:
    assert rows["ages/locked"].verdict == "new"


@gallery.shows
def _kubernetes(workspace: Workspace) -> None:
    workspace.endpoint("cluster", kind="K8S").deployment("d", instance_type="cpuinstance")


def test_kubernetes_is_unknown_for_a_reason_of_its_own_and_no_read_error(
    rows: Rows, scene: Scene
) -> None:
    row = rows["cluster/d"]
    assert row.kind == "kubernetes"
    assert row.verdict == "unknown"
    assert "Kubernetes" in row.reasons.sentences[0]
    assert scene.sql("select * from holes") == []


BUSY = ["Creating", "Updating", "Scaling", "Deleting"]


@gallery.shows
def _busy(workspace: Workspace) -> None:
    for state in BUSY:
        workspace.endpoint(f"d-{state}").deployment("d", state=state)
        workspace.endpoint(f"e-{state}", state=state).deployment("d")


@pytest.mark.parametrize("state", BUSY)
def test_an_operation_on_it_or_its_endpoint_makes_it_unknown(rows: Rows, state: str) -> None:
    assert rows[f"d-{state}/d"].verdict == "unknown"
    if state != "Scaling":
        assert rows[f"e-{state}/d"].verdict == "unknown"


@gallery.shows
def _gone(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("lost", traffic={"gone": 100})
    endpoint.deployment("left", tags={"role": "production"})


def test_a_share_of_a_deployment_that_is_gone_makes_the_others_unknown(rows: Rows) -> None:
    row = rows["lost/left"]
    assert row.verdict == "unknown"
    assert any("gone" in finding for finding in row.findings.sentences)


@gallery.shows
def _gone_without_share(workspace: Workspace) -> None:
    workspace.endpoint("lost-zero", traffic={"gone": 0}).deployment("left")


def test_a_share_of_zero_of_a_deployment_that_is_gone_does_not_matter(rows: Rows) -> None:
    assert rows["lost-zero/left"].verdict == "idle"


@gallery.shows
def _protected(workspace: Workspace) -> None:
    world = workspace.world
    own = workspace.endpoint("own-lock").deployment("d")
    world.lock(own, "CanNotDelete", "mine")
    above = workspace.endpoint("endpoint-lock")
    above.deployment("d")
    world.lock(above, "ReadOnly", "theirs")
    workspace.endpoint("role").deployment("d", tags={"Role": "Production"})
    workspace.endpoint("exempt").deployment("d", tags={"mothball-exempt-until": day(0)})
    workspace.endpoint("exempt-over").deployment("d", tags={"mothball-exempt-until": day(-1)})
    workspace.endpoint("exempt-odd").deployment("d", tags={"mothball-exempt-until": "soon"})
    workspace.endpoint("exempt-above", tags={"Mothball-Exempt-Until": day(9)}).deployment("d")


def test_a_lock_of_its_own_or_its_endpoints_protects(rows: Rows) -> None:
    assert rows["own-lock/d"].verdict == "protected"
    assert rows["own-lock/d"].lock_names == ("mine",)
    assert rows["endpoint-lock/d"].verdict == "protected"
    assert rows["endpoint-lock/d"].lock_names == ("theirs",)


def test_the_role_production_protects_whatever_its_case(rows: Rows) -> None:
    assert rows["role/d"].verdict == "protected"
    assert rows["role/d"].role == "production"


def test_an_exemption_counts_up_to_and_including_its_date(rows: Rows) -> None:
    assert rows["exempt/d"].verdict == "protected"
    assert rows["exempt-over/d"].verdict == "idle"
    assert any("exemption ended" in finding for finding in rows["exempt-over/d"].findings.sentences)


def test_an_exemption_whose_date_cannot_be_read_protects(rows: Rows) -> None:
    row = rows["exempt-odd/d"]
    assert row.verdict == "protected"
    assert "soon" in row.reasons.sentences[0]


def test_an_exemption_of_the_endpoint_protects(rows: Rows) -> None:
    assert rows["exempt-above/d"].verdict == "protected"
    assert "endpoint" in rows["exempt-above/d"].reasons.sentences[0]


@gallery.shows
def _exempt_workspace(workspace: Workspace) -> None:
    workspace.tags["mothball-exempt-until"] = day(3)
    workspace.endpoint("in-exempt").deployment("d")


def test_an_exemption_of_the_workspace_protects(rows: Rows) -> None:
    assert rows["in-exempt/d"].verdict == "protected"


@gallery.shows
def _exempt_group(workspace: Workspace) -> None:
    group = workspace.world.subscription("far").resource_group(
        "rg-exempt", tags={"mothball-exempt-until": day(3)}
    )
    group.workspace("ws-far").endpoint("under-exempt").deployment("d")


def test_an_exemption_of_the_resource_group_does_not_protect(rows: Rows) -> None:
    assert rows["under-exempt/d"].verdict == "idle"


@gallery.shows
def _inherited_lock(workspace: Workspace) -> None:
    group = workspace.world.subscription("locked").resource_group("rg-locked")
    home = group.workspace("ws-locked")
    home.endpoint("under-lock").deployment("d")
    workspace.world.lock(group, "CanNotDelete", "group lock")
    workspace.world.lock(home, "CanNotDelete", "workspace lock")


def test_a_lock_from_above_leaves_the_verdict_and_is_named(rows: Rows) -> None:
    row = rows["under-lock/d"]
    assert row.verdict == "idle"
    assert row.inherited_lock_names == ("group lock", "workspace lock")
    assert row.lock_names == ()
    assert any("workspace lock" in reason for reason in row.reasons.sentences)


@gallery.shows
def _neighbour(workspace: Workspace) -> None:
    first = workspace.endpoint("a")
    first.deployment("d")
    workspace.endpoint("ab").deployment("d")
    workspace.world.lock(first, "CanNotDelete")


def test_a_lock_does_not_reach_a_name_that_begins_alike(rows: Rows) -> None:
    assert rows["a/d"].verdict == "protected"
    assert rows["ab/d"].verdict == "idle"


@gallery.shows
def _idle_endpoint(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("silent", traffic={"a": 60, "b": 40})
    endpoint.deployment("a")
    endpoint.deployment("b", tags={"role": "production"})
    endpoint.deployment("c")
    torn = workspace.endpoint("torn", traffic={"a": 100})
    torn.deployment("a")
    torn.deployment("b", requests=silent("nothing"), life=dead())


def test_a_share_on_an_endpoint_that_is_provably_silent_is_idle_endpoint(rows: Rows) -> None:
    assert rows["silent/a"].verdict == "idle-endpoint"
    assert "whole endpoint is silent" in rows["silent/a"].reasons.sentences[0]


def test_protected_comes_before_idle_endpoint(rows: Rows) -> None:
    assert rows["silent/b"].verdict == "protected"


def test_a_silent_endpoint_still_falls_back_on_one(rows: Rows) -> None:
    assert rows["silent/c"].verdict == "rollback"
    assert rows["silent/c"].rollback_for == "silent"


def test_with_a_sibling_unproven_the_live_one_is_unknown(rows: Rows) -> None:
    row = rows["torn/a"]
    assert row.verdict == "unknown"
    assert "b" in row.reasons.sentences[0]


@gallery.shows
def _idle(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("old")
    endpoint.deployment("a", requests=until(ago(60), 1.5))
    endpoint.deployment("b")


def test_without_live_traffic_on_the_endpoint_nothing_is_a_rollback(rows: Rows) -> None:
    assert rows["old/a"].verdict == "idle"
    assert rows["old/b"].verdict == "idle"
    assert rows["old/a"].rollback_for is None


def test_every_verdict_has_a_reason_that_ends_in_words(rows: Rows) -> None:
    assert all(row.reasons.sentences and all(row.reasons.sentences) for row in rows.values())
    assert not [row for row in rows.values() if "None" in " ".join(row.reasons.sentences)]


def test_every_verdict_occurs_here(rows: Rows) -> None:
    assert {row.verdict for row in rows.values()} == set(vocabulary.NAMES)


def test_nothing_is_missing_and_nothing_doubled(rows: Rows, scene: Scene) -> None:
    there = len(scene.world.deployments()) + 2
    assert len(rows) == there
    assert scene.sql("select count(*) from current_deployments") == [(there,)]
