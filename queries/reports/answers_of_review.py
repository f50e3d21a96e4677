"""The questions of a quarterly review, each answered as rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from queries import journal, library
from queries.estate import current_deployments, current_holes
from queries.reports.owners import PROPOSED, Limits, index_of, limits_told, owner_files
from queries.reports.quarters import Quarter
from queries.reports.savings import Saving
from queries.reports.savings import savings as all_savings
from queries.reports.sections import Column, Section, section
from queries.rows import DeploymentRow, HoleRow
from queries.store import Store

Rows = list[dict[str, Any]]
USED = frozenset({"serving", "shadow", "direct"})


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the store says of a quarter, before it is put into words."""

    quarter: Quarter
    rows: tuple[DeploymentRow, ...]
    limits: Limits
    holes: tuple[HoleRow, ...]
    bills: Rows
    weeks: Rows
    waste: Rows
    months: Rows
    savings: tuple[Saving, ...]
    journal: tuple[journal.Entry, ...]


def gather(store: Store, quarter: Quarter, today: date) -> Gathered:
    """Everything the answers rest on; the journal and the deletions of the quarter alone."""
    span = {"first_day": quarter.first_day, "last_day": min(quarter.last_day, today)}
    with store.reading() as connection:
        asked = {
            name: library.ask(connection, f"review_{name}", span)
            for name in ("bills", "weeks", "waste", "months")
        }
        limits = {row["deployment_key"]: row for row in library.ask(connection, "request_limits")}
    return Gathered(
        quarter,
        tuple(current_deployments(store)),
        limits,
        tuple(current_holes(store)),
        savings=tuple(s for s in all_savings(store) if _is_in(quarter, s.deleted_at)),
        journal=tuple(e for e in journal.entries(store) if _is_in(quarter, e.at)),
        **asked,
    )


def bills_of(store: Store, quarter: Quarter) -> Rows:
    """The bill of a quarter by currency, as the store has it now."""
    span = {"first_day": quarter.first_day, "last_day": quarter.last_day}
    with store.reading() as connection:
        return library.ask(connection, "review_bills", span)


def bill(gathered: Gathered, before: Rows, frozen: Section | None) -> Section:
    """What serving cost, and which part of it served nobody; the quarter before beside it."""
    then = {row["currency"]: row["serving"] for row in before}
    reviewed = _column_by(frozen, "currency", "serving") if frozen else {}
    rows = [
        row
        | {
            "serving_before": then.get(row["currency"]),
            "serving_before_as_reviewed": reviewed.get(row["currency"]),
        }
        for row in gathered.bills
    ]
    lacking = ", ".join(
        f"{row['month']:%Y-%m} of {row['subscription_id']}" for row in gathered.months
    )
    note = f"The bill lacks {lacking}." if lacking else ""
    columns = (
        Column("currency", "Currency"),
        Column("serving", "Serving cost", "money"),
        Column("serving_before", "The quarter before, as billed now", "money"),
        Column("serving_before_as_reviewed", "The quarter before, as reviewed", "money"),
        Column("in_use", "In use", "money"),
        Column("served_nobody", "Served nobody", "money"),
        Column("kept", "Kept: rollback, protected", "money"),
        Column("not_judged", "Not judged", "money"),
        Column("endpoints_alone", "Endpoints without deployment", "money"),
        Column("elsewhere", "Training and shared", "money"),
        Column("bill", "The whole bill", "money"),
        Column("billed_through", "Billed through", "day"),
    )
    question = "What did serving cost, and which part of it served nobody?"
    return section("bill", question, columns, rows, note)


def weeks(gathered: Gathered) -> Section:
    """Spend by week and by what it was for."""
    columns = (
        Column("currency", "Currency"),
        Column("week", "Week of", "day"),
        Column("in_use", "In use", "money"),
        Column("kept", "Kept", "money"),
        Column("served_nobody", "Served nobody", "money"),
        Column("not_judged", "Not judged", "money"),
    )
    question = "What did each week cost, by what it was for?"
    return section("weeks", question, columns, gathered.weeks)


