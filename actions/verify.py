"""The last look before a DELETE and the look after it: what changed, and whether it is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from actions.plan import SILENT, Deletion, Outcome
from collectors.endpoint import get_resource
from collectors.errors import AzureFailure, Missing
from collectors.inventory import ML_API
from collectors.locks import read_locks
from collectors.metric_questions import MetricQuestion, MetricTarget, questions_for
from collectors.metrics import ask
from collectors.reading import Reader
from collectors.records import Lock, MetricSeries, key_of
from collectors.resources import parent, part, shares, tags_of

# How long a request may take to show in the metrics, at the most that is reckoned with.
LATE_METRICS = timedelta(hours=1)
IGNORED = frozenset({"systemData"})


class LocksUnread(AzureFailure):
    """Which locks cover it could not be read."""


@dataclass(frozen=True, slots=True)
class Last:
    """Raw definitions of what is to go, its endpoint, its workspace's tags, the locks on it.

    `deployments` by key: the one that is to go, or all of the endpoint (`of_endpoint`);
    `siblings` are those that stay.
    """

    endpoint_id: str
    deployments: Mapping[str, Mapping[str, Any]]
    endpoint: Mapping[str, Any]
    workspace_tags: Mapping[str, str]
    locks: tuple[Lock, ...]
    of_endpoint: bool = False
    siblings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def last_read(reader: Reader, deletion: Deletion) -> Last:
    """Read them from Resource Manager; any refusal is raised."""
    deletion_id = deletion.id
    endpoint_id = deletion_id if deletion.of_endpoint else parent(deletion_id)
    found = [] if deletion.of_endpoint else [get_resource(reader, deletion_id)]
    endpoint = get_resource(reader, endpoint_id)
    # After the endpoint: what is created in it just then would go with it, unseen.
    inside = list(reader.pages(f"{endpoint_id}/deployments", **{"api-version": ML_API}))
    going, staying = (inside, []) if deletion.of_endpoint else (found, inside)
    workspace = get_resource(reader, parent(endpoint_id))
    locks, _reads, holes = read_locks(reader, [part(deletion_id, "subscriptions") or ""])
    if holes:
        raise LocksUnread(f"locks: {holes[0].message}", holes[0].code)
    return Last(
        endpoint_id,
        _by_key(going),
        endpoint,
        tags_of(workspace.get("tags")),
        tuple(lock for lock in locks if _covers(lock, key_of(deletion_id))),
        deletion.of_endpoint,
        {key: body for key, body in _by_key(staying).items() if key != key_of(deletion_id)},
    )


def _by_key(bodies: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {key_of(str(body.get("id") or "")): body for body in bodies}


def changes_since(archived: Last, again: Last) -> dict[str, dict[str, str]]:
    """What changed between two reads, by deployment key and the check that it breaks."""
    shared = _changes_of_all(archived, again)
    changed = {key: shared | _changes_of(archived, again, key) for key in archived.deployments}
    if not any(changed.values()) and _told(archived) != _told(again):
        for each in changed.values():
            each["same-resource"] = "it or its endpoint was changed while it was looked at"
    return changed


def verify(
    reader: Reader,
    deletion_id: str,
    before: Last,
    sent_at: datetime,
    now: Callable[[], datetime],
    trouble: str | None,
) -> tuple[Outcome, str]:
    """Whether it is gone, and whether somebody used it in the last instant."""
    try:
        there = get_resource(reader, deletion_id)
    except Missing:
        outcome, told = _gone(reader, deletion_id, before, sent_at, now)
        return outcome, f"{told}; the deletion itself answered: {trouble}" if trouble else told
    except AzureFailure as failure:
        told = f"whether it is gone could not be read: {failure.message} ({failure.code})"
        return "failed", f"{trouble}; {told}" if trouble else told
    was = before.endpoint if before.of_endpoint else before.deployments[key_of(deletion_id)]
    if _created(there) != _created(was):
        return "raced", "it was deleted, but somebody created it anew under its name"
    what = "endpoint" if before.of_endpoint else "deployment"
    return "failed", trouble or f"Azure called the deletion done, but the {what} is still there"


def share_of(endpoint: Mapping[str, Any], mapping: str, deployment_key: str) -> float | None:
    """Percent that a map of the endpoint names for the deployment; None where it names none."""
    name = deployment_key.rsplit("/", 1)[-1]
    told = shares((endpoint.get("properties") or {}).get(mapping)) or {}
    found = [percent for spelt, percent in told.items() if spelt.lower() == name]
    return sum(found) if found else None


def asked_since(
    reader: Reader, before: Last, since: datetime, now: datetime, *, own_too: bool = True
) -> dict[str, float] | None:
    """Requests by deployment key from shortly before `since`: of two namespaces the larger count.

    Only for what is to go; of a whole endpoint each name counts. None: it could not be read. The
    guard has seen no request at all, so one that shows up now, even of the minutes before, was
    late in the metrics and is new. `own_too` False asks the endpoint's namespace alone, since what
    is gone need not have one of its own any more.
    """
    asked: dict[str, float] = {}
    for question in _questions(before, since, now, own_too=own_too):
        answer = ask(reader, question, now)
        if answer.holes:
            return None
        for key, count in _counted(answer.series, since - LATE_METRICS).items():
            if before.of_endpoint or key in before.deployments:
                asked[key] = max(count, asked.get(key, 0.0))
    return asked


def _questions(
    before: Last, since: datetime, now: datetime, *, own_too: bool
) -> Iterator[MetricQuestion]:
    subscription_id = part(before.endpoint_id, "subscriptions") or ""
    region = str(before.endpoint.get("location") or "").lower().replace(" ", "")
    first_day, last_day = (since - LATE_METRICS).date(), now.date()
    sources = {"endpoint": [before.endpoint_id]}
    if own_too:
        sources["deployment"] = [str(body["id"]) for body in before.deployments.values()]
    for source, ids in sources.items():
        targets = [MetricTarget(one, subscription_id, region, first_day) for one in ids]
        yield from questions_for(targets, source, last_day, grain_minutes=1)


def _counted(found: Iterable[MetricSeries], first: datetime) -> dict[str, float]:
    """Requests from a time on by deployment key; one that has none is not among them."""
    counted: dict[str, float] = {}
    for series in found:
        count = _requests_from(series, first)
        if count:
            counted[series.deployment_key] = counted.get(series.deployment_key, 0.0) + count
    return counted


def _requests_from(series: MetricSeries, first: datetime) -> float:
    points = zip(series.starts_at, series.average, strict=True)
    return sum(average or 0.0 for starts_at, average in points if starts_at >= first)


def _gone(
    reader: Reader,
    deletion_id: str,
    before: Last,
    sent_at: datetime,
    now: Callable[[], datetime],
) -> tuple[Outcome, str]:
    if not before.of_endpoint:
        raced = _still_named(reader, deletion_id, before)
        if raced is not None:
            return "raced", raced
    asked = asked_since(reader, before, sent_at, now(), own_too=False)
    if asked:
        return "raced", f"it is gone, but it was asked {_sum(asked)} times after the last look"
    told = "gone: Azure answers 404"
    told += "" if before.of_endpoint else ", and nothing names it"
    if asked is None:
        told += "; whether it was asked in the last instant could not be read"
    return "deleted", told


def _still_named(reader: Reader, deletion_id: str, before: Last) -> str | None:
    try:
        endpoint = get_resource(reader, parent(deletion_id))
    except AzureFailure as failure:
        return f"it is gone, but its endpoint could not be read again: {failure.message}"
    key = key_of(deletion_id)
    for mapping, word in (("traffic", "live"), ("mirrorTraffic", "mirrored")):
        percent = share_of(endpoint, mapping, key)
        if percent is not None and percent != share_of(before.endpoint, mapping, key):
            return f"it is gone, but its endpoint gives it {percent:g} % {word} traffic"
    return None


def _changes_of_all(archived: Last, again: Last) -> dict[str, str]:
    """What changed for everything that is to go."""
    changed: dict[str, str] = {}
    if again.locks and again.locks != archived.locks:
        names = ", ".join(lock.name for lock in again.locks)
        changed["lock"] = f"locked while it was looked at: {names}"
    if archived.workspace_tags != again.workspace_tags:
        changed["exemption"] = "the tags of its workspace were changed while it was looked at"
    if not archived.of_endpoint:
        moved = _moved_beside(archived, again)
        if moved:
            changed["rollback"] = f"changed beside it while it was looked at: {', '.join(moved)}"
        return changed
    if _created(archived.endpoint) != _created(again.endpoint):
        changed["same-resource"] = "the endpoint was created anew while it was looked at"
    if archived.deployments.keys() != again.deployments.keys():
        names = ", ".join(
            sorted(
                key.rsplit("/", 1)[-1] for key in again.deployments.keys() ^ archived.deployments
            )
        )
        changed["same-resource"] = f"its deployments changed while it was looked at: {names}"
    if any(_map(archived, name) != _map(again, name) for name in ("traffic", "mirrorTraffic")):
        changed[SILENT] = "its traffic was moved while it was looked at"
    return changed


def _moved_beside(archived: Last, again: Last) -> list[str]:
    """Siblings that came, went, were tagged or changed state: a rollback may be among them."""
    keys = archived.siblings.keys() | again.siblings.keys()
    return sorted(
        key.rsplit("/", 1)[-1]
        for key in keys
        if _standing(archived.siblings.get(key)) != _standing(again.siblings.get(key))
    )


def _standing(body: Mapping[str, Any] | None) -> tuple[Any, ...]:
    if body is None:
        return ()
    properties = body.get("properties") or {}
    return _created(body), tags_of(body.get("tags")), properties.get("provisioningState")


def _changes_of(archived: Last, again: Last, key: str) -> dict[str, str]:
    """What changed for one deployment."""
    changed: dict[str, str] = {}
    body = again.deployments.get(key)
    if body is not None and _created(archived.deployments[key]) != _created(body):
        changed["same-resource"] = "it was created anew while it was looked at"
    for check, mapping in (("live-traffic", "traffic"), ("mirror-traffic", "mirrorTraffic")):
        percent = share_of(again.endpoint, mapping, key)
        if percent and not archived.of_endpoint:
            name = archived.deployments[key].get("name") or key.rsplit("/", 1)[-1]
            changed[check] = f"{percent:g} % were given to {name} while it was looked at"
    return changed


def _covers(lock: Lock, key: str) -> bool:
    """Whether a lock lies on it, on what it is in, or on what is in it."""
    scope = key_of(lock.scope_id)
    return f"{key}/".startswith(f"{scope}/") or f"{scope}/".startswith(f"{key}/")


def _created(body: Mapping[str, Any]) -> Any:
    return (body.get("systemData") or {}).get("createdAt")


def _map(last: Last, mapping: str) -> dict[str, float]:
    told = shares((last.endpoint.get("properties") or {}).get(mapping)) or {}
    return {name.lower(): percent for name, percent in told.items()}


def _sum(asked: Mapping[str, float]) -> str:
    return f"{sum(asked.values()):g}"


def _told(last: Last) -> list[dict[str, Any]]:
    bodies = (*(last.deployments[key] for key in sorted(last.deployments)), last.endpoint)
    return [{k: v for k, v in body.items() if k not in IGNORED} for body in bodies]
