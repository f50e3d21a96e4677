"""What serves nobody, what of it may go now and what was saved, in words of several lengths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from queries.money.waste import Amount, Ready, ServingNobody

if TYPE_CHECKING:
    from queries.reports.savings import SavedSoFar


def of_nobody(found: ServingNobody) -> list[str]:
    """`13 of 42 serve nobody · 14,644 EUR/mo + 2 without a price`, then ever shorter."""
    head = f"{found.deployments:,} of {found.total:,} serve nobody"
    count = f"{found.deployments:,} serve nobody"
    return [
        _joined(head, _amounts(found.per_month, found.without_price, "without a price")),
        _joined(count, _amounts(found.per_month, found.without_price, "?")),
        count,
    ]


def of_ready(found: Ready) -> list[str]:
    """`3 ready to go · 1,200 EUR/mo`, then ever shorter; nothing where there is none."""
    if not found.deployments:
        return [""]
    head, count = f"{found.deployments:,} ready to go", f"{found.deployments:,} ready"
    return [
        _joined(head, _amounts(found.per_month, found.without_price, "without a price")),
        _joined(count, _amounts(found.per_month, found.without_price, "?")),
        count,
    ]


def of_saved(found: SavedSoFar | None) -> list[str]:
    """`saved 3,100 EUR in 2026-Q4`, then shorter; nothing where nothing was saved."""
    if found is None or not found.amounts:
        return [""]
    amounts = " + ".join(f"{each.value:,.0f} {each.currency}" for each in found.amounts)
    return [f"saved {amounts} in {found.quarter}", f"saved {amounts}"]


def amount_text(amount: Amount) -> str:
    """`14,644 EUR/mo`; `~` where some of it is by the price list."""
    return f"{'' if amount.is_billed else '~'}{amount.value:,.0f} {amount.currency}/mo"


def _amounts(known: Iterable[Amount], unknown: int, word: str) -> list[str]:
    return [*map(amount_text, known), *([f"{unknown:,} {word}"] if unknown else [])]


def _joined(head: str, amounts: list[str]) -> str:
    return f"{head} · {' + '.join(amounts)}" if amounts else head
