"""Which deployment of an endpoint had a share of its traffic at a time, by the looks around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from queries.store import library
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class MapSeen:
    """The maps of an endpoint when it was looked at: percent, live and mirrored together.

    Names are in lower case; a name that is absent had no share.
    """

    seen_at: datetime
    shares: Mapping[str, float]


def maps_of(store: Store, endpoint_key: str) -> list[MapSeen]:
    """What every snapshot and guard saw of an endpoint, oldest first."""
    with store.reading() as connection:
        rows = library.ask(connection, "maps_of_endpoint", {"endpoint_key": endpoint_key})
    looks: dict[datetime, dict[str, float]] = {}
    for row in rows:
        seen = looks.setdefault(row["seen_at"].replace(tzinfo=UTC), {})
        if row["deployment"] is not None:
            seen[row["deployment"]] = seen.get(row["deployment"], 0.0) + row["percent"]
    return [MapSeen(seen_at, shares) for seen_at, shares in looks.items()]


def map_seen(seen_at: datetime, live: Mapping[str, float], mirror: Mapping[str, float]) -> MapSeen:
    """A look at the two maps as Azure reported them, names in any case."""
    found: dict[str, float] = {}
    for name, percent in (*live.items(), *mirror.items()):
        found[name.lower()] = found.get(name.lower(), 0.0) + percent
    return MapSeen(seen_at, found)


def had_share(maps: Sequence[MapSeen], deployment: str, at: datetime) -> bool | None:
    """Whether a deployment had a share: by the looks before and after, where those two agree."""
    before = [seen for seen in maps if seen.seen_at <= at][-1:]
    after = [seen for seen in maps if seen.seen_at >= at][:1]
    held = {seen.shares.get(deployment.lower(), 0.0) > 0 for seen in (*before, *after)}
    return held.pop() if before and after and len(held) == 1 else None
