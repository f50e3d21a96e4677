"""May this be deleted, now? A fresh look at its endpoint, judged by the same SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from actions.deletion.checks import assets_check, checks_of, endpoint_checks_of, unknown_checks
from actions.deletion.last_look import Last
from actions.deletion.plan import Check, Deletion, PlannedTarget
from actions.deletion.restorable import restorable_checks
from actions.session import Session
from actions.snapshot.request import SnapshotRequest
from actions.snapshot.take import take_snapshot
from collectors.connection.errors import AzureFailure, Missing
from collectors.connection.reading import Reader
from collectors.inventory.assets import read_assets
from collectors.inventory.resources import parent
from collectors.inventory.scope import Scope
from collectors.logs.callers import read_callers
from collectors.records import key_of
from queries.estate import questions as estate
from queries.estate.rows import DeploymentRow

# Azure keeps 93 days; the guard asks all of its evidence anew.
LONGEST_WINDOW_DAYS = 92
FRESH_SECONDS = 60
Checks = tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Guarded:
    """The deletion with rows and checks as the guard found them, and when it began to look.

    A target that is not there keeps its planned row.
    """

    deletion: Deletion
    read_at: datetime


def guard(
    session: Session, reader: Reader, deletion: Deletion, definitions: Last | None
) -> Guarded:
    """Collect the endpoint afresh and judge it; what could not be read is unknown, never a pass.

    `definitions` are those that would be archived, where they could be read.
    """
    read_at = session.now()
    endpoint_id = deletion.id if deletion.of_endpoint else parent(deletion.id)
    try:
        snapshot_id = _collect(session, reader, endpoint_id)
    except Missing as failure:
        evidence = f"it is not there any more: {failure.message}"
        checks = _gone(deletion, evidence, "the endpoint is gone")
        return Guarded(deletion.each(lambda target: replace(target, checks=checks)), read_at)
    except AzureFailure as failure:
        why = f"could not be read: {failure.message} ({failure.code})"
        checks = unknown_checks(why, deletion.checks)
        return Guarded(deletion.each(lambda target: replace(target, checks=checks)), read_at)
    rows = estate.judged_endpoint(session.store, snapshot_id)
    seen = estate.endpoint_seen(session.store, snapshot_id, key_of(endpoint_id))
    now = session.now()
    if deletion.of_endpoint:
        found = endpoint_checks_of(rows, seen, now, is_fresh=True)
    else:
        found = {row.deployment_key: checks_of(row, seen, rows, now, is_fresh=True) for row in rows}
    restorable = _restorable(session, deletion, definitions, rows)
    return Guarded(_judged(reader, deletion, rows, found, restorable, now), read_at)


def aged(deletion: Deletion, read_at: datetime, now: datetime) -> Deletion:
    """The checks at the moment of the write: a pass older than a minute is none."""
    age = int((now - read_at).total_seconds())
    return deletion.each(
        lambda target: replace(target, checks=tuple(_aged(check, age) for check in target.checks))
    )


def _collect(session: Session, reader: Reader, endpoint_id: str) -> str:
    """The id of a fresh collection of one endpoint; raises where it could not be read at all."""
    window = min(session.policy.window_days, LONGEST_WINDOW_DAYS)
    snapshot_request = SnapshotRequest(
        session.cloud.name,
        None,
        Scope(endpoint=endpoint_id),
        replace(session.policy, window_days=window),
        kind="guard",
    )
    report = take_snapshot(
        session.store, reader, snapshot_request, session.now, lambda _source, _done, _total: None
    )
    return report.snapshot_id


def _judged(
    reader: Reader,
    deletion: Deletion,
    rows: Sequence[DeploymentRow],
    found: Mapping[str, Checks],
    restorable: Mapping[str, Check],
    now: datetime,
) -> Deletion:
    there = {row.deployment_key: row for row in rows}
    strangers = _strangers(deletion, there)

    def look(target: PlannedTarget) -> PlannedTarget:
        row = there.get(target.row.deployment_key)
        if row is None:
            evidence = "the deployment is not there any more"
            return replace(target, checks=_gone(deletion, evidence, "the deployment is gone"))
        own = {
            "same-resource": strangers or _same_resource(target.row, row),
            "callers": _callers(reader, row, now),
            "assets": _assets(reader, row),
            "restorable": restorable[row.deployment_key],
        }
        checks = tuple(own.get(check.check, check) for check in found[row.deployment_key])
        # Tags are kept as planned: they are the ones that the person saw.
        return replace(target, row=replace(row, tags=target.row.tags), checks=checks)

    return deletion.each(look)


def _strangers(deletion: Deletion, there: Mapping[str, DeploymentRow]) -> Check | None:
    """What would go with an endpoint although nobody planned it."""
    planned = {target.row.deployment_key for target in deletion.targets}
    names = [row.deployment or row.name for key, row in there.items() if key not in planned]
    if not deletion.of_endpoint or not names:
        return None
    evidence = f"the endpoint holds what was not planned: {', '.join(sorted(names))}"
    return Check("same-resource", "fail", evidence, 0)


def _gone(deletion: Deletion, evidence: str, why: str) -> Checks:
    rest = (name for name in deletion.checks if name != "same-resource")
    return (Check("same-resource", "fail", evidence, 0), *unknown_checks(why, rest))


def _assets(reader: Reader, row: DeploymentRow) -> Check:
    return assets_check(read_assets(reader, row.id, row.model, row.environment, row.code))


def _restorable(
    session: Session, deletion: Deletion, known: Last | None, rows: Sequence[DeploymentRow]
) -> dict[str, Check]:
    deployments = {} if known is None else known.deployments
    wanted = {row.deployment_key: deployments.get(row.deployment_key) for row in rows}
    endpoint = known.endpoint if deletion.of_endpoint and known is not None else None
    return restorable_checks(session, wanted, endpoint)


def _callers(reader: Reader, row: DeploymentRow, now: datetime) -> Check:
    """What the traffic log says; calls that a cut answer covers count all the same."""
    since = now - timedelta(days=row.window_days)
    if row.created_at is not None:
        since = max(since, row.created_at)
    found = read_callers(reader, parent(row.id), row.deployment, since, now)
    if found.calls:
        return Check("callers", "fail", "; ".join(filter(None, (found.summary, found.others))))
    return Check("callers", "unknown" if found.refused else "pass", found.summary)


def _same_resource(planned: DeploymentRow, found: DeploymentRow) -> Check:
    """The id as planned, created before the snapshot, and when that snapshot knew it to be."""
    name = "same-resource"
    if found.created_at is None:
        return Check(name, "unknown", "Azure does not report when it was created", 0)
    created = found.created_at.strftime("%Y-%m-%d %H:%M:%S UTC")
    if planned.created_at is not None and planned.created_at != found.created_at:
        was = planned.created_at.strftime("%Y-%m-%d %H:%M:%S UTC")
        return Check(name, "fail", f"created {created}, but planned was one created {was}", 0)
    if found.created_at > planned.as_of:
        return Check(name, "fail", f"created {created}, after the snapshot of the plan", 0)
    return Check(name, "pass", f"created {created}", 0)


def _aged(check: Check, age: int) -> Check:
    if check.state != "pass" or age <= FRESH_SECONDS:
        return replace(check, age_seconds=age)
    evidence = f"{check.evidence}; read {age} s ago, more than {FRESH_SECONDS}"
    return replace(check, age_seconds=age, state="unknown", evidence=evidence)
