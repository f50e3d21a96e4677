"""The raw definitions that an archive holds: a deployment or an endpoint, and what lies beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from collectors.connection.errors import AzureFailure
from collectors.connection.reading import Reader
from collectors.inventory.related import read_autoscale, read_diagnostics
from collectors.inventory.resources import part

Kind = Literal["deployment", "endpoint"]
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Definitions:
    """What Azure reported, unaltered: a deployment and its endpoint, or an endpoint with all in it.

    `autoscale` and `diagnostics` None: they could not be read, and `not_archived` says why.
    """

    kind: Kind
    endpoint: Raw
    deployments: tuple[Raw, ...]
    autoscale: tuple[Raw, ...] | None = ()
    diagnostics: tuple[Raw, ...] | None = ()
    not_archived: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        """The id of what the archive stands for."""
        body = self.endpoint if self.kind == "endpoint" else self.deployments[0]
        return str(body["id"])


def definitions_of(
    reader: Reader, kind: Kind, endpoint: Raw, deployments: Sequence[Raw]
) -> Definitions:
    """The definitions with the settings beside them; what refuses is named, not raised."""
    endpoint_id = str(endpoint["id"])
    deployment_ids = [str(body["id"]) for body in deployments]
    wanted = [*deployment_ids, endpoint_id] if kind == "endpoint" else deployment_ids
    subscription_id = part(endpoint_id, "subscriptions") or ""
    missing: list[str] = []
    autoscale = _or_missing(
        "autoscale settings", missing, lambda: read_autoscale(reader, subscription_id, wanted)
    )
    diagnostics = _or_missing(
        "diagnostic settings", missing, lambda: read_diagnostics(reader, endpoint_id)
    )
    return Definitions(kind, endpoint, tuple(deployments), autoscale, diagnostics, tuple(missing))


def _or_missing(
    what: str, missing: list[str], read: Callable[[], tuple[Raw, ...]]
) -> tuple[Raw, ...] | None:
    try:
        return read()
    except AzureFailure as failure:
        missing.append(f"not archived: {what}: {failure.message} ({failure.code})")
        return None
