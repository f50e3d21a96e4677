"""The tenant confirms the facts of Azure: the table of what it contradicts, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from actions.snapshot.request import Money, SnapshotRequest, months_of_window
from actions.snapshot.take import SnapshotReport, take_snapshot
from collectors.inventory.scope import Scope
from emulator import Clock, Fault, World, silent, steady
from queries.estate.azure_facts import FactRow, facts_of_tenant
from queries.policy import Policy
from queries.vocabulary import AZURE_FACTS, SERVES_NOBODY
from tests.scene import NOW, Scene, playing

Contradict = Callable[[World], None]
MOST_REQUESTS = 20
ALL = {fact.name for fact in AZURE_FACTS}


def tenant() -> World:
    """Everything that a fact can be tested on, in one subscription."""
    world = World(clock=Clock(NOW), total_factor=1.0)
    group = world.subscription("s").resource_group("g")
    ws = group.workspace("w")
    fraud = ws.endpoint("fraud", traffic={"blue": 90, "green": 10}, tags={"purpose": "cards"})
    fraud.deployment("blue", requests=steady(3.0), tags={"owner": "a@contoso.example"})
    fraud.deployment("green", requests=steady(1.0))
    fraud.deployment("kept")
    for name in ("old", "older"):
        fraud.deployment(name)
    ws.endpoint("quiet", traffic={"only": 100}).deployment("only", requests=silent("nothing"))
    ws.endpoint("unused").deployment("spare", requests=silent("nothing"))
    world.lock(group, name="above")
    world.diagnose(fraud, "0f0c0000-0000-0000-0000-000000000000")
    return world


def snapshot(scene: Scene, *, confirms_facts: bool = True) -> SnapshotReport:
    money = Money(tuple(months_of_window(scene.clock.now().date(), 35))[:1])
    wanted = SnapshotRequest(
        scene.cloud.name, None, Scope(), Policy(), money=money, confirms_facts=confirms_facts
    )
    with scene.reader() as reader:
        return take_snapshot(scene.store, reader, wanted, scene.clock.now, lambda *_: None)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with playing(tenant(), tmp_path) as scene:
        yield scene


@pytest.mark.parametrize(
    ("path", "name", "fact"),
    [
        ("deployments/[^/]+/providers/Microsoft.Authorization/locks", "value", "locks-inherited"),
        ("/v1/.*/query", "tables", "log-columns"),
        ("onlineEndpoints/[^/]+/deployments\\?", "value", "graph-rows"),
        ("getBatch", "values", "metrics-batch"),
    ],
)
@pytest.mark.parametrize("odd", [[None], ["x"], "x", {}, None])
def test_an_answer_that_is_not_understood_contradicts_no_fact(
    scene: Scene, path: str, name: str, fact: str, odd: object
) -> None:
    scene.azure.bend(path, lambda body: body | {name: odd})
    snapshot(scene)
    assert facts(scene)[fact].state == "not testable"


def facts(scene: Scene) -> dict[str, FactRow]:
    return {row.fact: row for row in facts_of_tenant(scene.store)}


def states(scene: Scene, state: str) -> set[str]:
    return {name for name, row in facts(scene).items() if row.state == state}


def lose(*what: str) -> Contradict:
    def losing(world: World) -> None:
        world.graph_loses = frozenset(what)  # type: ignore[arg-type]

    return losing


def knob(**values: object) -> Contradict:
    def turned(world: World) -> None:
        for name, value in values.items():
            assert hasattr(world, name)
            setattr(world, name, value)

    return turned


CONTRADICTIONS: list[tuple[str, Contradict, set[str]]] = [
    ("a row", lose("row"), {"graph-rows"}),
    ("an entry of the traffic map", lose("traffic"), {"graph-traffic"}),
    ("a tag", lose("tag"), {"graph-tags"}),
    ("the creation", lose("creation"), {"graph-creation"}),
    (
        "the creation in the list of the subscription",
        knob(resource_list_late=timedelta(days=3)),
        {"list-creation"},
    ),
    ("batch and single", knob(batch_factor=1.5), {"metrics-batch"}),
    ("own and split", knob(own_factor=1.5), {"both-namespaces"}),
    ("more in Total", knob(total_factor=2.0), {"average-hides-none", "average-counts"}),
    ("less in Total", knob(total_factor=0.5), {"average-counts"}),
    ("no tags on the bill", knob(bill_has_tags=False), {"bill-tags"}),
    ("no capacity in silence", knob(capacity_when_silent=False), {"silent-capacity"}),
    ("locks that are not inherited", knob(locks_inherited=False), {"locks-inherited"}),
    ("a column of the log", knob(log_lacks=frozenset({"IdentityData"})), {"log-columns"}),
]
EVIDENCE = {fact.name: set(fact.rests_on_it) for fact in AZURE_FACTS}


def test_a_tenant_that_agrees_confirms_every_fact_and_says_by_how_much(scene: Scene) -> None:
    snapshot(scene)
    assert states(scene, "confirmed") == ALL
    for row in facts(scene).values():
        assert row.compared > 0, row.fact
        assert f"confirmed on {NOW:%Y-%m-%d}: {row.compared} compared" in row.sentence
    assert set(SERVES_NOBODY) & set(scene.verdicts().values())


@pytest.mark.parametrize(
    ("contradict", "facts_lost"),
    [(contradict, lost) for _name, contradict, lost in CONTRADICTIONS],
    ids=[name for name, _contradict, _lost in CONTRADICTIONS],
)
def test_each_contradiction_is_seen_and_no_verdict_of_that_snapshot_rests_on_it(
    scene: Scene, contradict: Contradict, facts_lost: set[str]
) -> None:
    contradict(scene.world)
    snapshot(scene)
    assert states(scene, "contradicted") == facts_lost
    assert states(scene, "confirmed") == ALL - facts_lost
    evidence = {one for fact in facts_lost for one in EVIDENCE[fact]}
    idle = {name for name, verdict in scene.verdicts().items() if verdict in SERVES_NOBODY}
    if evidence - {"cost", "callers", "counts", "aliveness"}:
        assert idle == set()
    else:
        assert {"fraud/old", "fraud/older"} & idle


@pytest.mark.parametrize("lost", ["traffic", "creation"])
def test_nothing_is_direct_by_a_share_or_a_creation_that_azure_contradicts(
    scene: Scene, lost: str
) -> None:
    scene.world.find("fraud").deployment("pinned", requests=steady(0.5))
    lose(lost)(scene.world)
    snapshot(scene)
    row = scene.rows()["fraud/pinned"]
    assert row.verdict == "unknown"
    assert row.reasons[0].code == "azure-fact-contradicted"
    assert scene.rows()["fraud/blue"].verdict != "direct"


def test_the_first_snapshot_spends_twenty_requests_on_it_at_most_and_the_next_none(
    scene: Scene, tmp_path: Path
) -> None:
    first = sum(snapshot(scene).requests.values())
    scene.azure.forget()
    scene.clock.advance(timedelta(days=1))
    snapshot(scene)
    single = "providers/Microsoft.Insights/metrics"
    assert [one for one in scene.azure.requests if single in one.path] == []
    (tmp_path / "plain").mkdir()
    with playing(tenant(), tmp_path / "plain") as plain:
        without = sum(snapshot(plain, confirms_facts=False).requests.values())
    assert 0 < first - without <= MOST_REQUESTS


def test_nothing_is_written_to_azure(scene: Scene) -> None:
    snapshot(scene)
    assert scene.azure.writes == []


def test_what_is_refused_is_not_testable_and_says_why(scene: Scene) -> None:
    scene.azure.faults.add(Fault("forbid", "providers/Microsoft.Insights/metrics"))
    snapshot(scene)
    row = facts(scene)["metrics-batch"]
    assert row.state == "not testable"
    assert "AuthorizationFailed" in row.sentence


def test_a_tenant_without_deployments_can_test_nothing_and_says_so(tmp_path: Path) -> None:
    world = World(clock=Clock(NOW))
    world.subscription("s").resource_group("g").workspace("w")
    with playing(world, tmp_path) as scene:
        snapshot(scene)
        assert states(scene, "not testable") == ALL
        assert all("?" not in row.sentence for row in facts(scene).values())


def test_a_change_of_the_last_hour_that_the_graph_lags_behind_is_no_contradiction(
    scene: Scene,
) -> None:
    scene.world.freeze_graph()
    scene.world.find("fraud").deployment("just-made", created_at=NOW - timedelta(minutes=5))
    snapshot(scene)
    assert facts(scene)["graph-rows"].state == "confirmed"
