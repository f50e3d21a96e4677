"""What is read right before a DELETE, and what changed between two such looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.deletion.plan import SILENT, Deletion
from collectors.connection.errors import AzureFailure
from collectors.connection.reading import Reader
from collectors.connection.shapes import is_resource
from collectors.inventory.endpoint import get_resource
from collectors.inventory.inventory import ML_API
from collectors.inventory.locks import read_locks
from collectors.inventory.resources import parent, part, shares, tags_of
from collectors.records import Lock, key_of

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
    inside = list(
        reader.pages(f"{endpoint_id}/deployments", is_resource, **{"api-version": ML_API})
    )
    going, staying = (inside, []) if deletion.of_endpoint else (found, inside)
    workspace = get_resource(reader, parent(endpoint_id))
    locks, _reads, read_errors = read_locks(reader, [part(deletion_id, "subscriptions") or ""])
    if read_errors:
        raise LocksUnread(f"locks: {read_errors[0].message}", read_errors[0].code)
    return Last(
        endpoint_id,
        _by_key(going),
        endpoint,
        tags_of(workspace.get("tags")),
        tuple(lock for lock in locks if _covers(lock, key_of(deletion_id))),
        deletion.of_endpoint,
        {key: body for key, body in _by_key(staying).items() if key != key_of(deletion_id)},
    )


def changes_since(archived: Last, again: Last) -> dict[str, dict[str, str]]:
    """What changed between two reads, by deployment key and the check that it breaks."""
    shared = _changes_of_all(archived, again)
    changed = {key: shared | _changes_of(archived, again, key) for key in archived.deployments}
    if not any(changed.values()) and _comparable(archived) != _comparable(again):
        for each in changed.values():
            each["same-resource"] = "it or its endpoint was changed while it was looked at"
    return changed


def share_of(endpoint: Mapping[str, Any], mapping: str, deployment_key: str) -> float | None:
    """Percent that a map of the endpoint names for the deployment; None where it names none."""
    name = deployment_key.rsplit("/", 1)[-1]
    percents = shares((endpoint.get("properties") or {}).get(mapping)) or {}
    found = [percent for spelt, percent in percents.items() if spelt.lower() == name]
    return sum(found) if found else None


def created(body: Mapping[str, Any]) -> Any:
    """When a resource was created, as Azure spells it."""
    return (body.get("systemData") or {}).get("createdAt")


def _by_key(bodies: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {key_of(str(body.get("id") or "")): body for body in bodies}


def _changes_of_all(archived: Last, again: Last) -> dict[str, str]:
    """What changed for everything that is to go."""
    changed: dict[str, str] = {}
    if again.locks and again.locks != archived.locks:
        names = ", ".join(lock.name for lock in again.locks)
        changed["lock"] = f"locked while it was looked at: {names}"
    if archived.workspace_tags != again.workspace_tags:
        changed["exemption"] = "the tags of its workspace were changed while it was looked at"
    if not archived.of_endpoint:
        moved = _moved_siblings(archived, again)
        if moved:
            changed["rollback"] = f"changed beside it while it was looked at: {', '.join(moved)}"
        return changed
    if created(archived.endpoint) != created(again.endpoint):
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


def _moved_siblings(archived: Last, again: Last) -> list[str]:
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
    return created(body), tags_of(body.get("tags")), properties.get("provisioningState")


def _changes_of(archived: Last, again: Last, key: str) -> dict[str, str]:
    """What changed for one deployment."""
    changed: dict[str, str] = {}
    body = again.deployments.get(key)
    if body is not None and created(archived.deployments[key]) != created(body):
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


def _map(last: Last, mapping: str) -> dict[str, float]:
    percents = shares((last.endpoint.get("properties") or {}).get(mapping)) or {}
    return {name.lower(): percent for name, percent in percents.items()}


def _comparable(last: Last) -> list[dict[str, Any]]:
    bodies = (*(last.deployments[key] for key in sorted(last.deployments)), last.endpoint)
    return [{k: v for k, v in body.items() if k not in IGNORED} for body in bodies]
