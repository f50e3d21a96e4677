"""Marked first, deleted after the grace: by a moving clock, and never over another role."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.session import Refusal
from actions.tags.extend import extend
from actions.tags.retire import retire, undo
from emulator import World
from queries.policy import DEFAULT_TAGS
from tests.actions.stage import WEEK, Make, Stage, assert_refused, check_of, tenant
from tests.scene import NOW, day


def unmarked(**tags: str) -> World:
    world = tenant()
    world.find("ws/fraud/old").tags = dict(tags)
    return world


def refused(stage: Stage, days: int = 14, **given: object) -> str:
    with pytest.raises(Refusal) as caught:
        retire(stage.session, stage.rows()[0], days, **given)  # type: ignore[arg-type]
    assert stage.writes == []
    last = stage.journal()[-1]
    assert (last.action, last.outcome) == ("retire", "refused")
    assert last.reason
    return str(caught.value)


def test_a_mark_is_a_role_and_the_day_on_which_its_grace_ends(make_stage: Make) -> None:
    stage = make_stage(unmarked(owner="jo"))
    after = retire(stage.session, stage.rows()[0], 14)
    assert after == {
        "owner": "jo",
        "role": "retire",
        "mothball-retire-after": day(14),
    }
    assert stage.deployment().tags == after
    assert [(row.action, row.outcome) for row in stage.journal()] == [
        ("retire", "intended"),
        ("retire", "done"),
    ]


@pytest.mark.parametrize(("days", "outcome"), [(13, "refused"), (14, "deleted")])
def test_the_grace_of_fourteen_days_from_mark_to_deletion(
    make_stage: Make, days: int, outcome: str
) -> None:
    stage = make_stage(unmarked())
    retire(stage.session, stage.rows()[0], stage.session.limits.grace_days)
    stage.azure.forget()
    stage.clock.advance(timedelta(days=days))
    stage.snapshot()
    target = stage.delete_one()
    assert target.outcome == outcome, target.message
    if outcome == "refused":
        assert_refused(stage, target, "retire-mark")
        assert day(14) in check_of(target, "retire-mark").evidence


def test_the_grace_is_counted_in_utc_days_up_to_the_last_second(make_stage: Make) -> None:
    stage = make_stage(unmarked())
    retire(stage.session, stage.rows()[0], 14)
    midnight = (NOW + timedelta(days=14)).replace(hour=0)
    stage.clock.set(midnight - timedelta(seconds=1))
    stage.snapshot()
    assert check_of(stage.plan().targets[0], "retire-mark").state == "fail"
    stage.clock.set(midnight)
    assert check_of(stage.plan().targets[0], "retire-mark").state == "pass"


@pytest.mark.parametrize("name", ["fraud/blue", "fraud/green"])
def test_what_is_in_use_or_kept_is_not_retired(stage: Stage, name: str) -> None:
    row = stage.rows(name)[0]
    with pytest.raises(Refusal, match=row.verdict):
        retire(stage.session, row, 14)
    assert stage.writes == []
    assert stage.journal()[-1].outcome == "refused"


def test_a_shorter_grace_needs_a_reason(make_stage: Make) -> None:
    stage = make_stage(unmarked())
    assert "reason" in refused(stage, 13)
    assert "reason" in refused(stage, 13, reason="  ")
    after = retire(stage.session, stage.rows()[0], 3, "agreed with legal")
    assert after["mothball-retire-after"] == day(3)
    assert stage.journal()[-1].reason == "agreed with legal"


@pytest.mark.parametrize("role", ["test", "production", "Rollback", "something else"])
def test_another_role_is_replaced_only_when_told(make_stage: Make, role: str) -> None:
    stage = make_stage(unmarked())
    stage.deployment().tags["Role"] = role
    assert role in refused(stage)
    after = retire(stage.session, stage.rows()[0], 14, replace_role=True)
    assert after["Role"] == "retire"
    assert len([name for name in after if name.lower() == "role"]) == 1


def test_a_second_mark_moves_the_day(make_stage: Make) -> None:
    stage = make_stage(unmarked())
    retire(stage.session, stage.rows()[0], 14)
    after = retire(stage.session, stage.rows()[0], 30)
    assert after["mothball-retire-after"] == day(30)


def test_undo_takes_the_mark_away_and_nothing_else(stage: Stage) -> None:
    stage.deployment().tags["owner"] = "jo"
    assert undo(stage.session, stage.rows()[0]) == {"owner": "jo"}
    assert stage.deployment().tags == {"owner": "jo"}
    assert stage.journal()[-1].outcome == "done"


def test_undo_leaves_a_role_that_somebody_else_set(stage: Stage) -> None:
    stage.deployment().tags["role"] = "production"
    assert undo(stage.session, stage.rows()[0]) == {"role": "production"}


def test_undone_is_not_deleted(stage: Stage) -> None:
    undo(stage.session, stage.rows()[0])
    stage.azure.forget()
    assert_refused(stage, stage.delete_one(), "retire-mark")


def test_the_names_of_the_settings_are_written_and_read(make_stage: Make) -> None:
    names = {"role": ("lifecycle", "role"), "retire_after": ("gone-by",)}
    stage = make_stage(unmarked(), policy=replace(WEEK, tags={**DEFAULT_TAGS, **names}))
    after = retire(stage.session, stage.rows()[0], 14)
    assert after == {"lifecycle": "retire", "gone-by": day(14)}
    assert undo(stage.session, stage.rows()[0]) == {}


def test_an_extension_exempts_up_to_its_day(stage: Stage) -> None:
    after = extend(stage.session, stage.rows()[0], NOW.date() + timedelta(days=5), "audit")
    assert after["mothball-exempt-until"] == day(5)
    assert after["role"] == "retire"
    last = stage.journal()[-1]
    assert (last.action, last.outcome, last.reason) == ("extend", "done", "audit")
    stage.azure.forget()
    assert_refused(stage, stage.delete_one(), "exemption")


def test_an_extension_into_the_past_is_refused_and_journalled(stage: Stage) -> None:
    with pytest.raises(Refusal, match="past"):
        extend(stage.session, stage.rows()[0], NOW.date() - timedelta(days=1), "audit")
    assert stage.writes == []
    assert stage.outcomes() == ["refused"]


def test_an_extension_needs_a_reason(stage: Stage) -> None:
    with pytest.raises(Refusal, match="reason"):
        extend(stage.session, stage.rows()[0], NOW.date(), " ")
    assert stage.writes == []
