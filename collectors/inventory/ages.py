"""Creation times from Resource Manager: of a whole subscription in pages, or of one endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors.connection.errors import AzureFailure
from collectors.connection.reading import Reader
from collectors.connection.shapes import has_id, odd_fields
from collectors.inventory.inventory import GROUPS_API, ML_API
from collectors.inventory.resources import deployment_from, moment
from collectors.inventory.row_shapes import is_created, is_moment
from collectors.records import Progress, ReadError, key_of
from collectors.sources import CREATION_TIMES, DEPLOYMENTS, ROWS_A_PAGE

RESOURCES_API = GROUPS_API
_DEPLOYMENTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"
# The list of a subscription's deployments with their creation times (azure.md A16).
CREATION_TIMES_QUERY: Mapping[str, str] = {
    "api-version": RESOURCES_API,
    "$filter": f"resourceType eq '{_DEPLOYMENTS}'",
    "$expand": "createdTime,changedTime",
    "$top": str(ROWS_A_PAGE),
}


@dataclass(frozen=True, slots=True)
class Creation:
    """When a deployment was created, and by whom where that was reported."""

    at: datetime
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Creations:
    """Creations by deployment key; `refused` are the subscriptions whose list is not whole."""

    by_key: dict[str, Creation]
    refused: frozenset[str] = frozenset()
    read_errors: tuple[ReadError, ...] = ()


def list_creations(
    reader: Reader, subscription_ids: Iterable[str], progress: Progress
) -> Creations:
    """The creations of all online deployments of the subscriptions, in pages (azure.md A16).

    What came before a failure counts; the failure is a read error of its subscription.
    """
    asked = list(subscription_ids)
    by_key: dict[str, Creation] = {}
    refused: dict[str, ReadError] = {}
    for done, subscription_id in enumerate(asked):
        progress(CREATION_TIMES.name, done, len(asked))
        try:
            _list_into(by_key, reader, subscription_id)
        except AzureFailure as failure:
            refused[subscription_id] = ReadError(
                CREATION_TIMES.name, subscription_id, failure.code, failure.message
            )
    return Creations(by_key, frozenset(refused), tuple(refused.values()))


def _list_into(by_key: dict[str, Creation], reader: Reader, subscription_id: str) -> None:
    path = f"/subscriptions/{subscription_id}/resources"
    for body in reader.pages(path, _is_listed, **CREATION_TIMES_QUERY):
        created_at = moment(body.get("createdTime"))
        if created_at is not None:
            by_key[key_of(body["id"])] = Creation(created_at)


def _is_listed(element: Any) -> bool:
    return has_id(element) and not odd_fields(element, {"createdTime": is_moment})


def list_creations_of_endpoints(reader: Reader, endpoint_ids: Iterable[str]) -> Creations:
    """The same from one list an endpoint, for what the list of its subscription lacks."""
    by_key: dict[str, Creation] = {}
    read_errors: list[ReadError] = []
    for endpoint_id in endpoint_ids:
        try:
            by_key |= _of_endpoint(reader, endpoint_id)
        except AzureFailure as failure:
            read_errors.append(
                ReadError(DEPLOYMENTS.name, endpoint_id, failure.code, failure.message)
            )
    return Creations(by_key, read_errors=tuple(read_errors))


def _of_endpoint(reader: Reader, endpoint_id: str) -> dict[str, Creation]:
    found = {}
    path = f"{endpoint_id}/deployments"
    for body in reader.pages(path, is_created, **{"api-version": ML_API}):
        deployment = deployment_from(body, "managed")
        if deployment.created_at is not None:
            found[deployment.key] = Creation(deployment.created_at, deployment.created_by)
    return found
