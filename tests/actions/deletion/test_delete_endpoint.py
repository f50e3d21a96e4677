"""An endpoint goes as a whole only where the whole is proven silent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from actions.archive.reading import definitions_in
from actions.deletion.delete import delete, plan_endpoint_deletion
from actions.deletion.plan import ENDPOINT_CHECKS, Plan
from actions.session import Brakes, Limits, Refusal
from emulator import Clock, Endpoint, Fault, World, at, dead, silent, steady
from queries.estate.questions import current_endpoints
from tests.actions.stage import DUE, LOCKS, METRICS, SECRET, Make, Stage, check_of
from tests.scene import NOW

pytestmark = pytest.mark.journey

QUIET = "/onlineEndpoints/quiet"
WIDE = Limits(brakes=Brakes(10, Decimal(1), Decimal(1), Decimal(1)))


def tenant() -> World:
    """`quiet` holds two deployments that nobody asks; its traffic is held by one that is due."""
    world = World(clock=Clock(NOW))
    workspace = world.subscription("production").resource_group("rg-ML").workspace("ws")
    busy = workspace.endpoint("busy", traffic={"blue": 100})
    busy.deployment("blue", requests=steady(3.0))
    quiet = workspace.endpoint("quiet", traffic={"main": 100})
    quiet.deployment("main", tags=DUE, environment_variables={"API_TOKEN": SECRET})
    quiet.deployment("spare")
    return world


@pytest.fixture
def stage(make_stage: Make) -> Stage:
    return make_stage(tenant(), WIDE)


def planned(stage: Stage, name: str = "quiet", **overrides: str) -> Plan:
    (endpoint,) = [e for e in current_endpoints(stage.session.store) if e.name == name]
    return plan_endpoint_deletion(stage.session, endpoint, overrides)


def deleted(stage: Stage, plan: Plan | None = None, **overrides: str) -> Plan:
    plan = plan or planned(stage, **overrides)
    return delete(stage.session, plan, plan.phrase, overrides, stage._report)


def quiet(world: World) -> Endpoint:
    found = world.find("ws/quiet")
    assert isinstance(found, Endpoint)
    return found


def outcomes(plan: Plan) -> Mapping[str | None, str]:
    return {target.row.deployment: target.outcome for target in plan.targets}


def failing(plan: Plan) -> set[str]:
    return {check.check for target in plan.targets for check in target.obstacles}


def test_a_silent_endpoint_is_archived_whole_and_deleted_once(stage: Stage) -> None:
    plan = deleted(stage)
    assert outcomes(plan) == {"main": "deleted", "spare": "deleted"}, plan.targets[0].message
    assert [(w.method, w.path.lower().endswith(QUIET.lower())) for w in stage.writes] == [
        ("DELETE", True)
    ]
    with pytest.raises(KeyError):
        stage.world.find("ws/quiet")
    (folder,) = stage.archives()
    found, _versions = definitions_in(folder)
    assert found.kind == "endpoint"
    assert len(found.deployments) == 2


def test_the_plan_names_what_goes_and_what_may_not_come_back(stage: Stage) -> None:
    plan = planned(stage)
    assert plan.phrase == "quiet"
    assert tuple(check.check for check in plan.targets[0].checks) == ENDPOINT_CHECKS
    text = " ".join(plan.warnings)
    assert "it goes with all that is in it: main, spare" in text
    assert "its keys" in text
    assert stage.writes == []


def test_the_plan_names_the_diagnostic_settings_that_stay_behind(stage: Stage) -> None:
    stage.world.diagnose(quiet(stage.world), "11111111-2222-3333-4444-555555555555")
    text = " ".join(planned(stage).warnings)
    assert "the diagnostic setting to-logs stays: az monitor diagnostic-settings delete" in text


def test_the_plan_says_that_the_diagnostic_settings_could_not_be_read(stage: Stage) -> None:
    stage.azure.faults.add(Fault("forbid", "diagnosticSettings"))
    text = " ".join(planned(stage).warnings)
    assert "which diagnostic settings stay behind could not be read" in text


def test_the_journal_has_a_row_for_the_endpoint_and_each_deployment(stage: Stage) -> None:
    deleted(stage)
    rows = [(e.action, e.outcome, e.target.rsplit("/", 1)[-1]) for e in stage.journal()]
    for outcome in ("planned", "intended", "deleted"):
        assert [name for action, value, name in rows if value == outcome] == [
            "quiet",
            "main",
            "spare",
        ]
    assert {action for action, _value, _name in rows} == {"delete-endpoint"}
    ends = [entry for entry in stage.journal() if entry.outcome == "deleted"]
    assert all("monthly_saving" in entry.evidence for entry in ends[1:])


def test_only_the_holders_of_its_traffic_need_the_mark(stage: Stage) -> None:
    plan = planned(stage)
    marks = {t.row.deployment: check_of(t, "retire-mark") for t in plan.targets}
    assert marks["main"].state == "pass"
    assert marks["spare"].evidence == "not asked: it holds no traffic of its endpoint"
    stage.deployment("ws/quiet/main").tags.clear()
    stage.clock.advance(timedelta(minutes=1))
    stage.snapshot()
    assert "retire-mark" in failing(deleted(stage))
    assert stage.writes == []


def test_an_endpoint_that_is_asked_is_refused(stage: Stage) -> None:
    plan = deleted(stage, planned(stage, "busy"))
    assert outcomes(plan) == {"blue": "refused"}
    assert {"endpoint-silent", "requests", "retire-mark"} <= failing(plan)
    assert stage.writes == []


def test_its_silence_cannot_be_overridden(stage: Stage) -> None:
    plan = planned(stage)
    with pytest.raises(Refusal, match="cannot be overridden"):
        delete(stage.session, plan, "quiet", {"endpoint-silent": "I know"}, stage._report)
    assert stage.writes == []
    assert stage.journal()[-1].outcome == "refused"


def test_another_phrase_is_refused(stage: Stage) -> None:
    with pytest.raises(Refusal, match="the phrase to confirm is 'quiet'"):
        delete(stage.session, planned(stage), "quiet/main", {}, stage._report)


def add(world: World) -> None:
    quiet(world).deployment("stranger", created_at=NOW)


def remove(world: World) -> None:
    endpoint = quiet(world)
    endpoint.remove(world.find("ws/quiet/spare"), NOW)


def move(world: World) -> None:
    quiet(world).traffic = {"main": 50, "spare": 50}


def mirror(world: World) -> None:
    quiet(world).mirror = {"spare": 10}


def lock(world: World) -> None:
    world.lock(world.find("ws/quiet/spare"))


def lock_above(world: World) -> None:
    world.lock(world.find("ws/quiet"))


def tag_rollback(world: World) -> None:
    world.find("ws/quiet/spare").tags["role"] = "production"


def update(world: World) -> None:
    quiet(world).state = "Updating"


def anew(world: World) -> None:
    endpoint = quiet(world)
    endpoint.remove(world.find("ws/quiet/spare"), NOW)
    endpoint.deployment("spare", created_at=NOW)


def asked(world: World) -> None:
    deployment = world.find("ws/quiet/spare")
    deployment.requests = at(NOW - timedelta(minutes=2), 5)


RACES = (add, remove, move, mirror, lock, lock_above, tag_rollback, update, anew, asked)


@pytest.mark.parametrize("moment", ["guarding", "archiving", "rereading"])
@pytest.mark.parametrize("change", RACES)
def test_what_changes_before_the_last_read_is_refused(
    stage: Stage, change: Callable[[World], None], moment: str
) -> None:
    plan = planned(stage)
    stage.when(moment, change)
    ended = deleted(stage, plan)
    assert set(outcomes(ended).values()) == {"refused"}, ended.targets[0].message
    assert stage.writes == []
    assert stage.journal()[-1].outcome == "refused"


def test_what_is_created_in_it_while_the_last_read_goes_on_is_refused(stage: Stage) -> None:
    def hook(_world: World) -> None:
        stage.azure.before("GET", r"/onlineEndpoints/quiet\?", do=add)

    plan = planned(stage)
    stage.when("rereading", hook)
    ended = deleted(stage, plan)
    assert set(outcomes(ended).values()) == {"refused"}, ended.targets[0].message
    assert "its deployments changed" in (ended.targets[0].message or "")
    assert stage.writes == []


def test_a_request_after_the_last_read_is_raced(stage: Stage) -> None:
    def late(world: World) -> None:
        deployment = world.find("ws/quiet/spare")
        deployment.requests = at(NOW, 5)
        world.clock.advance(timedelta(minutes=1))

    stage.when("deleting", late)
    plan = deleted(stage)
    assert set(outcomes(plan).values()) == {"raced"}, plan.targets[0].message
    assert {e.outcome for e in stage.journal()[-3:]} == {"raced"}


@pytest.mark.parametrize(
    "fault",
    [
        Fault("forbid", METRICS, shape="flat"),
        Fault("forbid", LOCKS),
        Fault("forbid", QUIET + "/deployments"),
        Fault("unavailable", QUIET + r"\?"),
    ],
)
def test_evidence_that_is_refused_refuses_the_whole(stage: Stage, fault: Fault) -> None:
    plan = planned(stage)
    stage.azure.faults.add(fault)
    ended = deleted(stage, plan)
    assert set(outcomes(ended).values()) <= {"refused", "failed"}
    assert stage.writes == []


def test_silence_that_is_not_proven_for_one_of_them_keeps_all(make_stage: Make) -> None:
    world = tenant()
    quiet(world).deployment("dim", requests=silent("nothing"), life=dead())
    stage = make_stage(world, WIDE)
    plan = planned(stage)
    assert {check_of(t, "endpoint-silent").state for t in plan.targets} == {"unknown"}
    ended = deleted(stage, plan)
    assert set(outcomes(ended).values()) == {"refused"}
    assert stage.writes == []


def test_an_endpoint_without_a_deployment_is_refused_in_one_line(make_stage: Make) -> None:
    world = tenant()
    world.find("ws/quiet").parent.endpoint("empty")
    stage = make_stage(world, WIDE)
    with pytest.raises(Refusal, match="has no deployment"):
        planned(stage, "empty")
    assert stage.journal()[-1].outcome == "refused"


def test_its_share_of_itself_is_no_brake_but_the_others_are(make_stage: Make) -> None:
    tight = replace(WIDE, brakes=replace(WIDE.brakes, share_of_endpoint=Decimal("0.1")))
    stage = make_stage(tenant(), tight)
    assert planned(stage).brakes == ()
    few = make_stage(tenant(), replace(WIDE, brakes=replace(WIDE.brakes, targets=1)))
    plan = planned(few)
    with pytest.raises(Refusal, match="2 targets are more than the 1"):
        delete(few.session, plan, plan.phrase, {}, few._report)


def test_a_protected_subscription_keeps_its_endpoints(make_stage: Make) -> None:
    world = tenant()
    subscription = quiet(world).subscription_id
    stage = make_stage(world, replace(WIDE, protected_subscriptions=frozenset({subscription})))
    plan = planned(stage)
    with pytest.raises(Refusal, match="the settings protect"):
        delete(stage.session, plan, plan.phrase, {}, stage._report)


def test_no_secret_is_reported_but_in_the_archive(stage: Stage) -> None:
    deleted(stage)
    store = (stage.scene.folder / "store.duckdb").read_bytes()
    assert SECRET.encode() not in store
    assert not any(SECRET in str(entry) for entry in stage.journal())
    (folder,) = stage.archives()
    assert any(SECRET in path.read_text() for path in folder.iterdir())
