"""What an inventory found -> rows of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import duckdb
from msgspec.json import encode

from collectors.records import (
    AutoscaleSetting,
    Deployment,
    Endpoint,
    Inventory,
    Lock,
    RawResource,
    ReadError,
    Subscription,
    Tags,
    Workspace,
    key_of,
    workspace_of,
)
from queries.policy import Policy
from queries.store import library
from queries.store.append import append, fingerprint, in_parts, row_of, rows_as_json
from queries.store.versions import keep_versions, keep_versions_from, staged


def keep_inventory(
    connection: duckdb.DuckDBPyConnection, snapshot_id: str, found: Inventory, at: datetime
) -> None:
    """Keep everything that an inventory found, and who made it as far as the Activity Log says."""
    mark = {"snapshot_id": snapshot_id}
    append(connection, "subscriptions", (mark | _subscription(s) for s in found.subscriptions))
    keep_versions(connection, "workspaces", (mark | _workspace(w) for w in found.workspaces))
    keep_versions(connection, "endpoints", (mark | _endpoint(e) for e in found.endpoints))
    maps = (mark | shares for e in found.endpoints if (shares := _shares(e))["shares"])
    keep_versions(connection, "traffic_shares", maps)
    _keep_deployments(connection, snapshot_id, found.deployments)
    keep_versions(connection, "tags", (mark | tags for tags in _tags(found)))
    append(connection, "locks", (mark | _lock(lock) for lock in found.locks))
    append(connection, "autoscale_settings", (mark | _autoscale(s) for s in found.autoscale))
    append(connection, "scope_reads", (mark | row_of(read) for read in found.reads))
    _keep_raw(connection, snapshot_id, found.raw, at)


def _keep_deployments(
    connection: duckdb.DuckDBPyConnection, snapshot_id: str, found: Iterable[Deployment]
) -> None:
    """What the log knows of them goes in with them, since what is kept is never changed."""
    mark = {"snapshot_id": snapshot_id}
    with staged(connection, "deployments", (mark | _deployment(d) for d in found)) as source:
        library.do(connection, "note_births", mark)
        library.do(connection, "fill_creators")
        keep_versions_from(connection, "deployments", source)


def keep_read_errors(
    connection: duckdb.DuckDBPyConnection, snapshot_id: str, read_errors: Iterable[ReadError]
) -> None:
    """Append what could not be read."""
    append(
        connection,
        "holes",
        ({"snapshot_id": snapshot_id} | row_of(read_error) for read_error in read_errors),
    )


def keep_tag_names(connection: duckdb.DuckDBPyConnection, snapshot_id: str, policy: Policy) -> None:
    """Note which tag names counted for which meaning."""
    append(
        connection,
        "snapshot_tag_names",
        (
            {"snapshot_id": snapshot_id, "meaning": meaning, "name": name, "preference": place}
            for meaning, names in policy.tags.items()
            for place, name in enumerate(names)
        ),
    )


def _keep_raw(
    connection: duckdb.DuckDBPyConnection,
    snapshot_id: str,
    found: Iterable[RawResource],
    at: datetime,
) -> None:
    rows = (
        {
            "resource_key": key_of(resource.id),
            "content_hash": fingerprint(resource.body),
            "snapshot_id": snapshot_id,
            "seen_at": at,
            "body": encode(resource.body).decode(),
        }
        for resource in found
    )
    for part in in_parts(rows):
        _select, values = rows_as_json(connection, "raw_resources", part)
        library.do(connection, "changed_raw", values)


def _fields(record: Any) -> dict[str, Any]:
    return {k: v for k, v in row_of(record).items() if k != "tags"}


def _subscription(one: Subscription) -> dict[str, Any]:
    return _fields(one) | {"subscription_key": one.key}


def _workspace(workspace: Workspace) -> dict[str, Any]:
    return _fields(workspace) | {"workspace_key": workspace.key}


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    row = _fields(endpoint) | {
        "endpoint_key": endpoint.key,
        "workspace_key": key_of(endpoint.workspace_id),
        "traffic_known": endpoint.traffic is not None,
    }
    for name in ("traffic", "mirror", "workspace_id"):
        del row[name]
    return row


def _deployment(deployment: Deployment) -> dict[str, Any]:
    row = _fields(deployment) | {
        "deployment_key": deployment.key,
        "endpoint_key": key_of(deployment.endpoint_id),
        "workspace_key": key_of(deployment.workspace_id),
    }
    for name in ("endpoint_id", "workspace_id"):
        del row[name]
    return row


def _lock(lock: Lock) -> dict[str, Any]:
    return {"scope_key": key_of(lock.scope_id), "name": lock.name, "level": lock.level}


def _autoscale(setting: AutoscaleSetting) -> dict[str, Any]:
    row = row_of(setting) | {
        "target_key": key_of(setting.target_id),
        "workspace_key": key_of(workspace_of(setting.target_id)),
    }
    del row["target_id"]
    return row


def _shares(endpoint: Endpoint) -> dict[str, Any]:
    live, mirror = endpoint.traffic or {}, endpoint.mirror or {}
    shares = [
        {
            "deployment_name": spelt.lower(),
            "spelt": spelt,
            "live_percent": live.get(spelt, 0.0),
            "mirror_percent": mirror.get(spelt, 0.0),
        }
        for spelt in dict.fromkeys((*live, *mirror))
    ]
    return {"endpoint_key": endpoint.key, "shares": shares}


def _tags(found: Inventory) -> Iterator[dict[str, Any]]:
    holders: list[tuple[str, Tags]] = [(s.key, s.tags) for s in found.subscriptions]
    holders += [(g.key, g.tags) for g in found.resource_groups]
    holders += [(w.key, w.tags) for w in found.workspaces]
    holders += [(e.key, e.tags) for e in found.endpoints]
    holders += [(d.key, d.tags) for d in found.deployments if d.name is not None]
    for key, tags in holders:
        if tags:
            listed = [{"name": name, "value": value} for name, value in tags.items()]
            yield {"resource_key": key, "tags": listed}
