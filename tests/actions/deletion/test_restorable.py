"""Whether what is to be deleted could be recreated from its archive: asked before it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from actions.archive.reading import archives_in, definitions_in
from actions.deletion.delete import delete, plan_endpoint_deletion
from actions.restore.planning import plan_restore
from actions.session import Brakes, Limits
from emulator import Deployment, World
from queries.estate.questions import current_endpoints
from tests.actions.stage import DUE, Make, Stage, assert_refused, check_of, tenant

Definition = Callable[[Deployment], object]


def with_properties(**changed: object) -> Definition:
    return lambda old: old.properties.update(changed)


LACKING: dict[str, tuple[str, str, Definition]] = {
    "no instance count": ("fail", "instance count", lambda old: setattr(old, "sku", None)),
    "no size": ("fail", "size", with_properties(instanceType=None)),
    "a size of no known family": (
        "unknown",
        "Standard_Made_Up is in no list of sizes",
        with_properties(instanceType="Standard_Made_Up"),
    ),
    "neither model nor environment": (
        "fail",
        "neither a model nor an environment",
        with_properties(model=None, environmentId=None),
    ),
    "no compute type": ("fail", "compute type", with_properties(endpointComputeType=None)),
    "no location": ("fail", "location", lambda old: setattr(old, "location", None)),
    "a tag that Azure does not take": (
        "fail",
        "cannot be the name of a tag",
        lambda old: old.tags.update({"a<b": "c"}),
    ),
}
lacking = pytest.mark.parametrize(("state", "text", "change"), LACKING.values(), ids=list(LACKING))


def old_of(world: World) -> Deployment:
    found = world.find("ws/fraud/old")
    assert isinstance(found, Deployment)
    return found


def test_a_whole_definition_passes_in_plan_and_guard(planned: Stage) -> None:
    text = "1 instance of Standard_DS3_v2, quota standardDSv2Family"
    assert planned.ready is not None
    found = check_of(planned.ready.targets[0], "restorable")
    assert (found.state, found.evidence) == ("pass", text)
    target = planned.delete_one()
    assert (target.outcome, check_of(target, "restorable").state) == ("deleted", "pass")


@lacking
def test_a_definition_that_cannot_be_sent_again_shows_in_the_plan(
    make_stage: Make, state: str, text: str, change: Definition
) -> None:
    world = tenant()
    change(old_of(world))
    found = check_of(make_stage(world).plan().targets[0], "restorable")
    assert found.state == state
    assert text in found.evidence


@lacking
def test_a_definition_that_cannot_be_sent_again_stops_the_guard_alone(
    planned: Stage, state: str, text: str, change: Definition
) -> None:
    change(planned.deployment())
    target = planned.delete_one()
    assert_refused(planned, target, "restorable")
    assert check_of(target, "restorable").state == state
    assert text in check_of(target, "restorable").evidence
    assert planned.archives() == []


def test_what_cannot_come_back_goes_with_a_reason_that_is_journalled(stage: Stage) -> None:
    stage.deployment().sku = None
    target = stage.delete_one(overrides={"restorable": "its code is in git"})
    assert target.outcome == "deleted", target.message
    assert check_of(target, "restorable").override == "its code is in git"
    intended = next(entry for entry in stage.journal() if entry.outcome == "intended")
    assert "restorable overridden: its code is in git" in (intended.reason or "")


def test_a_definition_that_the_store_lost_is_not_known(stage: Stage) -> None:
    with stage.session.store.writing() as connection:
        connection.execute("delete from raw_resources")
    found = check_of(stage.plan().targets[0], "restorable")
    assert found.state == "unknown"
    assert "no definition of it is kept" in found.evidence


def endpoint_stage(make_stage: Make) -> Stage:
    world = tenant()
    quiet = world.find("ws").endpoint("quiet", traffic={"one": 100})
    quiet.deployment("one", tags=DUE)
    quiet.deployment("two", tags=DUE)
    every = Decimal(1)
    brakes = Brakes(share_of_endpoint=every, share_of_tenant=every, share_of_money=every)
    return make_stage(world, Limits(brakes=brakes))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda endpoint: setattr(endpoint, "location", None), "its endpoint: its location"),
        (lambda endpoint: endpoint.properties.pop("authMode"), "its endpoint: its authMode"),
        (lambda endpoint: setattr(endpoint, "traffic", {"one": 40}), "add up to 40 %"),
    ],
)
def test_of_a_whole_endpoint_its_own_definition_is_looked_at_too(
    make_stage: Make, change: Callable[[object], object], text: str
) -> None:
    stage = endpoint_stage(make_stage)
    change(stage.world.find("ws/quiet"))
    stage.clock.advance(timedelta(minutes=1))
    stage.snapshot()
    known = current_endpoints(stage.session.store)
    (row,) = [one for one in known if one.name == "quiet"]
    plan = plan_endpoint_deletion(stage.session, row)
    for target in plan.targets:
        found = check_of(target, "restorable")
        assert found.state == "fail"
        assert text in found.evidence
    ended = delete(stage.session, plan, plan.phrase, {}, lambda _target, _progress: None)
    assert {c.check for target in ended.targets for c in target.obstacles} == {"restorable"}
    assert stage.writes == []


def test_a_whole_endpoint_in_order_passes_for_each_of_its_deployments(make_stage: Make) -> None:
    stage = endpoint_stage(make_stage)
    known = current_endpoints(stage.session.store)
    (row,) = [one for one in known if one.name == "quiet"]
    plan = plan_endpoint_deletion(stage.session, row)
    assert [check_of(target, "restorable").state for target in plan.targets] == ["pass", "pass"]


def test_a_plan_to_restore_warns_of_what_azure_may_refuse(stage: Stage) -> None:
    stage.deployment().properties["endpointComputeType"] = None
    assert stage.delete_one(overrides={"restorable": "agreed"}).outcome == "deleted"
    (archive,), _broken = archives_in(stage.session.archive_folder)
    plan = plan_restore(stage.session, archive)
    assert any("refuse fraud/old: its compute type" in line for line in plan.warnings)
    definitions, _versions = definitions_in(archive.folder)
    assert replace(definitions) == plan.definitions
