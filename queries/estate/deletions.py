"""Deletions that are still watched: what was reported of them, and what the metrics count since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from queries.store import library
from queries.store.append import as_text, naive_utc
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class WatchedDeletion:
    """A deployment that was deleted and is gone, and what the journal's watch told of it last."""

    deployment_key: str
    target: str
    deleted_at: datetime
    watched_at: datetime | None
    reported: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests that the metrics of an endpoint count for a deployment, the last on `last_day`."""

    requests: int
    last_day: date


def deletions_to_watch(store: Store, snapshot_id: str, since: datetime) -> list[WatchedDeletion]:
    """The deletions since then whose endpoint a snapshot saw without them, newest first."""
    values = {"snapshot_id": snapshot_id, "since": naive_utc(since)}
    with store.reading() as connection:
        rows = library.ask(connection, "deletions_to_watch", values)
    return [
        WatchedDeletion(
            row["deployment_key"],
            row["target"],
            row["deleted_at"].replace(tzinfo=UTC),
            None if row["watched_at"] is None else row["watched_at"].replace(tzinfo=UTC),
            json.loads(row["reported"] or "{}"),
        )
        for row in rows
    ]


def requests_after(store: Store, deletions: Sequence[WatchedDeletion]) -> dict[str, Requests]:
    """What was asked of deployments after their deletion, by their keys; none: no entry."""
    given = [{"deployment_key": d.deployment_key, "deleted_at": d.deleted_at} for d in deletions]
    values = {"deletions": json.dumps(given, default=as_text)}
    with store.reading() as connection:
        rows = library.ask(connection, "requests_after_deletion", values)
    return {row["deployment_key"]: Requests(row["requests"], row["last_day"]) for row in rows}
