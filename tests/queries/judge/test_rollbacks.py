"""The rollback ledger: whom an endpoint with live traffic keeps to fall back on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from emulator import Workspace, World, at, dead, silent, steady
from emulator.tenant.resources import Endpoint
from queries.estate.rows import DeploymentRow
from queries.policy import Policy
from tests.scene import Gallery, Scene, SceneOf, ago, day, playing

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


def _live(workspace: Workspace, name: str, **live: object) -> Endpoint:
    endpoint = workspace.endpoint(name, traffic={"live": 100})
    endpoint.deployment("live", requests=steady(1), **live)  # type: ignore[arg-type]
    return endpoint


def _kept(rows: Rows, endpoint: str) -> set[str]:
    return {
        str(row.deployment)
        for row in rows.values()
        if row.endpoint == endpoint and row.rollback_for == endpoint
    }


@gallery.shows
def _orders(workspace: Workspace) -> None:
    newest = _live(workspace, "newest")
    newest.deployment("a", created_at=ago(300))
    newest.deployment("b", created_at=ago(100))
    asked = _live(workspace, "asked")
    asked.deployment("a", created_at=ago(300), requests=at(ago(80), 1))
    asked.deployment("b", created_at=ago(200), requests=at(ago(85), 1))
    asked.deployment("c", created_at=ago(100))
    names = _live(workspace, "names")
    names.deployment("z", created_at=ago(100))
    names.deployment("m", created_at=ago(100))
    last = _live(workspace, "last")
    last.deployment("old", created_at=ago(300))
    last.deployment("test", created_at=ago(30), tags={"role": "test"})
    last.deployment("retire", created_at=ago(20), tags={"role": "retire"})
    last.deployment("empty", created_at=ago(20), instances=0)


def test_without_history_or_requests_the_newest_is_kept(rows: Rows) -> None:
    assert _kept(rows, "newest") == {"b"}
    assert rows["newest/a"].verdict == "idle"
    assert rows["newest/b"].verdict == "rollback"


def test_the_last_with_a_request_on_any_kept_day_comes_before_the_newest(rows: Rows) -> None:
    assert _kept(rows, "asked") == {"a"}


def test_of_equals_the_name_that_sorts_first_is_kept(rows: Rows) -> None:
    assert _kept(rows, "names") == {"m"}


def test_test_retire_and_zero_instances_come_last(rows: Rows) -> None:
    assert _kept(rows, "last") == {"old"}


@gallery.shows
def _tagged(workspace: Workspace) -> None:
    tagged = _live(workspace, "tagged")
    tagged.deployment("a", tags={"role": "rollback"}, created_at=ago(300))
    tagged.deployment("b", tags={"role": "rollback"}, created_at=ago(200))
    tagged.deployment("c", created_at=ago(100))


def test_all_that_are_tagged_are_kept_and_fill_the_places(rows: Rows) -> None:
    assert _kept(rows, "tagged") == {"a", "b"}
    assert rows["tagged/c"].verdict == "idle"
    assert "tagged" in rows["tagged/a"].reasons.sentences[0]


@gallery.shows
def _not_candidates(workspace: Workspace) -> None:
    endpoint = _live(workspace, "young-or-broken")
    endpoint.deployment("young", created_at=ago(3))
    endpoint.deployment("failed", state="Failed")
    endpoint.deployment("old", created_at=ago(400))
    shadowed = workspace.endpoint("shadowed", traffic={"live": 100}, mirror={"shadow": 10})
    shadowed.deployment("live", requests=steady(1))
    shadowed.deployment("shadow", requests=steady(1))


def test_new_failed_and_shadow_are_no_candidates(rows: Rows) -> None:
    assert _kept(rows, "young-or-broken") == {"old"}
    assert _kept(rows, "shadowed") == set()


def test_an_endpoint_without_a_rollback_has_a_finding(rows: Rows) -> None:
    assert any("nothing to fall back on" in f for f in rows["shadowed/live"].findings.sentences)
    assert not any("fall back" in f for f in rows["newest/live"].findings.sentences)


@gallery.shows
def _fills(workspace: Workspace) -> None:
    direct = _live(workspace, "by-direct")
    direct.deployment("direct", requests=at(ago(1), 1))
    direct.deployment("b", created_at=ago(60))
    unknown = _live(workspace, "by-unknown")
    unknown.deployment("gap", created_at=ago(50), requests=silent("nothing"), life=dead())
    unknown.deployment("b", created_at=ago(60))
    protected = _live(workspace, "by-protected")
    protected.deployment("kept", created_at=ago(50), tags={"role": "production"})
    protected.deployment("b", created_at=ago(60))


@pytest.mark.parametrize(
    ("endpoint", "name", "verdict"),
    [
        ("by-direct", "direct", "direct"),
        ("by-unknown", "gap", "unknown"),
        ("by-protected", "kept", "protected"),
    ],
)
def test_a_kept_one_of_another_verdict_fills_the_place_and_keeps_its_verdict(
    rows: Rows, endpoint: str, name: str, verdict: str
) -> None:
    assert _kept(rows, endpoint) == {name}
    assert rows[f"{endpoint}/{name}"].verdict == verdict
    assert rows[f"{endpoint}/b"].verdict == "idle"


@gallery.shows
def _no_live_in_order(workspace: Workspace) -> None:
    broken = workspace.endpoint("live-broken", traffic={"live": 100})
    broken.deployment("live", state="Failed", requests=steady(1))
    for name in ("a", "b", "c"):
        broken.deployment(name, created_at=ago(100))


def test_where_no_live_one_is_in_order_all_are_kept(rows: Rows) -> None:
    assert _kept(rows, "live-broken") == {"a", "b", "c"}


@gallery.shows
def _live_gone(workspace: Workspace) -> None:
    gone = workspace.endpoint("live-gone", traffic={"gone": 100})
    gone.deployment("a", created_at=ago(100))
    gone.deployment("b", created_at=ago(90))


def test_a_share_of_a_deployment_that_is_gone_keeps_all_others(rows: Rows) -> None:
    assert _kept(rows, "live-gone") == {"a", "b"}


@gallery.shows
def _tested(workspace: Workspace) -> None:
    _live(workspace, "untested").deployment("a")
    _live(workspace, "answered").deployment("a", requests=at(ago(70), 2))
    _live(workspace, "rehearsed").deployment("a", tags={"mothball-rehearsed-on": day(-40)})


def test_a_rollback_that_never_answered_is_untested(rows: Rows) -> None:
    assert any("never tested" in finding for finding in rows["untested/a"].findings.sentences)


@pytest.mark.parametrize("endpoint", ["answered", "rehearsed"])
def test_requests_or_a_rehearsal_make_a_rollback_tested(rows: Rows, endpoint: str) -> None:
    assert rows[f"{endpoint}/a"].verdict == "rollback"
    assert not any(
        "never tested" in finding for finding in rows[f"{endpoint}/a"].findings.sentences
    )


@gallery.shows
def _needed(workspace: Workspace) -> None:
    _live(workspace, "last-quarter").deployment("a", requests=at(ago(92), 2))
    _live(workspace, "this-quarter").deployment("a", requests=at(ago(80), 2))
    rehearsed = {"mothball-rehearsed-on": day(-60)}
    _live(workspace, "played").deployment("a", tags=rehearsed)
    _live(workspace, "played-once").deployment("a", tags={"mothball-rehearsed-on": day(-120)})


@pytest.mark.parametrize(
    ("endpoint", "named"),
    [("last-quarter", True), ("this-quarter", False), ("played", False), ("played-once", True)],
)
def test_a_rollback_that_was_not_tested_or_needed_for_a_quarter_is_named(
    rows: Rows, endpoint: str, named: bool
) -> None:
    row = rows[f"{endpoint}/a"]
    assert row.verdict == "rollback"
    assert any("for a quarter" in finding for finding in row.findings.sentences) == named


def test_a_rollback_that_held_traffic_in_the_quarter_is_not_named_until_it_is_over(
    scene_of: SceneOf, world: World, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint(
        "moved", traffic=[(ago(400), {"old": 100}), (ago(-1), {"new": 100})]
    )
    endpoint.deployment("old")
    endpoint.deployment("new", requests=steady(1))
    scene = scene_of(world)
    scene.snapshot()
    for days, named in ((30, False), (60, False), (91, False), (92, True)):
        scene.clock.set(ago(-days))
        findings = scene.judged()["moved/old"].findings.sentences
        assert any("for a quarter" in finding for finding in findings) == named, days


@gallery.shows
def _creation_unknown(workspace: Workspace) -> None:
    _live(workspace, "unborn").deployment("a", created_at=None)


def test_a_rollback_whose_creation_azure_does_not_report_is_unknown_and_kept(rows: Rows) -> None:
    assert rows["unborn/a"].verdict == "unknown"
    assert rows["unborn/a"].rollback_for == "unborn"


def test_the_number_kept_is_a_setting(
    scene_of: SceneOf, world: World, workspace: Workspace
) -> None:
    endpoint = _live(workspace, "three")
    for number, name in enumerate("abc"):
        endpoint.deployment(name, created_at=ago(100 + number))
    scene = scene_of(world)
    assert _kept(scene.judged(policy=Policy(rollbacks_kept=2)), "three") == {"a", "b"}
    scene.clock.advance(timedelta(minutes=1))
    assert _kept(scene.judged(policy=Policy(rollbacks_kept=0)), "three") == set()


def test_the_last_to_hold_live_traffic_comes_first(
    scene_of: SceneOf, world: World, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint(
        "moved", traffic=[(ago(400), {"old": 100}), (ago(-1), {"new": 100})]
    )
    endpoint.deployment("old", created_at=ago(390))
    endpoint.deployment("asked", created_at=ago(200), requests=at(ago(2), 5))
    endpoint.deployment("new", created_at=ago(100), requests=steady(1))
    scene = scene_of(world)
    scene.snapshot()
    scene.clock.set(ago(-2))
    rows = scene.judged()
    assert _kept(rows, "moved") == {"old"}
    assert rows["moved/old"].verdict == "rollback"
    assert "last to hold live traffic" in rows["moved/old"].reasons.sentences[0]
    assert not any("never tested" in finding for finding in rows["moved/old"].findings.sentences)


def test_a_share_before_the_creation_was_a_predecessors(
    scene_of: SceneOf, world: World, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint(
        "again", traffic=[(ago(400), {"a": 100}), (ago(-1), {"new": 100})]
    )
    endpoint.deployment("a", created_at=ago(390), deleted_at=ago(-1))
    endpoint.deployment("new", requests=steady(1))
    scene = scene_of(world)
    scene.snapshot()
    scene.clock.set(ago(-2))
    endpoint.deployment("a", created_at=ago(-1.5))
    endpoint.deployment("b", created_at=ago(60))
    scene.clock.set(ago(-20))
    rows = scene.judged()
    assert _kept(rows, "again") == {"a"}
    assert "newest" in " ".join(rows["again/a"].reasons.sentences)
