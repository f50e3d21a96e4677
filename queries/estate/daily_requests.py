"""Requests a day of the few deployments that somebody looks at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from queries.estate.rows import DeploymentRow
from queries.store import library
from queries.store.file import Store

Days = tuple[float | None, ...]
"""Of each UTC day, the oldest first; None is not known."""


def daily_requests(store: Store, rows: Collection[DeploymentRow]) -> dict[str, Days]:
    """The days of the window of each row and the running one, by deployment. StoreFailure.

    What was there before a deployment was made is another's of its name, and not known of this one.
    """
    if not rows:
        return {}
    values = {
        "deployment_keys": sorted({row.deployment_key for row in rows}),
        "first_day": min(_days_of(row)[0] for row in rows),
        "last_day": max(_days_of(row)[-1] for row in rows),
    }
    with store.reading() as connection:
        found = library.ask(connection, "daily_requests", values)
    known = {(each["deployment_key"], each["day"]): float(each["requests"]) for each in found}
    return {
        row.deployment_key: tuple(
            known.get((row.deployment_key, day)) if _is_its_own(row, day) else None
            for day in _days_of(row)
        )
        for row in rows
    }


def _days_of(row: DeploymentRow) -> Sequence[date]:
    last = row.as_of.date()
    return [last - timedelta(days=back) for back in range(row.window_days, -1, -1)]


def _is_its_own(row: DeploymentRow, day: date) -> bool:
    return row.created_at is None or day >= row.created_at.date()
