"""A review's questions of what serves nobody now: evidence, money, and how long it is proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from queries.estate.rows import DeploymentRow
from queries.reports.gathered import ReviewData, Rows
from queries.reports.money_of_review import NO_OWNER, sum_known
from queries.reports.sections import Column, Section, section
from queries.store.journal import Entry
from queries.vocabulary import SERVES_NOBODY

# From how many days on a proposal belongs to which age, the oldest last.
AGES = (
    (0, "under 30 days"),
    (30, "30 to 89 days"),
    (90, "90 to 179 days"),
    (180, "180 days or more"),
)


def deployments(gathered: ReviewData) -> Section:
    """Each deployment that serves nobody now, with its evidence; the dearest first."""
    answers = _answers(gathered.journal)
    silent = sorted((r for r in gathered.rows if r.verdict in SERVES_NOBODY), key=_dearest_first)
    rows = [_line(gathered, row, answers.get(row.deployment_key.strip("/"))) for row in silent]
    columns = (
        Column("deployment", "Deployment"),
        Column("verdict", "Verdict", "word"),
        Column("idle_days", "Idle days", "count"),
        Column("last_request_on", "Last request", "day", "none known"),
        Column("why", "Why"),
        Column("monthly_run_rate", "Run rate a month", "money"),
        Column("saving", "Saving a month", "money"),
        Column("cost_since_idle", "Cost since idle", "money"),
        Column("cost_since_idle_from", "Counted from", "day", ""),
        Column("currency", "Currency", "word"),
        Column("what_is_to_know", "About the money", absent=""),
        Column("owner", "Owner", absent=NO_OWNER),
        Column("proposed_since", "Proposed since", "day", "not proposed"),
        Column("answer", "Answer", absent="none"),
    )
    question = "What serves nobody now, by what evidence, and what would its end save?"
    totals = [_sum_of(currency, rows) for currency in _currencies(silent)]
    return section("idle", question, columns, [*rows, *totals], empty="Nothing.")


def ages(gathered: ReviewData) -> Section:
    """How long the proposals that are open have been so."""
    answers = _answers(gathered.journal)
    grouped: dict[tuple[int, str | None], list[DeploymentRow]] = defaultdict(list)
    for row in gathered.rows:
        if row.may_be_retired:
            grouped[_age(gathered, row), row.currency].append(row)
    rows = [
        {
            "age": AGES[place][1],
            "proposals": len(held),
            "answered": sum(row.deployment_key.strip("/") in answers for row in held),
            "oldest": min(since) if (since := _since_all(gathered, held)) else None,
            "monthly_run_rate": sum_known(row.monthly_run_rate for row in held),
            "currency": currency,
        }
        for (place, currency), held in sorted(
            grouped.items(), key=lambda pair: (-pair[0][0], pair[0][1] or "")
        )
    ]
    columns = (
        Column("age", "Open for"),
        Column("proposals", "Proposals", "count"),
        Column("answered", "Answered", "count"),
        Column("oldest", "The oldest since", "day"),
        Column("monthly_run_rate", "Run rate a month", "money"),
        Column("currency", "Currency", "word"),
    )
    question = "How long have proposals to retire been open?"
    return section("proposals", question, columns, rows, empty="None is open.")


def _line(gathered: ReviewData, row: DeploymentRow, answer: Entry | None) -> dict[str, Any]:
    names = ("verdict", "idle_days", "monthly_run_rate", "cost_since_idle")
    known = {name: getattr(row, name) for name in (*names, "cost_since_idle_from", "currency")}
    return known | {
        "deployment": row.path,
        "last_request_on": row.last_request_at.date() if row.last_request_at else None,
        "why": row.reasons.first,
        "saving": _saving(row),
        "what_is_to_know": row.refuses_writes or row.explanation,
        "owner": row.owner,
        "proposed_since": _since(gathered, row) if row.may_be_retired else None,
        "answer": _answer_text(answer) if answer else None,
    }


def _saving(row: DeploymentRow) -> Decimal | str | None:
    """What its end saves a month: nothing where a commitment pays, none where it cannot end now."""
    if not row.may_be_retired:
        return ""
    return Decimal(0) if row.is_covered else row.monthly_run_rate


def _sum_of(currency: str, rows: Rows) -> dict[str, Any]:
    held = [row for row in rows if row["currency"] == currency]
    blank = dict.fromkeys(
        ("verdict", "idle_days", "last_request_on", "why", "owner", "proposed_since", "answer"), ""
    )
    sums = {
        name: sum_known(row[name] for row in held if row[name] != "")
        for name in ("monthly_run_rate", "saving", "cost_since_idle")
    }
    return blank | sums | {"deployment": _counted(held), "currency": currency, "is_total": True}


def _counted(held: Rows) -> str:
    unknown = sum(row["monthly_run_rate"] is None for row in held)
    text = f"{len(held)} that serve nobody"
    return f"{text}; the price of {unknown} is not known" if unknown else text


def _currencies(rows: Sequence[DeploymentRow]) -> list[str]:
    return sorted({row.currency for row in rows if row.currency is not None})


def _answers(entries: Sequence[Entry]) -> Mapping[str, Entry]:
    """The newest decision of an owner by the deployment."""
    return {
        entry.target.strip("/").lower(): entry
        for entry in entries
        if entry.action == "decide" and entry.outcome == "done"
    }


def _answer_text(entry: Entry) -> str:
    until = f" until {entry.evidence['until']}" if entry.evidence.get("until") else ""
    text = f"{entry.evidence.get('decision')}{until}, {entry.at:%Y-%m-%d} by {entry.actor}"
    return f"{text}: {entry.reason}" if entry.reason else text


def _since(gathered: ReviewData, row: DeploymentRow) -> date | None:
    at: datetime | None = gathered.proposed_since.get(row.deployment_key)
    return at.date() if at else None


def _since_all(gathered: ReviewData, held: Sequence[DeploymentRow]) -> list[date]:
    return [day for row in held if (day := _since(gathered, row)) is not None]


def _age(gathered: ReviewData, row: DeploymentRow) -> int:
    """The place among the ages."""
    since = _since(gathered, row) or gathered.today
    days = (gathered.today - since).days
    return max(place for place, (begin, _words) in enumerate(AGES) if days >= begin)


def _dearest_first(row: DeploymentRow) -> tuple[bool, Decimal, str]:
    return (row.ranking_amount is not None, -(row.ranking_amount or Decimal(0)), row.path)
