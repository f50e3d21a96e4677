"""A review's questions of how money develops: over quarters, to the end of this one, by request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from queries.reports.gathered import Billed, ReviewData, Rows
from queries.reports.money_of_review import lacking, of_currency, percent
from queries.reports.savings import SavedInQuarter, saved_by_quarter
from queries.reports.sections import Column, Section, section

DAY = timedelta(days=1)
SERVING = "Serving"
# As finely as a quotient is kept: its sums stay right to the cent.
MILLIONTH = Decimal("0.000001")
RUN_RATE = (
    "The forecast is a run rate, not a plan: what is billed through the last settled day, and for"
    " each day after it the mean of the newest settled days, seven at most."
)


def quarters(gathered: ReviewData) -> Section:
    """Waste and savings of each quarter that the bill or the journal knows."""
    saved = {
        (one.quarter, one.currency): one
        for one in saved_by_quarter(gathered.savings, gathered.quarter.fiscal_year_start)
    }
    rows = [row for held in gathered.quarters for row in _quarter(held, saved)]
    columns = (
        Column("quarter", "Quarter", "word"),
        Column("serving", "Serving", "money"),
        Column("served_nobody", "Served nobody", "money"),
        Column("share", "of serving", "percent"),
        Column("share_not_judged", "Not judged, of serving", "percent"),
        Column("saved", "Saved", "money"),
        Column("deletions", "Retired that saved", "count"),
        Column("currency", "Currency", "word"),
        Column("read", "Bill read", "word"),
    )
    question = "How did waste and savings develop over the quarters?"
    note = "Days that no snapshot speaks of are not judged, and in no waste." if rows else ""
    return section("quarters", question, columns, rows, note, "No bill was read.")


def _quarter(held: Billed, saved: Mapping[tuple[str, str], SavedInQuarter]) -> Rows:
    name = held.quarter.name
    currencies = {bill["currency"] for bill in held.bills}
    currencies |= {currency for quarter, currency in saved if quarter == name}
    rows: Rows = []
    for currency in sorted(currencies):
        bill, of_it = of_currency(held, currency), saved.get((name, currency))
        serving = bill.get("serving")
        rows.append(
            {
                "quarter": name,
                "serving": serving,
                "served_nobody": bill.get("served_nobody"),
                "share": percent(bill.get("served_nobody"), serving),
                "share_not_judged": percent(bill.get("not_judged"), serving),
                "saved": of_it.saved if of_it else None,
                "deletions": of_it.deletions if of_it else 0,
                "currency": currency,
                "read": "in part" if held.lacking else "whole",
            }
        )
    return rows


def forecast(gathered: ReviewData) -> Section:
    """Where serving and the whole bill end by the run rate, beside the budget."""
    rows = [
        row | {"budget": "" if row["part"] != SERVING else row["budget"]}
        for row in forecasts(gathered)
    ]
    columns = (
        Column("part", "What"),
        Column("billed", "Billed", "money"),
        Column("settled_through", "Settled through", "day"),
        Column("days_left", "Days after it", "count"),
        Column("rate", "Newest settled days, a day", "money"),
        Column("forecast", "Forecast to the end (run rate)", "money"),
        Column("budget", "Budget", "money", "no budget"),
        Column("share", "Forecast of the budget", "percent", ""),
        Column("currency", "Currency", "word"),
    )
    question = f"Where will {gathered.quarter.name} end, and is that within the budget?"
    note = " ".join(text for text in (RUN_RATE, _not_forecast(gathered)) if text)
    return section("forecast", question, columns, rows, note, "No bill was read.")


def forecasts(gathered: ReviewData) -> Rows:
    """What serving and the whole bill come to by the end of the quarter, by currency."""
    return [
        _end(gathered, pace, name, title)
        for pace in gathered.paces
        for name, title in (("serving", SERVING), ("bill", "The whole bill"))
    ]


def _not_forecast(gathered: ReviewData) -> str:
    text = lacking(gathered.now)
    return f"{text} Without it there is no forecast." if text else ""


def _end(gathered: ReviewData, pace: Mapping[str, Any], name: str, title: str) -> dict[str, Any]:
    currency = pace["currency"]
    quarter, settled_through = gathered.quarter, pace["settled_through"]
    days_left = (quarter.last_day - max(settled_through, quarter.first_day - DAY)).days
    rate = _per_day(pace[f"newest_{name}"], pace["newest_days"])
    end = None
    if not gathered.now.lacking and pace[name] is not None and (rate is not None or not days_left):
        end = pace[name] + (rate or Decimal(0)) * days_left
    budget = gathered.budgets.get(currency) if name == "serving" else None
    return {
        "part": title,
        "billed": of_currency(gathered.now, currency).get(name),
        "settled_through": settled_through,
        "days_left": days_left,
        "rate": rate,
        "forecast": end,
        "budget": budget,
        "share": percent(end, budget),
        "currency": currency,
    }


def _per_day(amount: Decimal | None, days: int) -> Decimal | None:
    return amount / days if amount is not None and days else None


def endpoint_costs(gathered: ReviewData) -> Section:
    """What a thousand requests cost by endpoint, in this quarter and the one before."""
    before = {
        (row["endpoint_key"], row["currency"]): _per_thousand(row)
        for row in gathered.endpoint_costs_before
    }
    rows = [
        _endpoint_cost(row, before.get((row["endpoint_key"], row["currency"])))
        for row in gathered.endpoint_costs
    ]
    columns = (
        Column("endpoint", "Endpoint"),
        Column("cost", f"Cost in {gathered.quarter.name}", "money"),
        Column("requests", "Requests read", "count"),
        Column("days", "Days read", "count"),
        Column("per_thousand", "Per 1,000 requests", "price"),
        Column("before", f"In {gathered.before.quarter.name}", "price"),
        Column("change", "Change", "percent"),
        Column("currency", "Currency", "word"),
    )
    question = "What do 1,000 requests to each endpoint cost, and how has that changed?"
    note = "By the whole days that are billed and whose requests were read." if rows else ""
    empty = "The bill names no endpoint, or none was read."
    return section("endpoint_costs", question, columns, rows, note, empty)


def _endpoint_cost(row: Mapping[str, Any], before: Decimal | None) -> dict[str, Any]:
    now = _per_thousand(row)
    words = row["endpoint_key"].strip("/").split("/")
    return {
        "endpoint": f"{words[-3]}/{words[-1]}",
        "cost": row["cost"],
        "requests": None if row["requests"] is None else round(row["requests"]),
        "days": row["days"],
        "per_thousand": now,
        "before": before,
        "change": percent(now - before, before) if now is not None and before else None,
        "currency": row["currency"],
    }


def _per_thousand(row: Mapping[str, Any]) -> Decimal | None:
    requests = round(row["requests"] or 0)
    if not requests:
        return None
    amount: Decimal = row["cost_of_days"] * 1000 / requests
    return amount.quantize(MILLIONTH)
