"""What the store holds that is not shown yet, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.records import counted

if TYPE_CHECKING:
    from datetime import datetime

    from queries.estate.rows import Newest


def news_between(shown: Newest, newest: Newest, now: datetime) -> str | None:
    """`newer snapshot of 06:02`; None where both are the same. The weightiest alone is named."""
    if newest == shown:
        return None
    if newest.snapshot_id != shown.snapshot_id and newest.taken_at is not None:
        age = "newer" if shown.taken_at is None or newest.taken_at > shown.taken_at else "another"
        return f"{age} snapshot of {_when(newest.taken_at, now)}"
    if newest.bill_read_at != shown.bill_read_at:
        return "newer bill"
    added = newest.journal_entries - shown.journal_entries
    return counted(added, "new journal entry", "new journal entries") if added > 0 else "a change"


def is_of_journal_alone(shown: Newest, newest: Newest) -> bool:
    """Whether no deployment can look any different by it."""
    return (newest.snapshot_id, newest.bill_read_at) == (shown.snapshot_id, shown.bill_read_at)


def _when(moment: datetime, now: datetime) -> str:
    day = "" if moment.date() == now.date() else f"{moment.day} {moment:%b} "
    return f"{day}{moment:%H:%M}"
