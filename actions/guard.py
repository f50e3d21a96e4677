"""May this deployment be deleted, now? A fresh look at its endpoint, judged by the same SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions.checks import assets_check, checks_of, unknown_checks
from actions.operator import Operator
from actions.plan import CHECKS, Check
from collectors.assets import read_asset
from collectors.errors import AzureFailure, Missing
from collectors.reading import Reader
from collectors.resources import parent
from collectors.scope import Scope
from queries import estate
from queries.rows import DeploymentRow
from queries.snapshot import Occasion, take_snapshot

# Azure keeps 93 days; the guard asks all of its evidence anew.
LONGEST_WINDOW_DAYS = 92
FRESH_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the guard found: the checks, the row that it judged (None: not there), and when."""

    checks: tuple[Check, ...]
    row: DeploymentRow | None
    read_at: datetime
    snapshot_id: str | None


def guard(operator: Operator, reader: Reader, planned: DeploymentRow) -> Guarded:
    """Collect the endpoint afresh and judge it; what could not be read is unknown, never a pass."""
    read_at = operator.now()
    endpoint_id = parent(planned.id)
    window = min(operator.policy.window_days, LONGEST_WINDOW_DAYS)
    occasion = Occasion(
        operator.cloud.name,
        None,
        Scope(endpoint=endpoint_id),
        replace(operator.policy, window_days=window),
        kind="guard",
    )
    try:
        report = take_snapshot(
            operator.store, reader, occasion, operator.now, lambda _source, _done, _total: None
        )
    except Missing as failure:
        gone = Check("same-resource", "fail", f"it is not there any more: {failure.message}", 0)
        rest = unknown_checks("the endpoint is gone", CHECKS[1:])
        return Guarded((gone, *rest), None, read_at, None)
    except AzureFailure as failure:
        why = f"could not be read: {failure.message} ({failure.code})"
        return Guarded(unknown_checks(why, CHECKS), None, read_at, None)
    rows, endpoint_state = estate.judged_endpoint(operator.store, report.snapshot_id)
    found = _judged(planned, rows, endpoint_state, operator.now(), report.snapshot_id, read_at)
    return found if found.row is None else replace(found, checks=_with_assets(reader, found))


def aged(checks: Sequence[Check], read_at: datetime, now: datetime) -> tuple[Check, ...]:
    """The checks at the moment of the write: a pass older than a minute is none."""
    age = int((now - read_at).total_seconds())
    return tuple(
        replace(
            check,
            age_seconds=age,
            state="unknown",
            evidence=f"{check.evidence}; read {age} s ago, more than {FRESH_SECONDS}",
        )
        if check.state == "pass" and age > FRESH_SECONDS
        else replace(check, age_seconds=age)
        for check in checks
    )


def _judged(
    planned: DeploymentRow,
    rows: Sequence[DeploymentRow],
    endpoint_state: str | None,
    now: datetime,
    snapshot_id: str,
    read_at: datetime,
) -> Guarded:
    found = next((row for row in rows if row.deployment_key == planned.deployment_key), None)
    if found is None:
        gone = Check("same-resource", "fail", "the deployment is not there any more", 0)
        rest = unknown_checks("the deployment is gone", CHECKS[1:])
        return Guarded((gone, *rest), None, read_at, snapshot_id)
    checks = checks_of(found, endpoint_state, now, is_fresh=True)
    same = _same_resource(planned, found)
    return Guarded((same, *checks[1:]), found, read_at, snapshot_id)


def _with_assets(reader: Reader, found: Guarded) -> tuple[Check, ...]:
    row = found.row
    assert row is not None
    workspace_id = parent(parent(row.id))
    named = (("model", row.model), ("environment", row.environment), ("code", row.code))
    assets = assets_check(
        read_asset(reader, workspace_id, role, spelt) for role, spelt in named if spelt
    )
    return tuple(assets if check.check == "assets" else check for check in found.checks)


def _same_resource(planned: DeploymentRow, found: DeploymentRow) -> Check:
    """The id as planned, created before the snapshot, and when that snapshot knew it to be."""
    name = "same-resource"
    if found.created_at is None:
        return Check(name, "unknown", "Azure does not tell when it was created", 0)
    told = found.created_at.strftime("%Y-%m-%d %H:%M:%S UTC")
    if planned.created_at is not None and planned.created_at != found.created_at:
        was = planned.created_at.strftime("%Y-%m-%d %H:%M:%S UTC")
        return Check(name, "fail", f"created {told}, but planned was one created {was}", 0)
    if found.created_at > planned.as_of:
        return Check(name, "fail", f"created {told}, after the snapshot of the plan", 0)
    return Check(name, "pass", f"created {told}", 0)
