"""What a deployment costs, told to a person: each amount with what it rests on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from collectors.records import counted
from queries.estate.rows import DeploymentRow

# Beside the fields of `mothball list`, which `show --format json` has too.
FIELDS = (
    "month_to_date",
    "last_full_month",
    "cost_since_idle",
    "cost_since_idle_from",
    "billed_per_month",
    "list_price_source",
    "list_price_read_at",
    "cost_basis",
    "share_of_endpoint",
    "cost_per_1000_requests",
    "explanation",
)


def money_fields(row: DeploymentRow) -> dict[str, Any]:
    """What `show` knows of its money beyond the fields of `list`; null: not known."""
    values = asdict(row)
    return {name: values[name] for name in FIELDS}


def money_facts(row: DeploymentRow, now: datetime) -> list[tuple[str, Any]]:
    """Its money as (what, how much)."""

    def shown(amount: Decimal | None) -> str | None:
        return None if amount is None else f"{amount:,.2f} {row.currency}"

    return [
        ("cost in the window", shown(row.cost_in_window)),
        ("month to date", shown(row.month_to_date)),
        ("last full month", shown(row.last_full_month)),
        ("since it fell idle", _since_idle(row, shown(row.cost_since_idle))),
        ("billed a month", shown(row.billed_per_month)),
        ("list price a month", _listed(row, shown(row.list_price_per_month), now)),
        ("share of endpoint", _share(row.share_of_endpoint)),
        ("per 1,000 requests", shown(row.cost_per_1000_requests)),
        ("list and bill", row.explanation),
        ("billed through", row.cost_through),
        ("costs are", row.cost_basis),
    ]


def _share(share: float | None) -> str | None:
    return None if share is None else f"{share * 100:.0f} %"


def _since_idle(row: DeploymentRow, text: str | None) -> str | None:
    """With the first day that counts: the bill may have been read for less than that time."""
    return text and f"{text}, counted from {row.cost_since_idle_from} on"


def _listed(row: DeploymentRow, text: str | None, now: datetime) -> str | None:
    """With where the price comes from, and how old it is."""
    if text is None or row.list_price_read_at is None:
        return text and f"{text} ({row.list_price_source})"
    days = (now - row.list_price_read_at).days
    age = f"{counted(days, 'day')} ago" if days else "today"
    return f"{text} ({row.list_price_source}, read {age})"
