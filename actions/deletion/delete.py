"""Deletes deployments, or an endpoint with all of its own: planned, confirmed, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any

from actions import journal
from actions.archive.az_yaml import warm_up
from actions.batch import STOPPED
from actions.deletion.evidence import journalled
from actions.deletion.execution import Execution, Report, carry_out, end
from actions.deletion.interrupted import done_before, settle
from actions.deletion.plan import Deletion, Note, Overrides, Plan, may_override
from actions.deletion.planning import plan_deletion, plan_endpoint_deletion
from actions.lock import hold_lock
from actions.session import Refusal, Session
from actions.states import Remark
from actions.writing import Writer
from collectors.connection.errors import Stopped, one_line
from collectors.connection.patience import Stop
from collectors.records import key_of
from queries.store.file import StoreFailure

__all__ = ["delete", "plan_deletion", "plan_endpoint_deletion"]


def delete(
    session: Session,
    plan: Plan,
    phrase: str,
    overrides: Overrides,
    report: Report,
    is_stop_wanted: Callable[[], bool] = lambda: False,
    interrupt: Stop | None = None,
) -> Plan:
    """Delete what the plan names and the guard lets through, one after another.

    Raises Refusal before anything is read or sent where the phrase, an override, a brake or the
    limits forbid the whole. Each target's outcome and final checks are in the plan returned; a
    wanted stop is heeded before the next target, which then stays `planned`, like all after it; an
    `interrupt` ends the current one too: `planned` before its DELETE, and then `unverified`.
    """
    _admit(session, plan, phrase, overrides)
    warm_up()
    ended: list[Deletion] = []
    with (
        _locked(session, plan),
        session.reader(interrupt) as reader,
        Writer(session, interrupt) as writer,
    ):
        execution = Execution(session, reader, writer, overrides, report, is_stop_wanted)
        with suppress(Stopped):
            settle(session, reader, _keys(plan), is_stop_wanted)
        for deletion in plan.deletions:
            ended.append(
                _left(execution, deletion) if is_stop_wanted() else _delete_one(execution, deletion)
            )
    return replace(
        plan,
        targets=tuple(target for deletion in ended for target in deletion.targets),
        notes=(*plan.notes, *(Note(line) for deletion in ended for line in deletion.warnings)),
        by_hand=tuple(step for deletion in ended for step in deletion.by_hand),
    )


def _delete_one(execution: Execution, deletion: Deletion) -> Deletion:
    try:
        done = done_before(execution.session, execution.reader, deletion)
    except Stopped:
        return _left(execution, deletion)
    if done is None:
        return _carried_out(execution, deletion)
    execution.report_all(done, Remark("deleted by an earlier run"))
    execution.report_all(done, "deleted")
    return done


def _carried_out(execution: Execution, deletion: Deletion) -> Deletion:
    """What nobody reckoned with in one does not harm the next; without a journal nothing goes on.

    The end names no archive, so an intent stays open: the next run looks what came of it.
    """
    try:
        return carry_out(execution, deletion)
    except Stopped:
        return _left(execution, deletion)
    except StoreFailure:
        raise
    except Exception as error:
        message = f"unexpected {type(error).__name__}: {one_line(str(error))}"
        return end(execution, deletion, "failed", message)


def _left(execution: Execution, deletion: Deletion) -> Deletion:
    left = deletion.each(lambda target: replace(target, message=STOPPED))
    execution.report_all(left, Remark(STOPPED))
    return left


@contextmanager
def _locked(session: Session, plan: Plan) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(hold_lock(session.archive_folder.parent))
        except Refusal as refusal:
            _refuse_all(session, plan, str(refusal))
            raise Refusal(f"nothing was written: {refusal}") from None
        yield


def _admit(session: Session, plan: Plan, phrase: str, overrides: Overrides) -> None:
    """Refuse the whole, in the journal too, for what needs no look at Azure."""
    why = next(_objections(session, plan, phrase, overrides), None)
    if why is not None:
        _refuse_all(session, plan, why)
        raise Refusal(why)


def _refuse_all(session: Session, plan: Plan, why: str) -> None:
    for deletion in plan.deletions:
        rows: dict[str, dict[str, Any]] = {key: {} for key in journalled(deletion)}
        journal.note_each(session, plan.action, rows, "refused", why)


def _objections(session: Session, plan: Plan, phrase: str, overrides: Overrides) -> Iterator[str]:
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
        barred = session.limits.why_not(target.row.subscription_id)
        if barred:
            yield f"nothing was written: {barred}"
        elif target.row.refuses_writes:
            name = plan.names.of(target.row.id)
            yield f"nothing was written: {name}: {target.row.refuses_writes}"


def _keys(plan: Plan) -> frozenset[str]:
    ids = [key for deletion in plan.deletions for key in journalled(deletion)]
    return frozenset(map(key_of, ids))
