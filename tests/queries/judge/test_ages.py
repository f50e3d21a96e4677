"""Age is Azure's own creation time, of the same snapshot, and is never guessed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import pytest

from emulator import Deployment, Endpoint, Fault, Workspace, alive_since, at, silent, steady
from queries.estate.rows import DeploymentRow
from tests.scene import Scene, ago

SystemData = Literal["null"] | bool
LIST = r"/subscriptions/[^/]+/resources\?"
OF_ENDPOINT = r"/deployments\?"


@pytest.fixture
def blind(scene: Scene) -> Scene:
    """Resource Graph reports no creation."""
    scene.world.graph_has_system_data = False
    return scene


def _lists(scene: Scene) -> list[str]:
    return [r.path for r in scene.azure.requests if r.path.lower().endswith("/deployments")]


def _live(workspace: Workspace, name: str = "e") -> Endpoint:
    endpoint = workspace.endpoint(name, traffic={"live": 100})
    endpoint.deployment("live", requests=steady(1))
    return endpoint


def _made_anew(endpoint: Endpoint, name: str, days_ago: float, **before: Any) -> Deployment:
    """A deployment under the name of one that was there long before."""
    endpoint.deployment(name, deleted_at=ago(days_ago, hours=1), **before)
    return endpoint.deployment(name, created_at=ago(days_ago))


def _no_creation(body: Any) -> Any:
    for item in body["value"]:
        item["systemData"] = {}
    return body


@pytest.mark.parametrize("system_data", [False, "null", True])
def test_all_deployments_that_were_made_anew_are_new_with_their_true_creation(
    scene: Scene, workspace: Workspace, system_data: SystemData
) -> None:
    scene.world.graph_has_system_data = system_data
    for number in range(12):
        endpoint = workspace.endpoint(f"e{number}")
        _made_anew(endpoint, "d", 1 + number, requests=at(ago(20), number % 2))
    rows = scene.judged()
    assert {row.verdict for row in rows.values()} == {"new"}
    assert [rows[f"e{number}/d"].created_at for number in range(12)] == [
        ago(1 + number) for number in range(12)
    ]
    assert {row.requests_in_window for row in rows.values()} == {0}
    assert _lists(scene) == []


def test_one_made_anew_between_two_snapshots_is_new_in_the_second(
    blind: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("e")
    old = endpoint.deployment("d")
    assert blind.judged()["e/d"].verdict == "idle"
    blind.clock.advance(timedelta(days=1))
    endpoint.remove(old)
    endpoint.deployment("d", created_at=blind.clock.now())
    blind.clock.advance(timedelta(hours=1))
    row = blind.judged()["e/d"]
    assert (row.verdict, row.idle_days) == ("new", None)


def test_requests_of_a_predecessor_fill_no_place_of_a_rollback(
    blind: Scene, workspace: Workspace
) -> None:
    endpoint = _live(workspace)
    _made_anew(endpoint, "reused", 20, requests=steady(1))
    endpoint.deployment("fallback", created_at=ago(200))
    endpoint.deployment("older", created_at=ago(300), requests=at(ago(60), 3))
    rows = blind.judged()
    assert rows["e/reused"].last_request_at is None
    assert rows["e/reused"].verdict != "direct"
    assert rows["e/older"].verdict == "rollback"
    assert rows["e/reused"].rollback_for is None


def test_the_minutes_of_the_day_on_which_a_name_changed_hands_tell_whose_its_requests_are(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = _live(workspace)
    _made_anew(endpoint, "silent", 20, requests=steady(1))
    busy = _made_anew(endpoint, "busy", 20, requests=steady(1))
    busy.requests = at(ago(20, hours=-1), 3)
    _made_anew(endpoint, "young", 4, requests=steady(1))
    for _snapshot in ("first", "later"):
        rows = scene.judged()
        assert rows["e/silent"].requests_in_window == 0
        assert rows["e/silent"].verdict == "idle"
        assert (rows["e/busy"].requests_in_window, rows["e/busy"].verdict) == (3, "direct")
        assert (rows["e/young"].requests_in_window, rows["e/young"].verdict) == (0, "new")
        minutes = [r for r in scene.asked("metrics") if "PT1M" in r.query]
        assert len(minutes) == 4  # two days in both namespaces, and once
        scene.clock.advance(timedelta(hours=1))


def test_requests_on_that_day_are_neither_its_own_nor_proof_of_silence_without_its_minutes(
    scene: Scene, workspace: Workspace
) -> None:
    scene.azure.faults.add(Fault("forbid", path="PT1M"))
    endpoint = _live(workspace)
    _made_anew(endpoint, "loud", 20, requests=steady(1))
    _made_anew(endpoint, "quiet", 20, requests=at(ago(40), 1))
    rows = scene.judged()
    assert rows["e/loud"].verdict == "unknown"
    assert "requests are proven for 20 of 21 days" in rows["e/loud"].reasons.sentences[0]
    assert rows["e/quiet"].requests_in_window == 0


def test_a_younger_creation_that_was_read_once_is_never_forgotten(
    scene: Scene, workspace: Workspace
) -> None:
    """Resource Graph lags behind, and Resource Manager's list refuses, after a snapshot had it."""
    endpoint = workspace.endpoint("e")
    old = endpoint.deployment("d")
    scene.world.freeze_graph()
    endpoint.remove(old, ago(3, hours=1))
    endpoint.deployment("d", created_at=ago(3))
    assert scene.judged()["e/d"].created_at == ago(3)
    scene.clock.advance(timedelta(days=1))
    scene.azure.faults.add(Fault("forbid", path=LIST))
    assert scene.judged()["e/d"].created_at == ago(3)


