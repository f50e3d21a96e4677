"""Leaves deployments of an archived endpoint out of its restore. Pure; the archive stays whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from actions.archive.definitions import Definitions, Raw
from actions.restore.definition import MAPS
from actions.session import Refusal
from collectors.records import key_of


def without(definitions: Definitions, keys: Collection[str]) -> Definitions:
    """What is to be created without the deployments of these keys, nor their zeros in the maps.

    Raises Refusal where the archived maps give one of them a share.
    """
    if not keys:
        return definitions
    out = [body for body in definitions.deployments if key_of(str(body["id"])) in keys]
    for body in out:
        if (why := why_needed(definitions, body)) is not None:
            raise Refusal(f"nothing was written: {why}")
    kept = tuple(body for body in definitions.deployments if body not in out)
    names = {_name(body) for body in out}
    return replace(
        definitions, deployments=kept, endpoint=_without_names(definitions.endpoint, names)
    )


def why_needed(definitions: Definitions, body: Raw) -> str | None:
    """Why a deployment cannot be left out; None where it can."""
    name = _name(body)
    for map_name, what in zip(MAPS, ("live", "mirrored"), strict=True):
        for named, share in _map(definitions.endpoint, map_name).items():
            if named.lower() == name and share:
                return f"{named} holds {share} % of the archived {what} traffic, which is set last"
    return None


def left_out_words(definitions: Definitions, keys: Collection[str]) -> list[str]:
    """What is to be known of each that is left out."""
    ids = [str(body["id"]) for body in definitions.deployments]
    names = [each.rsplit("/", 1)[-1] for each in ids if key_of(each) in keys]
    return [f"{name} is left out: it is not created, and stays in the archive" for name in names]


def _without_names(endpoint: Raw, names: Collection[str]) -> Raw:
    properties = dict(endpoint.get("properties") or {})
    for map_name in MAPS:
        if isinstance(properties.get(map_name), Mapping):
            shares = _map(endpoint, map_name)
            properties[map_name] = {n: s for n, s in shares.items() if n.lower() not in names}
    return {**endpoint, "properties": properties}


def _map(endpoint: Raw, map_name: str) -> Mapping[str, Any]:
    found = (endpoint.get("properties") or {}).get(map_name)
    return found if isinstance(found, Mapping) else {}


def _name(body: Raw) -> str:
    return str(body["id"]).rsplit("/", 1)[-1].lower()
