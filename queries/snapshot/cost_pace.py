"""What of the cost API's limits outlives a run: queries of a moment ago, and waits asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb

from collectors.connection.pace import PER_SCOPE
from collectors.connection.reading import Reader
from queries.store import library
from queries.store.append import append, naive_utc
from queries.store.file import Store


def recall_pace(store: Store, reader: Reader, now: datetime) -> None:
    """Let the queries of a moment ago count, another run's too, and what Azure asked it to wait."""
    with store.reading() as connection:
        sent = library.ask(connection, "recent_cost_queries", {"since": _limit_begins(now)})
        waits = library.ask(connection, "cost_waits", {"now": naive_utc(now)})
    for row in sent:
        seconds_ago = (now.replace(tzinfo=None) - row["sent_at"]).total_seconds()
        reader.budget.remember(row["scope"], max(seconds_ago, 0.0))
    for row in waits:
        seconds = (row["until"] - now.replace(tzinfo=None)).total_seconds()
        reader.budget.keep_quiet(row["scope"], seconds)


def note_pace(connection: duckdb.DuckDBPyConnection, reader: Reader, now: datetime) -> None:
    """Keep for the run after this one what was sent, refused queries too, and what is to wait."""
    library.do(connection, "forget_cost_queries", {"since": _limit_begins(now)})
    library.do(connection, "forget_cost_waits", {"now": naive_utc(now)})
    sent = [
        {"scope": scope, "sent_at": now - timedelta(seconds=seconds_ago)}
        for scope, seconds_ago in reader.budget.told()
    ]
    waits = [
        {"scope": scope, "until": now + timedelta(seconds=seconds)}
        for scope, seconds in reader.budget.waits()
    ]
    append(connection, "cost_queries", sent)
    append(connection, "cost_waits", waits)


def _limit_begins(now: datetime) -> datetime | None:
    """Before this, no query counts against a limit any more."""
    return naive_utc(now - timedelta(seconds=PER_SCOPE[0][1]))
