"""Takes a snapshot: collects a scope, keeps it, judges it; every face of the product shares it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions.snapshot.ages import settle_ages
from actions.snapshot.metrics import daily_questions, gather_metrics, hourly_questions
from actions.snapshot.money import gather_money
from actions.snapshot.request import Occasion
from actions.snapshot.run import Run
from collectors.connection.reading import Reader
from collectors.inventory.endpoint import read_endpoint
from collectors.inventory.inventory import read_inventory
from collectors.inventory.locks import read_locks
from collectors.metrics.questions import MetricQuestion
from collectors.records import Hole, Inventory, Progress
from collectors.sources import LOCKS
from queries.intake.snapshots import (
    SnapshotEnding,
    abandon_snapshot,
    begin_snapshot,
    complete_snapshot,
)
from queries.store.file import Store


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
    errors: tuple[Hole, ...]


def take_snapshot(
    store: Store,
    reader: Reader,
    occasion: Occasion,
    now: Callable[[], datetime],
    progress: Progress,
) -> SnapshotReport:
    """Collect the scope and judge it. What could not be read is named in `errors`.

    Metric values are kept as they come, so that a stopped snapshot can be resumed; the rest is
    written whole at the end. Raises AzureFailure where nothing could be read at all, Stopped
    when the reader was told to stop.
    """
    own = (occasion.cloud, occasion.tenant_id, occasion.policy, occasion.kind)
    begun = begin_snapshot(store, *own, now())
    run = Run(store, reader, begun, now, progress)
    try:
        found, holes = _collect(run, occasion)
    except BaseException:
        abandon_snapshot(store, begun.snapshot_id)
        raise
    report = _report(run, found, holes)
    ending = SnapshotEnding(report.status, report.finished_at, report.requests, report.throttled)
    complete_snapshot(store, begun, found, report.errors, ending)
    return report


def _collect(run: Run, occasion: Occasion) -> tuple[Inventory, list[Hole]]:
    """What there is, ages and all, and what could not be read of it or of what is kept of it."""
    found = _inventory(run, occasion)
    holes = list(found.holes)
    holes += gather_metrics(run, _questions(run, found, occasion))
    found, doubts = settle_ages(run, found, occasion.policy)
    holes += doubts
    if occasion.money is not None:
        holes += gather_money(run, found, occasion.money)
    return found, holes


def _inventory(run: Run, occasion: Occasion) -> Inventory:
    if occasion.kind == "guard":
        assert occasion.scope.endpoint is not None
        found = read_endpoint(run.reader, occasion.scope.endpoint)
    else:
        found = read_inventory(run.reader, occasion.scope, run.progress)
    holders = sorted(
        {w.subscription_id for w in found.workspaces}
        | {d.subscription_id for d in found.deployments}
    )
    run.progress(LOCKS.name, 0, len(holders))
    locks, reads, holes = read_locks(run.reader, holders)
    return replace(
        found,
        locks=tuple(locks),
        reads=(*found.reads, *reads),
        holes=(*found.holes, *holes),
    )


def _questions(run: Run, found: Inventory, occasion: Occasion) -> Sequence[MetricQuestion]:
    started_at = run.begun.started_at
    if occasion.kind == "guard":
        return hourly_questions(found, occasion.policy, started_at)
    with run.store.reading():  # one opening of the file for all sources
        return daily_questions(
            run.store, found, occasion.policy, started_at, resume=occasion.resume
        )


def _report(run: Run, found: Inventory, holes: Sequence[Hole]) -> SnapshotReport:
    return SnapshotReport(
        snapshot_id=run.begun.snapshot_id,
        started_at=run.begun.started_at,
        finished_at=max(run.now(), run.begun.started_at),
        status="partial" if holes else "complete",
        workspaces=len(found.workspaces),
        endpoints=len(found.endpoints),
        deployments=len(found.deployments),
        requests=run.reader.tally.sent,
        throttled=run.reader.tally.throttled,
        errors=tuple(dict.fromkeys(holes)),
    )
