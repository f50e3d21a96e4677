"""Takes a snapshot: collects a scope, keeps it, judges it; every face of the product shares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions.snapshot.ages import settle_ages
from actions.snapshot.metrics import Clock, daily_questions, gather_metrics, hourly_questions
from actions.snapshot.money import gather_money
from actions.snapshot.request import Occasion
from collectors.connection.reading import Reader
from collectors.inventory.endpoint import read_endpoint
from collectors.inventory.inventory import Progress, read_inventory
from collectors.inventory.locks import read_locks
from collectors.metrics.questions import MetricQuestion
from collectors.records import Hole, Inventory
from queries.intake.snapshots import Begun, Ending, abandon, begin, complete
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
    store: Store, reader: Reader, occasion: Occasion, now: Clock, progress: Progress
) -> SnapshotReport:
    """Collect the scope and judge it. What could not be read is named in `errors`.

    Metric values are kept as they come, so that a stopped snapshot can be resumed; the rest is
    written whole at the end. Raises AzureFailure where nothing could be read at all, Stopped
    when the reader was told to stop.
    """
    begun = begin(store, occasion.cloud, occasion.tenant_id, occasion.policy, occasion.kind, now())
    try:
        found = _inventory(reader, occasion, progress)
        holes = list(found.holes)
        questions = _questions(store, found, occasion, begun.started_at)
        holes += gather_metrics(store, reader, begun.snapshot_id, questions, now, progress)
        found, doubts = settle_ages(store, reader, found, occasion.policy, begun.started_at)
        holes += doubts
        if occasion.money is not None:
            holes += gather_money(
                store, reader, begun.snapshot_id, found, occasion.money, now, progress
            )
    except BaseException:
        abandon(store, begun.snapshot_id)
        raise
    report = _report(reader, begun, found, holes, max(now(), begun.started_at))
    ending = Ending(report.status, report.finished_at, report.requests, report.throttled)
    complete(store, begun, found, report.errors, ending)
    return report


def _inventory(reader: Reader, occasion: Occasion, progress: Progress) -> Inventory:
    if occasion.kind == "guard":
        assert occasion.scope.endpoint is not None
        found = read_endpoint(reader, occasion.scope.endpoint)
    else:
        found = read_inventory(reader, occasion.scope, progress)
    holders = sorted(
        {w.subscription_id for w in found.workspaces}
        | {d.subscription_id for d in found.deployments}
    )
    progress("locks", 0, len(holders))
    locks, reads, holes = read_locks(reader, holders)
    return replace(
        found,
        locks=tuple(locks),
        reads=(*found.reads, *reads),
        holes=(*found.holes, *holes),
    )


def _questions(
    store: Store, found: Inventory, occasion: Occasion, started_at: datetime
) -> Sequence[MetricQuestion]:
    if occasion.kind == "guard":
        return hourly_questions(found, occasion.policy, started_at)
    return daily_questions(store, found, occasion.policy, started_at, resume=occasion.resume)


def _report(
    reader: Reader, begun: Begun, found: Inventory, holes: Sequence[Hole], finished_at: datetime
) -> SnapshotReport:
    return SnapshotReport(
        snapshot_id=begun.snapshot_id,
        started_at=begun.started_at,
        finished_at=finished_at,
        status="partial" if holes else "complete",
        workspaces=len(found.workspaces),
        endpoints=len(found.endpoints),
        deployments=len(found.deployments),
        requests=reader.tally.sent,
        throttled=reader.tally.throttled,
        errors=tuple(dict.fromkeys(holes)),
    )
