"""A review's questions of the estate: what is kept, what runs out, who answers, what is unknown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from queries.estate.rows import DeploymentRow, EndpointRow, asset_name
from queries.reports.gathered import ReviewData, Rows, within
from queries.reports.money_of_review import NO_OWNER
from queries.reports.owners import DECISIONS
from queries.reports.sections import Column, Section, section
from queries.store.journal import Entry
from queries.text.spellings import spellings
from queries.vocabulary import ONLINE

USED = ("deployment", "live_traffic_percent", "instance_count", "instance_type")
LIMITS = ("max_concurrent_requests_per_instance", "request_timeout", "max_queue_wait")
NOT_READ = "not read"
# What a person does, and which end comes of it.
EXCEPTION_KINDS = {"extend": "exempt until", "retire": "retires after"}


def rollbacks(gathered: ReviewData) -> Section:
    """Which deployments are kept to fall back on, and why."""
    rows = [
        {
            "deployment": row.path,
            "verdict": row.verdict,
            "why": row.reasons.sentence_of("would-be-fallback") or row.reasons.first,
            "findings": row.findings.sentences,
            "monthly_run_rate": row.monthly_run_rate,
            "currency": row.currency,
        }
        for row in gathered.rows
        if row.rollback_for is not None
    ]
    columns = (
        Column("deployment", "Deployment"),
        Column("verdict", "Verdict", "word"),
        Column("why", "Why it is kept"),
        Column("findings", "What is to know"),
        Column("monthly_run_rate", "Run rate a month", "money"),
        Column("currency", "Currency", "word"),
    )
    return section("rollbacks", "Which rollbacks are kept, and why?", columns, rows)


def exceptions(gathered: ReviewData) -> Section:
    """Exemptions, expiry dates and retire marks, the next to run out first, with who said why."""
    entries = {
        entry.target.strip("/").lower(): entry
        for entry in gathered.journal
        if entry.action in EXCEPTION_KINDS and entry.outcome == "done"
    }
    rows = [
        _exception(row, kind, ends_on, entries.get(row.deployment_key.strip("/")))
        for row in gathered.rows
        for kind, ends_on in _ends(row)
        if (_day(ends_on) or date.max) >= gathered.today
    ]
    columns = (
        Column("ends_on", "Ends", "day"),
        Column("kind", "What", "word"),
        Column("deployment", "Deployment"),
        Column("owner", "Owner", absent=NO_OWNER),
        Column("reason", "Reason"),
        Column("by", "Said by"),
    )
    rows.sort(key=lambda row: (str(row["ends_on"]), str(row["deployment"])))
    return section("exceptions", "Which exceptions run out next?", columns, rows)


def _exception(
    row: DeploymentRow, kind: str, ends_on: str, entry: Entry | None
) -> dict[str, str | None]:
    """One end; the reason is reported where the newest entry of the journal is about this kind."""
    is_about_it = entry is not None and EXCEPTION_KINDS[entry.action] == kind
    return {
        "ends_on": ends_on if _day(ends_on) else f"{ends_on} (cannot be read)",
        "kind": kind,
        "deployment": row.path,
        "owner": row.owner,
        "reason": entry.reason if entry and is_about_it else None,
        "by": entry.actor if entry and is_about_it else None,
    }


def _ends(row: DeploymentRow) -> Iterator[tuple[str, str]]:
    kinds = (
        ("exempt until", row.exempt_until),
        ("expires on", row.expires_on),
        ("retires after", row.retire_after),
    )
    return ((kind, ends_on) for kind, ends_on in kinds if ends_on)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def owners(gathered: ReviewData) -> Section:
    """What owners decided, and who has not answered."""
    decided: dict[str | None, Counter[str]] = defaultdict(Counter)
    answered = set()
    decisions = [
        entry
        for entry in within(gathered.quarter, gathered.journal)
        if entry.action == "decide" and entry.outcome == "done"
    ]
    deciding = (entry.evidence.get("owner") for entry in decisions)
    spelt = spellings([*(row.owner for row in gathered.rows), *deciding])
    for entry in decisions:
        owner = entry.evidence.get("owner")
        decided[spelt.get(owner or "")][str(entry.evidence.get("decision"))] += 1
        answered.add(entry.target.strip("/").lower())
    asked: dict[str | None, list[DeploymentRow]] = defaultdict(list)
    for row in gathered.rows:
        if row.may_be_retired:
            asked[spelt.get(row.owner or "")].append(row)
    rows = [
        {"owner": owner, **{name: decided[owner][name] for name in DECISIONS}}
        | _unanswered(asked[owner], answered)
        for owner in sorted({*asked, *decided}, key=lambda name: (name is None, name))
    ]
    columns = (
        Column("owner", "Owner", absent=NO_OWNER),
        Column("asked", "Proposed to retire now", "count"),
        Column("keep", "Keep", "count"),
        Column("retire", "Retire", "count"),
        Column("extend", "Extend", "count"),
        Column("unanswered", "Not answered", "count"),
        Column("which", "Not answered of", absent=""),
    )
    question = "What did owners decide, and who has not answered?"
    return section("owners", question, columns, rows, empty="Nobody was asked.")


def _unanswered(asked: Sequence[DeploymentRow], answered: set[str]) -> dict[str, Any]:
    silent = [row.path for row in asked if row.deployment_key.strip("/") not in answered]
    return {"asked": len(asked), "unanswered": len(silent), "which": silent}


def unknown(gathered: ReviewData) -> Section:
    """What is unknown, and why: verdicts, prices, and what could not be read at all."""
    rows: Rows = [
        {"what": row.path, "kind": "verdict", "why": row.reasons.sentences}
        for row in gathered.rows
        if row.verdict == "unknown"
    ]
    rows += [
        {"what": row.path, "kind": "price", "why": "neither the bill nor the list tells it"}
        for row in gathered.rows
        if row.kind == "managed" and row.monthly_run_rate is None
    ]
    rows += [
        {
            "what": f"{read_error.source} {read_error.scope}",
            "kind": NOT_READ,
            "why": f"{read_error.code}: {read_error.message}",
        }
        for read_error in gathered.read_errors
    ]
    columns = (Column("what", "What"), Column("kind", "Unknown", "word"), Column("why", "Why"))
    return section("unknown", "What is unknown, and why?", columns, rows, empty="Nothing.")


def endpoints(gathered: ReviewData) -> Section:
    """Each endpoint with what serves and what it falls back on, for the runbook."""
    held: dict[str, list[DeploymentRow]] = defaultdict(list)
    for row in gathered.rows:
        held[row.endpoint_key].append(row)
    rows = [
        line
        for endpoint in gathered.endpoints
        if endpoint.kind in ONLINE
        for line in _endpoint(gathered, endpoint, held[endpoint.endpoint_key])
    ]
    columns = (
        Column("endpoint", "Endpoint"),
        Column("use", "Use", "word"),
        Column("deployment", "Deployment"),
        Column("live_traffic_percent", "Live", "percent"),
        Column("instance_count", "Instances", "count"),
        Column("instance_type", "Size", "word"),
        Column("max_concurrent_requests_per_instance", "At once an instance", "count"),
        Column("request_timeout", "Timeout"),
        Column("max_queue_wait", "Queue wait"),
        Column("model", "Model"),
    )
    question = "What serves each endpoint, and what does it fall back on?"
    return section("endpoints", question, columns, rows)


def _endpoint(
    gathered: ReviewData, endpoint: EndpointRow, held: Sequence[DeploymentRow]
) -> Iterator[dict[str, Any]]:
    """Its active deployments, then its rollbacks; a line that says so where there is none."""
    active = [row for row in held if (row.live_traffic_percent or 0) > 0]
    active.sort(key=lambda row: -(row.live_traffic_percent or 0))
    kept = [row for row in held if row.rollback_for is not None]
    gone = gathered.maps[endpoint.endpoint_key]["gone_names"]
    for use, rows in (("active", active), ("rollback", kept)):
        yield from (_used(gathered, endpoint, use, row) for row in rows)
    yield from (_without(endpoint, "active, but gone", name) for name in gone)
    if not held:
        yield _without(endpoint, "no deployment")
    elif not gathered.maps[endpoint.endpoint_key]["is_known"]:
        yield _without(endpoint, "traffic not known")
    elif not active and not gone:
        yield _without(endpoint, "nothing active")
    elif not kept:
        yield _without(endpoint, "no rollback")


def _without(endpoint: EndpointRow, use: str, name: str = "") -> dict[str, Any]:
    """A line that has nothing more to tell."""
    fields = dict.fromkeys((*USED, *LIMITS, "model"), "")
    return fields | {"endpoint": endpoint.path, "use": use, "deployment": name}


def _used(
    gathered: ReviewData, endpoint: EndpointRow, use: str, row: DeploymentRow
) -> dict[str, Any]:
    limits = gathered.limits.get(row.deployment_key, {})
    fields = {name: getattr(row, name) for name in USED}
    return {**fields, **{name: limits.get(name) for name in LIMITS}} | {
        "endpoint": endpoint.path,
        "use": use,
        "model": asset_name(row.model),
    }
