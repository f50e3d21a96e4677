"""How many deployments serve nobody and what they cost, in words of three lengths."""

from __future__ import annotations

from queries.money.waste import Amount, ServingNobody


def in_full(found: ServingNobody) -> str:
    """`13 of 42 serve nobody · 14,644 EUR/mo + 2 without a price`."""
    unknown = f"{found.without_price:,} without a price" if found.without_price else ""
    head = f"{found.deployments:,} of {found.total:,} serve nobody"
    return _joined(head, [*map(_amount, found.per_month), unknown])


def in_short(found: ServingNobody) -> str:
    """`13 serve nobody · 14,644 EUR/mo + 2 ?`."""
    unknown = f"{found.without_price:,} ?" if found.without_price else ""
    return _joined(as_count(found), [*map(_amount, found.per_month), unknown])


def as_count(found: ServingNobody) -> str:
    """`13 serve nobody`."""
    return f"{found.deployments:,} serve nobody"


def _amount(amount: Amount) -> str:
    return f"{'' if amount.is_billed else '~'}{amount.value:,.0f} {amount.currency}/mo"


def _joined(head: str, amounts: list[str]) -> str:
    known = " + ".join(filter(None, amounts))
    return f"{head} · {known}" if known else head
