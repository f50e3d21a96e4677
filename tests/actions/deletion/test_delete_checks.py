"""Each check stands in the way alone: refused, nothing sent, journalled with its reason."""

from __future__ import annotations

import pytest

from emulator import Deployment, World, alive_until
from tests.actions.stage import (
    DAY,
    LOCKS,
    Change,
    Make,
    Stage,
    assert_nothing_written,
    assert_refused,
    check_of,
    recreate,
    tenant,
)
from tests.scene import NOW, ago, day

INSIDE = r"/onlineEndpoints/fraud/deployments\?"


@pytest.fixture
def stage(planned: Stage) -> Stage:
    """The plan is made; what happens after it is what is tested here."""
    return planned


def old(world: World) -> Deployment:
    found = world.find("ws/fraud/old")
    assert isinstance(found, Deployment)
    return found


def tagged(path: str, **tags: str) -> Change:
    named = {name.replace("_", "-"): value for name, value in tags.items()}
    return lambda world: world.find(path).tags.update(named)


def untagged(name: str) -> Change:
    return lambda world: old(world).tags.pop(name)


def put(path: str, attribute: str, value: object) -> Change:
    return lambda world: setattr(world.find(path), attribute, value)


def without_rollback(world: World) -> None:
    world.find("ws/fraud").remove(world.find("ws/fraud/green"))


CHANGES: list[tuple[str, str, Change]] = [
    ("live-traffic", "5 % live", put("ws/fraud", "traffic", {"blue": 95, "OLD": 5})),
    ("live-traffic", "not known", put("ws/fraud", "traffic", None)),
    ("live-traffic", "gone: ghost", put("ws/fraud", "traffic", {"blue": 50, "ghost": 50})),
    ("mirror-traffic", "10 % mirrored", put("ws/fraud", "mirror", {"Old": 10})),
    ("requests", "1 request,", lambda world: world.call(old(world))),
    ("requests", "0.2", lambda world: world.call(old(world), 0.2)),
    ("requests", "sign of life", put("ws/fraud/old", "life", alive_until(NOW - DAY / 12))),
    ("rollback", "falls back on it", without_rollback),
    ("lock", "keep", lambda world: world.lock(old(world))),
    ("lock", "keep", lambda world: world.lock(world.find("ws/fraud"))),
    ("lock", "keep", lambda world: world.lock(world.subscriptions[0], "ReadOnly")),
    ("exemption", day(0), tagged("ws/fraud/old", mothball_exempt_until=day(0))),
    ("exemption", day(9), tagged("ws/fraud", Mothball_Exempt_Until=day(9))),
    ("exemption", "soon", tagged("ws/fraud/old", mothball_exempt_until="soon")),
    ("retire-mark", "retire", untagged("role")),
    ("retire-mark", "date", untagged("mothball-retire-after")),
    ("retire-mark", day(1), tagged("ws/fraud/old", mothball_retire_after=day(1))),
    ("retire-mark", "Tuesday", tagged("ws/fraud/old", mothball_retire_after="Tuesday")),
    ("operation", "endpoint Updating", put("ws/fraud", "state", "Updating")),
    ("operation", "deployment Scaling", put("ws/fraud/old", "state", "Scaling")),
    ("same-resource", "created", put("ws/fraud/old", "created_at", ago(20))),
    ("assets", "model is gone", lambda world: world.remove_asset("models/fraud/1")),
    ("assets", "code is archived", lambda world: world.archive_asset("codes/scoring/1")),
]


@pytest.mark.parametrize(
    ("check", "text", "change"), CHANGES, ids=[f"{check}: {text}" for check, text, _ in CHANGES]
)
def test_a_check_that_does_not_pass_refuses_alone(
    stage: Stage, check: str, text: str, change: Change
) -> None:
    change(stage.world)
    target = stage.delete_one()
    assert_refused(stage, target, check)
    if text != "0.2":
        assert text in check_of(target, check).evidence
    assert stage.archives() == []
    assert stage.outcomes() == ["planned", "refused"]


def test_one_that_was_deleted_and_made_anew_is_another_one(stage: Stage) -> None:
    stage.clock.advance(DAY / 24)
    recreate(stage.world)
    target = stage.delete_one()
    assert_refused(stage, target, "same-resource", "requests")


def test_one_that_is_gone_is_not_deleted_again(stage: Stage) -> None:
    stage.endpoint.remove(stage.deployment())
    target = stage.delete_one()
    assert target.outcome == "refused"
    assert check_of(target, "same-resource").state == "fail"
    assert stage.writes == []


def test_one_whose_endpoint_is_gone_is_refused(stage: Stage) -> None:
    stage.world.find("ws").remove(stage.endpoint)
    target = stage.delete_one()
    assert target.outcome == "refused"
    assert check_of(target, "same-resource").state == "fail"
    assert stage.writes == []


def test_a_rollback_tag_set_after_the_plan_refuses(stage: Stage) -> None:
    stage.deployment().tags["role"] = "rollback"
    target = stage.delete_one()
    assert_refused(stage, target, "rollback", "retire-mark")


def test_role_production_set_after_the_plan_refuses(stage: Stage) -> None:
    stage.deployment().tags["role"] = "Production"
    target = stage.delete_one()
    assert_refused(stage, target, "exemption", "retire-mark")


def test_a_deployment_younger_than_the_minimum_age_is_refused(make_stage: Make) -> None:
    world = tenant()
    old(world).created_at = ago(13)
    stage = make_stage(world)
    assert_refused(stage, stage.delete_one(), "requests")


def test_a_plan_made_before_the_deployment_existed_is_refused(make_stage: Make) -> None:
    """Azure reports no creation time in the graph; the snapshot of the plan is older than it."""
    world = tenant()
    world.graph_has_system_data = False
    stage = make_stage(world)
    stage.deployment().created_at = NOW + DAY / 24
    stage.clock.advance(15 * DAY)
    target = stage.delete_one()
    assert check_of(target, "same-resource").state == "fail"
    assert target.outcome == "refused"
    assert stage.writes == []


def test_an_exemption_that_has_ended_stands_in_nobodys_way(make_stage: Make) -> None:
    world = tenant()
    old(world).tags["mothball-exempt-until"] = day(-1)
    assert make_stage(world).delete_one().outcome == "deleted"


def test_a_newest_sign_of_life_of_just_an_hour_ago_is_fresh_enough(stage: Stage) -> None:
    stage.deployment().life = alive_until(NOW - DAY / 24)
    assert stage.delete_one().outcome == "deleted"


@pytest.mark.parametrize("path", [INSIDE, LOCKS])
@pytest.mark.parametrize("stage_of_it", ["guarding", "archiving", "rereading"])
def test_a_list_with_an_element_that_is_not_understood_stands_in_the_way(
    stage: Stage, path: str, stage_of_it: str
) -> None:
    def bend(_world: World) -> None:
        stage.scene.azure.bend(path, lambda body: body | {"value": [*body["value"], None]})

    stage.when(stage_of_it, bend)
    assert stage.delete_one().outcome == "refused"
    assert_nothing_written(stage)


def test_locks_that_cannot_be_read_are_unknown_in_the_plan_of_a_failed_one(
    make_stage: Make,
) -> None:
    world = tenant()
    old(world).state = "Failed"
    world.forbid(world.subscriptions[0], ["locks"])
    stage = make_stage(world)
    assert stage.rows()[0].verdict == "failed"
    assert check_of(stage.plan().targets[0], "lock").state == "unknown"
