"""What the store knows that decides whether, and how, an age is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import Store


def creations_known(store: Store, deployment_keys: Sequence[str]) -> dict[str, datetime]:
    """The latest creation that any snapshot or guard read of these, by key; no key, none."""
    if not deployment_keys:
        return {}
    with store.reading() as connection:
        values = {"deployment_keys": list(deployment_keys)}
        rows = library.ask(connection, "creations_known", values)
    found = {row["deployment_key"]: aware_utc(row["created_at"]) for row in rows}
    return {key: created_at for key, created_at in found.items() if created_at is not None}


def endpoints_with_requests(
    store: Store, endpoint_keys: Sequence[str], window_first_day: date
) -> set[str]:
    """Which of these endpoints had a request on any deployment since that day."""
    if not endpoint_keys:
        return set()
    values = {"endpoint_keys": list(endpoint_keys), "window_first_day": window_first_day}
    with store.reading() as connection:
        rows = library.ask(connection, "endpoints_with_requests", values)
    return {row["endpoint_key"] for row in rows}
