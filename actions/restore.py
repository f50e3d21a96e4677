"""Recreates what an archive holds: PUT, wait, read back, compare. Nothing there is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from actions.operator import Operator, Refusal
from actions.recreate import body_of, differences, has_maps, without_maps
from actions.restoring import Outcome, RestorePlan, note, plan_restore
from actions.writing import Writer
from collectors.errors import AzureFailure
from collectors.reading import Reader

__all__ = ["plan_restore", "restore"]

Tell = Callable[[str], None]
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Put:
    """One PUT, and the definition that must stand there afterwards (None: not yet)."""

    id: str
    body: Raw
    api_version: str
    expected: Raw | None
    told: str
    is_new: bool = True


def restore(operator: Operator, plan: RestorePlan, phrase: str, tell: Tell) -> RestorePlan:
    """Create what the plan names; the plan with its outcome.

    Raises Refusal, journalled, for another phrase or for any check that did not pass. What is
    looked at in the plan is looked at again here, right before the first write.
    """
    if phrase != plan.phrase:
        _refuse(operator, plan, f"the phrase to confirm is {plan.phrase!r}")
    tell("looking once more")
    plan = plan_restore(operator, plan.archive)
    if plan.obstacles:
        why = "; ".join(f"{c.check} {c.state}: {c.evidence}" for c in plan.obstacles)
        _refuse(operator, plan, why)
    note(operator, plan, "intended")
    with operator.reader() as reader, Writer(operator) as writer:
        return _carry_out(operator, reader, writer, plan, tell)


def _carry_out(
    operator: Operator, reader: Reader, writer: Writer, plan: RestorePlan, tell: Tell
) -> RestorePlan:
    correlation_id, done, found = None, [], []
    for put in _puts(operator, plan):
        tell(put.told)
        try:
            send = writer.create if put.is_new else writer.replace
            correlation_id = send(put.id, put.body, put.api_version).correlation_id
            done.append(put.told)
            if put.expected is not None:
                tell(f"{put.told}: reading back")
                now = reader.get(put.id, **{"api-version": put.api_version})
                found += _told(put, differences(put.expected, now, operator.policy))
        except AzureFailure as failure:
            before = f"; done before it: {', '.join(done)}" if done else ""
            told = f"{put.told}: {failure.message} ({failure.code}){before}"
            return _end(operator, plan, "failed", told, failure.correlation_id or correlation_id)
    if found:
        told = f"it was created, but not as archived: {'; '.join(found)}"
        ended = replace(plan, differences=tuple(found))
        return _end(operator, ended, "differs", told, correlation_id)
    return _end(operator, plan, "restored", "it stands as it was archived", correlation_id)


def _puts(operator: Operator, plan: RestorePlan) -> Iterator[Put]:
    """The endpoint without its map, the deployments, and last the endpoint with it."""
    definitions, versions = plan.definitions, plan.api_versions
    whole = plan.archive.kind == "endpoint"
    endpoint, version = definitions.endpoint, versions["endpoint.json"]
    body = body_of(endpoint, operator.policy)
    if whole:
        first = None if has_maps(body) else endpoint
        yield Put(str(endpoint["id"]), without_maps(body), version, first, "creating the endpoint")
    for place, raw in enumerate(definitions.deployments):
        name = str(raw["id"]).rsplit("/", 1)[-1]
        yield Put(
            str(raw["id"]),
            body_of(raw, operator.policy),
            _version(versions, place),
            raw,
            f"creating {name}",
        )
    if whole and has_maps(body):
        told = "setting its archived traffic"
        yield Put(str(endpoint["id"]), body, version, endpoint, told, is_new=False)


def _version(versions: Mapping[str, str], place: int) -> str:
    """The api-version of a deployment's file; all of one archive were read by one."""
    named = sorted(name for name in versions if name.startswith("deployment"))
    return versions[named[min(place, len(named) - 1)]]


def _told(put: Put, found: tuple[str, ...]) -> list[str]:
    name = put.id.rsplit("/", 1)[-1]
    return [f"{name}: {line}" for line in found]


def _end(
    operator: Operator,
    plan: RestorePlan,
    outcome: Outcome,
    message: str,
    correlation_id: str | None,
) -> RestorePlan:
    ended = replace(plan, outcome=outcome, message=message)
    words = {"restored": "done", "differs": "done"}
    note(operator, ended, words.get(outcome, outcome), message, correlation_id)
    return ended


def _refuse(operator: Operator, plan: RestorePlan, why: str) -> None:
    note(operator, plan, "refused", why)
    raise Refusal(f"{plan.archive.path}: nothing was written: {why}")
