"""A review's questions of money: what serving cost, and which part of it served nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from queries.reports.gathered import Billed, ReviewData, Rows
from queries.reports.owners import index_of, owner_files
from queries.reports.sections import Column, Section, section

NO_OWNER = "without an owner"
# The parts of serving, each a column of review_bills; then the sums that stand below them.
PARTS = (
    ("in_use", "In use"),
    ("kept", "Kept: rollback, protected"),
    ("not_judged", "Not judged: new, unknown, not yet seen"),
    ("served_nobody", "Served nobody: idle, failed"),
    ("endpoints_alone", "Endpoints without a deployment"),
    ("serving", "Serving"),
    ("elsewhere", "Training and shared"),
    ("bill", "The whole bill"),
)
TOTALS = frozenset({"serving", "bill"})


def bill(gathered: ReviewData) -> Section:
    """What serving cost, this quarter and the one before, and which part of it served nobody."""
    rows: Rows = []
    currencies = {b["currency"] for held in (gathered.now, gathered.before) for b in held.bills}
    for currency in sorted(currencies):
        now, then = of_currency(gathered.now, currency), of_currency(gathered.before, currency)
        rows += [
            {
                "currency": currency,
                "part": title,
                "amount": now.get(name),
                "share": _share(now.get(name), now.get("serving"), name),
                "before": then.get(name),
                "share_before": _share(then.get(name), then.get("serving"), name),
                "is_total": name in TOTALS,
            }
            for name, title in PARTS
        ]
    columns = (
        Column("part", "What it was for"),
        Column("amount", gathered.quarter.name, "money"),
        Column("share", "of serving", "percent", ""),
        Column("before", gathered.before.quarter.name, "money"),
        Column("share_before", "of serving", "percent", ""),
        Column("currency", "Currency", "word"),
    )
    note = lacking(gathered.before)
    question = "What did serving cost, and which part of it served nobody?"
    return section("bill", question, columns, rows, note, "No bill was read.")


def lacking(held: Billed) -> str:
    """Which months of a quarter's bill were not read to their end; empty where all were."""
    months: dict[date, Rows] = defaultdict(list)
    for row in held.lacking:
        months[row["month"]].append(row)
    unread = [one for month, rows in months.items() for one in _unread(month, rows)]
    return f"The bill of {held.quarter.name} lacks {', '.join(unread)}." if unread else ""


def _unread(month: date, rows: Rows) -> list[str]:
    if len(rows) == rows[0]["subscriptions"] and not any(row["read_through"] for row in rows):
        return [f"{month:%Y-%m}"]
    return [
        f"{month:%Y-%m} of {row['subscription_id']}"
        + (f" after {row['read_through']}" if row["read_through"] else "")
        for row in rows
    ]


def weeks(gathered: ReviewData) -> Section:
    """Spend by week and by what it was for."""
    columns = (
        Column("week", "Week of", "day"),
        Column("days", "Days billed", "count"),
        Column("served_nobody", "Served nobody", "money"),
        Column("not_judged", "Not judged", "money"),
        Column("kept", "Kept", "money"),
        Column("in_use", "In use", "money"),
        Column("endpoints_alone", "Endpoints alone", "money"),
        Column("serving", "Serving", "money"),
        Column("currency", "Currency", "word"),
    )
    question = "What did each week cost, by what it was for?"
    return section("weeks", question, columns, gathered.weeks, empty="No bill was read.")


def waste(gathered: ReviewData) -> Section:
    """What served nobody, by owner."""
    of = {bill["currency"]: bill["served_nobody"] for bill in gathered.now.bills}
    rows = [
        row | {"share": percent(row["served_nobody"], of.get(row["currency"]))}
        for row in gathered.waste
    ]
    columns = (
        Column("owner", "Owner", absent=NO_OWNER),
        Column("deployments", "Deployments", "count"),
        Column("served_nobody", "Served nobody", "money"),
        Column("share", "of all that did", "percent", ""),
        Column("currency", "Currency", "word"),
    )
    return section("waste", "Whose deployments served nobody?", columns, rows)


def deployments(gathered: ReviewData) -> Section:
    """What there is now, by owner: the sums of the owners' files."""
    columns = (
        Column("owner", "Owner", absent=NO_OWNER),
        Column("deployments", "Deployments", "count"),
        Column("cost_in_window", "Cost in the window", "money"),
        Column("monthly_run_rate", "Run rate a month", "money"),
        Column("proposed", "Proposed to retire", "count"),
        Column("saving_proposed", "Saving proposed a month", "money"),
        Column("without_price", "Without a known price", "count"),
        Column("currency", "Currency", "word"),
    )
    rows = index_of(owner_files(gathered.rows), "csv")
    return section("deployments", "What runs now, and what could be retired?", columns, rows)


def of_currency(held: Billed, currency: str) -> Mapping[str, Any]:
    """The bill of a quarter in one currency; empty where there is none."""
    return next((bill for bill in held.bills if bill["currency"] == currency), {})


def _share(amount: Decimal | None, serving: Decimal | None, name: str) -> float | None:
    return None if name in ("elsewhere", "bill") else percent(amount, serving)


def percent(amount: Decimal | None, whole: Decimal | None) -> float | None:
    """The part of a whole; None where either is not known, or the whole is nothing."""
    return round(float(amount / whole * 100), 1) if amount is not None and whole else None


def sum_known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
