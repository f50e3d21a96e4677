"""List prices in: which are known and young, and those that were asked."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from collectors.records import ListPrice
from queries.money.counted import count_by
from queries.store import library
from queries.store.append import append, naive_utc, row_of
from queries.store.file import Store
from queries.store.listing import forget_listing


@dataclass(frozen=True, slots=True)
class KnownPrices:
    """What the store knows before prices are asked; sizes in lower case unless said otherwise.

    `currencies` are those of the bills by subscription, `fresh` the young prices by region, size
    and currency, `smaller` the smaller sizes of each one's family as the price list spells them.
    """

    currencies: Mapping[str, str]
    fresh: frozenset[tuple[str, str, str]]
    smaller: Mapping[str, tuple[str, ...]]


def known_prices(store: Store, fresh_since: datetime) -> KnownPrices:
    """Read what is known, in one read."""
    with store.reading() as connection:
        billed = library.ask(connection, "billing_currencies")
        fresh = library.ask(connection, "fresh_prices", {"since": naive_utc(fresh_since)})
        smaller = library.ask(connection, "smaller_sizes")
    return KnownPrices(
        {row["subscription_id"]: row["currency"] for row in billed},
        frozenset((row["region"], row["instance_type"], row["currency"]) for row in fresh),
        {row["size_key"]: tuple(row["smaller"]) for row in smaller},
    )


def keep_prices(store: Store, prices: Collection[ListPrice], read_at: datetime) -> None:
    """Put prices in the place of what was known of them."""
    names = ("region", "instance_type", "currency")
    places = [{name: getattr(price, name) for name in names} for price in prices]
    with store.noting() as connection:
        forget_listing(connection)
        library.do(connection, "forget_list_prices", {"places": json.dumps(places)})
        append(connection, "list_prices", (row_of(one) | {"read_at": read_at} for one in prices))


def keep_money_rules(
    store: Store,
    basis: str,
    currency: str,
    discount: Decimal,
    overrides: Mapping[str, Decimal],
    fiscal_year_start: int,
) -> None:
    """Keep which cost counts, when quarters begin, and how the settings bend the price list.

    `overrides` are per hour, by size; `fiscal_year_start` is a month.
    """
    rules: list[dict[str, Any]] = [{"discount": discount}]
    rules += [
        {"instance_type": size.lower(), "per_hour": price} for size, price in overrides.items()
    ]
    with store.noting() as connection:
        forget_listing(connection)
        library.do(connection, "forget_price_rules")
        append(connection, "price_rules", rules)
        count_by(connection, basis, currency, fiscal_year_start)
