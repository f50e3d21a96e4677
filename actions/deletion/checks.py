"""The checks of a deletion, from what was judged: one function for the plan and for the guard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from actions.deletion.plan import ASKED_LATER, SILENT, Check
from actions.states import CheckState
from collectors.inventory.assets import Asset
from collectors.records import counted
from queries.estate.rows import DeploymentRow, EndpointState

Found = tuple[str, CheckState, str]
FRESHEST_LIFE = timedelta(hours=1)
SETTLED = frozenset({"succeeded", "failed", "canceled"})


def checks_of(
    row: DeploymentRow,
    seen: EndpointState | None,
    siblings: Sequence[DeploymentRow],
    now: datetime,
    *,
    is_fresh: bool,
) -> tuple[Check, ...]:
    """What is known of each condition, in the order of the contract.

    `seen` is its endpoint as a whole (None: it was not read), `siblings` are the deployments of
    that; it may be one of them.

    `is_fresh` holds for a guard's collection: there the newest sign of life must be recent too.
    `same-resource` passes here, `assets` and `restorable` are unknown: whoever has the answer of
    Azure or the definition puts its own in their place.
    """
    age = int((now - row.as_of).total_seconds())
    found: tuple[Found, ...] = (
        ("same-resource", "pass", f"created {_when(row.created_at)}"),
        _live_traffic(row, seen),
        _share("mirror-traffic", row.mirror_traffic_percent, "mirrored"),
        _requests(row, now, is_fresh=is_fresh),
        (
            "callers",
            "pass",
            "asked once the deletion is confirmed: a caller in the traffic log stops it",
        ),
        _rollback(row),
        _lock(row),
        _exemption(row),
        _retire_mark(row, now.date()),
        _operation(row, seen, siblings),
        ("assets", "unknown", "looked at once the deletion is confirmed"),
        ("restorable", "unknown", "looked at with its definition"),
    )
    return tuple(
        Check(name, state, evidence, None if name in ASKED_LATER else age)
        for name, state, evidence in found
    )


def endpoint_checks_of(
    rows: Sequence[DeploymentRow], seen: EndpointState | None, now: datetime, *, is_fresh: bool
) -> dict[str, tuple[Check, ...]]:
    """The checks of all deployments of an endpoint that goes as a whole, by deployment key.

    The silence of the whole stands in place of live traffic and rollback. The mark is asked of
    those that hold its traffic; where none does, of all.
    """
    holders = {row.deployment_key for row in rows if row.live_traffic_percent != 0}
    marked = holders or {row.deployment_key for row in rows}
    silent = _silent(rows, seen)
    return {
        row.deployment_key: tuple(
            _of_endpoint(check, silent, is_marked=row.deployment_key in marked)
            for check in checks_of(row, seen, rows, now, is_fresh=is_fresh)
            if check.check != "rollback"
        )
        for row in rows
    }


def assets_check(found: Iterable[Asset]) -> Check:
    """Whether what the deployment was made from still exists; a registry's assets pass unasked."""
    assets = list(found)
    evidence = "; ".join(_summaries(assets)) or "it names no asset"
    if any(asset.exists is False for asset in assets):
        return Check("assets", "fail", evidence)
    if any(asset.was_asked and asset.exists is None for asset in assets):
        return Check("assets", "unknown", evidence)
    return Check("assets", "pass", evidence)


def _summaries(assets: Iterable[Asset]) -> Iterator[str]:
    """What is known of each; why several could not be read is said once."""
    unread: dict[str, list[str]] = {}
    for asset in assets:
        if asset.was_asked and asset.exists is None:
            why = asset.summary.removeprefix(asset.role)
            unread.setdefault(why, []).append(asset.role)
        else:
            yield asset.summary
    yield from (f"{', '.join(roles)}{why}" for why, roles in unread.items())


def unknown_checks(why: str, names: Iterable[str]) -> tuple[Check, ...]:
    """Every check unknown, for the same reason."""
    return tuple(Check(name, "unknown", why) for name in names)


def _of_endpoint(check: Check, silent: Found, *, is_marked: bool) -> Check:
    if check.check == "live-traffic":
        name, state, evidence = silent
        return replace(check, check=name, state=state, evidence=evidence)
    if check.check == "retire-mark" and not is_marked:
        text = "not asked: it holds no traffic of its endpoint"
        return replace(check, state="pass", evidence=text)
    return check


