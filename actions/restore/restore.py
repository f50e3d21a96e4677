"""Recreates what an archive holds: PUT, wait, read back, compare. Nothing there is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from actions.archive.definitions import Raw
from actions.archive.recreation import body_of, unmarked
from actions.at_rest import CREATING, state_at_rest
from actions.lock import hold_lock
from actions.restore.definition import differences, has_maps, without_maps, without_zeros
from actions.restore.planning import RestorePlan, note, plan_restore
from actions.secrecy import without_secrets
from actions.session import Refusal, Session
from actions.states import RestoreOutcome
from actions.writing import FAILED, Writer, Written
from collectors.connection.errors import AzureFailure, Forbidden, Stopped
from collectors.connection.patience import Stop
from collectors.connection.reading import Reader
from collectors.records import key_of

__all__ = ["plan_restore", "restore"]

Report = Callable[[str], None]
STOPPED = "not created: the run was stopped before it"
INTERRUPTED = "the run was stopped before it saw how this came out: restore it again to go on"
LEFT = "its traffic is left as it is: only the run that creates an endpoint sets its map"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to create, as archived; or, with `sets_maps`, an endpoint's maps at the end."""

    id: str
    raw: Raw
    api_version: str
    summary: str
    sets_maps: bool = False
    has_maps_later: bool = False


def restore(
    session: Session,
    plan: RestorePlan,
    phrase: str,
    report: Report,
    is_stop_wanted: Callable[[], bool] = lambda: False,
    interrupt: Stop | None = None,
) -> RestorePlan:
    """Create what the plan names; the plan with its outcome.

    Raises Refusal, journalled, for another phrase or for any check that did not pass. What is
    looked at in the plan is looked at again here, right before the first write. A wanted stop is
    heeded before the next thing is created; an `interrupt` ends the waiting for the current one
    too. Raises Stopped where that comes before the first write.
    """
    if phrase != plan.phrase:
        _refuse(session, plan, f"the phrase to confirm is {plan.phrase!r}")
    try:
        with hold_lock(session.archive_folder.parent):
            report("looking once more")
            plan = plan_restore(session, plan.archive, interrupt, plan.left_out)
            if plan.obstacles:
                why = "; ".join(f"{c.check} {c.state}: {c.evidence}" for c in plan.obstacles)
                raise Refusal(why)
            note(session, plan, plan.ids, "intended")
            with session.reader(interrupt) as reader, Writer(session, interrupt) as writer:
                return _Restoring(session, plan, reader, writer, report).run(is_stop_wanted)
    except Refusal as refusal:
        _refuse(session, plan, str(refusal))


