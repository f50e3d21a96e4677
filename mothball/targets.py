"""Finds the deployment or the endpoint that a person means by an id, a path or a tail of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from queries.estate.rows import DeploymentRow
from queries.vocabulary import ONLINE

if TYPE_CHECKING:
    from queries.estate.history import EndpointSeen
    from queries.estate.rows import EndpointRow

T = TypeVar("T", "DeploymentRow", "EndpointSeen", "EndpointRow")


class NoTarget(Exception):
    """Nothing, or more than one thing, is called that; the text says which."""


def exactly(rows: Sequence[DeploymentRow], target: str) -> DeploymentRow:
    """The deployment of that ARM id or `workspace/endpoint/deployment`."""
    return _only(_called(rows, target, _key), target, _NO_DEPLOYMENT)


def nearest(rows: Sequence[DeploymentRow], target: str) -> DeploymentRow:
    """The path, or its shortest tail that means one deployment only."""
    found = _called(rows, target, _key) or _ending(rows, target)
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
