"""What the store knows of the estate, as typed rows; each call is one short read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any, TypeAlias

import duckdb

from queries.estate.naming import Names
from queries.estate.rows import (
    Alike,
    BilledDay,
    DeploymentRow,
    EndpointRow,
    EndpointState,
    Newest,
    ReadErrorRow,
    ShareRow,
    SnapshotRow,
    deployment_row,
    deployment_rows,
)
from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import NoStore, Store, StoreFailure
from queries.store.listing import listing_is_current
from queries.text.sentences import REFUSES_WRITES, sentence

# The names of columns, and some rows.
Part: TypeAlias = tuple[list[str], list[tuple[Any, ...]]]
SORTED_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True)
class First:
    """The first rows of so many in all, and when the newest of all was seen."""

    rows: list[DeploymentRow]
    total: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class RawSeen:
    """A resource as Azure reported it, and the snapshot's time since which it has not changed."""

    body: dict[str, Any]
    seen_at: datetime


class NoSnapshot(StoreFailure):
    """The store has no finished snapshot of that name, or none at all."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A snapshot that began after the newest finished one, and is `running` or `stopped`."""

    snapshot_id: str
    status: str
    started_at: datetime

    @property
    def sentence(self) -> str:
        """What became of it, and so what the store does not show."""
        what = "was stopped before its end"
        if self.status == "running":
            what = "is still being taken, or was cut off"
        since = f"the snapshot of {self.started_at:%Y-%m-%d %H:%M} UTC {what}"
        return f"{since}: nothing of it is shown; `mothball snapshot --resume` goes on"


def need_snapshot(store: Store) -> Unfinished | None:
    """NoSnapshot where none is finished: what is read then is empty, and proves nothing.

    Returns the one that was begun later and is not finished, if there is one.
    """
    with store.reading() as connection:
        (row,) = library.ask(connection, "has_snapshot")
    unfinished = _unfinished(row)
    if not row["has_snapshot"]:
        run = "mothball snapshot" if unfinished is None else "mothball snapshot --resume"
        raise NoSnapshot(f"no finished snapshot in {store.path}: run `{run}`")
    return unfinished


def _unfinished(row: dict[str, Any]) -> Unfinished | None:
    started_at = aware_utc(row["unfinished_since"])
    if started_at is None:
        return None
    return Unfinished(row["unfinished_id"], row["unfinished_status"], started_at)


def need_finished(connection: duckdb.DuckDBPyConnection, *snapshot_ids: str) -> None:
    """NoSnapshot where one of them is not known, was not finished, or was pruned."""
    known = {row["snapshot_id"]: row["status"] for row in library.ask(connection, "snapshots")}
    for snapshot_id in snapshot_ids:
        status = known.get(snapshot_id)
        if status is None:
            raise NoSnapshot(f"the store has no snapshot {snapshot_id!r}")
        if status not in ("complete", "partial"):
            raise NoSnapshot(
                f"the snapshot {snapshot_id!r} is {status}: the store does not hold what it found"
            )


def current_deployments(store: Store) -> list[DeploymentRow]:
    """The newest of every scope, by workspace, endpoint and deployment."""
    return list(each_deployment(store))


def deployments_called(store: Store, name: str) -> list[DeploymentRow]:
    """Those that a path, a tail of one or an id may mean; others may be among them."""
    parts = [part for part in name.strip().lower().split("/") if part]
    with store.reading() as connection:
        if not parts or not listing_is_current(connection):
            return current_deployments(store)
        rows = library.ask(connection, "called_in_listing", {"parts": parts})
    return [deployment_row(row) for row in rows]


def each_deployment(store: Store, snapshot_id: str | None = None) -> Iterator[DeploymentRow]:
    """The same one after another, or what one snapshot concluded.

    The store is held until the last: whoever takes them waits for nobody meanwhile. NoSnapshot
    where there is no finished snapshot of that name.
    """
    alike: Alike = defaultdict(dict)
    with store.reading() as connection:
        for names, rows in _parts(connection, snapshot_id):
            yield from deployment_rows(names, rows, alike)


def _parts(connection: duckdb.DuckDBPyConnection, snapshot_id: str | None) -> Iterator[Part]:
    """Rows of the list, some at a time."""
    if snapshot_id is not None:
        need_finished(connection, snapshot_id)
        values = {"snapshot_id": snapshot_id}
        return library.ask_in_parts(connection, "deployments_of_snapshot", values)
    if listing_is_current(connection):
        return _listed(connection)
    return library.ask_in_parts(connection, "current_deployments")


def _listed(connection: duckdb.DuckDBPyConnection) -> Iterator[Part]:
    """Rows of the listing by their place: to order all of them at once takes far more memory."""
    for after in count(0, SORTED_AT_ONCE):
        span = {"after": after, "through": after + SORTED_AT_ONCE}
        is_over = True
        for part in library.ask_in_parts(connection, "listing", span):
            is_over = False
            yield part
        if is_over:
            return


def first_deployments(store: Store, verdicts: Sequence[str], most: int) -> First | None:
    """The first rows by verdict and money, at once; None where only the whole can be read."""
    with store.reading() as connection:
        if not listing_is_current(connection):
            return None
        values = {"verdicts": list(verdicts), "most": most}
        rows = library.ask(connection, "first_of_listing", values)
    if not rows:
        return None
    newest = aware_utc(rows[0]["newest"])
    assert newest is not None
    return First([deployment_row(row) for row in rows], rows[0]["total"], newest)


def deployments_of(store: Store, snapshot_id: str) -> list[DeploymentRow]:
    """What one snapshot concluded; NoSnapshot where there is no finished one of that name."""
    return list(each_deployment(store, snapshot_id))


