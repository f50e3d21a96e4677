"""Watches what was deleted: whoever still calls it is journalled, for those who have to know.

After a snapshot, and without a request of its own for the metrics: an endpoint's split by
deployment names those that are gone too. The traffic log is asked only where the archive of the
deletion says to which workspace it goes, once for each of the newest deletions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from actions import journal
from actions.archive.reading import Archive, ArchiveFailure, definitions_in
from actions.archive.writing import archives_of
from actions.session import Session
from collectors.connection.reading import Reader
from collectors.inventory.resources import parent, part
from collectors.logs.callers import Callers, ask_callers
from collectors.logs.traffic_log import TrafficLog, traffic_log_of
from collectors.records import Progress, ReadError, key_of
from collectors.sources import TRAFFIC_LOG
from queries.estate.deletions import Requests, WatchedDeletion, deletions_to_watch, requests_after

WATCHED = timedelta(days=30)
MOST_QUERIES = 20
MOST_CALLERS = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """What names a deployment after its deletion: requests in the metrics, calls in the log."""

    deletion: WatchedDeletion
    metrics: Requests | None
    log: Callers | None

    @property
    def requests(self) -> int:
        """Requests that the metrics count, never fewer than were reported before."""
        counted = 0 if self.metrics is None else self.metrics.requests
        return max(counted, int(self.deletion.reported.get("requests") or 0))

    @property
    def logged_calls(self) -> int:
        """Calls in the traffic log, never fewer than were reported before."""
        counted = 0 if self.log is None else sum(one.calls for one in self.log.calls)
        return max(counted, int(self.deletion.reported.get("logged_calls") or 0))

    @property
    def refused(self) -> str | None:
        """Why the traffic log could not be read; None: it was, or was not asked."""
        return None if self.log is None else self.log.refused


@dataclass(frozen=True, slots=True)
class Watched:
    """A sentence for each deletion of which more is known, and what could not be read."""

    sentences: tuple[str, ...] = ()
    read_errors: tuple[ReadError, ...] = ()


def watch(session: Session, reader: Reader, snapshot_id: str, progress: Progress) -> Watched:
    """Journal what is called after its deletion, at most once a day each. Raises Stopped."""
    now = session.now()
    deletions = [
        deletion
        for deletion in deletions_to_watch(session.store, snapshot_id, now - WATCHED)
        if deletion.watched_at is None or deletion.watched_at.date() != now.date()
    ]
    if not deletions:
        return Watched()
    counted = requests_after(session.store, deletions)
    logs = _ask_logs(session, reader, deletions[:MOST_QUERIES], progress)
    seen = [
        Seen(deletion, counted.get(deletion.deployment_key), logs.get(deletion.deployment_key))
        for deletion in deletions
    ]
    return Watched(
        tuple(sentence for one in seen for sentence in _journalled(session, one)),
        tuple(
            ReadError(TRAFFIC_LOG.name, _path(one.deletion.target), "Unread", one.refused)
            for one in seen
            if one.refused is not None
        ),
    )


def _journalled(session: Session, seen: Seen) -> Iterator[str]:
    outcome = _outcome(seen)
    if outcome is not None:
        target, sentence = seen.deletion.target, _sentence(seen, outcome)
        journal.note(session, "watch", target, outcome, sentence, evidence=_evidence(seen))
        yield f"{_path(target)} {sentence}"


def _outcome(seen: Seen) -> str | None:
    """`called` where more is known than was reported, `unread` where the log refuses; else None."""
    before = seen.deletion.reported
    more = seen.requests > int(before.get("requests") or 0)
    if more or seen.logged_calls > int(before.get("logged_calls") or 0):
        return "called"
    if seen.refused is not None and before.get("refused") is None:
        return "unread"
    return None


def _ask_logs(
    session: Session, reader: Reader, deletions: Sequence[WatchedDeletion], progress: Progress
) -> dict[str, Callers]:
    """What the traffic logs cover these deletions, by key; a log that refuses is left alone."""
    logs = _traffic_logs(session, deletions)
    found: dict[str, Callers] = {}
    refused: dict[TrafficLog, Callers] = {}
    asked = [deletion for deletion in deletions if deletion.deployment_key in logs]
    for done, deletion in enumerate(asked, start=1):
        log = logs[deletion.deployment_key]
        answer = refused.get(log) or _ask(session, reader, deletion, log)
        if answer.refused is not None and not answer.calls:
            refused[log] = answer
        found[deletion.deployment_key] = answer
        progress(TRAFFIC_LOG.name, done, len(asked))
    return found


def _ask(session: Session, reader: Reader, deletion: WatchedDeletion, log: TrafficLog) -> Callers:
    name, now = part(deletion.target, "deployments"), session.now()
    return ask_callers(reader, log, parent(deletion.target), name, deletion.deleted_at, now)


def _traffic_logs(session: Session, deletions: Sequence[WatchedDeletion]) -> dict[str, TrafficLog]:
    """Where the archives of these deletions say that the traffic log goes, one workspace each.

    What went with its endpoint has the endpoint's archive.
    """
    newest: dict[str, Archive] = {}
    with suppress(ArchiveFailure):  # out of reach: nothing is known of where calls are noted
        for archive in archives_of(session)[0]:
            newest.setdefault(key_of(archive.target), archive)
    logs: dict[str, TrafficLog] = {}
    for deletion in deletions:
        key = deletion.deployment_key
        kept = newest.get(key) or newest.get(parent(key))
        if kept is not None:
            logs[key] = TrafficLog(_archived_log(kept).workspace_ids[:1])
    return {key: log for key, log in logs.items() if log.is_sent}


def _archived_log(archive: Archive) -> TrafficLog:
    try:
        definitions, _versions = definitions_in(archive.folder)
    except ArchiveFailure:
        return TrafficLog()
    return traffic_log_of(definitions.diagnostics or ())


def _sentence(seen: Seen, outcome: str) -> str:
    since = f"was deleted on {seen.deletion.deleted_at:%Y-%m-%d}"
    if outcome == "unread":
        return f"{since}; whether it is still called could not be read: {seen.refused}"
    parts = []
    if seen.metrics is not None:
        count, day = seen.metrics.requests, seen.metrics.last_day
        word = "request" if count == 1 else "requests"
        parts.append(f"{count} {word} in the metrics, the last on {day}")
    if seen.log is not None and seen.log.calls:
        parts.append(seen.log.summary)
    return f"{since} and is still called: {'; '.join(parts)}"


def _evidence(seen: Seen) -> Mapping[str, Any]:
    callers = () if seen.log is None else seen.log.calls
    return {
        "deleted_at": seen.deletion.deleted_at.isoformat(),
        "requests": seen.requests,
        "last_day": None if seen.metrics is None else seen.metrics.last_day.isoformat(),
        "logged_calls": seen.logged_calls,
        "last_call_at": callers[0].last_call_at.isoformat() if callers else None,
        "callers": [asdict(one) for one in callers[:MOST_CALLERS]],
        "refused": seen.refused,
    }


def _path(target: str) -> str:
    names = ("workspaces", "onlineEndpoints", "deployments")
    return "/".join(part(target, name) or "" for name in names)
