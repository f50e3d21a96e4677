"""Takes a snapshot and looks after what was deleted: the flow of every face of the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from actions.session import Session
from actions.snapshot.named import checked
from actions.snapshot.request import SnapshotRequest
from actions.snapshot.take import SnapshotReport, take_snapshot
from actions.snapshot.watch import watch
from collectors.connection.errors import Stopped
from collectors.connection.patience import Stop
from collectors.records import Progress
from queries.estate.azure_facts import contradictions_since


def collect(
    session: Session,
    snapshot_request: SnapshotRequest,
    stop: Stop,
    progress: Progress,
    throttled: Callable[[str, float], None],
    show: Callable[[str], None] = lambda _sentence: None,
) -> SnapshotReport:
    """Take a snapshot; `show` what is still called after its deletion (journalled), and once what
    the tenant contradicts of the facts of Azure.

    A traffic log that refuses makes the report partial, though the snapshot itself is whole.
    Raises what `take_snapshot` raises, and NoSuchScope for a slip in what was named; whoever stops
    it after that has the whole snapshot.
    """
    with session.reader(stop, throttled) as reader:
        if snapshot_request.is_named:
            scope = checked(session.store, reader, snapshot_request.scope)
            snapshot_request = replace(snapshot_request, scope=scope)
        report = take_snapshot(session.store, reader, snapshot_request, session.now, progress)
        for sentence in contradictions_since(session.store, report.started_at):
            show(sentence)
        try:
            watched = watch(session, reader, report.snapshot_id, progress)
        except Stopped:
            return report
        for sentence in watched.sentences:
            show(sentence)
        return replace(
            report,
            requests=reader.tally.sent,
            throttled=reader.tally.throttled,
            status="partial" if watched.read_errors else report.status,
            errors=(*report.errors, *watched.read_errors),
        )
