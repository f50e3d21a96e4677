"""Asks the Activity Log for what was done since it was last read; no verdict rests on it."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.snapshot.run import Run
from collectors.activity.log import read_activity
from collectors.connection.errors import AzureFailure
from collectors.records import ActivityEvent, Inventory, ReadError
from collectors.sources import ACTIVITY_LOG
from queries.intake.activity import activity_read_until, keep_activity, note_activity_read

# Azure keeps 90 days and refuses a start before them (azure.md A100).
LONGEST = timedelta(days=89)
# How late an event may be submitted: what was read is asked again for so long.
OVERLAP = timedelta(hours=6)
EVENTS_AT_ONCE = 2000


def gather_activity(run: Run, found: Inventory) -> list[ReadError]:
    """Keep the events of the subscriptions that hold something, as they come.

    A subscription whose log refuses is a read error, and is asked from the same time on again.
    """
    holders = {w.subscription_id.lower(): w.subscription_id for w in found.workspaces}
    known = activity_read_until(run.store)
    read_errors: list[ReadError] = []
    for done, (folded, subscription_id) in enumerate(sorted(holders.items())):
        run.progress(ACTIVITY_LOG.name, done, len(holders))
        try:
            _keep(run, subscription_id, known.get(folded))
        except AzureFailure as failure:
            read_errors.append(
                ReadError(ACTIVITY_LOG.name, subscription_id, failure.code, failure.message)
            )
    run.progress(ACTIVITY_LOG.name, len(holders), len(holders))
    return read_errors


def _keep(run: Run, subscription_id: str, read_until: datetime | None) -> None:
    until = run.now()
    since = until - LONGEST
    if read_until is not None:
        since = max(since, read_until - OVERLAP)
    part: list[ActivityEvent] = []
    try:
        for event in read_activity(run.reader, subscription_id, since, until):
            part.append(event)
            if len(part) == EVENTS_AT_ONCE:
                keep_activity(run.store, part)
                part.clear()
    finally:
        keep_activity(run.store, part)  # what was understood is kept, whatever came after it
    note_activity_read(run.store, subscription_id, since, until, run.now())
