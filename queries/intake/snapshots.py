"""A snapshot from its beginning to its end: its own row, what it found, what is judged of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from collectors.records import Inventory, ReadError
from queries.intake.keep import keep_inventory, keep_read_errors, keep_tag_names
from queries.judge import judge
from queries.policy import Policy
from queries.store import library
from queries.store.append import append, aware_utc, naive_utc
from queries.store.file import NoStore, Store, WrongStore
from queries.store.listing import forget_listing, keep_listing, refresh_listing


@dataclass(frozen=True, slots=True)
class Begun:
    """A snapshot that runs. All of a store are put in order by their start."""

    snapshot_id: str
    started_at: datetime
    kind: str = "snapshot"


@dataclass(frozen=True, slots=True)
class SnapshotEnding:
    """How a snapshot ended: complete or partial, and what it sent, by source."""

    status: str
    finished_at: datetime
    requests: Mapping[str, int]
    throttled: int


def begin_snapshot(
    store: Store, cloud: str, tenant_id: str | None, policy: Policy, kind: str, now: datetime
) -> Begun:
    """Note that a `snapshot` (daily values) or a `guard` (hourly ones) runs.

    Raises WrongStore where the store belongs to another cloud or tenant.
    """
    with store.noting() as connection:
        check_identity(connection, cloud, tenant_id)
        started_at = _start(connection, now)
        begun = Begun(f"{started_at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}", started_at, kind)
        row = {
            "snapshot_id": begun.snapshot_id,
            "kind": kind,
            "status": "running",
            "started_at": started_at,
            "window_days": policy.window_days,
            "minimum_age_days": policy.minimum_age_days,
            "rollbacks_kept": policy.rollbacks_kept,
            "grain_minutes": 1440 if kind == "snapshot" else 60,
        }
        append(connection, "snapshots", [row])
        keep_tag_names(connection, begun.snapshot_id, policy)
    return begun


def complete_snapshot(
    store: Store,
    begun: Begun,
    found: Inventory,
    read_errors: Sequence[ReadError],
    ending: SnapshotEnding,
) -> None:
    """Keep all that was found and what could not be read, judge it, and note the end: in one.

    The listing follows; until it is made, the views answer.
    """
    values = {
        "snapshot_id": begun.snapshot_id,
        "status": ending.status,
        "finished_at": naive_utc(ending.finished_at),
        "requests": json.dumps(dict(ending.requests)),
        "throttled": ending.throttled,
    }
    with store.noting() as connection, store.stoppable(connection):
        keep_inventory(connection, begun.snapshot_id, found, begun.started_at)
        keep_read_errors(connection, begun.snapshot_id, read_errors)
        judge(connection, begun.snapshot_id)
        library.do(connection, "finish_snapshot", values)
        if begun.kind == "snapshot":
            forget_listing(connection)
        else:  # a guard is no part of what is current
            keep_listing(connection)
    if begun.kind == "snapshot":
        # By itself: what judging took of the memory is free again.
        with store.noting() as connection:
            refresh_listing(connection)


def abandon_snapshot(store: Store, snapshot_id: str) -> None:
    """Note that it was stopped before its end; its metric values stay."""
    with store.noting() as connection:
        library.do(connection, "abandon_snapshot", {"snapshot_id": snapshot_id})
        keep_listing(connection)


def scopes_known(store: Store, keys: Sequence[str]) -> set[str]:
    """Which of these subscriptions and workspaces, by key, a snapshot of the store has read."""
    try:
        with store.reading() as connection:
            rows = library.ask(connection, "scopes_known", {"keys": list(keys)})
    except NoStore:
        return set()
    return {row["key"] for row in rows}


def _start(connection: duckdb.DuckDBPyConnection, now: datetime) -> datetime:
    (row,) = library.ask(connection, "start_of_snapshot", {"now": naive_utc(now)})
    started_at = aware_utc(row["started_at"])
    assert started_at is not None
    return started_at


def check_identity(
    connection: duckdb.DuckDBPyConnection, cloud: str, tenant_id: str | None
) -> None:
    """Note whose store this is, or refuse where it belongs to another cloud or tenant."""
    rows = connection.execute("select cloud, tenant_id from store_identity").fetchall()
    if not rows:
        append(connection, "store_identity", [{"cloud": cloud, "tenant_id": tenant_id}])
        return
    own_cloud, own_tenant = rows[0]
    same_tenant = tenant_id is None or own_tenant is None or tenant_id == own_tenant
    if own_tenant is None and tenant_id is not None and own_cloud == cloud:
        library.do(connection, "learn_tenant", {"tenant_id": tenant_id})
    if own_cloud != cloud or not same_tenant:
        raise WrongStore(
            f"the store belongs to {own_cloud}, tenant {own_tenant or 'unknown'}, not to {cloud},"
            f" tenant {tenant_id or 'unknown'}: name another with --store"
        )
