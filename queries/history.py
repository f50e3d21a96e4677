"""Who served what share of an endpoint, and when: as far as our snapshots saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queries import library
from queries.append import aware_utc
from queries.store import Store


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
class Stretch:
    """A time in which every snapshot saw one deployment with the same model and the same share.

    Percents are 0 to 100, None where the endpoint's map was not told. `seen_until` is the last
    snapshot that saw it so, `next_seen_at` the one after that (None: there is none yet); what
    happened between two snapshots was not seen, `longest_gap_hours` tells the longest such time.
    `requests` is the sum over the `request_days` whole UTC days of the stretch that have a value.
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


def endpoints_ever(store: Store) -> list[EndpointSeen]:
    """Every endpoint of the store's history, deleted ones too."""
    with store.reading() as connection:
        rows = library.ask(connection, "endpoints_ever")
    return [EndpointSeen(**(row | {"id": row["id"] or row["endpoint_key"]})) for row in rows]


def stretches_of(store: Store, endpoint_key: str) -> list[Stretch]:
    """What each deployment of an endpoint was and held over time, oldest first."""
    with store.reading() as connection:
        rows = library.ask(connection, "stretches_of_endpoint", {"endpoint_key": endpoint_key})
    times = ("created_at", "seen_from", "seen_until", "next_seen_at")
    told = [row | {name: aware_utc(row[name]) for name in times} for row in rows]
    return [Stretch(**row) for row in told]