def _silent(rows: Sequence[DeploymentRow], seen: EndpointState | None) -> Found:
    if seen is None:
        return SILENT, "unknown", "the endpoint was not read"
    asked = {name.lower() for name in seen.asked_names}
    asked |= {(row.deployment or "").lower() for row in rows if row.requests_in_window}
    if asked:
        return SILENT, "fail", f"requests in the window reached {', '.join(sorted(asked))}"
    if not seen.traffic_known:
        return SILENT, "unknown", "the traffic map is not known"
    if seen.gone_names:
        names = ", ".join(seen.gone_names)
        return SILENT, "unknown", f"it gives live traffic to what is gone: {names}"
    unproven = [row.deployment or row.endpoint for row in rows if not row.requests_proven]
    if unproven or not rows:
        unsure = ", ".join(unproven) or "an endpoint without a deployment"
        return SILENT, "unknown", f"the silence is not proven of {unsure}"
    return SILENT, "pass", f"0 requests on all of its {counted(len(rows), 'deployment')}"


def _live_traffic(row: DeploymentRow, seen: EndpointState | None) -> Found:
    """Its share; a map that names what is gone may mean anything, so it proves no share to be 0."""
    name, state, evidence = _share("live-traffic", row.live_traffic_percent, "live")
    if state == "pass" and seen is not None and seen.gone_names:
        evidence += (
            f", but its endpoint gives a share to what is gone: {', '.join(seen.gone_names)}"
        )
        return name, "unknown", evidence
    return name, state, evidence


def _share(name: str, percent: float | None, kind: str) -> Found:
    if percent is None:
        return name, "unknown", "the traffic map is not known"
    return name, "fail" if percent > 0 else "pass", f"{percent:g} % {kind}"


def _requests(row: DeploymentRow, now: datetime, *, is_fresh: bool) -> Found:
    name = "requests"
    if row.requests_in_window:
        return (
            name,
            "fail",
            f"{counted(row.requests_in_window, 'request')}, the last {_when(row.last_request_at)}",
        )
    if not row.requests_proven:
        return name, "unknown", row.reasons.first or "the evidence is incomplete"
    if row.is_new is not False:
        return name, "fail" if row.is_new else "unknown", "it is not proven to be old enough"
    life = row.newest_life_until
    if is_fresh and (life is None or now - life > FRESHEST_LIFE):
        return name, "unknown", f"its newest sign of life ended {_when(life)}, over an hour ago"
    return name, "pass", row.reasons.sentence_of("no-requests") or "0 requests"


def _rollback(row: DeploymentRow) -> Found:
    if row.rollback_for is None:
        return "rollback", "pass", "its endpoint does not fall back on it"
    return "rollback", "fail", f"{row.rollback_for} falls back on it"


def _lock(row: DeploymentRow) -> Found:
    if not row.locks_known:
        return "lock", "unknown", "locks could not be read"
    names = (*row.lock_names, *row.inherited_lock_names)
    return "lock", "fail" if names else "pass", ", ".join(names) or "no lock covers it"


def _exemption(row: DeploymentRow) -> Found:
    if row.exemption_in_force:
        return "exemption", "fail", f"exempt until {row.exempt_until}"
    if row.role == "production":
        return "exemption", "fail", "its role is production"
    return "exemption", "pass", "none is in force"


def _retire_mark(row: DeploymentRow, today: date) -> Found:
    name = "retire-mark"
    if row.role != "retire":
        why = f"its role is {row.role}, not retire" if row.role else "it carries no retire mark"
        return name, "fail", f"{why}: `mothball retire` marks it"
    if row.retire_after is None:
        return name, "fail", "it is marked for retirement without a date"
    try:
        due = date.fromisoformat(row.retire_after.strip())
    except ValueError:
        return name, "unknown", f"its retirement date cannot be read: {row.retire_after}"
    if due > today:
        return name, "fail", f"its grace lasts until {due}"
    return name, "pass", f"marked, its grace ended on {due}"


def _operation(
    row: DeploymentRow, seen: EndpointState | None, siblings: Sequence[DeploymentRow]
) -> Found:
    """Whether nothing runs on the endpoint: a roll-out beside it may need what is to go."""
    endpoint_state = None if seen is None else seen.state
    evidence = (
        f"deployment {row.provisioning_state or 'unknown'}, endpoint {endpoint_state or 'unknown'}"
    )
    states = {row.provisioning_state, endpoint_state}
    for one in siblings:
        if one.deployment_key != row.deployment_key and not _is_settled(one.provisioning_state):
            evidence += f", {one.deployment} {one.provisioning_state or 'unknown'}"
            states.add(one.provisioning_state)
    if seen is not None and seen.workspace_state and not _is_settled(seen.workspace_state):
        evidence += f", workspace {seen.workspace_state}"
        states.add(seen.workspace_state)
    if any(state is not None and not _is_settled(state) for state in states):
        return "operation", "fail", evidence
    return "operation", "unknown" if None in states else "pass", evidence


def _is_settled(state: str | None) -> bool:
    return state is not None and state.lower() in SETTLED


def _when(moment: datetime | None) -> str:
    return "at an unknown time" if moment is None else moment.strftime("%Y-%m-%d %H:%M UTC")
