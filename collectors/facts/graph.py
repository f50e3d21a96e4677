"""Lists against the resources themselves: rows, maps of traffic, creation times, tags.

Facts: azure.md A16, A92.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from collectors.connection.errors import AzureFailure, Missing
from collectors.connection.shapes import has_id, is_resource, objects_in
from collectors.facts.asking import Few, OutOfRequests, came_to, not_read
from collectors.facts.sample import Sample, path_of
from collectors.inventory import resources as shape
from collectors.inventory.ages import CREATION_TIMES_QUERY
from collectors.inventory.inventory import ML_API
from collectors.records import Deployment, Endpoint, FactFinding, key_of

GRAPH_FACTS = ("graph-rows", "graph-traffic", "graph-creation", "graph-tags", "list-creation")
# Resource Graph may lag behind a change (azure.md A1), which is no contradiction.
SETTLES_AFTER = timedelta(hours=1)
SAME_MOMENT = timedelta(minutes=1)


@dataclass
class _Compared:
    """What was compared of each fact, and whether it agreed; `late` was changed too lately.

    `created` is what Resource Manager tells of each deployment: its path, and when it was created.
    """

    rows: list[tuple[str, bool]] = field(default_factory=list)
    traffic: list[tuple[str, bool]] = field(default_factory=list)
    creation: list[tuple[str, bool]] = field(default_factory=list)
    tags: list[tuple[str, bool]] = field(default_factory=list)
    created: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    late: int = 0


def compare_graph(few: Few, sample: Sample, now: datetime) -> list[FactFinding]:
    """Read each endpoint of the sample and its deployments from Resource Manager, as now."""
    compared = _Compared()
    known = {deployment.key: deployment for deployment in sample.deployments}
    for endpoint in sample.endpoints:
        try:
            _compare_endpoint(few, endpoint, compared, now)
            _compare_deployments(few, endpoint, known, compared, now)
        except Missing:
            continue  # deleted since
        except OutOfRequests:
            break
    none = "changed-lately" if compared.late else "no-deployment"
    return [
        came_to("graph-rows", compared.rows, none),
        came_to("graph-traffic", compared.traffic, none),
        came_to("graph-creation", compared.creation, none if compared.late else "no-creation"),
        came_to("graph-tags", compared.tags, none),
        _compare_list(few, sample.subscription_id, compared.created),
    ]


def _compare_list(
    few: Few, subscription_id: str, created: Mapping[str, tuple[str, datetime]]
) -> FactFinding:
    """The first page of the subscription's list of deployments, by what each said of itself."""
    try:
        page = few.get(f"/subscriptions/{subscription_id}/resources", **CREATION_TIMES_QUERY)
    except AzureFailure as failure:
        return not_read("list-creation", failure)
    pairs = []
    for body in objects_in(page.get("value")):
        known = created.get(key_of(body["id"])) if has_id(body) else None
        at = shape.moment(body.get("createdTime")) if known else None
        if known is not None and at is not None:
            pairs.append((known[0], abs(at - known[1]) <= SAME_MOMENT))
    return came_to("list-creation", pairs, "not-listed")


def _compare_endpoint(few: Few, endpoint: Endpoint, compared: _Compared, now: datetime) -> None:
    body = few.get(endpoint.id, **{"api-version": ML_API})
    if not is_resource(body) or _is_late(body, now):
        compared.late += 1
        return
    listed = shape.endpoint_from(body, endpoint.kind)
    name = f"{endpoint.workspace}/{endpoint.name}"
    if endpoint.traffic is not None and listed.traffic is not None:
        agrees = _map(endpoint.traffic) == _map(listed.traffic)
        agrees = agrees and _map(endpoint.mirror or {}) == _map(listed.mirror or {})
        compared.traffic.append((name, agrees))
    compared.tags.append((name, _folded(endpoint.tags) == _folded(listed.tags)))


def _compare_deployments(
    few: Few,
    endpoint: Endpoint,
    known: Mapping[str, Deployment],
    compared: _Compared,
    now: datetime,
) -> None:
    page = few.get(f"{endpoint.id}/deployments", **{"api-version": ML_API})
    for body in objects_in(page.get("value")):
        if not is_resource(body) or _is_late(body, now):
            compared.late += 1
            continue
        listed = shape.deployment_from(body, "managed")
        if listed.created_at is not None:
            compared.created[listed.key] = path_of(listed), listed.created_at
        seen = known.get(listed.key)
        compared.rows.append((path_of(listed), seen is not None))
        if seen is not None:
            compared.tags.append((path_of(listed), _folded(seen.tags) == _folded(listed.tags)))
            if seen.created_at is not None and listed.created_at is not None:
                agrees = abs(seen.created_at - listed.created_at) <= SAME_MOMENT
                compared.creation.append((path_of(listed), agrees))


def _is_late(body: Mapping[str, Any], now: datetime) -> bool:
    """Whether it was made or changed so lately that Resource Graph need not know it yet."""
    system = body.get("systemData")
    times = system if isinstance(system, dict) else {}
    moments = (shape.moment(times.get(name)) for name in ("createdAt", "lastModifiedAt"))
    return any(moment is not None and moment > now - SETTLES_AFTER for moment in moments)


def _map(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares above 0 by folded name: an entry of 0 and none are the same (azure.md A9)."""
    return {name.lower(): percent for name, percent in shares.items() if percent > 0}


def _folded(tags: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in tags.items()}
