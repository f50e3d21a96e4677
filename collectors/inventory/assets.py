"""Whether the model, environment and code that a deployment was made from still exist."""

from __future__ import annotations

import re
from dataclasses import dataclass

from collectors.connection.errors import AzureFailure, Misshapen, Missing
from collectors.connection.reading import Reader
from collectors.inventory.endpoint import get_resource
from collectors.inventory.resources import parent

_SHORT = re.compile(r"(?:azureml:)?([^:/]+):([^:/]+)")
_COLLECTIONS = {"model": "models", "environment": "environments", "code": "codes"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One asset: what it is for, its id, and whether it is there (None: not asked, or refused).

    `summary` says why in words.
    """

    role: str
    id: str
    exists: bool | None
    was_asked: bool
    summary: str


def read_assets(
    reader: Reader,
    deployment_id: str,
    model: str | None,
    environment: str | None,
    code: str | None,
) -> tuple[Asset, ...]:
    """What a deployment names of the three, one GET each; no refusal is raised."""
    workspace_id = parent(parent(deployment_id))
    named = (("model", model), ("environment", environment), ("code", code))
    return tuple(read_asset(reader, workspace_id, role, spelt) for role, spelt in named if spelt)


def read_asset(reader: Reader, workspace_id: str, role: str, spelt: str) -> Asset:
    """Look for one asset; a refusal is in the answer."""
    try:
        return ask_asset(reader, workspace_id, role, spelt)
    except AzureFailure as failure:
        return unread_asset(role, spelt, failure)


def ask_asset(reader: Reader, workspace_id: str, role: str, spelt: str) -> Asset:
    """Ask for a version by its ARM id or `name:version`; what lies in a registry is not asked.

    Any refusal but "it is not there" is raised.
    """
    path = _path(workspace_id, role, spelt)
    if path is None:
        return Asset(role, spelt, None, False, f"{role} not asked: it lies outside the workspace")
    try:
        body = get_resource(reader, path)
    except Missing:
        return Asset(role, spelt, False, True, f"{role} is gone: {spelt}")
    is_archived = body["properties"].get("isArchived")
    if not isinstance(is_archived, bool | None):
        raise Misshapen("the answer does not tell whether it is archived")
    if is_archived:
        return Asset(role, spelt, False, True, f"{role} is archived: {spelt}")
    return Asset(role, spelt, True, True, f"{role} exists")


def unread_asset(role: str, spelt: str, failure: AzureFailure) -> Asset:
    """One of which Azure did not report whether it is there."""
    summary = f"{role} could not be read: {failure.message} ({failure.code})"
    return Asset(role, spelt, None, True, summary)


def _path(workspace_id: str, role: str, spelt: str) -> str | None:
    """The ARM path of an asset of a workspace; None where it is in a registry or not a version."""
    bare = spelt.removeprefix("azureml:")
    if bare.lower().startswith("/subscriptions/"):
        return bare if "/workspaces/" in bare.lower() and "/versions/" in bare.lower() else None
    short = _SHORT.fullmatch(spelt)
    if short is None:
        return None
    return f"{workspace_id}/{_COLLECTIONS[role]}/{short[1]}/versions/{short[2]}"
