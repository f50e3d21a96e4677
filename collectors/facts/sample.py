"""Which part of a tenant is looked at twice: a few endpoints of one subscription and region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collectors.records import Deployment, Endpoint, Inventory, key_of

# So many deployments of a sample are measured: a batch holds 50.
MOST_MEASURED = 40


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is asked: endpoints of each of so many regions, by so many requests in all."""

    endpoints: int
    groups: int
    requests: int


FIRST_CONTACT = Extent(endpoints=3, groups=1, requests=20)
THOROUGH = Extent(endpoints=8, groups=4, requests=200)


@dataclass(frozen=True, slots=True)
class Sample:
    """Managed endpoints of one subscription and region, with all their deployments."""

    subscription_id: str
    region: str
    endpoints: tuple[Endpoint, ...]
    deployments: tuple[Deployment, ...]

    @property
    def measured(self) -> tuple[Deployment, ...]:
        """Those whose metrics are compared."""
        return self.deployments[:MOST_MEASURED]


def samples_of(found: Inventory, extent: Extent) -> list[Sample]:
    """The regions with the most deployments, and in each a mix of used and unused endpoints."""
    endpoints = {endpoint.key: endpoint for endpoint in found.endpoints}
    groups: dict[tuple[str, str], dict[str, list[Deployment]]] = defaultdict(dict)
    for deployment in found.deployments:
        key = key_of(deployment.endpoint_id)
        if deployment.kind == "managed" and key in endpoints:
            place = (deployment.subscription_id, deployment.region or "")
            groups[place].setdefault(key, []).append(deployment)
    largest = sorted(groups, key=lambda place: -_size(groups[place].values()))
    return [_sample(place, groups[place], endpoints, extent) for place in largest[: extent.groups]]


def path_of(deployment: Deployment) -> str:
    """`workspace/endpoint/deployment`."""
    return f"{deployment.workspace}/{deployment.endpoint}/{deployment.name}"


def _sample(
    place: tuple[str, str],
    members: dict[str, list[Deployment]],
    endpoints: dict[str, Endpoint],
    extent: Extent,
) -> Sample:
    # Among equals the order of the answers counts, never that of names: a replayed recording has
    # other names, and is asked the same.
    def fewness(key: str) -> int:
        return -len(members[key])

    used = sorted((k for k in members if _has_share(endpoints[k])), key=fewness)
    unused = sorted((k for k in members if not _has_share(endpoints[k])), key=fewness)
    chosen = _alternating(used, unused)[: extent.endpoints]
    return Sample(
        *place,
        tuple(endpoints[key] for key in chosen),
        tuple(deployment for key in chosen for deployment in members[key]),
    )


def _alternating(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """The members of both in turn, and what is left of the longer one."""
    pairs = zip(first, second, strict=False)
    shorter = min(len(first), len(second))
    return [one for pair in pairs for one in pair] + [*first[shorter:], *second[shorter:]]


def _has_share(endpoint: Endpoint) -> bool:
    return any(percent > 0 for percent in (endpoint.traffic or {}).values())


def _size(groups: Iterable[Sequence[Deployment]]) -> int:
    return sum(len(group) for group in groups)
