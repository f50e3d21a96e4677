"""Somebody else acts between the guard and the DELETE, or in the instant after the last read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.deletion.plan import PlannedTarget
from emulator import Fault, World, at
from tests.actions.stage import METRICS, Change, Stage, recreate
from tests.scene import NOW, day


@pytest.fixture
def stage(planned: Stage) -> Stage:
    """The plan is made; what happens after it is what is tested here."""
    return planned


def moved(world: World) -> None:
    world.find("ws/fraud").traffic = {"blue": 90, "old": 10}


def mirrored(world: World) -> None:
    world.find("ws/fraud").mirror = {"old": 5}


def asked(world: World) -> None:
    world.call(world.find("ws/fraud/old"), 3)


def updating(world: World) -> None:
    world.find("ws/fraud").state = "Updating"


def tagged(name: str, value: str) -> Change:
    return lambda world: world.find("ws/fraud/old").tags.update({name: value})


CHANGES: dict[str, Change] = {
    "traffic moved to it": moved,
    "mirror added": mirrored,
    "a request arrived": asked,
    "it was locked": lambda world: world.lock(world.find("ws/fraud/old")),
    "role rollback": tagged("role", "rollback"),
    "role production": tagged("role", "production"),
    "an exemption": tagged("mothball-exempt-until", day(30)),
    "created anew under its name": recreate,
    "its endpoint is updating": updating,
    "what its endpoint falls back on goes": lambda world: world.find("ws/fraud").remove(
        world.find("ws/fraud/green")
    ),
}

# To the last read these are a tag that changed, as the role of a rollback is.
ALIKE = {"role production", "an exemption"}


def passing(seconds: int) -> Change:
    return lambda world: world.clock.advance(timedelta(seconds=seconds))


def refused_untouched(stage: Stage, target: PlannedTarget) -> None:
    assert target.outcome == "refused", target.message
    assert stage.writes == []
    last = stage.journal()[-1]
    assert (last.action, last.outcome) == ("delete", "refused")
    assert last.reason


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_right_after_the_guard_refuses(stage: Stage, change: Change) -> None:
    stage.when("archiving", change)
    refused_untouched(stage, stage.delete_one())


@pytest.mark.parametrize("name", sorted(CHANGES.keys() - ALIKE))
def test_a_change_after_the_archive_was_written_refuses(stage: Stage, name: str) -> None:
    stage.when("rereading", CHANGES[name])
    refused_untouched(stage, stage.delete_one())
    assert stage.outcomes() == ["planned", "intended", "refused"]


def test_traffic_moved_between_plan_and_confirmation_refuses(stage: Stage) -> None:
    moved(stage.world)
    target = stage.delete_one()
    refused_untouched(stage, target)
    assert "live-traffic" in (stage.journal()[-1].reason or "")


def test_a_guard_of_sixty_seconds_is_still_good(stage: Stage) -> None:
    stage.when("rereading", passing(60))
    assert stage.delete_one().outcome == "deleted"


def test_a_guard_older_than_sixty_seconds_is_no_pass(stage: Stage) -> None:
    stage.when("rereading", passing(61))
    target = stage.delete_one()
    refused_untouched(stage, target)
    assert {check.state for check in target.checks} == {"unknown"}


def test_a_slow_collection_counts_into_the_age_of_the_guard(stage: Stage) -> None:
    stage.when("archiving", passing(40))
    stage.when("rereading", passing(40))
    refused_untouched(stage, stage.delete_one())


def test_a_request_that_its_own_namespace_alone_tells_refuses(stage: Stage) -> None:
    def without_split(body: Any) -> Any:
        for value in body["values"]:
            if "/deployments/" not in value["resourceid"].lower():
                value["value"] = [metric | {"timeseries": []} for metric in value["value"]]
        return body

    stage.scene.azure.bend(METRICS, without_split)
    stage.when("archiving", asked)
    target = stage.delete_one()
    refused_untouched(stage, target)
    assert {check.check for check in target.obstacles} == {"requests"}


def test_traffic_given_to_it_after_the_last_read_is_raced(stage: Stage) -> None:
    stage.azure.after("DELETE", do=moved)
    target = stage.delete_one()
    assert target.outcome == "raced"
    assert "10 %" in (target.message or "")
    assert stage.journal()[-1].outcome == "raced"


def test_mirrored_traffic_given_to_it_after_the_last_read_is_raced(stage: Stage) -> None:
    stage.azure.after("DELETE", do=mirrored)
    target = stage.delete_one()
    assert target.outcome == "raced"
    assert "mirror" in (target.message or "")


def test_a_request_in_the_minutes_after_the_last_read_is_raced(stage: Stage) -> None:
    def ask_later(world: World) -> None:
        world.clock.advance(timedelta(minutes=2))
        asked(world)

    stage.azure.after("DELETE", do=ask_later)
    target = stage.delete_one()
    assert target.outcome == "raced"
    assert stage.journal()[-1].outcome == "raced"


def test_a_request_in_the_minute_of_the_last_read_is_raced(stage: Stage) -> None:
    """The guard has seen no request at all: whatever is in that minute came after it."""
    stage.clock.set(NOW + timedelta(seconds=20))

    def ask_at_once(world: World) -> None:
        world.clock.advance(timedelta(seconds=20))
        deployment = world.find("ws/fraud/old")
        deployment.requests = deployment.requests + at(NOW, 2)

    stage.azure.after("DELETE", do=ask_at_once)
    assert stage.delete_one().outcome == "raced"


def test_a_zero_that_stays_in_the_map_is_no_race(stage: Stage) -> None:
    stage.endpoint.traffic = {"blue": 100, "old": 0}
    assert stage.delete_one().outcome == "deleted"


def test_a_throttled_delete_is_not_sent_again_on_an_old_guard(stage: Stage) -> None:
    stage.azure.faults.add(Fault("throttle", method="DELETE", times=1, retry_after=0))
    stage.azure.after("DELETE", do=lambda world: world.clock.advance(timedelta(minutes=3)))
    stage.delete_one()
    assert [write.status for write in stage.writes] == [429]
