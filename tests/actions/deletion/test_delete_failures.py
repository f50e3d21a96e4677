"""What Azure says no to, loses or leaves half done is reported as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actions import writing
from emulator import Fault, World
from queries.store.file import StoreFailure
from queries.store.journal import open_intents
from tests.actions.stage import METRICS, OLD, ONE_READ, POLLS, Stage, no_answers

pytestmark = pytest.mark.journey


@pytest.fixture
def stage(planned: Stage) -> Stage:
    """The plan is made; what happens after it is what is tested here."""
    return planned


def gone(world: World) -> None:
    endpoint = world.find("ws/fraud")
    endpoint.remove(world.find("ws/fraud/old"))


def test_an_operation_that_answers_200_with_failed_is_a_failure(stage: Stage) -> None:
    stage.world.will_end(code="Conflict", message="The cluster was not released.")
    target = stage.delete_one()
    assert target.outcome == "failed"
    assert "The cluster was not released." in (target.message or "")
    last = stage.journal()[-1]
    assert (last.outcome, last.reason) == ("failed", target.message)


def test_a_failed_write_keeps_azures_correlation_id(stage: Stage) -> None:
    stage.world.will_end()
    stage.delete_one()
    assert stage.journal()[-1].correlation_id


def test_a_canceled_operation_is_a_failure(stage: Stage) -> None:
    stage.world.will_end(status="Canceled", message="Canceled by its owner.")
    target = stage.delete_one()
    assert target.outcome == "failed"
    assert "Canceled by its owner." in (target.message or "")


def test_an_operation_that_ends_without_a_word_is_reported_by_its_state(stage: Stage) -> None:
    def mute(body: Any) -> Any:
        return {name: value for name, value in body.items() if name != "error"}

    stage.world.will_end(status="Canceled")
    stage.scene.azure.bend("mfeOperation", mute)
    assert "the operation ended as Canceled" in (stage.delete_one().message or "")


def test_an_operation_that_does_not_end_is_reported_as_still_running(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LONGEST_OPERATION_SECONDS", 0.0)
    stage.world.will_end(status="InProgress")
    target = stage.delete_one()
    assert target.outcome == "unverified"
    assert "StillRunning" in (target.message or "")
    with stage.azure.lock:
        for operation in stage.world.operations.values():
            operation.status = operation.state = "Succeeded"


def test_a_deletion_whose_end_may_not_be_asked_for_is_looked_at(stage: Stage) -> None:
    stage.azure.faults.add(Fault("forbid", "mfeOperation"))
    stage.azure.after("DELETE", do=gone)
    target = stage.delete_one()
    assert target.outcome == "deleted"
    assert "its end could not be asked for" in (target.message or "")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("forbid", "mfeOperation"),
        Fault("unavailable", method="DELETE"),
        Fault("forbid", ONE_READ, method="GET"),
    ],
    ids=["polls are refused", "the answer is an error of the server", "it cannot be looked at"],
)
def test_a_deletion_that_may_go_all_the_same_is_settled_by_the_next_run(
    stage: Stage, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LONGEST_OPERATION_SECONDS", 0.0)
    stage.when("deleting", lambda _world: stage.azure.faults.add(fault))
    target = stage.delete_one()
    assert target.outcome == "unverified"
    assert "the next run looks" in (target.message or "")
    stage.azure.faults.clear()
    with stage.azure.lock:
        if stage.world.lookup(target.row.id) is not None:
            gone(stage.world)
    assert stage.delete_one().outcome == "deleted"
    assert stage.outcomes().count("deleted") == 1
    assert len(stage.writes) == 1


def test_a_deletion_that_azure_refuses_stays_closed(stage: Stage) -> None:
    stage.azure.faults.add(Fault("forbid", method="DELETE"))
    assert "the next run" not in (stage.delete_one().message or "")
    assert open_intents(stage.session.store) == []


def test_traffic_given_in_the_last_instant_is_refused_by_azure_and_told(stage: Stage) -> None:
    def give(world: World) -> None:
        world.find("ws/fraud").traffic = {"blue": 90, "old": 10}

    stage.azure.before("DELETE", do=give)
    target = stage.delete_one()
    assert target.outcome == "failed"
    assert "10% of the live traffic" in (target.message or "")
    assert [write.status for write in stage.writes] == [400]


def test_a_lock_set_in_the_last_instant_is_refused_by_azure_and_told(stage: Stage) -> None:
    stage.azure.before("DELETE", do=lambda world: world.lock(world.find("ws/fraud/old")))
    target = stage.delete_one()
    assert target.outcome == "failed"
    assert "ScopeLocked" in (target.message or "")
    assert [write.status for write in stage.writes] == [409]


def test_a_refused_delete_is_a_failure(stage: Stage) -> None:
    stage.azure.faults.add(Fault("forbid", method="DELETE"))
    target = stage.delete_one()
    assert target.outcome == "failed"
    assert "AuthorizationFailed" in (target.message or "")


def test_a_server_error_is_not_answered_by_a_second_delete(stage: Stage) -> None:
    stage.azure.faults.add(Fault("unavailable", method="DELETE", times=1))
    assert stage.delete_one().outcome == "unverified"
    assert len(stage.writes) == 1


def test_a_throttled_delete_is_reported_and_not_repeated_in_silence(stage: Stage) -> None:
    stage.azure.faults.add(Fault("throttle", method="DELETE", times=1, retry_after=0))
    assert stage.delete_one().outcome == "failed"
    assert [write.status for write in stage.writes] == [429]
    assert stage.deployment().deleted_at is None


def test_a_204_on_delete_is_verified_and_told_as_gone(stage: Stage) -> None:
    stage.azure.before("DELETE", do=gone)
    target = stage.delete_one()
    assert [write.status for write in stage.writes] == [204]
    assert target.outcome == "deleted"


def test_a_404_on_delete_of_what_is_gone_is_reported_as_gone(stage: Stage) -> None:
    stage.azure.before("DELETE", do=gone)
    stage.azure.faults.add(Fault("forbid", method="DELETE", status=404, code="ResourceNotFound"))
    assert stage.delete_one().outcome == "deleted"


def test_a_404_on_delete_of_what_is_still_there_is_a_failure(stage: Stage) -> None:
    stage.azure.faults.add(Fault("forbid", method="DELETE", status=404, code="ResourceNotFound"))
    assert stage.delete_one().outcome == "failed"


def test_a_lost_answer_to_a_delete_that_worked_is_settled_by_a_get(stage: Stage) -> None:
    stage.azure.before("DELETE", do=gone)
    stage.azure.faults.add(Fault("drop", method="DELETE"))
    assert stage.delete_one().outcome == "deleted"
    assert len(stage.writes) == 1
    assert stage.outcomes() == ["planned", "intended", "deleted"]


def test_a_lost_answer_to_a_delete_that_did_not_work_stays_open(stage: Stage) -> None:
    stage.azure.faults.add(Fault("drop", method="DELETE"))
    target = stage.delete_one()
    assert target.outcome == "unverified"
    assert len(stage.writes) == 1
    assert stage.world.find("ws/fraud/old")


def test_a_delete_called_done_that_is_still_there_stays_open(stage: Stage) -> None:
    def rise(world: World) -> None:
        for deployment in world.ever_called(stage.rows()[0].id):
            deployment.deleted_at, deployment.state = None, "Succeeded"

    def rise_before_the_get(_world: World) -> None:
        stage.azure.before("GET", ONE_READ, rise)

    stage.azure.after("DELETE", do=rise_before_the_get)
    target = stage.delete_one()
    assert target.outcome == "unverified"
    assert "still there" in (target.message or "")


def test_a_verification_that_is_refused_says_that_it_could_not_look(stage: Stage) -> None:
    stage.azure.after("DELETE", do=lambda _world: stage.azure.faults.add(Fault("forbid", ONE_READ)))
    target = stage.delete_one()
    assert target.outcome == "unverified"
    assert "could not be read" in (target.message or "")


def test_metrics_refused_in_the_verification_are_not_reported_as_nobody_asked(stage: Stage) -> None:
    stage.azure.after("DELETE", do=lambda _world: stage.azure.faults.add(Fault("forbid", METRICS)))
    target = stage.delete_one()
    assert target.outcome in ("deleted", "raced")
    assert "could not be read" in (target.message or "")


def test_an_operation_on_another_host_is_never_followed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LONGEST_OPERATION_SECONDS", 0.0)
    elsewhere = "https://operations.attacker.example/1"
    stage.world.polling_headers = {"Azure-AsyncOperation": elsewhere, "Location": elsewhere}
    target = stage.delete_one()
    assert target.outcome == "unverified"
    assert "operations.attacker.example" in (target.message or "")


def test_without_an_archive_nothing_is_deleted(stage: Stage) -> None:
    stage.session.archive_folder.write_text("a file where the folder should be")
    target = stage.delete_one()
    assert target.outcome == "failed"
    assert "archive" in (target.message or "")
    assert stage.writes == []
    assert stage.outcomes() == ["planned", "failed"]


def test_without_a_journal_nothing_is_deleted(stage: Stage) -> None:
    path: Path = stage.session.store.path

    def spoil(_world: World) -> None:
        path.write_bytes(b"no store at all" * 1000)

    stage.azure.after("GET", ONE_READ, spoil)
    with pytest.raises(StoreFailure):
        stage.delete()
    assert stage.writes == []


def polls_of(stage: Stage) -> int:
    return sum(POLLS in one.path for one in stage.azure.requests)


def stand(stage: Stage) -> None:
    """The deletion that is under way comes to nothing."""
    for deployment in stage.world.ever_called(stage.rows()[0].id):
        deployment.deleted_at, deployment.state = None, "Succeeded"
    stage.world.operations.clear()


@no_answers
def test_a_poll_that_no_azure_answered_is_asked_again(stage: Stage, fault: Fault) -> None:
    stage.azure.faults.add(replace(fault, times=3))
    target = stage.delete_one()
    assert (target.outcome, target.message) == (
        "deleted",
        "gone: Azure answers 404, and nothing names it",
    )
    assert stage.scene.waits[-3:] == [5.0, 10.0, 20.0]
    assert stage.outcomes() == ["planned", "intended", "deleted"]


@no_answers
def test_where_no_azure_answers_the_polls_the_resource_itself_tells_that_it_is_gone(
    stage: Stage, fault: Fault
) -> None:
    stage.world.polls_until_done = -1
    stage.azure.faults.add(replace(fault))
    target = stage.delete_one()
    assert target.outcome == "deleted"
    assert "none was Azure's" in (target.message or "")
    assert polls_of(stage) > 1


def test_polls_go_on_for_as_long_as_an_operation_may_take(stage: Stage) -> None:
    stage.world.polls_until_done = -1
    stage.azure.faults.add(Fault("garble", POLLS))
    before = len(stage.scene.waits)
    stage.delete_one()
    waited = stage.scene.waits[before:]
    assert max(waited) == 60.0
    assert sum(waited) == pytest.approx(writing.LONGEST_OPERATION_SECONDS, abs=60)


@no_answers
def test_a_deletion_that_nobody_can_tell_the_end_of_is_settled_as_deleted_by_the_next_run(
    stage: Stage, fault: Fault
) -> None:
    stage.world.polls_until_done = -1
    stage.azure.faults.add(replace(fault))
    stage.when("verifying", lambda _: stage.azure.faults.add(Fault("garble", OLD)))
    target = stage.delete_one()
    assert target.outcome == "unverified"
    assert "the next run looks" in (target.message or "")
    assert stage.outcomes()[-1] == "unverified"
    assert len(open_intents(stage.session.store)) == 1
    stage.azure.faults.clear()
    assert stage.delete_one().outcome == "deleted"
    assert stage.outcomes() == ["planned", "intended", "unverified", "deleted"]
    assert len(stage.writes) == 1


@no_answers
def test_a_deletion_that_came_to_nothing_unseen_is_settled_so_by_the_next_run(
    stage: Stage, fault: Fault
) -> None:
    stage.azure.faults.add(replace(fault))
    stage.azure.after("DELETE", do=lambda _world: stand(stage))
    target = stage.delete_one()
    assert target.outcome == "unverified"
    assert "none was Azure's" in (target.message or "")
    stage.azure.faults.clear()
    stage.clock.advance(timedelta(seconds=1))
    again = stage.delete_one()
    assert again.outcome == "deleted", again.message
    assert stage.outcomes()[:4] == ["planned", "intended", "unverified", "interrupted"]
    assert [write.method for write in stage.writes] == ["DELETE", "DELETE"]


def test_a_page_at_the_location_of_an_operation_does_not_end_it(stage: Stage) -> None:
    headers = {"Location": f"{stage.azure.url}/elsewhere"}
    stage.azure.faults.add(Fault("answer", method="DELETE", status=202, headers=headers))
    stage.azure.faults.add(Fault("garble", "/elsewhere"))
    target = stage.delete_one()
    assert target.outcome == "unverified"
    assert "none was Azure's" in (target.message or "")
