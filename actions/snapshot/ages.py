"""When deployments were created: the later of what Azure's sources report, and never a guess.

A name can be used again, and what its predecessor did lies under the same id (azure.md A17). So
every snapshot asks Resource Manager's list of resources, whatever Resource Graph reports; what both
lack is asked an endpoint at a time, where a verdict rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from actions.snapshot.request import SnapshotRequest
from actions.snapshot.run import Run
from collectors.inventory.ages import (
    Creation,
    Creations,
    list_creations,
    list_creations_of_endpoints,
)
from collectors.inventory.scope import Scope
from collectors.records import (
    ONLINE_KINDS,
    Deployment,
    Endpoint,
    Inventory,
    ReadError,
    counted,
    key_of,
)
from collectors.sources import CREATION_TIMES
from queries.intake.ages import earlier_readings, endpoints_with_requests
from queries.policy import Policy

# A snapshot that is narrowed to so few endpoints of a subscription reads no list of the whole one.
FEW_ENDPOINTS = 10
# So many endpoints are asked by themselves, at most.
MOST_ENDPOINTS = 100
# Two sources that report one creation may differ by their rounding; nothing is deleted and created
# anew within a minute.
SAME_CREATION = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """What the lists of resources lack: the keys of those, and the subscriptions that refused."""

    lacking: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()


def list_ages(
    run: Run, found: Inventory, snapshot_request: SnapshotRequest
) -> tuple[Inventory, Listed, tuple[ReadError, ...]]:
    """The inventory with the creations of the lists of its subscriptions, before all else.

    A guard has read its endpoint from Resource Manager already.
    """
    if snapshot_request.kind == "guard":
        return found, Listed(), ()
    asked = _subscriptions_to_list(found, snapshot_request.scope)
    creations = list_creations(run.reader, asked, run.progress)
    keys = (one.key for one in _online(found))
    lacking = frozenset(key for key in keys if key not in creations.by_key)
    listed = Listed(lacking, creations.refused)
    return _with_creations(found, creations), listed, creations.read_errors


def settle_ages(
    run: Run, found: Inventory, listed: Listed, policy: Policy
) -> tuple[Inventory, list[ReadError]]:
    """The inventory with the creations that the lists lack, and none older than was known before.

    Asked after the metrics: where somebody was served, no verdict rests on them.
    """
    unknown, unsure = _endpoints_to_ask(run, found, listed, policy)
    asked = (unknown + unsure)[:MOST_ENDPOINTS]
    creations = list_creations_of_endpoints(run.reader, asked)
    aged = _with_creations(found, creations)
    read_errors = [*creations.read_errors, *_not_asked(unknown[MOST_ENDPOINTS:])]
    return _as_known_before(run, aged), read_errors


def _subscriptions_to_list(found: Inventory, scope: Scope) -> list[str]:
    """Those with an online deployment; where the scope is narrow, those with many endpoints."""
    endpoints: dict[str, set[str]] = {}
    for one in _online(found):
        endpoints.setdefault(one.subscription_id, set()).add(key_of(one.endpoint_id))
    fewest = FEW_ENDPOINTS if scope.narrowed_to else 0
    return sorted(name for name, keys in endpoints.items() if len(keys) > fewest)


def _endpoints_to_ask(
    run: Run, found: Inventory, listed: Listed, policy: Policy
) -> tuple[list[str], list[str]]:
    """Endpoints of deployments whose creation nothing reports, and of those only a cache reports.

    Resource Graph alone reports what a list lacks though it was read: one of the two lags.
    """
    endpoints = {endpoint.key: endpoint for endpoint in found.endpoints}
    lacking = [one for one in _online(found) if listed.lacking and one.key in listed.lacking]
    keys = {key_of(one.endpoint_id) for one in lacking}
    first_day = run.begun.started_at.date() - timedelta(days=policy.window_days)
    serving = endpoints_with_requests(run.store, sorted(keys), first_day)
    unknown: dict[str, str] = {}
    unsure: dict[str, str] = {}
    for one in lacking:
        key = key_of(one.endpoint_id)
        if _is_used(one, endpoints.get(key), is_serving=key in serving):
            continue
        if one.created_at is None:
            unknown[key] = one.endpoint_id
        elif one.subscription_id not in listed.refused:
            unsure[key] = one.endpoint_id
    return list(unknown.values()), [unsure[key] for key in unsure if key not in unknown]


def _is_used(deployment: Deployment, endpoint: Endpoint | None, *, is_serving: bool) -> bool:
    """Whether it is serving or shadow, however old it is."""
    if endpoint is None or deployment.name is None:
        return False
    live, mirror = _share(endpoint.traffic, deployment), _share(endpoint.mirror, deployment)
    return (live > 0 and is_serving) or mirror > 0


def _share(shares: Mapping[str, float] | None, deployment: Deployment) -> float:
    name = (deployment.name or "").casefold()
    return sum(percent for spelt, percent in (shares or {}).items() if spelt.casefold() == name)


def _not_asked(endpoint_ids: Iterable[str]) -> Iterator[ReadError]:
    """An error for each subscription in which too many endpoints are left."""
    left: dict[str, int] = {}
    for endpoint_id in endpoint_ids:
        subscription_id = endpoint_id.split("/")[2]
        left[subscription_id] = left.get(subscription_id, 0) + 1
    for subscription_id, count in left.items():
        text = f"the creation times of {counted(count, 'endpoint')} were not asked one by one"
        yield ReadError(CREATION_TIMES.name, subscription_id, "TooManyMissing", text)


def _as_known_before(run: Run, found: Inventory) -> Inventory:
    """A creation never moves back: the id was that of something younger already."""
    reported = {one.key: one.created_at for one in _online(found) if one.created_at is not None}
    known = earlier_readings(run.store, reported, SAME_CREATION)
    if not known:
        return found
    settled = (
        replace(one, created_at=known[one.key]) if one.key in known else one
        for one in found.deployments
    )
    return replace(found, deployments=tuple(settled))


def _with_creations(found: Inventory, creations: Creations) -> Inventory:
    """The inventory with the later of what it held and of these."""
    by_key = creations.by_key
    if not by_key:
        return found
    aged = (_aged(one, by_key[one.key]) if one.key in by_key else one for one in found.deployments)
    return replace(found, deployments=tuple(aged))


def _aged(deployment: Deployment, creation: Creation) -> Deployment:
    later = max(filter(None, (deployment.created_at, creation.at)))
    created_by = deployment.created_by or creation.by
    if (later, created_by) == (deployment.created_at, deployment.created_by):
        return deployment
    return replace(deployment, created_at=later, created_by=created_by)


def _online(found: Inventory) -> list[Deployment]:
    return [one for one in found.deployments if one.kind in ONLINE_KINDS]
