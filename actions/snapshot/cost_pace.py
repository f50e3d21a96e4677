"""Lets a run keep to the cost API's limits as if all runs on a store were one."""

from __future__ import annotations

from datetime import datetime, timedelta

from collectors.connection.pace import PER_SCOPE
from collectors.connection.reading import Reader
from queries.intake.cost_pace import CostPace, known_pace
from queries.store.file import Store


def recall_pace(store: Store, reader: Reader, now: datetime) -> None:
    """Let the queries of a moment ago count, another run's too, and what Azure asked it to wait."""
    known = known_pace(store, _limit_begins(now), now)
    for scope, sent_at in known.sent:
        reader.budget.remember(scope, max((now - sent_at).total_seconds(), 0.0))
    for waiting, until in known.waits:
        reader.budget.keep_quiet(waiting, (until - now).total_seconds())


def new_pace(reader: Reader, now: datetime) -> CostPace:
    """What was sent since this was last asked, refused queries too, and what is to wait."""
    return CostPace(
        _limit_begins(now),
        tuple(
            (scope, now - timedelta(seconds=ago)) for scope, ago in reader.budget.unreported_asks()
        ),
        tuple((scope, now + timedelta(seconds=left)) for scope, left in reader.budget.waits()),
    )


def _limit_begins(now: datetime) -> datetime:
    """Before this, no query counts against a limit any more."""
    return now - timedelta(seconds=PER_SCOPE[0][1])
