"""The traffic log in the guard: a caller is a request, a refusal is not silence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from actions.deletion.plan import PlannedTarget
from actions.lock import hold_lock
from actions.session import Refusal
from emulator import Fault
from tests.actions.stage import Stage, assert_refused, check_of
from tests.scene import NOW, ago

LOG = "1b1c7c4e-0000-4000-8000-000000000001"


def callers_of(target: PlannedTarget) -> tuple[str, str]:
    check = check_of(target, "callers")
    return check.state, check.evidence


def test_where_no_log_is_sent_nobody_is_claimed_to_be_nobody(planned: Stage) -> None:
    target = planned.delete_one()
    assert target.outcome == "deleted", target.message
    assert callers_of(target) == ("pass", "not asked: no traffic log")


def test_a_log_without_a_call_passes(planned: Stage) -> None:
    planned.world.diagnose(planned.endpoint, LOG)
    planned.world.log_call(planned.deployment("ws/fraud/blue"), ago(1))
    target = planned.delete_one()
    assert target.outcome == "deleted", target.message
    assert callers_of(target)[0] == "pass"
    assert "not asked" not in callers_of(target)[1]


def test_a_caller_in_the_log_is_a_request(planned: Stage) -> None:
    planned.world.diagnose(planned.endpoint, LOG)
    planned.world.log_call(planned.deployment(), ago(2), user_agent="nightly/2.1")
    target = planned.delete_one()
    assert_refused(planned, target, "callers")
    assert "nightly/2.1" in callers_of(target)[1]


def test_every_caller_is_named(planned: Stage) -> None:
    planned.world.diagnose(planned.endpoint, LOG)
    for agent in ("nightly/2.1", "probe/1", "curl/8"):
        planned.world.log_call(planned.deployment(), ago(2), user_agent=agent)
    reported = callers_of(planned.delete_one())[1]
    assert all(agent in reported for agent in ("nightly/2.1", "probe/1", "curl/8"))


def test_a_log_that_cannot_be_read_is_unknown(planned: Stage) -> None:
    planned.world.diagnose(planned.endpoint, LOG)
    planned.azure.faults.add(Fault("forbid", "/query"))
    target = planned.delete_one()
    assert_refused(planned, target, "callers")
    assert callers_of(target)[0] == "unknown"


def test_a_caller_can_be_overridden_with_a_reason(planned: Stage) -> None:
    planned.world.diagnose(planned.endpoint, LOG)
    planned.world.log_call(planned.deployment(), ago(2))
    target = planned.delete_one(overrides={"callers": "a probe that was switched off"})
    assert target.outcome == "deleted", target.message
    intended = [entry for entry in planned.journal() if entry.outcome == "intended"]
    assert "a probe that was switched off" in str(intended[0].reason)


def test_a_stop_leaves_the_rest_untouched_and_says_so(stage: Stage) -> None:
    from actions.deletion.delete import delete, plan_deletion

    rows = stage.rows("fraud/old")
    plan = plan_deletion(stage.session, rows)
    ended = delete(stage.session, plan, plan.phrase, {}, stage._report, lambda: True)
    assert [target.outcome for target in ended.targets] == ["planned"]
    assert "not touched" in str(ended.targets[0].message)
    assert stage.writes == []


def test_two_runs_at_once_take_turns_by_refusal(planned: Stage) -> None:
    with (
        hold_lock(planned.session.archive_folder.parent),
        pytest.raises(Refusal, match="under way"),
    ):
        planned.delete_one()
    assert planned.writes == []
    assert planned.journal()[-1].outcome == "refused"
    assert planned.delete_one().outcome == "deleted"


def test_a_folder_that_cannot_be_written_refuses(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match="cannot be written"), hold_lock(tmp_path / "file" / "x"):
        pass


def test_a_target_that_an_earlier_run_deleted_is_reported_and_not_deleted_again(
    stage: Stage,
) -> None:
    first = stage.delete_one()
    assert first.outcome == "deleted"
    stage.azure.forget()
    stage.clock.advance(timedelta(minutes=1))
    again = stage.delete_one()
    assert again.outcome == "deleted"
    assert "deleted by an earlier run" in str(again.message)
    assert stage.stages[-2:] == ["deleted by an earlier run", "deleted"]
    assert stage.writes == []
    assert [entry.outcome for entry in stage.journal()].count("deleted") == 1


def test_one_that_goes_away_while_it_is_looked_at_is_refused(planned: Stage) -> None:
    def vanish(_world: object) -> None:
        planned.endpoint.remove(planned.deployment(), NOW)

    planned.when("archiving", vanish)
    target = planned.delete_one()
    assert_refused(planned, target, "same-resource")


def test_the_plan_tells_what_comes_back_and_what_stays_behind(stage: Stage) -> None:
    stage.world.autoscale(stage.deployment())
    stage.clock.advance(timedelta(minutes=1))
    stage.snapshot()
    text = " ".join(stage.plan().warnings)
    assert "fraud/old: gives back 8 cores of standardDSv2Family" in text
    assert "stays behind: az monitor autoscale delete --name" in text
    assert stage.writes == []