def rates_of(store: Store, snapshot_id: str) -> dict[str, tuple[Decimal, str]]:
    """What the bill of that time says each deployment cost a month, with its currency, by key."""
    with store.reading() as connection:
        rows = library.ask(connection, "rates_of_snapshot", {"snapshot_id": snapshot_id})
    return {row["deployment_key"]: (row["monthly_run_rate"], row["currency"]) for row in rows}


def judged_in(connection: duckdb.DuckDBPyConnection, snapshot_id: str) -> list[DeploymentRow]:
    """What a collection of any kind concluded, on a connection that is already open."""
    rows = library.ask(connection, "deployments_of_snapshot", {"snapshot_id": snapshot_id})
    return [deployment_row(row) for row in rows]


def current_read_errors(store: Store) -> list[ReadErrorRow]:
    """What is missing from the data that is shown now."""
    with store.reading() as connection:
        return [ReadErrorRow(**row) for row in library.ask(connection, "current_read_errors")]


def read_errors_of(store: Store, snapshot_id: str) -> list[ReadErrorRow]:
    """What one snapshot could not read."""
    with store.reading() as connection:
        rows = library.ask(connection, "read_errors_of_snapshot", {"snapshot_id": snapshot_id})
        return [ReadErrorRow(**row) for row in rows]


def newest(store: Store) -> Newest:
    """What the store was given last; of an empty one nothing."""
    try:
        with store.reading() as connection:
            (row,) = library.ask(connection, "newest")
    except NoStore:
        return Newest()
    return Newest(
        row["snapshot_id"],
        aware_utc(row["taken_at"]),
        row["journal_entries"],
        aware_utc(row["bill_read_at"]),
    )


def snapshots(store: Store) -> list[SnapshotRow]:
    """All snapshots, newest first."""
    with store.reading() as connection:
        return [_snapshot(row) for row in library.ask(connection, "snapshots")]


def billed_days_of(
    store: Store, deployment: DeploymentRow, first_day: date, last_day: date
) -> list[BilledDay]:
    """Every UTC day of the span with what the bill says of it; nothing is billed before it was."""
    values = {
        "deployment_key": deployment.deployment_key,
        "created_on": deployment.created_at and deployment.created_at.date(),
        "first_day": first_day,
        "last_day": last_day,
    }
    with store.reading() as connection:
        rows = library.ask(connection, "billed_days_of_deployment", values)
    return [BilledDay(**row) for row in rows]


def traffic_of(store: Store, endpoint_key: str) -> list[ShareRow]:
    """Shares of an endpoint's deployments over all snapshots, oldest first."""
    with store.reading() as connection:
        rows = library.ask(connection, "traffic_of_endpoint", {"endpoint_key": endpoint_key})
    return [ShareRow(**(row | {"seen_at": aware_utc(row["seen_at"])})) for row in rows]


def raw_of(store: Store, resource_key: str) -> dict[str, Any] | None:
    """A resource as Azure reported it, without values of environment variables; None: unseen."""
    seen = raw_seen(store, resource_key)
    return seen.body if seen is not None else None


def raw_seen(store: Store, resource_key: str) -> RawSeen | None:
    """The endpoint's newest raw definition with its time."""
    with store.reading() as connection:
        rows = library.ask(connection, "raw_resource", {"resource_key": resource_key})
    if not rows:
        return None
    seen_at = aware_utc(rows[0]["seen_at"])
    assert seen_at is not None
    return RawSeen(json.loads(rows[0]["body"]), seen_at)


def _snapshot(row: dict[str, Any]) -> SnapshotRow:
    values = {f.name: row[f.name] for f in fields(SnapshotRow)}
    for name in ("started_at", "finished_at"):
        values[name] = aware_utc(values[name])
    return SnapshotRow(**values)


def judged_endpoint(store: Store, snapshot_id: str) -> list[DeploymentRow]:
    """What a guard concluded of the deployments of its endpoint."""
    with store.reading() as connection:
        return judged_in(connection, snapshot_id)


def current_endpoints(store: Store) -> list[EndpointRow]:
    """Every endpoint that the newest snapshots read, by workspace and name."""
    with store.reading() as connection:
        return [EndpointRow(**row) for row in library.ask(connection, "current_endpoints")]


def names_in(store: Store, more: Iterable[str] = ()) -> Names:
    """The names of what there is, and of what has these ids beside it; without a store of these."""
    try:
        known = known_ids(store)
    except NoStore:
        known = []
    return Names([*known, *more])


def known_ids(store: Store) -> list[str]:
    """The ids of the deployments and endpoints that there are, as far as is known."""
    with store.reading() as connection:
        return [row["id"] for row in library.ask(connection, "known_ids")]


def refusal_of_subscription(store: Store, subscription_id: str) -> str | None:
    """Why Azure takes no write in a subscription, as snapshots know it; None: it may take one."""
    try:
        with store.reading() as connection:
            values = {"subscription_id": subscription_id}
            rows = library.ask(connection, "state_of_subscription", values)
    except NoStore:
        return None
    refused = next((row["state"] for row in rows if row["refuses_writes"]), None)
    return None if refused is None else sentence(REFUSES_WRITES, {"state": refused})


def endpoint_seen(store: Store, snapshot_id: str, endpoint_key: str) -> EndpointState | None:
    """What a snapshot or a guard saw of an endpoint as a whole; None: it did not read it."""
    values = {"snapshot_id": snapshot_id, "endpoint_key": endpoint_key}
    with store.reading() as connection:
        rows = library.ask(connection, "endpoint_as_seen", values)
    if not rows:
        return None
    (row,) = rows
    return EndpointState(
        row["state"],
        bool(row["traffic_known"]),
        tuple(row["gone_names"]),
        tuple(row["asked_names"]),
        row["workspace_state"],
    )
