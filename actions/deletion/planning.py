"""Makes the plan of a deletion: what the store knows, and whether the assets still exist.

Azure is read for the assets alone; nothing is written but the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from actions import journal
from actions.ask import ask_assets
from actions.deletion import by_hand
from actions.deletion.brakes import brakes_on, brakes_on_endpoint, unknown_money
from actions.deletion.checks import assets_check, checks_of, endpoint_checks_of
from actions.deletion.evidence import journalled
from actions.deletion.interrupted import interrupted_lines
from actions.deletion.left_behind import delete_autoscale, diagnostics_left
from actions.deletion.plan import (
    Check,
    Note,
    Overrides,
    Plan,
    PlannedTarget,
    may_override,
    overridden,
    phrase_for,
)
from actions.deletion.restorable import restorable_checks
from actions.session import Refusal, Session
from collectors.connection.errors import AzureFailure
from collectors.connection.patience import Stop
from collectors.inventory.assets import Asset
from collectors.inventory.related import read_diagnostics
from collectors.records import counted
from queries.estate import questions as estate
from queries.estate.naming import Names
from queries.estate.rows import DeploymentRow, EndpointRow
from queries.money.sizing import autoscale_of, quota_returned

Rows = Sequence[DeploymentRow]
Assets = Mapping[str, tuple[Asset, ...]]
Report = Callable[[str, str], None]


def silently(_name: str, _text: str) -> None:
    """Tell nobody how far it is."""


def plan_deletion(
    session: Session,
    rows: Rows,
    overrides: Overrides | None = None,
    report: Report = silently,
    stop: Stop | None = None,
) -> Plan:
    """The plan for these deployments, journalled.

    Raises Stopped where that is wanted; then nothing is journalled.
    """
    known = estate.current_deployments(session.store)
    names = estate.names_in(session.store)
    kept = _kept_for(rows, known)
    assets = ask_assets(session, [*rows, *kept], _named(report, names), stop)
    checks = {row.deployment_key: _known_checks(session, row, known) for row in rows}
    plan = Plan(
        phrase_for(rows, names),
        _targets(rows, checks, assets, _restorable(session, rows), overrides or {}),
        (
            *_barred(rows, overrides or {}),
            *_notes(session, rows, names),
            *_about_kept(kept, assets, names),
            *interrupted_lines(session, {row.deployment_key: row for row in rows}),
        ),
        brakes_on(rows, known, session.limits.brakes, names),
        by_hand=tuple(
            step
            for row in rows
            for step in by_hand.for_deployment(row.id, _raw(session, row.endpoint_key))
        ),
        names=names,
    )
    return _journalled(session, plan)


def plan_endpoint_deletion(
    session: Session,
    endpoint: EndpointRow,
    overrides: Overrides | None = None,
    report: Report = silently,
    stop: Stop | None = None,
) -> Plan:
    """The plan for an endpoint and every deployment in it, journalled.

    Raises Refusal for an endpoint without a deployment: nothing could prove its silence. Raises
    Stopped where that is wanted.
    """
    known = estate.current_deployments(session.store)
    rows = [row for row in known if row.endpoint_key == endpoint.endpoint_key]
    names = estate.names_in(session.store)
    if not rows:
        raise _without_deployment(session, endpoint, names)
    assets = ask_assets(session, rows, _named(report, names), stop)
    seen = estate.endpoint_seen(session.store, endpoint.snapshot_id, endpoint.endpoint_key)
    checks = endpoint_checks_of(rows, seen, session.now(), is_fresh=False)
    raw = _raw(session, endpoint.endpoint_key)
    keys = {row.deployment_key: row for row in rows}
    plan = Plan(
        names.of(endpoint.id),
        _targets(rows, checks, assets, _restorable(session, rows, raw), overrides or {}),
        (
            *map(Note, _what_does_not_come_back(rows, raw)),
            *_barred(rows, overrides or {}),
            *_notes(session, rows, names),
            *map(Note, _diagnostics(session, endpoint, assets, stop)),
            *interrupted_lines(session, {endpoint.endpoint_key: None, **keys}),
        ),
        brakes_on_endpoint(rows, known, session.limits.brakes),
        endpoint.id,
        by_hand.for_endpoint(endpoint.id, [row.id for row in rows], raw),
        names,
    )
    return _journalled(session, plan)


def _known_checks(session: Session, row: DeploymentRow, known: Rows) -> tuple[Check, ...]:
    """The checks as the store knows them."""
    seen = estate.endpoint_seen(session.store, row.snapshot_id, row.endpoint_key)
    siblings = [one for one in known if one.endpoint_key == row.endpoint_key]
    return checks_of(row, seen, siblings, session.now(), is_fresh=False)


def _named(report: Report, names: Names) -> Callable[[DeploymentRow, str], None]:
    return lambda row, text: report(names.of(row.id), text)


def _without_deployment(session: Session, endpoint: EndpointRow, names: Names) -> Refusal:
    why = (
        f"{names.of(endpoint.id)} has no deployment: it costs nothing, and nothing proves that"
        " nobody calls it; nothing was written"
    )
    journal.note(session, "delete-endpoint", endpoint.id, "refused", why)
    return Refusal(why)


def _restorable(
    session: Session, rows: Rows, endpoint: Mapping[str, object] | None = None
) -> dict[str, Check]:
    """By the definitions that the store keeps; `endpoint` is given where that goes too."""
    kept = {row.deployment_key: estate.raw_of(session.store, row.deployment_key) for row in rows}
    now, found = session.now(), restorable_checks(session, kept, endpoint)
    ages = {row.deployment_key: int((now - row.as_of).total_seconds()) for row in rows}
    return {key: replace(check, age_seconds=ages[key]) for key, check in found.items()}


def _targets(
    rows: Rows,
    checks: Mapping[str, tuple[Check, ...]],
    assets: Assets,
    restorable: Mapping[str, Check],
    overrides: Overrides,
) -> tuple[PlannedTarget, ...]:
    def planned(row: DeploymentRow) -> PlannedTarget:
        key = row.deployment_key
        own = (replace(assets_check(assets[key]), age_seconds=0), restorable[key])
        looked_at = {check.check: check for check in own}
        known = (looked_at.get(check.check, check) for check in checks[key])
        checked = overridden(tuple(known), overrides, row.verdict)
        return PlannedTarget(row, checked, row.monthly_run_rate, row.currency)

    return tuple(map(planned, rows))


def _journalled(session: Session, plan: Plan) -> Plan:
    rows = {key: known for one in plan.deletions for key, known in journalled(one).items()}
    journal.note_each(session, plan.action, rows, "planned")
    return plan


def _kept_for(rows: Rows, known: Rows) -> list[DeploymentRow]:
    """What the endpoints of these deployments fall back on, and stays."""
    endpoints = {row.endpoint_key for row in rows}
    going = {row.deployment_key for row in rows}
    return [
        row
        for row in known
        if row.rollback_for and row.endpoint_key in endpoints and row.deployment_key not in going
    ]


def _about_kept(kept: Rows, assets: Assets, names: Names) -> Iterator[Note]:
    for row in kept:
        for asset in assets[row.deployment_key]:
            if asset.exists is False:
                name = names.of(row.id)
                yield Note(f"{name}, which {row.rollback_for} falls back on: its {asset.summary}")


def _barred(rows: Rows, overrides: Overrides) -> Iterator[Note]:
    """The overrides for which a confirmed deletion refuses the whole."""
    for row in rows:
        for check in overrides:
            if why := may_override(check, row.verdict):
                yield Note(f"{why}: with this override nothing will be deleted", row.id)


def _notes(session: Session, rows: Rows, known: Names) -> Iterator[Note]:
    """What is to know beside the checks: the bill, the quota that comes back, what stays."""
    ids = {row.deployment_key: row.id for row in rows}
    for row in rows:
        yield from (Note(sentence, row.id) for sentence in row.above)
        if row.explanation:
            yield Note(row.explanation, row.id)
    for quota in quota_returned(session.store, ids):
        if quota.cores is not None:
            text = f"gives back {counted(quota.cores, 'core')} of {quota.family}"
            yield Note(text, ids[quota.deployment_key])
    for key, resource_id in ids.items():
        for setting in autoscale_of(session.store, key):
            command = delete_autoscale(setting.id, setting.name)
            text = f"the autoscale setting {setting.name} stays behind: {command}"
            yield Note(text, resource_id)
    unknown = unknown_money(rows, known)
    if unknown is not None:
        yield Note(unknown)


def _what_does_not_come_back(rows: Rows, raw: Mapping[str, object]) -> Iterator[str]:
    names = ", ".join(sorted(row.deployment or row.name for row in rows))
    yield f"it goes with all that is in it: {names}"
    properties = raw.get("properties")
    address = properties.get("scoringUri") if isinstance(properties, dict) else None
    yield (
        f"its keys, its address ({address or 'not known'}) and its system identity do not surely"
        " come back with a restore"
    )


def _diagnostics(
    session: Session, endpoint: EndpointRow, assets: Assets, stop: Stop | None
) -> Iterator[str]:
    """The diagnostic settings that stay behind; whoever answered no question is not asked again."""
    asked = [asset for found in assets.values() for asset in found if asset.was_asked]
    why = "Azure reports nothing"
    if not asked or any(asset.exists is not None for asset in asked):
        try:
            with session.reader(stop) as reader:
                yield from diagnostics_left(read_diagnostics(reader, endpoint.id), endpoint.id)
            return
        except AzureFailure as failure:
            why = f"{failure.message} ({failure.code})"
    yield f"which diagnostic settings stay behind could not be read: {why}"


def _raw(session: Session, endpoint_key: str) -> Mapping[str, object]:
    """The endpoint as Azure reported it last; empty where no snapshot kept it."""
    return estate.raw_of(session.store, endpoint_key) or {}
