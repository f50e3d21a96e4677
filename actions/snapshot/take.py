"""Takes a snapshot: collects a scope, keeps it, judges it; every face of the product shares it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions.facts import first_contact, look_at_bill
from actions.snapshot.activity import gather_activity
from actions.snapshot.ages import list_ages, settle_ages
from actions.snapshot.metrics import (
    daily_questions,
    gather_metrics,
    hourly_questions,
    minute_questions,
)
from actions.snapshot.money import gather_money
from actions.snapshot.request import SnapshotRequest
from actions.snapshot.run import Run
from collectors.connection.clock import assert_clock
from collectors.connection.errors import Stopped
from collectors.connection.reading import Reader
from collectors.inventory.endpoint import read_endpoint
from collectors.inventory.inventory import read_inventory
from collectors.inventory.locks import read_locks
from collectors.metrics.questions import MetricQuestion
from collectors.records import Inventory, Progress, ReadError
from collectors.sources import LOCKS
from queries.intake.snapshots import (
    SnapshotEnding,
    abandon_snapshot,
    begin_snapshot,
    complete_snapshot,
)
from queries.store.file import Store
from queries.store.heads import keep_head
from queries.store.interrupting import Interrupted


@dataclass(frozen=True, slots=True)
class SnapshotReport:
    """What a snapshot came to (the fields of `mothball snapshot --format json`)."""

    snapshot_id: str
    started_at: datetime
    finished_at: datetime
    status: str
    workspaces: int
    endpoints: int
    deployments: int
    requests: Mapping[str, int]
    throttled: int
    errors: tuple[ReadError, ...]


def take_snapshot(
    store: Store,
    reader: Reader,
    snapshot_request: SnapshotRequest,
    now: Callable[[], datetime],
    progress: Progress,
) -> SnapshotReport:
    """Collect the scope and judge it. What could not be read is named in `errors`.

    Metric values are kept as they come, so that a stopped snapshot can be resumed; the rest is
    written whole at the end. Raises AzureFailure where nothing could be read at all, Stopped
    when the reader was asked to stop.
    """
    own = (
        snapshot_request.cloud,
        snapshot_request.tenant_id,
        snapshot_request.policy,
        snapshot_request.kind,
    )
    begun = begin_snapshot(store, *own, now())
    run = Run(store, reader, begun, now, progress)
    try:
        with store.stopped_by(reader.stop.is_set):
            report = _completed(run, snapshot_request)
    except Interrupted as error:
        abandon_snapshot(store, begun.snapshot_id)
        raise Stopped from error
    except BaseException:
        abandon_snapshot(store, begun.snapshot_id)
        raise
    if snapshot_request.kind != "guard":
        store.put_in_order(begun.started_at)
    return report


def _completed(run: Run, snapshot_request: SnapshotRequest) -> SnapshotReport:
    found, read_errors = _collect(run, snapshot_request)
    report = _report(run, found, read_errors)
    ending = SnapshotEnding(report.status, report.finished_at, report.requests, report.throttled)
    complete_snapshot(run.store, run.begun, found, report.errors, ending)
    if snapshot_request.kind != "guard":
        at, sign = report.finished_at, snapshot_request.sign
        keep_head(run.store, run.begun.snapshot_id, at, sign)
    return report


def _collect(run: Run, snapshot_request: SnapshotRequest) -> tuple[Inventory, list[ReadError]]:
    """What there is, ages and all, and what could not be read of it or of what is kept of it."""
    found = _inventory(run, snapshot_request)
    assert_clock(run.reader, run.now())
    is_first = snapshot_request.confirms_facts and first_contact(
        run.store, run.reader, found, run.now()
    )
    found, listed, refusals = list_ages(run, found, snapshot_request)
    read_errors = [*found.read_errors, *refusals]
    read_errors += gather_metrics(run, _questions(run, found, snapshot_request))
    found, doubts = settle_ages(run, found, listed, snapshot_request.policy)
    read_errors += doubts
    read_errors += _days_of_change(run, found, snapshot_request)
    if snapshot_request.kind != "guard":
        read_errors += gather_activity(run, found)
    if snapshot_request.money is not None:
        read_errors += gather_money(run, found, snapshot_request.money)
    if is_first:
        look_at_bill(run.store, found, run.now())
    return found, read_errors


def _inventory(run: Run, snapshot_request: SnapshotRequest) -> Inventory:
    if snapshot_request.kind == "guard":
        assert snapshot_request.scope.endpoint is not None
        found = read_endpoint(run.reader, snapshot_request.scope.endpoint)
    else:
        found = read_inventory(run.reader, snapshot_request.scope, run.progress)
    holders = sorted(
        {w.subscription_id for w in found.workspaces}
        | {d.subscription_id for d in found.deployments}
    )
    run.progress(LOCKS.name, 0, len(holders))
    locks, reads, read_errors = read_locks(run.reader, holders)
    return replace(
        found,
        locks=tuple(locks),
        reads=(*found.reads, *reads),
        read_errors=(*found.read_errors, *read_errors),
    )


def _questions(
    run: Run, found: Inventory, snapshot_request: SnapshotRequest
) -> Sequence[MetricQuestion]:
    started_at = run.begun.started_at
    if snapshot_request.kind == "guard":
        return hourly_questions(found, snapshot_request.policy, started_at)
    with run.store.reading():  # one opening of the file for all sources
        return daily_questions(
            run.store, found, snapshot_request.policy, started_at, resume=snapshot_request.resume
        )


def _days_of_change(
    run: Run, found: Inventory, snapshot_request: SnapshotRequest
) -> list[ReadError]:
    """The minutes of days that two deployments of one name share; a guard has hours of its own."""
    if snapshot_request.kind == "guard":
        return []
    questions = minute_questions(run.store, found, snapshot_request.policy, run.begun.started_at)
    return gather_metrics(run, questions) if questions else []


def _report(run: Run, found: Inventory, read_errors: Sequence[ReadError]) -> SnapshotReport:
    return SnapshotReport(
        snapshot_id=run.begun.snapshot_id,
        started_at=run.begun.started_at,
        finished_at=max(run.now(), run.begun.started_at),
        status="partial" if read_errors else "complete",
        workspaces=len(found.workspaces),
        endpoints=len(found.endpoints),
        deployments=len(found.deployments),
        requests=run.reader.tally.sent,
        throttled=run.reader.tally.throttled,
        errors=tuple(dict.fromkeys(read_errors)),
    )
