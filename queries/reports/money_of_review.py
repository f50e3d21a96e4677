"""A review's questions of money: what serving cost, and which part of it served nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from queries.reports.deeds_of_review import saved_in
from queries.reports.gathered import Billed, ReviewData, Reviewed, Rows
from queries.reports.owners import index_of, owner_files
from queries.reports.savings import Saving
from queries.reports.sections import Column, Section, section
from queries.text.cells import CENT

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


def headline(gathered: ReviewData) -> Section:
    """The figures that a meeting begins with, by currency."""
    proposed = [row for row in gathered.rows if row.may_be_retired]
    rows: Rows = []
    billed_in = {bill["currency"] for bill in gathered.now.bills}
    for currency in sorted(billed_in | {row.currency for row in proposed if row.currency}):
        bill, then = _of(gathered.now, currency), _of(gathered.before, currency)
        rates = [r.monthly_run_rate for r in proposed if r.currency == currency]
        savings = [s for s in gathered.savings if s.currency == currency]
        saved = _sum(saved_in(gathered, saving) for saving in savings)
        since_start = _sum(saving.saved for saving in savings)
        for figure, amount, remark in (
            ("Serving", bill.get("serving"), _pace(bill, then, gathered.before.quarter.name)),
            ("Served nobody", bill.get("served_nobody"), _part("served_nobody", bill)),
            ("Kept: rollback, protected", bill.get("kept"), _part("kept", bill)),
            ("Could be retired, a month", _sum(rates), _proposed(rates)),
            ("Saved this quarter", saved, _saved(gathered, savings)),
            ("Saved since the start", since_start, _since_start(savings)),
        ):
            rows.append({"currency": currency, "figure": figure, "amount": amount, "note": remark})
    columns = (
        Column("figure", "Figure", "word"),
        Column("amount", "Amount", "money"),
        Column("currency", "Currency", "word"),
        Column("note", "Beside it"),
    )
    note = lacking(gathered.now)
    return section("headline", "In short", columns, rows, note, "No bill was read.")


def bill(gathered: ReviewData) -> Section:
    """What serving cost, this quarter and the one before, and which part of it served nobody."""
    rows: Rows = []
    currencies = {b["currency"] for held in (gathered.now, gathered.before) for b in held.bills}
    for currency in sorted(currencies):
        now, then = _of(gathered.now, currency), _of(gathered.before, currency)
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


def since(gathered: ReviewData) -> Section:
    """In what the quarter before looks different from what its own review told."""
    before, reviewed = gathered.before, gathered.reviewed
    question = f"What has changed since {before.quarter.name} was reviewed?"
    columns = (
        Column("what", "What"),
        Column("reviewed", "As reviewed"),
        Column("now", "As it is known at this review"),
    )
    if reviewed is None:
        text = f"{before.quarter.name} was never reviewed."
        return section("since", question, columns, (), empty=text)
    note = f"{before.quarter.name} was reviewed on {reviewed.frozen_at:%Y-%m-%d}"
    note += ", before it had ended." if reviewed.is_preliminary else "."
    rows = [*_restated(before, reviewed), *_settled(gathered, reviewed)]
    return section("since", question, columns, rows, note, "Nothing.")


def _restated(before: Billed, reviewed: Reviewed) -> Iterable[dict[str, str]]:
    """The parts of the bill that were restated, or read, since."""
    names = {title: name for name, title in PARTS}
    reviewed_amounts = {
        (r["currency"], names[str(r["part"])]): r["amount"] for r in reviewed.bill.records()
    }
    for currency in sorted(
        {str(key[0]) for key in reviewed_amounts} | {b["currency"] for b in before.bills}
    ):
        now = _of(before, currency)
        for name, title in PARTS:
            then, known = reviewed_amounts.get((currency, name)), now.get(name)
            if _cents(then) != _cents(known):
                was, amount = _money(then, currency), _money(known, currency)
                yield {"what": f"{title}, billed", "reviewed": was, "now": amount}


def _settled(gathered: ReviewData, reviewed: Reviewed) -> Iterable[dict[str, str]]:
    """The retirements whose saving in the quarter before was reported otherwise then."""
    quarter = gathered.before.quarter
    then = {(r["deployment"], r["deleted_at"]): r for r in reviewed.savings.records()}
    for saving in gathered.savings:
        row = then.get((saving.deployment, f"{saving.deleted_at:%Y-%m-%d %H:%M UTC}"))
        if row is None or "saved" not in row:
            continue
        saved = saving.saved_within(quarter.first_day, quarter.last_day)
        if (row["state"], _cents(row["saved"])) == (saving.state, _cents(saved)):
            continue
        currency = saving.currency or ""
        yield {
            "what": f"Saving of {saving.deployment}",
            "reviewed": f"{row['state']}, {_money(row['saved'], currency)}",
            "now": f"{saving.state}, {_money(saved, currency)}",
        }


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
        row | {"share": _percent(row["served_nobody"], of.get(row["currency"]))}
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


def _of(held: Billed, currency: str) -> Mapping[str, Any]:
    return next((bill for bill in held.bills if bill["currency"] == currency), {})


def _pace(bill: Mapping[str, Any], then: Mapping[str, Any], name: str) -> str:
    """What a billed day cost, in both quarters: they need not have equally many."""
    if not bill:
        return "the bill was not read"
    if bill["serving"] is None:
        return f"the bill carries no deployment tags, billed through {bill['billed_through']}"
    text = f"{_daily(bill)} a day, billed through {bill['billed_through']}"
    return f"{text}; {name}: {_daily(then)} a day" if then.get("serving") is not None else text


def _daily(bill: Mapping[str, Any]) -> str:
    return f"{bill['serving'] / bill['billed_days']:,.2f}"


def _part(name: str, bill: Mapping[str, Any]) -> str:
    share = _percent(bill.get(name), bill.get("serving"))
    return "" if share is None else f"{share:.1f} % of serving"


def _proposed(rates: list[Decimal | None]) -> str:
    text = f"{len(rates)} deployments that serve nobody now"
    unknown = sum(rate is None for rate in rates)
    return f"{text}; the price of {unknown} is not known" if unknown else text


def _saved(gathered: ReviewData, savings: Sequence[Saving]) -> str:
    """How many were retired in the quarter, what is open, and what grew beside them."""
    quarter = gathered.quarter
    retired = [s for s in savings if quarter.has(s.deleted_at.date())]
    pending = sum(saving.state == "pending" for saving in retired)
    grown = _sum(saving.growth_within(quarter.first_day, quarter.last_day) for saving in savings)
    texts = [f"{len(retired)} retired in it" if retired else "nothing was retired in it"]
    texts += [f"{pending} pending until enough days are billed"] if pending else []
    texts += [f"{grown:,.2f} more was spent beside them"] if grown else []
    return "; ".join(texts)


def _since_start(savings: Sequence[Saving]) -> str:
    if not savings:
        return "nothing was retired yet"
    first = min(saving.deleted_at for saving in savings)
    return f"{len(savings)} retired since {first:%Y-%m-%d}"


def _share(amount: Decimal | None, serving: Decimal | None, name: str) -> float | None:
    return None if name in ("elsewhere", "bill") else _percent(amount, serving)


def _percent(amount: Decimal | None, whole: Decimal | None) -> float | None:
    return round(float(amount / whole * 100), 1) if amount is not None and whole else None


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _cents(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(CENT)


def _money(value: object, currency: str) -> str:
    amount = _cents(value)
    return "not known" if amount is None else f"{amount:,.2f} {currency}"
