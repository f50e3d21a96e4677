"""Pipelines drop tags: the ledger knows what was written, shows what is lost, and puts it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.session import Limits, Refusal
from actions.tags.extend import extend
from actions.tags.lost import LostTag, plan_tag_restore, restore_each, restore_tags
from actions.tags.retire import retire, undo
from actions.tags.tag import tag
from emulator import World, steady
from queries.estate.tag_ledger import tag_drift, tags_written
from queries.policy import DEFAULT_TAGS
from tests.actions.stage import DAY, WEEK, Make, Stage, tenant
from tests.scene import NOW, day

pytestmark = pytest.mark.journey

MINUTE = timedelta(minutes=1)


@pytest.fixture
def bare(make_stage: Make) -> Stage:
    """The usual tenant, in which `fraud/old` is idle and has no tag."""
    return make_stage(untagged())


def untagged() -> World:
    world = tenant()
    world.find("ws/fraud/old").tags = {}
    return world


def seen(stage: Stage, after: timedelta = DAY) -> None:
    stage.clock.advance(after)
    stage.snapshot()


def drop_tags(stage: Stage) -> None:
    """What a redeploy by a pipeline does."""
    stage.deployment().tags = {}


def drift(stage: Stage) -> list[LostTag]:
    return plan_tag_restore(
        stage.session, stage.scene.rows().values(), tag_drift(stage.scene.store)
    )


def outcomes(found: list[LostTag]) -> dict[str, str]:
    return {one.drift.name: one.outcome for one in found}


def restored(stage: Stage) -> dict[str, str]:
    stage.azure.forget()
    return outcomes(restore_tags(stage.session, drift(stage)))


def recreate(stage: Stage) -> None:
    now = stage.clock.now()
    stage.endpoint.remove(stage.deployment(), now)
    stage.endpoint.deployment("old", created_at=now)


def findings(stage: Stage, name: str = "fraud/old") -> str:
    return " / ".join(stage.scene.rows()[name].findings.sentences)


def test_a_tag_that_is_there_is_no_drift(bare: Stage) -> None:
    tag(bare.session, bare.rows()[0], {"Owner": "jo"}, ())
    seen(bare)
    assert drift(bare) == []
    assert "lost" not in findings(bare)


def test_a_tag_that_was_written_after_the_snapshot_is_not_lost(bare: Stage) -> None:
    bare.clock.advance(MINUTE)
    tag(bare.session, bare.rows()[0], {"owner": "jo"}, ())
    assert drift(bare) == []


def test_lost_tags_are_a_finding_with_the_first_snapshot_that_missed_them(bare: Stage) -> None:
    tag(bare.session, bare.rows()[0], {"owner": "jo", "Purpose": "demo"}, ())
    seen(bare)
    drop_tags(bare)
    seen(bare)
    seen(bare)
    assert f"its tags owner, Purpose were lost: missing since {day(2)}" in findings(bare)
    (owner, purpose) = (one.drift for one in drift(bare))
    assert (owner.name, owner.value, owner.found) == ("owner", "jo", None)
    assert owner.written_at == NOW
    assert owner.written_by.startswith("mothball-operator (")
    assert owner.missing_since == purpose.missing_since == NOW + 2 * DAY
    assert owner.was_recreated is False


def test_only_the_tags_that_were_written_here_are_looked_for(bare: Stage) -> None:
    bare.deployment().tags = {"team": "risk"}
    tag(bare.session, bare.rows()[0], {"owner": "jo"}, ())
    drop_tags(bare)
    seen(bare)
    assert outcomes(drift(bare)) == {"owner": "planned"}


def test_looking_writes_nothing(bare: Stage) -> None:
    tag(bare.session, bare.rows()[0], {"owner": "jo"}, ())
    drop_tags(bare)
    seen(bare)
    bare.azure.forget()
    assert outcomes(drift(bare)) == {"owner": "planned"}
    assert bare.writes == []
    assert bare.azure.requests == []


def test_lost_tags_are_put_back_beside_the_others(bare: Stage) -> None:
    retire(bare.session, bare.rows()[0], 14)
    extend(bare.session, bare.rows()[0], NOW.date() + 20 * DAY, "audit")
    bare.deployment().tags = {"pipeline": "7"}
    seen(bare)
    assert restored(bare) == {
        "role": "restored",
        "mothball-retire-after": "restored",
        "mothball-exempt-until": "restored",
    }
    assert bare.deployment().tags == {
        "pipeline": "7",
        "role": "retire",
        "mothball-retire-after": day(14),
        "mothball-exempt-until": day(20),
    }
    assert [w.body["operation"] for w in bare.writes] == ["Merge"]
    last = bare.journal()[-1]
    assert (last.action, last.outcome) == ("restore-tags", "done")
    assert last.reason == f"missing since {day(1)}"
    seen(bare)
    assert drift(bare) == []


def test_what_was_put_back_and_lost_again_is_lost_since_then(bare: Stage) -> None:
    tag(bare.session, bare.rows()[0], {"owner": "jo"}, ())
    drop_tags(bare)
    seen(bare)
    restored(bare)
    seen(bare)
    drop_tags(bare)
    seen(bare)
    (again,) = drift(bare)
    assert again.drift.missing_since == NOW + 3 * DAY


def test_a_tag_that_somebody_changed_is_shown_and_not_overwritten(bare: Stage) -> None:
    tag(bare.session, bare.rows()[0], {"owner": "jo", "purpose": "demo"}, ())
    bare.deployment().tags = {"OWNER": "ada"}
    seen(bare)
    found = {one.drift.name: one for one in drift(bare)}
    assert found["owner"].drift.found == "ada"
    assert "'ada'" in str(found["owner"].why)
    assert restored(bare) == {"owner": "left", "purpose": "restored"}
    assert bare.deployment().tags == {"OWNER": "ada", "purpose": "demo"}
    assert "purpose" in findings(bare)
    assert "owner" not in findings(bare)


def test_a_tag_that_somebody_set_since_the_snapshot_is_not_overwritten(bare: Stage) -> None:
    tag(bare.session, bare.rows()[0], {"owner": "jo", "purpose": "demo"}, ())
    drop_tags(bare)
    seen(bare)
    bare.deployment().tags = {"Owner": "ada"}
    assert restored(bare) == {"owner": "left", "purpose": "restored"}
    assert bare.deployment().tags == {"Owner": "ada", "purpose": "demo"}


def test_a_removed_tag_is_not_put_back(bare: Stage) -> None:
    row = bare.rows()[0]
    tag(bare.session, row, {"owner": "jo", "purpose": "demo"}, ())
    tag(bare.session, row, {}, ("OWNER",))
    seen(bare)
    assert drift(bare) == []


def test_a_tag_that_was_lost_before_it_was_removed_is_not_put_back(bare: Stage) -> None:
    row = bare.rows()[0]
    retire(bare.session, row, 14)
    drop_tags(bare)
    undo(bare.session, row)
    seen(bare)
    assert drift(bare) == []


def test_a_write_that_failed_is_not_in_the_ledger(bare: Stage) -> None:
    bare.world.lock(bare.deployment(), "ReadOnly")
    with pytest.raises(Exception, match="lock"):
        tag(bare.session, bare.rows()[0], {"owner": "jo"}, ())
    seen(bare)
    assert drift(bare) == []
    assert tags_written(bare.scene.store, bare.deployment().id.lower()) == []


def test_a_recreated_deployment_gets_its_tags_back_but_no_retire_mark(bare: Stage) -> None:
    row = bare.rows()[0]
    tag(bare.session, row, {"owner": "jo"}, ())
    retire(bare.session, row, 14)
    bare.clock.advance(DAY)
    recreate(bare)
    seen(bare, 20 * DAY)
    assert "as it was recreated" in findings(bare)
    assert all(one.drift.was_recreated for one in drift(bare))
    assert restored(bare) == {
        "owner": "restored",
        "role": "left",
        "mothball-retire-after": "left",
    }
    assert bare.deployment().tags == {"owner": "jo"}


def test_a_deployment_that_is_recreated_after_the_snapshot_gets_no_retire_mark(
    bare: Stage,
) -> None:
    retire(bare.session, bare.rows()[0], 14)
    drop_tags(bare)
    seen(bare)
    bare.clock.advance(MINUTE)
    recreate(bare)
    assert outcomes(drift(bare)) == {"role": "planned", "mothball-retire-after": "planned"}
    assert set(restored(bare).values()) == {"left"}
    assert bare.writes == []


def test_a_deployment_of_unknown_age_gets_no_retire_mark(make_stage: Make) -> None:
    stage = make_stage(untagged())
    row = stage.rows()[0]
    tag(stage.session, row, {"owner": "jo"}, ())
    retire(stage.session, row, 14)
    stage.world.find("ws/fraud/old").created_at = None
    drop_tags(stage)
    seen(stage)
    assert [one.drift.was_recreated for one in drift(stage)] == [None] * 3
    assert restored(stage) == {
        "owner": "restored",
        "role": "left",
        "mothball-retire-after": "left",
    }


def test_what_is_in_use_by_now_gets_no_retire_mark(bare: Stage) -> None:
    retire(bare.session, bare.rows()[0], 14)
    drop_tags(bare)
    bare.deployment().requests = steady(1)
    seen(bare)
    assert {one.why for one in drift(bare)} == {
        "a retire mark is not put back: its verdict is direct"
    }
    assert set(restored(bare).values()) == {"left"}
    assert bare.writes == []


@pytest.mark.parametrize("when", ["before the snapshot", "after it"])
def test_what_has_another_role_by_now_gets_no_retire_date(bare: Stage, when: str) -> None:
    retire(bare.session, bare.rows()[0], 14)
    drop_tags(bare)
    if when == "before the snapshot":
        bare.deployment().tags = {"role": "test"}
    seen(bare)
    bare.deployment().tags = {"role": "test"}
    assert set(restored(bare).values()) == {"left"}
    assert bare.deployment().tags == {"role": "test"}


def test_a_deleted_deployment_is_not_asked_for(bare: Stage) -> None:
    tag(bare.session, bare.rows()[0], {"owner": "jo"}, ())
    bare.endpoint.remove(bare.deployment(), bare.clock.now())
    seen(bare)
    assert drift(bare) == []


def test_a_wanted_stop_leaves_the_tags_of_the_next_deployment_planned(bare: Stage) -> None:
    for row in bare.rows("fraud/old", "fraud/green"):
        tag(bare.session, row, {"owner": "jo"}, ())
    drop_tags(bare)
    bare.deployment("ws/fraud/green").tags = {"role": "rollback"}
    seen(bare)
    heard: list[str] = []
    found = drift(bare)
    ended = restore_each(
        bare.session, found, lambda _group: heard.append("one"), lambda: bool(heard)
    )
    assert [one.outcome for one in ended] == ["restored", "planned"]
    assert [one.row for one in ended] == [one.row for one in found]
    assert len(heard) == 1


@pytest.mark.parametrize("barred", ["read-only", "protect"])
def test_nothing_is_put_back_where_writing_is_forbidden(bare: Stage, barred: str) -> None:
    tag(bare.session, bare.rows()[0], {"owner": "jo"}, ())
    drop_tags(bare)
    seen(bare)
    subscription = frozenset({bare.world.subscriptions[0].subscription_id})
    limits = {
        "read-only": Limits(read_only=True),
        "protect": Limits(protected_subscriptions=subscription),
    }[barred]
    bare.azure.forget()
    with pytest.raises(Refusal, match=barred):
        restore_tags(replace(bare.session, limits=limits), drift(bare))
    assert bare.writes == []
    last = bare.journal()[-1]
    assert (last.action, last.outcome) == ("restore-tags", "refused")


def test_names_of_the_settings_make_the_retire_mark(make_stage: Make) -> None:
    names = {"role": ("lifecycle",), "retire_after": ("gone-by",)}
    stage = make_stage(untagged(), policy=replace(WEEK, tags={**DEFAULT_TAGS, **names}))
    retire(stage.session, stage.rows()[0], 14)
    stage.clock.advance(DAY)
    recreate(stage)
    seen(stage, 20 * DAY)
    assert set(outcomes(drift(stage)).values()) == {"left"}


def test_the_ledger_tells_who_wrote_what_and_why(bare: Stage) -> None:
    row = bare.rows()[0]
    extend(bare.session, row, NOW.date() + 5 * DAY, "audit in January")
    bare.clock.advance(MINUTE)
    tag(bare.session, row, {"a": 'b"}, "set": {'}, ("mothball-exempt-until",))
    pairs = [
        (one.written_at, one.action, one.name, one.value, one.reason)
        for one in tags_written(bare.scene.store, row.deployment_key)
    ]
    assert pairs == [
        (NOW, "extend", "mothball-exempt-until", day(5), "audit in January"),
        (NOW + MINUTE, "tag", "mothball-exempt-until", None, None),
        (NOW + MINUTE, "tag", "a", 'b"}, "set": {', None),
    ]


def test_entries_of_an_older_version_are_in_the_ledger(bare: Stage) -> None:
    row = bare.rows()[0]
    tag(bare.session, row, {"owner": "jo"}, ())
    with bare.scene.store.writing() as connection:
        connection.execute(
            'update journal set evidence = \'{"before": {}, "removed": [], '
            '"set": {"owner": "jo"}}\''
        )
    seen(bare)
    drop_tags(bare)
    seen(bare)
    assert outcomes(drift(bare)) == {"owner": "planned"}
