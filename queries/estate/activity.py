"""What was done to an endpoint and what is in it, by the Activity Log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from queries.store import library
from queries.store.append import aware_utc


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that took effect; `operation` is created, changed or deleted.

    `deployment` is in lower case, None: it was on the endpoint, or deleted its workspace. The maps
    give percent by deployment, None where the log does not hold the request.
    """

    operation: str
    deployment: str | None
    started_at: datetime
    happened_at: datetime
    changed_by: str | None
    traffic: Mapping[str, float] | None
    mirror: Mapping[str, float] | None

    @property
    def is_of_all(self) -> bool:
        """Whether it ended the endpoint with everything in it."""
        return self.deployment is None and self.operation == "deleted"

    def overlaps(self, since: datetime, until: datetime) -> bool:
        """Whether some of it lies after one look and before the next."""
        return self.happened_at > since and self.started_at <= until


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done to one endpoint, oldest first, and which times of the log were read whole."""

    operations: tuple[Operation, ...] = ()
    spans: tuple[tuple[datetime, datetime], ...] = ()

    def between(self, since: datetime, until: datetime) -> list[Operation]:
        """The operations of a time."""
        return [one for one in self.operations if one.overlaps(since, until)]

    def covers(self, since: datetime, until: datetime) -> bool:
        """Whether the log of that whole time was read."""
        reached = since
        for first_at, last_at in self.spans:
            if first_at <= reached:
                reached = max(reached, last_at)
        return reached >= until


def activity_of(connection: duckdb.DuckDBPyConnection, endpoint_key: str) -> Activity:
    """Everything that is known of one endpoint."""
    values = {"endpoint_key": endpoint_key}
    rows = library.ask(connection, "activity_of_endpoint", values)
    spans = library.ask(connection, "activity_spans", values)
    return Activity(
        tuple(_operation(row) for row in rows),
        tuple((_time(row["first_at"]), _time(row["last_at"])) for row in spans),
    )


def only_doer(candidates: Sequence[Operation]) -> tuple[datetime | None, str | None]:
    """When and by whom, as far as it can have been no other of these."""
    if len(candidates) == 1:
        return candidates[0].happened_at, candidates[0].changed_by
    people = {one.changed_by for one in candidates}
    return None, people.pop() if len(people) == 1 else None


def newest(operations: Iterable[Operation]) -> Operation | None:
    """The one that ended last."""
    return max(operations, key=lambda one: one.happened_at, default=None)


def _operation(row: Mapping[str, Any]) -> Operation:
    times = {name: _time(row[name]) for name in ("started_at", "happened_at")}
    maps = {name: json.loads(row[name]) if row[name] else None for name in ("traffic", "mirror")}
    return Operation(**{**row, **times, **maps})


def _time(moment: datetime) -> datetime:
    aware = aware_utc(moment)
    assert aware is not None
    return aware
