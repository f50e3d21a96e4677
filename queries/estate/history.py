"""Who served what share of an endpoint, and when: as far as our snapshots saw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from queries.estate.activity import Activity, Operation, activity_of, newest, only_doer
from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class EndpointSeen:
    """An endpoint that some snapshot saw; it may be deleted since."""

    endpoint_key: str
    id: str
    workspace: str
    endpoint: str

    @property
    def path(self) -> str:
        """`workspace/endpoint`."""
        return f"{self.workspace}/{self.endpoint}"


@dataclass(frozen=True, slots=True)
class TrafficPeriod:
    """A time in which every snapshot saw one deployment with the same model and the same share.

    Percents are 0 to 100, None where the endpoint's map was not reported. `seen_until` is the last
    snapshot that saw it so, `next_seen_at` the one after that (None: there is none yet); what
    happened between two snapshots was not seen, `longest_gap_hours` tells the longest such time.
    `requests` is the sum over the `request_days` whole UTC days of the period that have a value.
    `ended_at`, `ended_by`: when and by whom it ended, where the Activity Log says so.
    """

    deployment: str
    is_there: bool
    model: str | None
    environment: str | None
    instance_type: str | None
    instance_count: int | None
    created_at: datetime | None
    live_percent: float | None
    mirror_percent: float | None
    seen_from: datetime
    seen_until: datetime
    next_seen_at: datetime | None
    snapshots: int
    longest_gap_hours: float | None
    requests: float | None
    request_days: int
    ended_at: datetime | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class Maps:
    """The shares of an endpoint from a time on, in percent by deployment; none of them is 0.

    `until` is the last snapshot that saw them, `gone` names who is not there any more.
    """

    since: datetime
    until: datetime
    live: Mapping[str, float]
    mirror: Mapping[str, float]
    gone: tuple[str, ...]


def maps_over(traffic_periods: Sequence[TrafficPeriod]) -> list[Maps]:
    """The maps that an endpoint had one after another; one that was not reported is left out."""
    there = {one.deployment for one in traffic_periods if one.is_there and one.next_seen_at is None}
    found: list[Maps] = []
    for since in sorted({one.seen_from for one in traffic_periods}):
        held = [one for one in traffic_periods if one.seen_from <= since <= one.seen_until]
        if any(one.live_percent is None or one.mirror_percent is None for one in held):
            continue
        live = {one.deployment: one.live_percent for one in held if one.live_percent}
        mirror = {one.deployment: one.mirror_percent for one in held if one.mirror_percent}
        until = min(one.seen_until for one in held)
        gone = tuple(sorted((live.keys() | mirror.keys()) - there))
        if found and (found[-1].live, found[-1].mirror) == (live, mirror):
            found[-1] = replace(found[-1], until=until, gone=gone)
        else:
            found.append(Maps(since, until, live, mirror, gone))
    return found


def done_to(store: Store, endpoint_key: str) -> tuple[Operation, ...]:
    """What was done to an endpoint and what is in it, oldest first, by the Activity Log."""
    with store.reading() as connection:
        return activity_of(connection, endpoint_key).operations


def endpoints_ever(store: Store) -> list[EndpointSeen]:
    """Every endpoint of the store's history, deleted ones too."""
    with store.reading() as connection:
        rows = library.ask(connection, "endpoints_ever")
    return [EndpointSeen(**(row | {"id": row["id"] or row["endpoint_key"]})) for row in rows]


def traffic_periods_of(store: Store, endpoint_key: str) -> list[TrafficPeriod]:
    """What each deployment of an endpoint was and held over time, oldest first."""
    with store.reading() as connection:
        rows = library.ask(
            connection, "traffic_periods_of_endpoint", {"endpoint_key": endpoint_key}
        )
        activity = activity_of(connection, endpoint_key)
    times = ("created_at", "seen_from", "seen_until", "next_seen_at")
    typed = [row | {name: aware_utc(row[name]) for name in times} for row in rows]
    periods = [TrafficPeriod(**row) for row in typed]
    return [_with_end(period, periods, activity) for period in periods]


def _with_end(
    period: TrafficPeriod, periods: Sequence[TrafficPeriod], activity: Activity
) -> TrafficPeriod:
    if period.next_seen_at is None:
        return period
    name = period.deployment.lower()
    following = next(
        (
            one
            for one in periods
            if one.deployment.lower() == name and one.seen_from == period.next_seen_at
        ),
        None,
    )
    done = activity.between(period.seen_until, period.next_seen_at)
    ended_at, ended_by = _end(period, following, name, done)
    return replace(period, ended_at=ended_at, ended_by=ended_by)


def _end(
    period: TrafficPeriod, following: TrafficPeriod | None, name: str, done: Sequence[Operation]
) -> tuple[datetime | None, str | None]:
    """The deletion of what is gone, the write that moved its share, or the one that changed it."""
    if following is None or (period.is_there and not following.is_there):
        gone = [one for one in done if one.operation == "deleted"]
        last = newest(one for one in gone if one.deployment in (None, name))
        return (last.happened_at, last.changed_by) if last else (None, None)
    writes = [one for one in done if one.operation != "deleted"]
    shares = (period.live_percent, period.mirror_percent)
    if shares == (following.live_percent, following.mirror_percent):
        return only_doer([one for one in writes if one.deployment == name])
    moved = [one for one in writes if one.deployment is None]
    fitting = newest(one for one in moved if _share(one, name) == following.live_percent)
    if fitting is not None:
        return fitting.happened_at, fitting.changed_by
    return only_doer([one for one in moved if one.traffic is None])


def _share(operation: Operation, name: str) -> float | None:
    """What the map of a request gives a deployment; None: the log does not hold it."""
    if operation.traffic is None:
        return None
    return sum(percent for spelt, percent in operation.traffic.items() if spelt.lower() == name)
