"""The Activity Log in: up to when it was read, and its events as operations, each once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from collectors.records import ActivityEvent
from queries.store import library
from queries.store.append import append, as_text, aware_utc, row_of
from queries.store.file import Store


def activity_read_until(store: Store) -> dict[str, datetime]:
    """Up to when each subscription's log was read whole, by its id in lower case."""
    with store.reading() as connection:
        rows = library.ask(connection, "activity_read_until")
    times = {row["subscription_id"]: aware_utc(row["last_at"]) for row in rows}
    return {subscription_id: at for subscription_id, at in times.items() if at is not None}


def keep_activity(store: Store, events: Sequence[ActivityEvent]) -> None:
    """Fold events into the operations that they belong to."""
    if events:
        text = json.dumps([_row(event) for event in events], default=as_text)
        with store.noting() as connection:
            library.do(connection, "fold_activity", {"events": text})
            library.do(connection, "keep_activity")


def note_activity_read(
    store: Store, subscription_id: str, first_at: datetime, last_at: datetime, read_at: datetime
) -> None:
    """Note that all events of that time were read."""
    row = {
        "subscription_id": subscription_id.lower(),
        "first_at": first_at,
        "last_at": last_at,
        "read_at": read_at,
    }
    with store.noting() as connection:
        append(connection, "activity_reads", [row])


def _row(event: ActivityEvent) -> dict[str, Any]:
    maps = {"traffic": event.traffic, "mirror": event.mirror}
    return row_of(event) | {
        name: None if shares is None else json.dumps(dict(shares)) for name, shares in maps.items()
    }
