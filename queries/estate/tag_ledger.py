"""The ledger of tags: what was written to each deployment, and what of it is there no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class DriftRow:
    """A written tag that the newest snapshot found otherwise. `found` None: it is lost.

    `was_recreated` tells whether the deployment is a later one of the same name; None: unknown.
    """

    deployment_key: str
    name: str
    value: str
    found: str | None
    written_at: datetime
    written_by: str
    missing_since: datetime | None
    tagged_created_at: datetime | None
    was_recreated: bool | None


@dataclass(frozen=True, slots=True)
class WrittenTag:
    """One tag that was set, or removed (`value` None)."""

    written_at: datetime
    name: str
    value: str | None
    written_by: str
    action: str
    reason: str | None


def tag_drift(store: Store) -> list[DriftRow]:
    """Every written tag that is lost or changed, by deployment and name."""
    with store.reading() as connection:
        rows = library.ask(connection, "tag_drift")
    times = ("written_at", "missing_since", "tagged_created_at")
    return [DriftRow(**_aware(row, *times)) for row in rows]


def tags_written(store: Store, deployment_key: str) -> list[WrittenTag]:
    """All that was ever written to a deployment, oldest first."""
    with store.reading() as connection:
        rows = library.ask(connection, "tags_written", {"deployment_key": deployment_key})
    return [WrittenTag(**_aware(row, "written_at")) for row in rows]


def _aware(row: dict[str, Any], *times: str) -> dict[str, Any]:
    return row | {name: aware_utc(row[name]) for name in times}
