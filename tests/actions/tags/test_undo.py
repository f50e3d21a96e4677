"""What was written is taken back where Azure still has it so, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.session import Limits, Refusal
from actions.tags.extend import extend
from actions.tags.retire import retire, undo
from actions.tags.tag import tag
from actions.tags.undo import last_writes, undo_write, undone_tags, why_not
from queries.estate.tag_ledger import tag_drift
from queries.store.journal import Entry
from tests.actions.stage import DUE, Make, Stage, recreate, tenant
from tests.scene import NOW, day


def tags(stage: Stage) -> dict[str, str]:
    return stage.deployment().tags


def newest(stage: Stage) -> Entry:
    return stage.journal()[-1]


def refused(stage: Stage, entry: Entry, reason: str | None = None) -> str:
    stage.azure.forget()
    with pytest.raises(Refusal) as caught:
        undo_write(stage.session, stage.rows()[0], entry, reason)
    assert stage.writes == []
    assert (newest(stage).action, newest(stage).outcome) == ("undo", "refused")
    return str(caught.value)


def test_an_undo_writes_what_was_there_before_and_leaves_the_rest(stage: Stage) -> None:
    tags(stage).update({"Owner": "jo", "cost.center": "4711"})
    row = stage.rows()[0]
    tag(stage.session, row, {"owner": "ann", "purpose": "trial"}, ("cost.center",))
    entry = newest(stage)
    tags(stage)["late"] = "yes"
    after = undo_write(stage.session, row, entry, "the wrong one")
    assert after == tags(stage) == {**DUE, "Owner": "jo", "cost.center": "4711", "late": "yes"}
    assert (newest(stage).action, newest(stage).outcome) == ("undo", "done")
    assert newest(stage).evidence["undoes"] == entry.sequence
    assert newest(stage).reason == "the wrong one"


def test_an_undo_of_an_undo_writes_it_again(stage: Stage) -> None:
    row = stage.rows()[0]
    tag(stage.session, row, {"owner": "ann"}, ("role",))
    undo_write(stage.session, row, newest(stage))
    assert tags(stage) == DUE
    undo_write(stage.session, row, newest(stage))
    assert tags(stage) == {"mothball-retire-after": day(0), "owner": "ann"}


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [
        ({"owner": "bo"}, "owner was written as 'ann', and is 'bo' now"),
        ({"cost": "2"}, "cost was removed, and is '2' now"),
        ({"owner": None}, "owner was written as 'ann', and the tag is gone since"),
    ],
)
def test_an_undo_is_refused_where_somebody_wrote_since(
    stage: Stage, meanwhile: dict[str, str | None], sentence: str
) -> None:
    tags(stage)["cost"] = "1"
    tag(stage.session, stage.rows()[0], {"owner": "ann"}, ("cost",))
    entry = newest(stage)
    for name, value in meanwhile.items():
        tags(stage).pop(name, None)
        tags(stage).update({} if value is None else {name: value})
    assert refused(stage, entry) == f"nothing was written: {sentence}"


def test_an_undo_is_refused_where_somebody_writes_between_plan_and_write(stage: Stage) -> None:
    tag(stage.session, stage.rows()[0], {"role": "test"}, ())
    entry = newest(stage)
    stage.azure.after("GET", r"deployments/old\?", lambda _world: tags(stage).update(role="no"))
    assert "is 'no' now" in refused(stage, entry, "in time")


def test_an_exemption_is_undone(stage: Stage) -> None:
    extend(stage.session, stage.rows()[0], (NOW + timedelta(days=30)).date(), "audit")
    undo_write(stage.session, stage.rows()[0], newest(stage))
    assert tags(stage) == DUE


def test_a_retire_over_another_role_is_undone_to_that_role(make_stage: Make) -> None:
    world = tenant()
    world.find("ws/fraud/old").tags = {"role": "test"}
    stage = make_stage(world)
    retire(stage.session, stage.rows()[0], 14, replace_role=True)
    undo_write(stage.session, stage.rows()[0], newest(stage))
    assert tags(stage) == {"role": "test"}
    undo_write(stage.session, stage.rows()[0], newest(stage))
    assert tags(stage) == {"role": "retire", "mothball-retire-after": day(14)}


def test_a_mark_that_is_put_back_has_the_grace_of_any_mark(stage: Stage) -> None:
    undo(stage.session, stage.rows()[0])
    entry = newest(stage)
    assert "a grace shorter than 14 days needs a reason" in refused(stage, entry)
    undo_write(stage.session, stage.rows()[0], entry, "taken away by mistake")
    assert tags(stage) == DUE


def test_a_mark_is_not_put_back_on_what_is_in_use(stage: Stage) -> None:
    row = stage.rows("fraud/blue")[0]
    stage.deployment("ws/fraud/blue").tags = dict(DUE)
    undo(stage.session, row)
    with pytest.raises(Refusal, match="its verdict is serving"):
        undo_write(stage.session, row, newest(stage), "mine")


def test_a_mark_is_not_put_back_on_a_later_one_of_the_same_name(stage: Stage) -> None:
    undo(stage.session, stage.rows()[0])
    entry = newest(stage)
    stage.clock.advance(timedelta(hours=1))
    with stage.azure.lock:
        recreate(stage.world)
    tags(stage).clear()
    assert "it was recreated on" in refused(stage, entry, "mine")


def test_limits_bar_an_undo(make_stage: Make) -> None:
    stage = make_stage(tenant())
    tag(stage.session, stage.rows()[0], {"owner": "ann"}, ())
    entry = newest(stage)
    stage.session = make_stage(tenant(), Limits(read_only=True)).session
    assert "read-only" in refused(stage, entry)


def test_what_is_no_done_write_of_tags_is_not_undone(planned: Stage) -> None:
    tag(planned.session, planned.rows()[0], {}, ("nothing",))
    plan, intended, nothing = planned.journal()[-3:]
    assert why_not(plan) == "only a write of tags that came about can be undone"
    assert why_not(intended) == "only a write of tags that came about can be undone"
    assert why_not(nothing) == "it changed no tag: there is nothing to undo"
    assert undone_tags(nothing) == ()
    assert last_writes(planned.journal(), [planned.rows()[0].deployment_key]) == {}


def test_a_write_whose_end_nobody_saw_is_undone_where_azure_has_it(stage: Stage) -> None:
    row = stage.rows()[0]
    tag(stage.session, row, {"owner": "ann"}, ())
    unseen = replace(newest(stage), outcome="unverified")
    undo_write(stage.session, row, unseen)
    assert tags(stage) == DUE
    assert "and the tag is gone since" in refused(stage, unseen)


def test_the_last_write_is_the_newest_of_each_deployment(stage: Stage) -> None:
    old, blue = stage.rows("fraud/old", "fraud/blue")
    tag(stage.session, old, {"owner": "ann"}, ())
    tag(stage.session, blue, {"owner": "ann"}, ())
    tag(stage.session, old, {"owner": "bo"}, ())
    found = last_writes(stage.journal(), [old.deployment_key])
    assert {key: entry.evidence["set"] for key, entry in found.items()} == {
        old.deployment_key: {"owner": "bo"}
    }


def test_the_ledger_of_tags_misses_nothing_that_was_undone(stage: Stage) -> None:
    tag(stage.session, stage.rows()[0], {"owner": "ann"}, ())
    undo_write(stage.session, stage.rows()[0], newest(stage))
    stage.clock.advance(timedelta(hours=1))
    stage.snapshot()
    assert tag_drift(stage.session.store) == []