def waste(gathered: Gathered) -> Section:
    """What served nobody, by owner."""
    columns = (
        Column("owner", "Owner"),
        Column("currency", "Currency"),
        Column("served_nobody", "Served nobody", "money"),
        Column("deployments", "Deployments", "count"),
    )
    return section("waste", "Whose deployments served nobody?", columns, gathered.waste)


def deployments(gathered: Gathered) -> Section:
    """What there is now, by owner: the sums of the owners' files."""
    columns = (
        Column("owner", "Owner"),
        Column("currency", "Currency"),
        Column("deployments", "Deployments", "count"),
        Column("proposed", "Proposed to retire", "count"),
        Column("cost_in_window", "Cost in the window", "money"),
        Column("monthly_run_rate", "Run rate a month", "money"),
        Column("saving_proposed", "Saving proposed a month", "money"),
        Column("without_price", "Without a known price", "count"),
    )
    rows = index_of(owner_files(gathered.rows), "csv")
    return section("deployments", "What runs now, and what could be retired?", columns, rows)


def savings(gathered: Gathered) -> Section:
    """What was retired, what came back, and what the bill shows of it."""
    columns = (
        Column("deployment", "Deployment"),
        Column("deleted_at", "Deleted"),
        Column("restored_at", "Came back"),
        Column("currency", "Currency"),
        Column("forecast", "Forecast a month", "money"),
        Column("realised", "Realised a month", "money"),
        Column("grown_elsewhere", "Grown elsewhere", "money"),
        Column("net", "Net a month", "money"),
        Column("state", "State"),
        Column("told", "Because"),
    )
    rows = [{c.name: getattr(saving, c.name) for c in columns} for saving in gathered.savings]
    question = "What was retired, what came back, and what did it save on the bill?"
    return section("savings", question, columns, rows)


def calls(gathered: Gathered) -> Section:
    """Who still called what is gone."""
    rows = [
        {"deployment": _short(entry.target), "seen_at": entry.at, "told": entry.reason}
        for entry in gathered.journal
        if entry.action == "watch"
    ]
    columns = (
        Column("deployment", "Deployment"),
        Column("seen_at", "Seen"),
        Column("told", "What was seen"),
    )
    return section("calls", "Which calls still named a retired deployment?", columns, rows)


def rollbacks(gathered: Gathered) -> Section:
    """Which deployments are kept to fall back on, and why."""
    rows = [
        {
            "deployment": row.path,
            "verdict": row.verdict,
            "why": row.reasons[:1],
            "findings": row.findings,
            "monthly_run_rate": row.monthly_run_rate,
            "currency": row.currency,
        }
        for row in gathered.rows
        if row.rollback_for is not None
    ]
    columns = (
        Column("deployment", "Deployment"),
        Column("verdict", "Verdict"),
        Column("why", "Why it is kept"),
        Column("findings", "What is to know"),
        Column("monthly_run_rate", "Run rate a month", "money"),
        Column("currency", "Currency"),
    )
    return section("rollbacks", "Which rollbacks are kept, and why?", columns, rows)


def exceptions(gathered: Gathered, today: date) -> Section:
    """Exemptions and expiry dates, the next to run out first."""
    found = [
        {"deployment": row.path, "kind": kind, "ends_on": ends_on, "owner": row.owner}
        for row in gathered.rows
        for kind, ends_on in (
            ("exempt until", row.exempt_until),
            ("expires on", row.expires_on),
            ("retires after", row.retire_after),
        )
        if ends_on and ends_on >= today.isoformat()
    ]
    columns = (
        Column("ends_on", "Ends"),
        Column("kind", "What"),
        Column("deployment", "Deployment"),
        Column("owner", "Owner"),
    )
    rows = sorted(found, key=lambda row: (str(row["ends_on"]), str(row["deployment"])))
    return section("exceptions", "Which exceptions run out next?", columns, rows)


