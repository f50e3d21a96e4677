"""The facts that a verdict rests on, each with its state, source, window, coverage and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import Store

State = Literal["zero", "non-zero", "no data", "refused", "not asked"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. Only the state `zero` is a real zero.

    `told` is what is known, in words; None: nothing. `first_day` to `last_day` are the UTC days
    that it is asked about, `days_known` of `days_wanted` those that were answered for; all four
    are None where it is of one moment. `read_at` is when the newest of it came (None: never),
    `code` Azure's word for a refusal.
    """

    fact: str
    state: State
    told: str | None
    source: str
    first_day: date | None
    last_day: date | None
    days_known: int | None
    days_wanted: int | None
    read_at: datetime | None
    code: str | None


def facts_of(store: Store, deployment_key: str, snapshot_id: str) -> list[Fact]:
    """What the verdict of one snapshot on a deployment rests on; empty where it has none."""
    values = {"deployment_key": deployment_key, "snapshot_id": snapshot_id}
    with store.reading() as connection:
        rows = library.ask(connection, "facts_of_deployment", values)
    return [Fact(**_typed(row)) for row in rows]


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if name != "place"}
    return told | {"read_at": aware_utc(told["read_at"])}
