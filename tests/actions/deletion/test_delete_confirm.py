"""What a person has to say before anything is deleted, and what no word of theirs allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from actions.deletion.brakes import brakes_on
from actions.deletion.plan import phrase_for
from actions.session import Brakes, Limits, Refusal
from emulator import World, dead, silent
from queries.estate.naming import Names
from tests.actions.stage import DUE, OLD, Make, Stage, assert_refused, check_of, tenant

LOOSE = Limits(brakes=Brakes(10, Decimal(1), Decimal(1), Decimal(1)))


def failed_tenant() -> World:
    world = tenant()
    old = world.find("ws/fraud/old")
    old.state, old.requests, old.life = "Failed", silent("nothing"), dead()
    return world


def pair() -> World:
    """Two that may be deleted, on two endpoints."""
    world = tenant()
    second = world.find("ws").endpoint("scores", traffic={"live": 100})
    second.deployment("live")
    second.deployment("kept", tags={"role": "rollback"})
    second.deployment("old", tags=DUE)
    return world


def refusal(stage: Stage, names: Sequence[str] = ("fraud/old",), **given: object) -> str:
    """What is refused as a whole: nothing asked of Azure, a row for each target."""
    plan = stage.plan(*names)
    stage.azure.forget()
    with pytest.raises(Refusal) as caught:
        stage.delete(plan=plan, **given)  # type: ignore[arg-type]
    assert [r for r in stage.azure.requests if r.source != "identity"] == []
    rows = stage.journal()[-len(names) :]
    assert {row.outcome for row in rows} == {"refused"}
    assert {row.reason for row in rows} == {str(caught.value)}
    return str(caught.value)


@pytest.mark.parametrize("phrase", ["", "old", "FRAUD/OLD", "fraud/green", "ws/fraud/old", "yes"])
def test_another_phrase_is_refused_before_anything_is_asked(stage: Stage, phrase: str) -> None:
    assert "'fraud/old'" in refusal(stage, phrase=phrase)


@pytest.mark.parametrize("check", ["same-resource", "live-traffic", "mirror-traffic", "lock"])
def test_these_checks_cannot_be_overridden(stage: Stage, check: str) -> None:
    assert check in refusal(stage, overrides={check: "I know better"})


def test_requests_of_an_idle_deployment_cannot_be_overridden(stage: Stage) -> None:
    assert "failed" in refusal(stage, overrides={"requests": "I know better"})


def test_a_check_that_does_not_exist_cannot_be_overridden(stage: Stage) -> None:
    assert "everything" in refusal(stage, overrides={"everything": "please"})


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_override_needs_a_reason(stage: Stage, reason: str) -> None:
    assert "reason" in refusal(stage, overrides={"rollback": reason})


def test_an_overridden_check_lets_through_and_its_reason_is_journalled(stage: Stage) -> None:
    stage.endpoint.remove(stage.deployment("ws/fraud/green"))
    target = stage.delete_one(overrides={"rollback": "agreed with the owner"})
    assert target.outcome == "deleted"
    assert check_of(target, "rollback").override == "agreed with the owner"
    assert check_of(target, "rollback").state == "fail"
    intended = stage.journal()[1]
    assert "agreed with the owner" in (intended.reason or "")
    assert [c["override"] for c in intended.evidence["checks"] if c["check"] == "rollback"] == [
        "agreed with the owner"
    ]


def test_an_override_opens_one_check_and_no_other(stage: Stage) -> None:
    stage.endpoint.remove(stage.deployment("ws/fraud/green"))
    del stage.deployment().tags["role"]
    target = stage.delete_one(overrides={"rollback": "agreed with the owner"})
    assert_refused(stage, target, "retire-mark")


def test_a_check_that_passes_is_not_reported_as_overridden(stage: Stage) -> None:
    target = stage.delete_one(overrides={"rollback": "in case"})
    assert check_of(target, "rollback").override is None


def test_requests_of_a_failed_deployment_can_be_overridden(make_stage: Make) -> None:
    stage = make_stage(failed_tenant())
    assert stage.rows()[0].verdict == "failed"
    assert_refused(stage, stage.delete_one(), "requests")
    target = stage.delete_one(overrides={"requests": "it never came up"})
    assert target.outcome == "deleted"


def test_a_request_seen_by_the_guard_is_not_overridden(make_stage: Make) -> None:
    stage = make_stage(failed_tenant())
    stage.world.call(stage.deployment())
    target = stage.delete_one(overrides={"requests": "it never came up"})
    assert_refused(stage, target, "requests")


def test_read_only_mode_refuses_a_deletion_but_not_its_plan(make_stage: Make) -> None:
    stage = make_stage(tenant(), Limits(read_only=True))
    assert "read-only" in refusal(stage)


def test_a_protected_subscription_refuses_whatever_its_case(make_stage: Make) -> None:
    world = tenant()
    protected = frozenset({world.subscriptions[0].subscription_id.lower()})
    stage = make_stage(world, Limits(protected_subscriptions=protected))
    row = stage.rows()[0]
    assert Limits(protected_subscriptions=protected).why_not(row.subscription_id.upper())
    assert "protect" in refusal(stage)


def test_more_targets_than_the_settings_allow_are_refused(make_stage: Make) -> None:
    stage = make_stage(tenant(), Limits(brakes=Brakes(targets=0)))
    assert "1 target is" in refusal(stage)


def test_shares_brake_from_two_targets_up(make_stage: Make) -> None:
    stage = make_stage(pair())
    both = stage.rows("fraud/old", "scores/old")
    everything = list(stage.scene.rows().values())
    assert brakes_on(both[:1], everything, Brakes(), Names()) == ()
    text = " ".join(brakes_on(both, everything, Brakes(), Names()))
    assert "2 of 6 deployments are more than 10% of the tenant" in text
    two = stage.rows("fraud/old", "fraud/green")
    assert "2 of the 3 deployments of fraud" in " ".join(
        brakes_on(two, everything, Brakes(), Names())
    )
    assert "tenant" in refusal(stage, ("fraud/old", "scores/old"))


def test_the_money_brake_counts_each_currency_for_itself(stage: Stage) -> None:
    row, other = stage.rows("fraud/old", "fraud/green")
    rows = [
        replace(row, monthly_run_rate=Decimal(60), currency="EUR"),
        replace(other, monthly_run_rate=Decimal(5), currency="USD"),
    ]
    rest = replace(other, monthly_run_rate=Decimal(40), currency="EUR")
    brakes = Brakes(share_of_endpoint=Decimal(1), share_of_tenant=Decimal(1))
    reported = brakes_on(rows, [*rows, rest], brakes, Names())
    assert len(reported) == 2
    assert "60.00 of 100.00 EUR" in reported[0]


def test_several_targets_have_one_phrase_that_names_how_many(make_stage: Make) -> None:
    stage = make_stage(pair(), LOOSE)
    both = stage.rows("fraud/old", "scores/old")
    phrase = phrase_for(both, Names())
    assert "2" in phrase
    assert phrase_for(list(reversed(both)), Names()) == phrase
    assert phrase_for(stage.rows("fraud/green", "scores/old"), Names()) != phrase
    assert phrase in refusal(stage, ("fraud/old", "scores/old"), phrase="fraud/old")


def test_several_targets_are_deleted_one_after_another(make_stage: Make) -> None:
    stage = make_stage(pair(), LOOSE)
    plan = stage.delete("fraud/old", "scores/old")
    assert [target.outcome for target in plan.targets] == ["deleted", "deleted"]
    assert len(stage.archives()) == 2
    assert stage.outcomes() == [
        "planned",
        "planned",
        "intended",
        "deleted",
        "intended",
        "deleted",
    ]


def test_a_failure_of_one_does_not_stop_the_next(make_stage: Make) -> None:
    stage = make_stage(pair(), LOOSE)
    stage.world.will_end("/fraud/")
    plan = stage.delete("fraud/old", "scores/old")
    assert [target.outcome for target in plan.targets] == ["failed", "deleted"]


def test_what_nobody_reckoned_with_in_one_does_not_stop_the_next(make_stage: Make) -> None:
    stage = make_stage(pair(), LOOSE)

    def odd(body: object) -> object:
        return {**body, "systemData": "yesterday"} if isinstance(body, dict) else body

    stage.scene.azure.bend(OLD + r"\?", odd)
    plan = stage.delete("fraud/old", "scores/old")
    assert [target.outcome for target in plan.targets] == ["failed", "deleted"]
    assert "unexpected" in (plan.targets[0].message or "")
    assert [write.path.split("/")[-3] for write in stage.writes] == ["scores"]
