"""Finds the deployment or the endpoint that a person means by an id, a path or a tail of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from queries.estate.rows import DeploymentRow
from queries.vocabulary import ONLINE

if TYPE_CHECKING:
    from queries.estate.history import EndpointSeen
    from queries.estate.rows import EndpointRow


@dataclass(frozen=True, slots=True)
class KnownDeployment:
    """A deployment of which no more than the id was read."""

    id: str

    @property
    def deployment_key(self) -> str:
        """The id, folded."""
        return self.id.lower()

    @property
    def path(self) -> str:
        """`workspace/endpoint/deployment`; `workspace/endpoint` where that is all."""
        return "/".join(self.id.strip("/").split("/")[7::2])


T = TypeVar("T", "DeploymentRow", "KnownDeployment", "EndpointSeen", "EndpointRow")


class NoTarget(Exception):
    """Nothing, or more than one thing, is called that; the text says which."""


def exactly(rows: Sequence[DeploymentRow], target: str) -> DeploymentRow:
    """The deployment of that ARM id or `workspace/endpoint/deployment`."""
    return _only(_called(rows, target, _key), target, _NO_DEPLOYMENT)


def nearest(rows: Sequence[DeploymentRow], target: str) -> DeploymentRow:
    """The path, or its shortest tail that means one deployment only."""
    found = _called(rows, target, _key) or _ending(rows, target)
    return _only(found, target, _NO_DEPLOYMENT)


def deployments_among(ids: Iterable[str]) -> list[KnownDeployment]:
    """The deployments among ids; a serverless endpoint is one by itself."""
    found = (KnownDeployment(each) for each in ids)
    return [
        each
        for each in found
        if "/deployments/" in each.deployment_key or "/serverlessendpoints/" in each.deployment_key
    ]


def nearest_known(ids: Iterable[str], target: str) -> KnownDeployment:
    """The deployment of that id or path, or of its shortest tail that means one only."""
    known = deployments_among(ids)
    found = _called(known, target, lambda one: one.deployment_key) or _ending(known, target)
    return _only(found, target, _NO_DEPLOYMENT)


def nearest_endpoint(endpoints: Sequence[EndpointSeen], target: str) -> EndpointSeen:
    """The endpoint of that ARM id, `workspace/endpoint` or name; it may be deleted."""
    found = _called(endpoints, target, lambda one: one.endpoint_key)
    return _only(found or _ending(endpoints, target), target, _NO_ENDPOINT)


def exact_endpoint(endpoints: Sequence[EndpointRow], target: str) -> EndpointRow:
    """The online endpoint of that ARM id or `workspace/endpoint`."""
    found = _called(endpoints, target, lambda one: one.endpoint_key)
    endpoint = _only(found, target, _NO_ENDPOINT)
    if endpoint.kind not in ONLINE:
        raise NoTarget(f"{target!r} is a {endpoint.kind} endpoint, which is never deleted here")
    return endpoint


_NO_DEPLOYMENT = (
    "the store knows no deployment {target!r}: name it as workspace/endpoint/deployment"
    " or by its ARM id; `mothball list` shows them"
)
_NO_ENDPOINT = (
    "the store knows no endpoint {target!r}: name it as workspace/endpoint or by its ARM id"
)


def _key(row: DeploymentRow) -> str:
    return row.deployment_key


def _called(rows: Sequence[T], target: str, key: Callable[[T], str]) -> list[T]:
    asked = _plain(target)
    return [row for row in rows if asked in (key(row).strip("/"), row.path.lower())]


def _ending(rows: Sequence[T], target: str) -> list[T]:
    asked = _plain(target)
    return [row for row in rows if asked and f"/{row.path.lower()}".endswith(f"/{asked}")]


def _plain(target: str) -> str:
    return target.strip().strip("/").lower()


def _only(found: Sequence[T], target: str, nothing: str) -> T:
    if len(found) == 1:
        return found[0]
    if not found:
        raise NoTarget(nothing.format(target=target))
    several = ", ".join(sorted(row.id for row in found))
    raise NoTarget(f"{target!r} may mean {several}: name one by its ARM id")
