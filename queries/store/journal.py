"""The journal: append-only rows, chained by hashes so that a missing or altered one shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from queries.store import library
from queries.store.append import append, aware_utc, fingerprint, naive_utc
from queries.store.file import NoStore, Store
from queries.text.untrusted import whole


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was planned, refused, written or found (the fields of `mothball journal`)."""

    sequence: int
    at: datetime
    actor: str
    action: str
    target: str
    outcome: str
    reason: str | None
    correlation_id: str | None
    evidence: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Intent:
    """A deletion that was about to be sent, and whose end the journal does not report."""

    at: datetime
    action: str
    target: str
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry as a copy outside keeps it; `first_hash` covers which journal it is."""

    sequence: int
    hash: str
    first_hash: str


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry before it has a place in the chain."""

    at: datetime
    actor: str
    action: str
    target: str
    outcome: str
    reason: str | None = None
    correlation_id: str | None = None
    evidence: Mapping[str, Any] | None = None


def write(store: Store, happenings: Iterable[Happening]) -> None:
    """Append to the journal, in one transaction. It raises where it cannot be written."""
    with store.noting() as connection:
        add(connection, happenings)


def add(connection: duckdb.DuckDBPyConnection, happenings: Iterable[Happening]) -> None:
    """Append to the journal within a transaction that does what it records."""
    sequence, last = _end(connection)
    for happening in happenings:
        sequence += 1
        row = _row(sequence, happening)
        last = row["hash"] = chained(last, row)
        append(connection, "journal", [row])


def entries(store: Store) -> list[Entry]:
    """The whole journal, oldest first; empty where there is no store yet."""
    return [_entry(row) for row in _asked(store, "journal")]


def open_intents(store: Store) -> list[Intent]:
    """What an interrupted run, or one that is under way, was about to delete; oldest first."""
    return [
        Intent(_utc(row["happened_at"]), row["action"], row["target"], json.loads(row["evidence"]))
        for row in _asked(store, "open_intents")
    ]


def deletions_done(store: Store) -> dict[str, datetime]:
    """When each target was deleted last, by its key."""
    return {row["target_key"]: _utc(row["happened_at"]) for row in _asked(store, "deletions_done")}


def restores_open(store: Store, archive: str) -> dict[str, datetime]:
    """When a restore of this archive was begun that has not ended well, by the id's lower case."""
    rows = _asked(store, "restores_open", {"archive": archive})
    return {row["target_key"]: _utc(row["begun_at"]) for row in rows}


def end_of_journal(store: Store) -> Anchor | None:
    """The newest entry; None where there is none yet."""
    found = _asked(store, "end_of_journal")
    return Anchor(**found[0]) if found else None


def first_broken(store: Store) -> int | None:
    """The sequence number from which on the chain does not hold; None where it is whole."""
    with store.reading() as connection:
        rows = library.ask(connection, "journal")
    last = ""
    for place, row in enumerate(rows, start=1):
        if row["sequence"] != place or row["hash"] != chained(last, row):
            return place
        last = row["hash"]
    return None


def chained(previous_hash: str, row: Mapping[str, Any]) -> str:
    """The hash of a row: of what it says and of the row before it."""
    fields = {name: value for name, value in row.items() if name != "hash"}
    fields["happened_at"] = fields["happened_at"].isoformat()
    return fingerprint([previous_hash, fields])


def _asked(
    store: Store, question: str, values: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    try:
        with store.reading() as connection:
            return library.ask(connection, question, values)
    except NoStore:
        return []


def _utc(moment: datetime) -> datetime:
    at = aware_utc(moment)
    assert at is not None
    return at


def _end(connection: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    found = library.ask(connection, "end_of_journal")
    return (found[0]["sequence"], found[0]["hash"]) if found else (0, "")


def _row(sequence: int, happening: Happening) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "happened_at": naive_utc(happening.at),
        "actor": whole(happening.actor),
        "action": happening.action,
        "target": whole(happening.target),
        "outcome": happening.outcome,
        "reason": happening.reason and whole(happening.reason),
        "correlation_id": happening.correlation_id,
        "evidence": _json_of(happening.evidence or {}),
    }


def _json_of(evidence: Mapping[str, Any]) -> str:
    return json.dumps(_whole(evidence), sort_keys=True, default=str)


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, Mapping):
        return {whole(str(name)): _whole(inner) for name, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list | tuple) else value


def _entry(row: Mapping[str, Any]) -> Entry:
    values = dict(row)
    at = _utc(values.pop("happened_at"))
    return Entry(at=at, **(values | {"evidence": json.loads(values["evidence"])}))
