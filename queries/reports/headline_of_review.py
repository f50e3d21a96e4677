"""The figures of a review that a meeting begins with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from collectors.records import counted
from queries.reports.deeds_of_review import saved_in
from queries.reports.gathered import ReviewData, Rows
from queries.reports.money_of_review import lacking, of_currency, percent, sum_known
from queries.reports.savings import Saving
from queries.reports.sections import Column, Section, section
from queries.reports.trends_of_review import SERVING, forecasts


def headline(gathered: ReviewData) -> Section:
    """The figures that a meeting begins with, by currency."""
    proposed = [row for row in gathered.rows if row.may_be_retired]
    rows: Rows = []
    ends = {r["currency"]: r for r in forecasts(gathered) if r["part"] == SERVING}
    billed_in = {bill["currency"] for bill in gathered.now.bills}
    for currency in sorted(billed_in | {row.currency for row in proposed if row.currency}):
        bill, then = of_currency(gathered.now, currency), of_currency(gathered.before, currency)
        rates = [r.monthly_run_rate for r in proposed if r.currency == currency]
        savings = [s for s in gathered.savings if s.currency == currency]
        saved = sum_known(saved_in(gathered, saving) for saving in savings)
        since_start = sum_known(saving.saved for saving in savings)
        for figure, amount, remark in (
            ("Serving", bill.get("serving"), _pace(bill, then, gathered.before.quarter.name)),
            ("Served nobody", bill.get("served_nobody"), _part("served_nobody", bill)),
            ("Kept: rollback, protected", bill.get("kept"), _part("kept", bill)),
            ("Could be retired, a month", sum_known(rates), _proposed(rates)),
            ("Saved this quarter", saved, _saved(gathered, savings)),
            ("Saved since the start", since_start, _since_start(savings)),
            *_end(ends.get(currency)),
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


def _end(forecast: Mapping[str, Any] | None) -> Iterator[tuple[str, Decimal | None, str]]:
    """Where the quarter ends, while it has days that are not settled."""
    if forecast is None or not forecast["days_left"]:
        return
    words = f"run rate, {counted(forecast['days_left'], 'day')} after {forecast['settled_through']}"
    if forecast["budget"] is not None:
        words += f"; the budget is {forecast['budget']:,.2f}"
    yield "Serving to the quarter's end", forecast["forecast"], words


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
    share = percent(bill.get(name), bill.get("serving"))
    return "" if share is None else f"{share:.1f} % of serving"


def _proposed(rates: list[Decimal | None]) -> str:
    serve = "serves" if len(rates) == 1 else "serve"
    text = f"{counted(len(rates), 'deployment')} that {serve} nobody now"
    unknown = sum(rate is None for rate in rates)
    return f"{text}; the price of {unknown} is not known" if unknown else text


def _saved(gathered: ReviewData, savings: Sequence[Saving]) -> str:
    """How many were retired in the quarter, what is open, and what grew beside them."""
    quarter = gathered.quarter
    retired = [s for s in savings if quarter.has(s.deleted_at.date())]
    pending = sum(saving.state == "pending" for saving in retired)
    grown = sum_known(
        saving.growth_within(quarter.first_day, quarter.last_day) for saving in savings
    )
    texts = [f"{len(retired)} retired in it" if retired else "nothing was retired in it"]
    texts += [f"{pending} pending until enough days are billed"] if pending else []
    texts += [f"{grown:,.2f} more was spent beside them"] if grown else []
    return "; ".join(texts)


def _since_start(savings: Sequence[Saving]) -> str:
    if not savings:
        return "nothing was retired yet"
    first = min(saving.deleted_at for saving in savings)
    return f"{len(savings)} retired since {first:%Y-%m-%d}"