def owners(gathered: Gathered) -> Section:
    """What owners decided, and who has not answered."""
    decided: dict[str | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    answered = set()
    for entry in gathered.journal:
        if entry.action == "decide" and entry.outcome == "done":
            owner, decision = entry.evidence.get("owner"), entry.evidence.get("decision")
            decided[owner][str(decision)] += 1
            answered.add(entry.target.strip("/").lower())
    asked: dict[str | None, list[DeploymentRow]] = defaultdict(list)
    for row in gathered.rows:
        if row.verdict in PROPOSED:
            asked[row.owner].append(row)
    rows = [
        {
            "owner": owner,
            "asked": len(asked[owner]),
            **{name: decided[owner].get(name, 0) for name in ("keep", "retire", "extend")},
            "unanswered": sum(r.deployment_key.strip("/") not in answered for r in asked[owner]),
        }
        for owner in sorted({*asked, *decided}, key=lambda name: (name is None, name))
    ]
    columns = (
        Column("owner", "Owner"),
        Column("asked", "Proposed to retire now", "count"),
        Column("keep", "Keep", "count"),
        Column("retire", "Retire", "count"),
        Column("extend", "Extend", "count"),
        Column("unanswered", "Not answered", "count"),
    )
    return section("owners", "What did owners decide, and who has not answered?", columns, rows)


def unknown(gathered: Gathered) -> Section:
    """What is unknown, and why."""
    rows = [
        {"what": row.path, "why": row.reasons} for row in gathered.rows if row.verdict == "unknown"
    ]
    rows += [
        {"what": row.path, "why": "its price is not known"}
        for row in gathered.rows
        if row.kind == "managed" and row.monthly_run_rate is None
    ]
    rows += [
        {"what": f"{hole.source} {hole.scope}", "why": f"{hole.code}: {hole.message}"}
        for hole in gathered.holes
    ]
    columns = (Column("what", "What"), Column("why", "Why"))
    return section("unknown", "What is unknown, and why?", columns, rows)


def endpoints(gathered: Gathered) -> Section:
    """Each endpoint with what serves and what it falls back on, for the runbook."""
    grouped: dict[str, list[DeploymentRow]] = defaultdict(list)
    for row in gathered.rows:
        if row.kind in ("managed", "kubernetes"):
            grouped[row.endpoint_key].append(row)
    rows = [_endpoint(held, gathered.limits) for _key, held in sorted(grouped.items())]
    columns = (
        Column("endpoint", "Endpoint"),
        Column("active", "Active"),
        Column("active_instances", "Instances"),
        Column("active_limits", "Request limits"),
        Column("rollback", "Rollback"),
        Column("rollback_instances", "Instances"),
        Column("rollback_limits", "Request limits"),
        Column("others", "Others", "count"),
    )
    question = "What serves each endpoint, and what does it fall back on?"
    return section("endpoints", question, columns, rows)


def _endpoint(held: Sequence[DeploymentRow], limits: Limits) -> dict[str, Any]:
    active = [row for row in held if (row.live_traffic_percent or 0) > 0]
    active.sort(key=lambda row: -(row.live_traffic_percent or 0))
    kept = [row for row in held if row.rollback_for is not None]
    told: dict[str, Any] = {"endpoint": f"{held[0].workspace}/{held[0].endpoint}"}
    for word, rows in (("active", active), ("rollback", kept)):
        told[word] = [_with_share(row) for row in rows] or None
        told[f"{word}_instances"] = [_size(row) for row in rows] or None
        spelt = [limits_told(limits.get(row.deployment_key)) or "–" for row in rows]
        told[f"{word}_limits"] = spelt or None
    return told | {"others": len(held) - len({r.id for r in (*active, *kept)})}


def _with_share(row: DeploymentRow) -> str:
    share = row.live_traffic_percent
    return f"{row.deployment} {share:g} %" if share else str(row.deployment)


def _size(row: DeploymentRow) -> str:
    count = "?" if row.instance_count is None else row.instance_count
    return f"{count} × {row.instance_type or '–'}"


def _is_in(quarter: Quarter, at: datetime) -> bool:
    return quarter.first_day <= at.date() <= quarter.last_day


def _short(target: str) -> str:
    words = target.strip("/").split("/")
    return "/".join((words[-5], words[-3], words[-1])) if len(words) > 5 else target


def _column_by(part: Section, key: str, value: str) -> Mapping[Any, Decimal | None]:
    at, wanted = part.column(key), part.column(value)
    return {
        row[at]: None if row[wanted] is None else Decimal(str(row[wanted])) for row in part.rows
    }
