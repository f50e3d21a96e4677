"""What the store knows that decides whether, and how, an age is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from queries.store import library
from queries.store.append import aware_utc, naive_utc
from queries.store.file import Store


def earlier_readings(
    store: Store, reported: Mapping[str, datetime], same_within: timedelta
) -> dict[str, datetime]:
    """By deployment key, the creation that counts in place of the one that is reported now.

    That is the latest that any snapshot or guard read, where the reported one is no later by
    `same_within` or more. Those that agree are left out.
    """
    if not reported:
        return {}
    values = {
        "deployment_keys": list(reported),
        "reported": [naive_utc(moment) for moment in reported.values()],
        "same_within_seconds": same_within.total_seconds(),
    }
    with store.reading() as connection:
        rows = library.ask(connection, "earlier_readings", values)
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
