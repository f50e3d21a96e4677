"""Keeps a store in order: checks that it is whole, and drops what is old."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

import duckdb

from collectors.records import counted
from queries.store import library
from queries.store.append import SnapshotTable, naive_utc, remove
from queries.store.file import Store
from queries.store.journal import first_broken
from queries.store.migrate import applied
from queries.store.versions import VERSIONED, drop_unseen, forget_seen

LONGEST_SNAPSHOT = timedelta(days=1)
_PARTS = 8
OF_A_SNAPSHOT: tuple[SnapshotTable, ...] = get_args(SnapshotTable)
# Shares of traffic stay, since whom an endpoint falls back on rests on who held them last.
VERSIONED_OF_A_SNAPSHOT = tuple(table for table in VERSIONED if table != "traffic_shares")


@dataclass(frozen=True, slots=True)
class StoreCheck:
    """One thing that was looked at, and what was found."""

    check: str
    is_well: bool
    message: str


@dataclass(frozen=True, slots=True)
class PrunedTable:
    """How many rows of a table go."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Pruning:
    """What is too old: the snapshots of which only shares of traffic stay, and rows by table."""

    snapshot_ids: tuple[str, ...]
    tables: tuple[PrunedTable, ...]


def check_store(store: Store, now: datetime) -> list[StoreCheck]:
    """Look at every table, the journal's chain and what belongs together; raises StoreFailure."""
    with store.reading() as connection:
        found = [
            StoreCheck("migrations", True, f"{len(applied(connection))} applied, none is missing"),
            _tables(connection),
            _running(connection, now),
            *_homes(connection),
        ]
    broken = first_broken(store)
    message = "the chain holds" if broken is None else f"it does not hold from entry {broken} on"
    return [*found, StoreCheck("journal", broken is None, message), *_files(store, now)]


def _files(store: Store, now: datetime) -> Iterator[StoreCheck]:
    """What a shared store has where its data are."""
    files = store.files(now)
    if files is not None:
        size = f"{counted(files.files, 'file')} of {files.size_bytes:,} bytes"
        old = f"{counted(files.versions, 'version')}, {files.old_versions:,} of them old"
        drops = "; `mothball store prune --older-than 400d --apply` drops those"
        yield StoreCheck("files", True, f"{size}; {old}{drops if files.old_versions else ''}")


def prunable(store: Store, before: datetime) -> Pruning:
    """What `prune` would drop. Nothing is changed."""
    with store.reading() as connection:
        return _prunable(connection, before)


def prune(store: Store, before: datetime) -> Pruning:
    """Drop what snapshots older than `before` found, but never the newest of any scope.

    Daily values, the bill, the journal and the shares of traffic are kept for good.
    """
    with store.writing() as connection:
        pruning = _prunable(connection, before)
        for table in OF_A_SNAPSHOT:
            remove(connection, table, pruning.snapshot_ids)
        for versioned in VERSIONED_OF_A_SNAPSHOT:
            forget_seen(connection, versioned, pruning.snapshot_ids)
            drop_unseen(connection, versioned)
        for question in ("forget_hourly_values", "forget_hourly_answers", "forget_raw"):
            library.do(connection, question, {"before": naive_utc(before)})
        library.do(connection, "forget_judged_before")
        library.do(connection, "mark_pruned", {"snapshot_ids": list(pruning.snapshot_ids)})
    return pruning


def _prunable(connection: duckdb.DuckDBPyConnection, before: datetime) -> Pruning:
    values = {"before": naive_utc(before)}
    ids = [row["snapshot_id"] for row in library.ask(connection, "prunable_snapshots", values)]
    tables = [
        PrunedTable(table, row["rows"])
        for table in (*VERSIONED_OF_A_SNAPSHOT, *OF_A_SNAPSHOT)
        for row in _rows_of(connection, table, ids)
    ]
    tables += [PrunedTable(**row) for row in library.ask(connection, "old_details", values)]
    return Pruning(tuple(ids), tuple(table for table in tables if table.rows))


def _rows_of(
    connection: duckdb.DuckDBPyConnection, table: str, snapshot_ids: Sequence[str]
) -> list[dict[str, int]]:
    values = {"table": table, "snapshot_ids": list(snapshot_ids)}
    return library.ask(connection, "rows_of_snapshots", values)


def _tables(connection: duckdb.DuckDBPyConnection) -> StoreCheck:
    """Every value of every table is read once, so that a damaged block shows."""
    names = connection.execute(
        "select table_name from information_schema.tables"
        " where table_type = 'BASE TABLE' and table_schema = current_schema()"
        " and table_catalog = current_database() order by table_name"
    ).fetchall()
    for (name,) in names:
        try:
            connection.execute("select count(columns(*)) from query_table($name)", {"name": name})
        except duckdb.Error as error:
            line = str(error).splitlines()[0]
            return StoreCheck("tables", False, f"{name} cannot be read: {line}")
    return StoreCheck("tables", True, f"{len(names)} can be read to the end")


def _running(connection: duckdb.DuckDBPyConnection, now: datetime) -> StoreCheck:
    values = {"before": naive_utc(now - LONGEST_SNAPSHOT)}
    found = library.ask(connection, "snapshots_running_long", values)
    names = ", ".join(row["snapshot_id"] for row in found)
    if found:
        return StoreCheck("snapshots", False, f"running for more than a day: {names}")
    (row,) = library.ask(connection, "has_snapshot")
    newest = row["unfinished_id"]
    unfinished = f"; the newest is not finished: {newest} ({row['unfinished_status']})"
    return StoreCheck("snapshots", True, f"none hangs{unfinished if newest else ''}")


def _homes(connection: duckdb.DuckDBPyConnection) -> Iterator[StoreCheck]:
    found = {row["what"]: row["rows"] for row in library.ask(connection, "rows_without_home")}
    for part in range(_PARTS):
        for row in library.ask(connection, "unpaired_rows", {"part": part, "parts": _PARTS}):
            found[row["what"]] = found.get(row["what"], 0) + row["rows"]
    found = {what: rows for what, rows in found.items() if rows}
    for what, rows in found.items():
        yield StoreCheck("rows", False, f"{what}: {rows}")
    if not found:
        yield StoreCheck("rows", True, "every row has its place")
