"""Takes a snapshot: collects a scope, keeps it, judges it; every face of the product shares it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from collectors.connection.reading import Reader
from collectors.inventory.endpoint import read_endpoint
from collectors.inventory.inventory import read_inventory
from collectors.inventory.locks import read_locks
from collectors.inventory.scope import Scope
from collectors.metrics.questions import MetricQuestion
from collectors.records import Hole, Inventory
from queries.judge import judge
from queries.policy import Policy
from queries.snapshot.evidence import (
    Clock,
    Progress,
    daily_questions,
    gather_metrics,
    hourly_questions,
    settle_ages,
)
from queries.snapshot.money import Money, gather_money
from queries.store import library
from queries.store.append import append, aware_utc, naive_utc
from queries.store.file import Store, WrongStore
from queries.store.keep import keep_holes, keep_inventory, keep_tag_names


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a collection is for: which cloud and tenant, what part of it, by which settings.

    `kind` is `snapshot` (daily values) or `guard` (hourly values of the one endpoint of the
    scope, evidence for a deletion that never becomes the latest snapshot).
    """

    cloud: str
    tenant_id: str | None
    scope: Scope
    policy: Policy
    kind: str = "snapshot"
    resume: bool = False
    money: Money | None = None


@dataclass(frozen=True, slots=True)
class SnapshotReport:
    """What a snapshot came to (the fields of `mothball snapshot --format json`)."""

    snapshot_id: str
    started_at: datetime
    finished_at: datetime
    status: str
    workspaces: int
    endpoints: int
    deployments: int
    requests: Mapping[str, int]
    throttled: int
    errors: tuple[Hole, ...]


def take_snapshot(
    store: Store, reader: Reader, occasion: Occasion, now: Clock, progress: Progress
) -> SnapshotReport:
    """Collect the scope and judge it. What could not be read is named in `errors`.

    Metric values are kept as they come, so that a stopped snapshot can be resumed; the rest is
    written whole at the end. Raises AzureFailure where nothing could be read at all, Stopped
    when the reader was told to stop.
    """
    snapshot_id, started_at = _begin(store, occasion, now())
    try:
        found = _inventory(reader, occasion, progress)
        holes = list(found.holes)
        questions = _questions(store, found, occasion, started_at)
        holes += gather_metrics(store, reader, snapshot_id, questions, now, progress)
        found, doubts = settle_ages(store, reader, found, occasion.policy, started_at)
        if occasion.money is not None:
            doubts += gather_money(store, reader, snapshot_id, found, occasion.money, now, progress)
    except BaseException:
        _abandon(store, snapshot_id)
        raise
    finished_at = max(now(), started_at)
    return _commit(store, reader, snapshot_id, found, holes + doubts, started_at, finished_at)


def _begin(store: Store, occasion: Occasion, now: datetime) -> tuple[str, datetime]:
    """Note that it runs; its id, and its start, by which all snapshots are put in order."""
    with store.noting() as connection:
        check_identity(connection, occasion.cloud, occasion.tenant_id)
        started_at = _start(connection, now)
        row = {
            "snapshot_id": f"{started_at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
            "kind": occasion.kind,
            "status": "running",
            "started_at": started_at,
            "window_days": occasion.policy.window_days,
            "minimum_age_days": occasion.policy.minimum_age_days,
            "rollbacks_kept": occasion.policy.rollbacks_kept,
            "grain_minutes": 1440 if occasion.kind == "snapshot" else 60,
        }
        append(connection, "snapshots", [row])
        keep_tag_names(connection, str(row["snapshot_id"]), occasion.policy)
    return str(row["snapshot_id"]), started_at


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


def _inventory(reader: Reader, occasion: Occasion, progress: Progress) -> Inventory:
    if occasion.kind == "guard":
        assert occasion.scope.endpoint is not None
        found = read_endpoint(reader, occasion.scope.endpoint)
    else:
        found = read_inventory(reader, occasion.scope, progress)
    holders = sorted(
        {w.subscription_id for w in found.workspaces}
        | {d.subscription_id for d in found.deployments}
    )
    progress("locks", 0, len(holders))
    locks, reads, holes = read_locks(reader, holders)
    return replace(
        found,
        locks=tuple(locks),
        reads=(*found.reads, *reads),
        holes=(*found.holes, *holes),
    )


def _questions(
    store: Store, found: Inventory, occasion: Occasion, started_at: datetime
) -> Sequence[MetricQuestion]:
    if occasion.kind == "guard":
        return hourly_questions(found, occasion.policy, started_at)
    return daily_questions(store, found, occasion.policy, started_at, resume=occasion.resume)


def _commit(
    store: Store,
    reader: Reader,
    snapshot_id: str,
    found: Inventory,
    holes: Sequence[Hole],
    started_at: datetime,
    finished_at: datetime,
) -> SnapshotReport:
    report = SnapshotReport(
        snapshot_id=snapshot_id,
        started_at=started_at,
        finished_at=finished_at,
        status="partial" if holes else "complete",
        workspaces=len(found.workspaces),
        endpoints=len(found.endpoints),
        deployments=len(found.deployments),
        requests=reader.tally.sent,
        throttled=reader.tally.throttled,
        errors=tuple(dict.fromkeys(holes)),
    )
    with store.writing() as connection:
        keep_inventory(connection, snapshot_id, found, started_at)
        keep_holes(connection, snapshot_id, report.errors)
        judge(connection, snapshot_id)
        _finish(connection, report)
    return report


def _finish(connection: duckdb.DuckDBPyConnection, report: SnapshotReport) -> None:
    values = {
        "snapshot_id": report.snapshot_id,
        "status": report.status,
        "finished_at": naive_utc(report.finished_at),
        "requests": json.dumps(dict(report.requests)),
        "throttled": report.throttled,
    }
    library.do(connection, "finish_snapshot", values)


def _abandon(store: Store, snapshot_id: str) -> None:
    with store.writing() as connection:
        library.do(connection, "abandon_snapshot", {"snapshot_id": snapshot_id})
