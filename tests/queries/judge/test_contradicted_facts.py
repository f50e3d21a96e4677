"""What a tenant contradicts proves nothing: no verdict rests on it until it is read otherwise."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.inventory.scope import Scope
from collectors.records import FactFinding
from emulator import Clock, World, dead, silent, steady
from queries.estate.azure_facts import facts_of_tenant
from queries.intake.facts import keep_facts
from queries.vocabulary import AZURE_FACTS, AzureFact
from tests.scene import NOW, Scene, playing

UNTOUCHED = {"counts", "cost", "callers", "aliveness"}
RESTING = {"idle", "idle-endpoint", "failed", "rollback"}


def tenant() -> World:
    world = World(clock=Clock(NOW))
    ws = world.subscription("s").resource_group("g").workspace("w")
    fraud = ws.endpoint("fraud", traffic={"blue": 100})
    fraud.deployment("blue", requests=steady(3.0))
    fraud.deployment("green", tags={"role": "rollback"})
    fraud.deployment("old")
    fraud.deployment("broken", state="Failed", requests=silent("nothing"), life=dead())
    fraud.deployment("quiet", requests=silent("nothing"))
    fraud.deployment("gone-dark", requests=silent("nothing"), life=dead())
    ws.endpoint("all", traffic={"only": 100}).deployment("only")
    return world


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of one snapshot."""
    with playing(tenant(), tmp_path_factory.mktemp("seen")) as scene:
        scene.snapshot()
        return scene.store.path


@pytest.fixture
def scene(tmp_path: Path, seen: Path) -> Iterator[Scene]:
    shutil.copy(seen, tmp_path / "store.duckdb")
    with playing(tenant(), tmp_path) as scene:
        yield scene


def contradict(scene: Scene, fact: str) -> None:
    finding = FactFinding(fact, "contradicted", "differ", {"different": 1, "example": "w/e/d"}, 3)
    keep_facts(scene.store, scene.cloud.name, None, [finding], scene.clock.now())


def test_every_verdict_that_the_facts_can_change_is_there_without_a_contradiction(
    scene: Scene,
) -> None:
    assert set(scene.verdicts().values()) >= RESTING


@pytest.mark.parametrize("known", AZURE_FACTS, ids=lambda fact: fact.name)
def test_no_verdict_rests_on_a_contradicted_fact(scene: Scene, known: AzureFact) -> None:
    before = scene.verdicts()
    contradict(scene, known.name)
    found = scene.rows()
    if set(known.rests_on_it) <= UNTOUCHED:
        assert scene.verdicts() == before
        return
    assert not RESTING & {row.verdict for row in found.values()}
    assert found["fraud/blue"].verdict == "serving"
    reason = found["fraud/old"].reasons[0]
    assert (reason.code, reason.parameters["fact"]) == ("azure-fact-contradicted", known.name)
    assert f"contradicted on {NOW:%Y-%m-%d}" in reason.sentence
    assert "requests-not-proven" not in found["fraud/old"].reasons.codes


def test_what_is_contradicted_is_so_at_the_next_snapshot_too(scene: Scene) -> None:
    contradict(scene, "both-namespaces")
    scene.snapshot()
    row = scene.rows()["fraud/old"]
    assert (row.verdict, row.requests_in_window, row.idle_days) == ("unknown", None, None)


def test_a_fact_that_is_confirmed_later_gives_the_verdicts_back(scene: Scene) -> None:
    before = scene.verdicts()
    contradict(scene, "graph-tags")
    assert scene.verdicts() != before
    scene.clock.advance(timedelta(hours=1))
    finding = FactFinding("graph-tags", "confirmed", "agree", {}, 3)
    keep_facts(scene.store, scene.cloud.name, None, [finding], scene.clock.now())
    assert scene.verdicts() == before


def test_what_cannot_be_tested_any_more_takes_no_contradiction_back(scene: Scene) -> None:
    contradict(scene, "graph-tags")
    finding = FactFinding("graph-tags", "not testable", "no-deployment")
    keep_facts(scene.store, scene.cloud.name, None, [finding], scene.clock.now())
    (row,) = [row for row in facts_of_tenant(scene.store) if row.fact == "graph-tags"]
    assert (row.state, row.compared) == ("contradicted", 3)


def test_a_silence_without_capacity_has_one_cause_and_not_one_for_each_deployment(
    scene: Scene,
) -> None:
    contradict(scene, "silent-capacity")
    row = scene.rows()["fraud/gone-dark"]
    assert row.verdict == "unknown"
    assert row.reasons.codes[0] == "azure-fact-contradicted"
    assert "requests-not-proven" not in row.reasons.codes
    assert scene.verdicts()["fraud/quiet"] == "idle"  # it showed that it was alive, day by day


def test_a_guard_does_not_rest_on_what_the_graph_is_contradicted_in(scene: Scene) -> None:
    contradict(scene, "graph-traffic")
    gaps = "select count(*) from judgements where snapshot_id = ? and reasons::varchar ilike ?"
    endpoint = scene.world.find("fraud")
    report = scene.snapshot(kind="guard", scope=Scope(endpoint=endpoint.id))
    assert scene.sql(gaps, [report.snapshot_id, "%azure-fact-contradicted%"]) == [(0,)]