def test_two_sources_that_round_one_creation_differently_report_one_creation(
    scene: Scene, workspace: Workspace
) -> None:
    def rounded(body: Any) -> Any:
        for item in body["value"]:
            item["createdTime"] = (ago(50) + timedelta(seconds=9)).isoformat()
        return body

    workspace.endpoint("e").deployment("d", created_at=ago(50))
    scene.azure.bend(LIST, rounded)
    first = scene.judged()["e/d"].created_at
    assert first == ago(50) + timedelta(seconds=9)
    scene.azure.straighten()
    scene.clock.advance(timedelta(days=1))
    assert scene.judged()["e/d"].created_at == first


@pytest.mark.parametrize("requested", [0, 4])
def test_the_newest_of_two_fallbacks_is_the_newest_by_creation(
    blind: Scene, workspace: Workspace, requested: int
) -> None:
    endpoint = _live(workspace)
    requests = at(ago(50), requested) if requested else silent()
    endpoint.deployment("v6", created_at=ago(90), requests=requests)
    endpoint.deployment("v7", created_at=ago(60), requests=requests)
    rows = blind.judged()
    assert rows["e/v7"].verdict == "rollback"
    assert rows["e/v6"].verdict == "idle"


def test_a_new_one_that_is_silent_since_its_creation_tells_0_requests(
    blind: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d", created_at=ago(5))
    row = blind.judged()["e/d"]
    assert (row.verdict, row.requests_in_window, row.idle_days) == ("new", 0, 5)


def test_an_endpoint_whose_siblings_are_new_and_silent_is_idle(
    blind: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("e", traffic={"live": 100})
    endpoint.deployment("live")
    endpoint.deployment("young", created_at=ago(5), requests=silent("nothing"))
    rows = blind.judged()
    assert (rows["e/live"].verdict, rows["e/young"].verdict) == ("idle-endpoint", "new")


@pytest.mark.parametrize("system_data", [False, "null"])
def test_a_sign_of_life_older_than_the_window_is_no_age(
    scene: Scene, workspace: Workspace, system_data: SystemData
) -> None:
    scene.world.graph_has_system_data = system_data
    scene.azure.bend(LIST, lambda body: body | {"value": []})
    scene.azure.bend(OF_ENDPOINT, _no_creation)
    workspace.endpoint("e").deployment("d")
    scene.snapshot()
    scene.clock.advance(timedelta(days=40))
    row = scene.judged()["e/d"]
    assert row.created_at is None
    assert row.is_new is None
    assert row.verdict == "unknown"
    assert row.reasons.codes == ("age-unknown", "no-requests", "shares")


@pytest.mark.parametrize(
    ("made", "name"),
    [
        ({}, "idle"),
        ({"state": "Failed"}, "failed"),
        ({"requests": steady(1)}, "direct"),
    ],
)
def test_without_any_creation_nothing_that_rests_on_age_is_concluded(
    blind: Scene, workspace: Workspace, made: dict[str, Any], name: str
) -> None:
    workspace.endpoint("e").deployment("d", **made)
    assert blind.judged()["e/d"].verdict == name
    blind.azure.faults.add(Fault("forbid", path=f"{LIST}|{OF_ENDPOINT}"))
    blind.clock.advance(timedelta(days=1))
    row = blind.judged()["e/d"]
    assert row.verdict == "unknown"
    assert "age-unknown" in row.reasons.codes


def test_a_fallback_whose_age_is_unknown_takes_no_place_from_one_whose_age_is_known(
    blind: Scene, workspace: Workspace
) -> None:
    endpoint = _live(workspace)
    endpoint.deployment("aged", created_at=ago(200))
    endpoint.deployment("unsure", created_at=None, requests=at(ago(60), 2))
    rows = blind.judged()
    assert rows["e/unsure"].verdict == "unknown"
    assert rows["e/unsure"].rollback_for == "e"
    assert rows["e/aged"].verdict == "rollback"


def test_metrics_that_begin_late_are_a_gap_and_never_a_youth(
    scene: Scene, workspace: Workspace
) -> None:
    for name, requests in (("zeros", silent()), ("nothing", silent("nothing"))):
        deployment = workspace.endpoint(name).deployment("d", requests=requests)
        deployment.metrics_since = ago(10)
    rows = scene.judged()
    for name in ("zeros", "nothing"):
        row = rows[f"{name}/d"]
        assert (row.verdict, row.requests_in_window) == ("unknown", None)
        assert row.reasons.codes[0] == "metrics-begin-late"
        assert "metrics begin on 2026-11-13" in row.reasons.sentences[0]


def test_after_a_move_without_a_known_history_old_deployments_are_unknown(
    blind: Scene, workspace: Workspace
) -> None:
    endpoint = _live(workspace)
    endpoint.deployment("old", created_at=ago(300))
    group = blind.world.subscriptions[0].resource_group("rg-other")
    blind.clock.set(ago(6))
    blind.world.move(workspace, group)
    blind.clock.set(ago(0))
    row = blind.judged()["e/old"]
    assert row.created_at == ago(300)
    assert row.verdict == "unknown"
    assert "metrics begin on 2026-11-17" in row.reasons.sentences[0]


def _moved(scene: Scene, workspace: Workspace, days_between: int) -> None:
    """A snapshot, a move some days later, and a snapshot the day after that."""
    scene.snapshot()
    group = scene.world.subscriptions[0].resource_group("rg-other")
    scene.clock.advance(timedelta(days=days_between))
    scene.world.move(workspace, group)
    scene.clock.advance(timedelta(days=1))
    scene.snapshot()


@pytest.mark.parametrize("system_data", [False, True])
def test_after_a_move_the_days_under_the_old_id_count_on(
    scene: Scene, workspace: Workspace, system_data: SystemData
) -> None:
    scene.world.graph_has_system_data = system_data
    endpoint = workspace.endpoint("e", traffic=[(ago(400), {"was": 100}), (ago(-1), {"live": 100})])
    endpoint.deployment("live", requests=steady(1))
    endpoint.deployment("was", requests=silent("nothing"))
    endpoint.deployment("old", created_at=ago(300), requests=at(ago(50), 7))
    _moved(scene, workspace, 1)
    rows = scene.rows()
    assert "rg-other" in rows["e/old"].id
    assert rows["e/old"].verdict == "idle"
    assert rows["e/old"].idle_days == 52
    assert rows["e/was"].verdict == "rollback"
    assert "last to hold live traffic" in rows["e/was"].reasons.sentences[0]


def test_days_that_no_snapshot_read_before_a_move_are_a_gap(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d", requests=silent("nothing"))
    _moved(scene, workspace, 5)
    row = scene.rows()["e/d"]
    assert row.verdict == "unknown"
    assert "4 without a value" in row.reasons.sentences[0]


def test_a_twin_in_another_group_is_nobodys_earlier_id(scene: Scene, workspace: Workspace) -> None:
    twin = scene.world.subscriptions[0].resource_group("rg-other").workspace("ws")
    workspace.endpoint("e").deployment("d", requests=at(ago(50), 7))
    twin.endpoint("e").deployment("d")
    scene.snapshot()
    last = {
        row[0]: row[1] for row in scene.sql("select id, last_request_at from current_deployments")
    }
    assert [when is None for _id, when in sorted(last.items())] == [False, True]


def _appears(scene: Scene, workspace: Workspace, days_later: float) -> Deployment:
    """A snapshot reads the endpoint without it; it is created some days later."""
    endpoint = workspace.endpoint("e")
    endpoint.deployment("other")
    scene.snapshot()
    born = ago(-days_later)
    scene.clock.set(born)
    scene.azure.bend(LIST, lambda body: body | {"value": []})
    scene.azure.bend(OF_ENDPOINT, _no_creation)
    return endpoint.deployment("d", created_at=born, requests=silent("nothing"))


def _judged_at(scene: Scene, days_later: float) -> DeploymentRow:
    scene.clock.set(ago(-days_later))
    return scene.judged()["e/d"]


def test_a_snapshot_that_read_the_endpoint_without_it_shortens_the_window(
    blind: Scene, workspace: Workspace
) -> None:
    _appears(blind, workspace, 1 / 24)
    row = _judged_at(blind, 20)
    assert row.created_at is None
    assert row.requests_in_window == 0
    assert row.verdict == "unknown"
    assert row.reasons.codes[0] == "age-unknown"


def test_a_snapshot_of_late_that_read_the_endpoint_without_it_makes_it_new(
    blind: Scene, workspace: Workspace
) -> None:
    _appears(blind, workspace, 1)
    row = _judged_at(blind, 5)
    assert row.verdict == "new"
    assert "our snapshot of 2026-11-23 did not find it" in row.reasons.sentences[0]


def test_a_snapshot_that_knew_no_such_endpoint_says_nothing_of_the_age(
    blind: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("other").deployment("d")
    blind.snapshot()
    blind.azure.faults.add(Fault("forbid", path=f"{LIST}|{OF_ENDPOINT}"))
    workspace.endpoint("e").deployment("d")
    blind.clock.advance(timedelta(days=1))
    assert blind.judged()["e/d"].is_new is None


def test_no_sign_of_life_at_all_is_no_matter_to_the_age(blind: Scene, workspace: Workspace) -> None:
    young = workspace.endpoint("e").deployment("d", created_at=ago(2))
    young.life, young.requests = alive_since(ago(-1)), silent("nothing")
    assert blind.judged()["e/d"].verdict == "new"
