"""Deletes deployments, or an endpoint with all of its own: planned, confirmed, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from actions import journal
from actions.brakes import brakes_on, brakes_on_endpoint, unknown_money
from actions.carry_out import Hands, Tell, carry_out, journalled
from actions.checks import checks_of, endpoint_checks_of
from actions.interrupted import done_before, settle, told_of
from actions.operator import Operator, Refusal
from actions.plan import (
    Check,
    Deletion,
    Overrides,
    Plan,
    PlannedTarget,
    may_override,
    overridden,
    phrase_for,
)
from actions.turn import turn_in
from actions.writing import Writer
from collectors.records import key_of
from queries import estate
from queries.rows import DeploymentRow, EndpointRow
from queries.sizing import autoscale_of, quota_returned

STOPPED = "not touched: the run was stopped before it"


def plan_deletion(
    operator: Operator, rows: Sequence[DeploymentRow], overrides: Overrides | None = None
) -> Plan:
    """The plan for these deployments from what the store knows, journalled; nothing is sent."""
    states = estate.endpoint_states(operator.store)
    now = operator.now()
    targets = tuple(
        _planned(
            row, checks_of(row, states.get(row.endpoint_key), now, is_fresh=False), overrides or {}
        )
        for row in rows
    )
    known = estate.current_deployments(operator.store)
    plan = Plan(
        phrase_for(rows),
        targets,
        (*_warnings(operator, rows), *told_of(operator, {r.deployment_key: r for r in rows})),
        brakes_on(rows, known, operator.limits.brakes),
    )
    return _journalled(operator, plan)


def plan_endpoint_deletion(
    operator: Operator, endpoint: EndpointRow, overrides: Overrides | None = None
) -> Plan:
    """The plan for an endpoint and every deployment in it, journalled; nothing is sent.

    Raises Refusal for an endpoint without a deployment: nothing could prove its silence.
    """
    known = estate.current_deployments(operator.store)
    rows = [row for row in known if row.endpoint_key == endpoint.endpoint_key]
    if not rows:
        why = (
            f"{endpoint.name} has no deployment: it costs nothing, and nothing proves that nobody"
            " calls it; nothing was written"
        )
        journal.note(operator, "delete-endpoint", endpoint.id, "refused", why)
        raise Refusal(why)
    seen = estate.endpoint_seen(operator.store, endpoint.snapshot_id, endpoint.endpoint_key)
    checks = endpoint_checks_of(rows, seen, operator.now(), is_fresh=False)
    keys = {row.deployment_key: row for row in rows}
    plan = Plan(
        endpoint.name,
        tuple(_planned(row, checks[row.deployment_key], overrides or {}) for row in rows),
        (
            *_what_does_not_come_back(operator, endpoint, rows),
            *_warnings(operator, rows),
            *told_of(operator, {endpoint.endpoint_key: None, **keys}),
        ),
        brakes_on_endpoint(rows, known, operator.limits.brakes),
        endpoint.id,
    )
    return _journalled(operator, plan)


def delete(
    operator: Operator,
    plan: Plan,
    phrase: str,
    overrides: Overrides,
    tell: Tell,
    is_stop_wanted: Callable[[], bool] = lambda: False,
) -> Plan:
    """Delete what the plan names and the guard lets through, one after another.

    Raises Refusal before anything is read or sent where the phrase, an override, a brake or the
    limits forbid the whole. Each target's outcome and final checks are in the plan returned; a
    wanted stop is heeded before the next target, which then stays `planned`, like all after it.
    """
    _admit(operator, plan, phrase, overrides)
    ended: list[Deletion] = []
    with (
        _turn(operator, plan),
        operator.reader() as reader,
        Writer(operator) as writer,
    ):
        hands = Hands(operator, reader, writer, overrides, tell)
        settle(operator, reader, _keys(plan), is_stop_wanted)
        for deletion in plan.deletions:
            ended.append(
                _left(hands, deletion) if is_stop_wanted() else _delete_one(hands, deletion)
            )
    return replace(
        plan,
        targets=tuple(target for deletion in ended for target in deletion.targets),
        warnings=(*plan.warnings, *(line for deletion in ended for line in deletion.warnings)),
    )


def _delete_one(hands: Hands, deletion: Deletion) -> Deletion:
    done = done_before(hands.operator, hands.reader, deletion)
    if done is None:
        return carry_out(hands, deletion)
    hands.tell_all(done, "deleted by an earlier run")
    return done


def _left(hands: Hands, deletion: Deletion) -> Deletion:
    left = deletion.each(lambda target: replace(target, message=STOPPED))
    hands.tell_all(left, STOPPED)
    return left


@contextmanager
def _turn(operator: Operator, plan: Plan) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(turn_in(operator.archive_folder.parent))
        except Refusal as refusal:
            _refuse_all(operator, plan, str(refusal))
            raise
        yield


def _admit(operator: Operator, plan: Plan, phrase: str, overrides: Overrides) -> None:
    """Refuse the whole, in the journal too, for what needs no look at Azure."""
    why = next(_objections(operator, plan, phrase, overrides), None)
    if why is not None:
        _refuse_all(operator, plan, why)
        raise Refusal(why)


def _refuse_all(operator: Operator, plan: Plan, why: str) -> None:
    for deletion in plan.deletions:
        rows: dict[str, dict[str, Any]] = {key: {} for key in journalled(deletion)}
        journal.note_each(operator, plan.action, rows, "refused", why)


def _objections(operator: Operator, plan: Plan, phrase: str, overrides: Overrides) -> Iterator[str]:
    if phrase != plan.phrase:
        yield f"the phrase to confirm is {plan.phrase!r}; nothing was written"
    for check, reason in overrides.items():
        for target in plan.targets:
            barred = may_override(check, target.row.verdict)
            if barred:
                yield barred
        if not reason.strip():
            yield f"an override needs a reason: --override {check}=REASON"
    yield from plan.brakes
    for target in plan.targets:
        barred = operator.limits.why_not(target.row.subscription_id)
        if barred:
            yield f"nothing was written: {barred}"


def _planned(row: DeploymentRow, checks: tuple[Check, ...], overrides: Overrides) -> PlannedTarget:
    known = overridden(checks, overrides, row.verdict)
    return PlannedTarget(row, known, row.monthly_run_rate, row.currency)


def _journalled(operator: Operator, plan: Plan) -> Plan:
    rows = {key: told for one in plan.deletions for key, told in journalled(one).items()}
    journal.note_each(operator, plan.action, rows, "planned")
    return plan


def _warnings(operator: Operator, rows: Sequence[DeploymentRow]) -> Iterator[str]:
    """What is to know beside the checks: the bill, the quota that comes back, what stays."""
    keys = [row.deployment_key for row in rows]
    names = {row.deployment_key: row.name for row in rows}
    for row in rows:
        if row.explanation:
            yield f"{row.name}: {row.explanation}"
    for quota in quota_returned(operator.store, keys):
        if quota.cores is not None:
            yield f"{names[quota.deployment_key]}: gives back {quota.cores} cores of {quota.family}"
    for key, name in names.items():
        for setting in autoscale_of(operator.store, key):
            yield f"{name}: the autoscale setting {setting.name} stays behind"
    unknown = unknown_money(rows)
    if unknown is not None:
        yield unknown


def _what_does_not_come_back(
    operator: Operator, endpoint: EndpointRow, rows: Sequence[DeploymentRow]
) -> Iterator[str]:
    names = ", ".join(sorted(row.deployment or row.name for row in rows))
    yield f"it goes with all that is in it: {names}"
    raw = estate.raw_of(operator.store, endpoint.endpoint_key) or {}
    address = (raw.get("properties") or {}).get("scoringUri") or "not known"
    yield (
        f"its keys, its address ({address}) and its system identity do not surely come back with"
        " a restore"
    )


def _keys(plan: Plan) -> frozenset[str]:
    ids = [key for deletion in plan.deletions for key in journalled(deletion)]
    return frozenset(map(key_of, ids))
