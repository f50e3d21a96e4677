"""The last look before a DELETE and the look after it: what changed, and whether it is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from actions.plan import Outcome
from collectors.endpoint import get_resource
from collectors.errors import AzureFailure, Missing
from collectors.locks import read_locks
from collectors.metric_questions import MetricQuestion
from collectors.metrics import ask
from collectors.reading import Reader
from collectors.records import Lock, key_of
from collectors.resources import parent, part, shares, tags_of

# How long a request may take to show in the metrics, at the most that is reckoned with.
LATE_METRICS = timedelta(hours=1)
IGNORED = frozenset({"systemData"})


@dataclass(frozen=True, slots=True)
class Last:
    """The raw definitions of a deployment and its endpoint, its workspace's tags, its locks."""

    deployment: Mapping[str, Any]
    endpoint: Mapping[str, Any]
    workspace_tags: Mapping[str, str]
    locks: tuple[Lock, ...]


def last_read(reader: Reader, deployment_id: str) -> Last:
    """Read them from Resource Manager; any refusal is raised."""
    deployment = get_resource(reader, deployment_id)
    endpoint = get_resource(reader, parent(deployment_id))
    workspace = get_resource(reader, parent(parent(deployment_id)))
    locks, _reads, holes = read_locks(reader, [part(deployment_id, "subscriptions") or ""])
    if holes:
        raise AzureFailure(f"locks: {holes[0].message}", holes[0].code)
    key = key_of(deployment_id)
    covering = (lock for lock in locks if f"{key}/".startswith(f"{key_of(lock.scope_id)}/"))
    return Last(deployment, endpoint, tags_of(workspace.get("tags")), tuple(covering))


def changes_since(archived: Last, again: Last) -> dict[str, str]:
    """What changed between two reads, by the check that it breaks. Empty: nothing did."""
    changed: dict[str, str] = {}
    if _created(archived.deployment) != _created(again.deployment):
        changed["same-resource"] = "it was created anew while it was looked at"
    name = str(archived.deployment.get("name") or "")
    for check, mapping in (("live-traffic", "traffic"), ("mirror-traffic", "mirrorTraffic")):
        percent = share_of(again.endpoint, mapping, key_of(str(archived.deployment["id"])))
        if percent:
            changed[check] = f"{percent:g} % were given to {name} while it was looked at"
    if again.locks and again.locks != archived.locks:
        changed["lock"] = "locked while it was looked at: " + ", ".join(
            lock.name for lock in again.locks
        )
    if archived.workspace_tags != again.workspace_tags:
        changed["exemption"] = "the tags of its workspace were changed while it was looked at"
    if not changed and _told(archived) != _told(again):
        changed["same-resource"] = "it or its endpoint was changed while it was looked at"
    return changed


def verify(
    reader: Reader,
    deployment_id: str,
    before: Last,
    sent_at: datetime,
    now: Callable[[], datetime],
    trouble: str | None,
) -> tuple[Outcome, str]:
    """Whether the deployment is gone, and whether somebody used it in the last instant."""
    try:
        get_resource(reader, deployment_id)
    except Missing:
        return _gone(reader, deployment_id, before, sent_at, now)
    except AzureFailure as failure:
        told = f"whether it is gone could not be read: {failure.message} ({failure.code})"
        return "failed", f"{trouble}; {told}" if trouble else told
    return "failed", trouble or "Azure called the deletion done, but the deployment is still there"


def share_of(endpoint: Mapping[str, Any], mapping: str, deployment_key: str) -> float | None:
    """Percent that a map of the endpoint names for the deployment; None where it names none."""
    name = deployment_key.rsplit("/", 1)[-1]
    told = shares((endpoint.get("properties") or {}).get(mapping)) or {}
    found = [percent for spelt, percent in told.items() if spelt.lower() == name]
    return sum(found) if found else None


def _gone(
    reader: Reader,
    deployment_id: str,
    before: Last,
    sent_at: datetime,
    now: Callable[[], datetime],
) -> tuple[Outcome, str]:
    try:
        endpoint = get_resource(reader, parent(deployment_id))
    except AzureFailure as failure:
        return "raced", f"it is gone, but its endpoint could not be read again: {failure.message}"
    key = key_of(deployment_id)
    for mapping, word in (("traffic", "live"), ("mirrorTraffic", "mirrored")):
        percent = share_of(endpoint, mapping, key)
        if percent is not None and percent != share_of(before.endpoint, mapping, key):
            return "raced", f"it is gone, but its endpoint gives it {percent:g} % {word} traffic"
    asked = asked_since(reader, deployment_id, endpoint, sent_at, now())
    if asked:
        return "raced", f"it is gone, but it was asked {asked:g} times after the last look"
    if asked is None:
        told = "whether it was asked in the last instant could not be read"
        return "deleted", f"gone: Azure answers 404, and nothing names it; {told}"
    return "deleted", "gone: Azure answers 404, and nothing names it"


def asked_since(
    reader: Reader,
    deployment_id: str,
    endpoint: Mapping[str, Any],
    since: datetime,
    now: datetime,
) -> float | None:
    """Requests that the endpoint counts for it, from shortly before `since`; None: unreadable.

    The guard has seen none at all, so one that shows up now, even of the minutes before, was late
    in the metrics and is new.
    """
    region = str(endpoint.get("location") or "").lower().replace(" ", "")
    question = MetricQuestion(
        "endpoint",
        part(deployment_id, "subscriptions") or "",
        region,
        (parent(deployment_id),),
        (since - LATE_METRICS).date(),
        now.date(),
        grain_minutes=1,
    )
    answer = ask(reader, question, now)
    if answer.holes:
        return None
    key, first = key_of(deployment_id), since - LATE_METRICS
    return sum(
        average or 0.0
        for series in answer.series
        if series.deployment_key == key
        for starts_at, average in zip(series.starts_at, series.average, strict=True)
        if starts_at >= first
    )


def _created(body: Mapping[str, Any]) -> Any:
    return (body.get("systemData") or {}).get("createdAt")


def _told(last: Last) -> list[dict[str, Any]]:
    bodies = (last.deployment, last.endpoint)
    return [{k: v for k, v in body.items() if k not in IGNORED} for body in bodies]
