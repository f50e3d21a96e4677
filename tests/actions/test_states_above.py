"""A subscription that takes no write: said in the plan, and refused before Azure is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.archive.reading import archives_in, definitions_in
from actions.restore.checks import look
from actions.session import Refusal
from actions.tags.extend import extend
from actions.tags.retire import objection, retire
from actions.tags.tag import tag
from collectors.connection.errors import AzureFailure
from queries.estate.naming import Names
from queries.estate.rows import DeploymentRow
from tests.actions.stage import Make, Stage, check_of, tenant
from tests.scene import NOW

WRITES: dict[str, Callable[[Stage, DeploymentRow], object]] = {
    "tag": lambda stage, row: tag(stage.session, row, {"a": "b"}, ()),
    "retire": lambda stage, row: retire(stage.session, row, 14),
    "extend": lambda stage, row: extend(stage.session, row, NOW.date(), "asked for"),
    "delete": lambda stage, _row: stage.delete(),
}


def disabled(make_stage: Make, state: str = "Disabled") -> Stage:
    world = tenant()
    world.subscriptions[0].state = state
    return make_stage(world)


def test_a_plan_in_a_disabled_subscription_says_what_that_means(make_stage: Make) -> None:
    plan = disabled(make_stage).plan()
    (line,) = [line for line in plan.warnings if "subscription" in line]
    assert line.startswith("fraud/old: its subscription is Disabled: Azure takes no write there")
    assert "enable it, then run `mothball snapshot`" in line


@pytest.mark.parametrize("state", ["PastDue", "Warned"])
def test_a_plan_in_a_subscription_at_risk_warns_and_may_go_on(make_stage: Make, state: str) -> None:
    stage = disabled(make_stage, state)
    assert any(f"its subscription is {state}" in line for line in stage.plan().warnings)
    assert stage.delete_one().outcome == "deleted"


@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_asked_of_azure_where_it_takes_no_write(make_stage: Make, name: str) -> None:
    stage = disabled(make_stage)
    row = stage.rows()[0]
    if name == "delete":
        stage.ready = stage.plan()
    stage.azure.forget()
    with pytest.raises(Refusal, match="its subscription is Disabled"):
        WRITES[name](stage, row)
    assert stage.azure.requests == []
    last = stage.journal()[-1]
    assert (last.action, last.outcome) == (name, "refused")


def test_a_mark_is_foreseen_to_be_refused(make_stage: Make) -> None:
    stage = disabled(make_stage)
    assert "Disabled" in str(objection(stage.session, stage.rows()[0], 14, None))


def test_a_subscription_disabled_since_the_snapshot_refuses_by_itself(stage: Stage) -> None:
    stage.world.subscriptions[0].state = "Disabled"
    with pytest.raises(AzureFailure) as caught:
        tag(stage.session, stage.rows()[0], {"a": "b"}, ())
    assert caught.value.code == "ReadOnlyDisabledSubscription"
    assert "enable the subscription" in caught.value.fix
    assert stage.journal()[-1].outcome == "failed"
    assert "a" not in stage.deployment().tags


def test_a_restore_looks_at_the_subscription_first(planned: Stage) -> None:
    assert planned.delete_one().outcome == "deleted"
    planned.world.subscriptions[0].state = "Disabled"
    planned.clock.advance(planned.clock.now() - NOW + (NOW - NOW.replace(hour=17)))
    planned.snapshot()
    (archive,), _broken = archives_in(planned.session.archive_folder)
    with planned.session.reader() as reader:
        definitions, _versions = definitions_in(archive.folder)
        looked = look(planned.session, reader, archive, definitions, Names())
    (limits,) = [check for check in looked.checks if check.check == "limits"]
    assert limits.state == "fail"
    assert "its subscription is Disabled" in limits.evidence


def test_a_workspace_under_way_is_something_running_above_the_endpoint(planned: Stage) -> None:
    planned.world.find("ws").state = "Updating"
    target = planned.delete_one()
    assert {check.check for check in target.obstacles} == {"operation"}
    assert "workspace Updating" in check_of(target, "operation").evidence
    assert planned.writes == []