class _Restoring:
    """One run: what it did so far, and what came out otherwise than archived."""

    def __init__(
        self, session: Session, plan: RestorePlan, reader: Reader, writer: Writer, report: Report
    ) -> None:
        self._session, self._plan = session, plan
        self._reader, self._writer, self._report = reader, writer, report
        self._read_back: dict[str, Raw] = {}
        self._ended: set[str] = set()
        self._done: list[str] = []
        self._found: list[str] = []

    def run(self, is_stop_wanted: Callable[[], bool]) -> RestorePlan:
        for step in _steps(self._plan):
            if is_stop_wanted():
                return self._end("stopped", self._after(STOPPED))
            self._report(step.summary)
            try:
                self._take(step)
            except Stopped:
                return self._end("stopped", self._after(f"{step.summary}: {INTERRUPTED}"))
            except AzureFailure as failure:
                return self._failed(step, failure)
            self._done.append(step.summary)
        if self._found:
            return self._end("differs", f"it stands, but not as archived: {'; '.join(self._found)}")
        return self._end("restored", "it stands as it was archived")

    def _take(self, step: Step) -> None:
        if key_of(step.id) in self._plan.standing:
            self._take_over(step)
            return
        written = self._write(step)
        self._report(f"{step.summary}: reading back")
        now = self._reader.get(step.id, **{"api-version": step.api_version})
        self._read_back[step.id] = now
        if step.has_maps_later:
            self._note(step, "created", "without its traffic, which is set last", written)
        else:
            self._note(step, "done", None, written, self._differing(step, now))

    def _take_over(self, step: Step) -> None:
        """What an interrupted run created is looked at, and never written to."""
        now = self._reader.get(step.id, **{"api-version": step.api_version})
        found = self._differing(step, now)
        message = "it stood already, by a restore that was interrupted"
        if found and step.has_maps_later:
            self._found.append(LEFT)
            message = f"{message}; {LEFT}"
        self._note(step, "done", message, None, found)

    def _write(self, step: Step) -> Written:
        """Send it; where its end could not be seen, a look tells whether it came about."""
        try:
            return self._set_maps(step) if step.sets_maps else self._create(step)
        except AzureFailure as failure:
            if not failure.is_open or not self._stands(step, failure):
                raise
            return Written(failure.correlation_id, {})

    def _stands(self, step: Step, failure: AzureFailure) -> bool:
        """Whether it is there and at rest; that it failed is Azure's last word on it."""
        is_over = failure.code == "StillRunning"
        try:
            state = state_at_rest(self._reader, step.id, CREATING, lambda: is_over)
        except (AzureFailure, Stopped):
            return False
        failure.is_open = (state or "").lower() not in FAILED
        return (state or "").lower() == "succeeded"

    def _create(self, step: Step) -> Written:
        body = body_of(step.raw, self._session.policy)
        body = without_maps(body) if step.has_maps_later else body
        return self._writer.create(step.id, body, step.api_version)

    def _set_maps(self, step: Step) -> Written:
        """The archived maps, where nobody touched the endpoint since it was created here."""
        now = self._reader.get(step.id, **{"api-version": step.api_version})
        was = without_zeros(self._read_back[step.id])
        if differences(was, without_zeros(now), self._session.policy):
            raise Forbidden("somebody changed the endpoint meanwhile; it is left so", "Changed")
        body = body_of(step.raw, self._session.policy)
        return self._writer.replace(step.id, body, step.api_version)

    def _differing(self, step: Step, now: Raw) -> list[str]:
        name = step.id.rsplit("/", 1)[-1]
        found = differences(step.raw, now, self._session.policy)
        lines = [f"{name}: {line}" for line in found]
        self._found += lines
        return lines

    def _note(
        self,
        step: Step,
        outcome: str,
        reason: str | None,
        written: Written | None,
        found: Sequence[str] = (),
    ) -> None:
        more: dict[str, Any] = {"differences": list(found)}
        if "/deployments/" in step.id.lower() and outcome == "done":
            # The ledger of tags has to know that the mark is gone for good.
            more |= {"set": {}, "remove": list(unmarked(step.raw, self._session.policy))}
        correlation_id = None if written is None else written.correlation_id
        note(self._session, self._plan, (step.id,), outcome, reason, correlation_id, **more)
        if outcome != "created":
            self._ended.add(step.id)

    def _failed(self, step: Step, failure: AzureFailure) -> RestorePlan:
        why = without_secrets(failure.message, self._plan.definitions.deployments)
        message = self._after(f"{step.summary}: {why} ({failure.code})")
        correlation_id = failure.correlation_id
        outcome: RestoreOutcome = "unverified" if failure.is_open else "failed"
        note(self._session, self._plan, (step.id,), outcome, message, correlation_id)
        self._ended.add(step.id)
        return self._end(outcome, message)

    def _after(self, text: str) -> str:
        return f"{text}; done before it: {', '.join(self._done)}" if self._done else text

    def _end(self, outcome: RestoreOutcome, message: str) -> RestorePlan:
        left = tuple(one for one in self._plan.ids if one not in self._ended)
        if left:
            note(self._session, self._plan, left, "stopped", message)
        ended = replace(self._plan, differences=tuple(self._found))
        return replace(ended, outcome=outcome, message=message)


def _steps(plan: RestorePlan) -> Iterator[Step]:
    """The endpoint without its maps, the deployments, and last the endpoint with them."""
    definitions, versions = plan.definitions, plan.api_versions
    endpoint, version = definitions.endpoint, versions["endpoint.json"]
    is_whole = plan.archive.kind == "endpoint"
    whole = Step(plan.archive.target, endpoint, version, "creating the endpoint")
    maps_later = is_whole and has_maps(endpoint)
    if is_whole:
        yield replace(whole, has_maps_later=maps_later)
    for place, raw in enumerate(definitions.deployments):
        summary = f"creating {str(raw['id']).rsplit('/', 1)[-1]}"
        yield Step(str(raw["id"]), raw, _version(versions, place), summary)
    if maps_later and key_of(plan.archive.target) not in plan.standing:
        yield replace(whole, summary="setting its archived traffic", sets_maps=True)


def _version(versions: Mapping[str, str], place: int) -> str:
    """The api-version of a deployment's file; all of one archive were read by one."""
    named = sorted(name for name in versions if name.startswith("deployment"))
    return versions[named[min(place, len(named) - 1)]]


def _refuse(session: Session, plan: RestorePlan, why: str) -> NoReturn:
    note(session, plan, plan.ids, "refused", why)
    raise Refusal(f"{plan.path}: nothing was written: {why}")
