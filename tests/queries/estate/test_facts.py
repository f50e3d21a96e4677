"""Each fact under a verdict says how well it is known, and only a real zero is zero."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from emulator import Clock, Fault, Workspace, World, alive_except, silent, steady
from mothball.targets import NoTarget, nearest
from queries.estate.facts import Fact, facts_of
from queries.estate.labels import ReachingTag, tags_reaching
from queries.estate.questions import current_deployments, deployments_called
from queries.estate.rows import DeploymentRow
from tests.scene import NOW, Scene, ago, playing

METRICS = "metrics:getBatch"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One snapshot of deployments that differ in what is known of them."""
    world = World(clock=Clock(NOW))
    group = world.subscription("s", tags={"owner": "platform"}).resource_group("g")
    workspace = group.workspace("w", tags={"owner": "team", "colour": "blue"})
    old = ago(60)
    endpoint = workspace.endpoint("e", traffic={"busy": 100})
    endpoint.deployment("zeros", created_at=old, requests=silent("zeros"), tags={"Role": "test"})
    endpoint.deployment("nothing", created_at=old, requests=silent("nothing"))
    endpoint.deployment("busy", created_at=old, requests=steady(2.0))
    life = alive_except(ago(12), ago(13))
    endpoint.deployment("gap", created_at=old, requests=silent("nothing"), life=life)
    endpoint.deployment("patchy", created_at=old, requests=silent("zeros"), life=life)
    endpoint.deployment("young", created_at=ago(5))
    locked = endpoint.deployment("locked", created_at=old)
    world.lock(locked.id, name="audit")
    world.lock(workspace.id, name="above")
    workspace.endpoint("k", kind="K8S").deployment("d", created_at=old)
    workspace.batch_endpoint("b").deployment("d")
    workspace.endpoint("map", traffic=None).deployment("d", created_at=old)
    with playing(world, tmp_path_factory.mktemp("facts")) as scene:
        scene.snapshot()
        yield scene


def facts(scene: Scene, name: str) -> dict[str, Fact]:
    row = scene.rows()[name]
    found = facts_of(scene.store, row.deployment_key, row.snapshot_id)
    return {fact.fact: fact for fact in found}


def tags(scene: Scene, name: str) -> list[ReachingTag]:
    row = scene.rows()[name]
    return tags_reaching(scene.store, row.deployment_key, row.snapshot_id)


@pytest.mark.parametrize(
    ("name", "state"), [("zeros", "zero"), ("nothing", "no data"), ("busy", "non-zero")]
)
def test_a_real_zero_a_silence_and_a_request_are_three_states(
    seen: Scene, name: str, state: str
) -> None:
    reported = facts(seen, f"e/{name}")
    assert (reported["requests"].state, reported["requests by split"].state) == (state, state)


def test_a_fact_says_how_many_of_its_days_are_known(seen: Scene) -> None:
    known = facts(seen, "e/zeros")["requests by split"]
    assert (known.days_known, known.days_wanted, known.known) == (36, 36, "0 on 36 days")


def test_days_without_life_are_counted_as_such(seen: Scene) -> None:
    assert facts(seen, "e/gap")["aliveness"].known == "a sign of life on 34 of 36 days"
    assert facts(seen, "e/nothing")["aliveness"].known == "a sign of life on 36 of 36 days"
    assert seen.verdicts()["e/gap"] == "unknown"


def test_zeros_with_gaps_between_them_are_no_zero(seen: Scene) -> None:
    fact = facts(seen, "e/patchy")["requests"]
    assert (fact.state, fact.known) == ("no data", "0 on 34 days, no value on 2")


def test_the_window_of_a_young_deployment_begins_with_it(seen: Scene) -> None:
    fact = facts(seen, "e/young")["requests"]
    assert (fact.first_day, fact.days_wanted) == (ago(5).date(), 6)


def test_what_azure_monitor_does_not_hold_was_not_asked(seen: Scene) -> None:
    assert facts(seen, "k/d")["requests"].state == "not asked"
    assert facts(seen, "b/d")["live traffic"].state == "not asked"
    assert facts(seen, "k/d")["callers"].state == "not asked"


def test_a_map_that_was_not_reported_is_no_zero(seen: Scene) -> None:
    fact = facts(seen, "map/d")["live traffic"]
    assert (fact.state, fact.known) == ("no data", "Azure did not report the endpoint's map")


def test_locks_are_named_with_where_they_come_from(seen: Scene) -> None:
    fact = facts(seen, "e/locked")["locks"]
    assert (fact.state, fact.known) == ("non-zero", "audit, above (from above)")


@pytest.mark.parametrize("name", ["requests", "locks", "state"])
def test_every_fact_that_was_read_says_when(seen: Scene, name: str) -> None:
    assert facts(seen, "e/zeros")[name].read_at == NOW


def test_the_nearest_tag_counts_and_the_others_are_reported(seen: Scene) -> None:
    pairs = [(tag.scope, tag.name, tag.meaning, tag.counts) for tag in tags(seen, "e/zeros")]
    assert pairs == [
        ("deployment", "Role", "role", True),
        ("workspace", "colour", None, False),
        ("workspace", "owner", "owner", True),
        ("subscription", "owner", "owner", False),
    ]
    assert seen.rows()["e/zeros"].owner == "team"


def test_what_was_refused_is_refused_with_azures_own_word(
    scene: Scene, workspace: Workspace
) -> None:
    scene.world.graph_has_system_data = False
    workspace.endpoint("e").deployment("d", created_at=ago(60))
    scene.azure.faults.add(Fault("forbid", path=METRICS))
    scene.azure.faults.add(Fault("forbid", path=r"/subscriptions/.*/(resources|deployments)\?"))
    scene.azure.faults.add(Fault("forbid", path="Microsoft.Authorization/locks"))
    scene.snapshot()
    reported = facts(scene, "e/d")
    for name in ("requests", "requests by split", "aliveness", "locks", "creation"):
        assert (reported[name].state, reported[name].code) == ("refused", "AuthorizationFailed")
    assert reported["requests"].days_known == 0
    assert reported["locks"].known is None


def test_a_later_snapshot_still_counts_the_days_that_an_earlier_one_read(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d", created_at=ago(60))
    scene.snapshot()
    scene.clock.advance(timedelta(days=1))
    scene.snapshot()
    fact = facts(scene, "e/d")["requests"]
    assert (fact.days_known, fact.days_wanted, fact.state) == (36, 36, "zero")


def test_a_day_that_was_read_only_while_it_ran_is_not_known(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d", created_at=ago(60))
    scene.snapshot()
    scene.clock.advance(timedelta(days=1))
    scene.azure.faults.add(Fault("forbid", path=METRICS))
    scene.snapshot()
    fact = facts(scene, "e/d")["requests"]
    assert (fact.days_known, fact.days_wanted, fact.state) == (34, 36, "refused")


@pytest.mark.parametrize(
    "name", ["e/busy", "BUSY", "w/e/busy/", "k/d", "d", "b", "nobody", "e//busy", "", "/"]
)
def test_a_name_means_the_same_among_few_deployments_as_among_all(seen: Scene, name: str) -> None:
    def meant(rows: list[DeploymentRow]) -> str:
        try:
            return nearest(rows, name).id
        except NoTarget as error:
            return str(error)

    few, everything = deployments_called(seen.store, name), current_deployments(seen.store)
    assert meant(few) == meant(everything)
    assert not name.strip("/") or len(few) < len(everything)
    (busy,) = deployments_called(seen.store, seen.rows()["e/busy"].id.upper())
    assert busy == seen.rows()["e/busy"]
