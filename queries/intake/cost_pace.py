"""What of the cost API's limits outlives a run: queries of a moment ago, and waits asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from queries.store import library
from queries.store.append import append, aware_utc, naive_utc
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class CostPace:
    """Cost queries by scope and when they were sent, and waits by scope (None: any) and their end.

    `counts_since`: a query sent before it counts against no limit any more.
    """

    counts_since: datetime
    sent: tuple[tuple[str, datetime], ...] = ()
    waits: tuple[tuple[str | None, datetime], ...] = ()


def known_pace(store: Store, counts_since: datetime, now: datetime) -> CostPace:
    """What runs on this store sent and were asked to wait, as far as it still counts."""
    with store.reading() as connection:
        since = {"since": naive_utc(counts_since)}
        sent = library.ask(connection, "recent_cost_queries", since)
        waits = library.ask(connection, "cost_waits", {"now": naive_utc(now)})
    return CostPace(
        counts_since,
        tuple((row["scope"], _aware(row["sent_at"])) for row in sent),
        tuple((row["scope"], _aware(row["until"])) for row in waits),
    )


def keep_pace(store: Store, pace: CostPace, now: datetime) -> None:
    """Keep for the run after this one what was sent, refused queries too, and what is to wait."""
    with store.noting() as connection:
        add_pace(connection, pace, now)


def add_pace(connection: duckdb.DuckDBPyConnection, pace: CostPace, now: datetime) -> None:
    """Do what `keep_pace` does, within a write that is open; what is over is forgotten."""
    library.do(connection, "forget_cost_queries", {"since": naive_utc(pace.counts_since)})
    library.do(connection, "forget_cost_waits", {"now": naive_utc(now)})
    sent = ({"scope": scope, "sent_at": sent_at} for scope, sent_at in pace.sent)
    waits = ({"scope": scope, "until": until} for scope, until in pace.waits)
    append(connection, "cost_queries", sent)
    append(connection, "cost_waits", waits)


def _aware(moment: datetime) -> datetime:
    aware = aware_utc(moment)
    assert aware is not None
    return aware
