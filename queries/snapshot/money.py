"""What money a snapshot asks: the bill of the months, then list prices in the bill's currency."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from collectors.connection.reading import Reader
from collectors.costs.prices import ListPrice, read_prices
from collectors.records import Hole, Inventory
from queries.money.counted import count_by
from queries.snapshot.bill import gather_costs
from queries.store import library
from queries.store.append import append, naive_utc, row_of
from queries.store.file import Store
from queries.store.listing import forget_listing

PRICES_KEEP_DAYS = 7

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Money:
    """Which months to ask (none: no bill), how costs count, and how the settings bend prices.

    `currency` counts only where no bill tells one; `overrides` are per hour and instance, by
    size; `discount` is a share of the list price.
    """

    months: tuple[date, ...] = ()
    basis: str = "ActualCost"
    currency: str = "USD"
    overrides: Mapping[str, Decimal] = field(default_factory=dict)
    discount: Decimal = Decimal(0)


def gather_money(
    store: Store,
    reader: Reader,
    snapshot_id: str,
    found: Inventory,
    money: Money,
    now: Callable[[], datetime],
    progress: Progress,
) -> list[Hole]:
    """Read bills and prices into the store; what could not be read is a hole."""
    holders = _billed(store, found, money.months)
    holes = gather_costs(
        store, reader, snapshot_id, holders, money.months, money.basis, now, progress
    )
    _keep_rules(store, money)
    if reader.cloud.retail_prices is not None:
        holes += _gather_prices(store, reader, found, money, now(), progress)
    return holes


def _billed(store: Store, found: Inventory, months: Sequence[date]) -> list[str]:
    """The subscriptions that hold a workspace, or were seen with one since the first month."""
    holders = {w.subscription_id.lower(): w.subscription_id for w in found.workspaces}
    if not months:
        return []
    since = datetime.combine(min(months), datetime.min.time())
    with store.reading() as connection:
        seen = library.ask(connection, "subscriptions_seen_since", {"since": since})
    once = {row["subscription_id"] for row in seen}
    for one in found.subscriptions:
        if one.subscription_id.lower() in once:
            holders.setdefault(one.subscription_id.lower(), one.subscription_id)
    return sorted(holders.values())


def _gather_prices(
    store: Store,
    reader: Reader,
    found: Inventory,
    money: Money,
    now: datetime,
    progress: Progress,
) -> list[Hole]:
    wanted = _prices_to_ask(store, found, money, now)
    smaller = _smaller_sizes(store)
    holes: list[Hole] = []
    prices: dict[tuple[str, str, str], ListPrice] = {}
    for done, (region, size, currency) in enumerate(wanted):
        progress("prices", done, len(wanted))
        if (region, size.lower(), currency) in prices:
            continue  # it came with a larger one of its family
        told = read_prices(reader, region, size, currency, now, smaller.get(size.lower(), ()))
        if isinstance(told, Hole):
            holes.append(told)
        else:
            prices |= {(one.region, one.instance_type, one.currency): one for one in told}
    progress("prices", len(wanted), len(wanted))
    rows = (row_of(price) | {"read_at": now} for price in prices.values())
    with store.noting() as connection:
        forget_listing(connection)
        for price in prices.values():
            place = {n: getattr(price, n) for n in ("region", "instance_type", "currency")}
            library.do(connection, "forget_list_price", place)
        append(connection, "list_prices", rows)
    return holes


def _prices_to_ask(
    store: Store, found: Inventory, money: Money, now: datetime
) -> list[tuple[str, str, str]]:
    """(region, size, currency) in use whose price is not known or is old."""
    with store.reading() as connection:
        billed = {
            row["subscription_id"]: row["currency"]
            for row in library.ask(connection, "billing_currencies")
        }
        fresh = library.ask(
            connection,
            "fresh_prices",
            {"since": naive_utc(now - timedelta(days=PRICES_KEEP_DAYS))},
        )
    known = {(row["region"], row["instance_type"], row["currency"]) for row in fresh}
    wanted: dict[tuple[str, str, str], tuple[str, str, str]] = {}
    for deployment in found.deployments:
        if deployment.kind != "managed" or not deployment.instance_type or not deployment.region:
            continue
        currency = billed.get(deployment.subscription_id.lower(), money.currency)
        key = (deployment.region, deployment.instance_type.lower(), currency)
        if key not in known:
            wanted[key] = (deployment.region, deployment.instance_type, currency)
    return sorted(wanted.values(), key=_large_first)


def _large_first(place: tuple[str, str, str]) -> tuple[str, str, int, str]:
    """By region and currency, larger sizes first: their answers hold the smaller ones' prices."""
    region, size, currency = place
    number = re.search(r"\d+", size)
    return region, currency, -int(number[0]) if number else 0, size.lower()


def _smaller_sizes(store: Store) -> dict[str, tuple[str, ...]]:
    """Smaller sizes of the same family, as the price list spells them, by size in lower case."""
    with store.reading() as connection:
        rows = library.ask(connection, "smaller_sizes")
    return {row["size_key"]: tuple(row["smaller"]) for row in rows}


def _keep_rules(store: Store, money: Money) -> None:
    rules: list[dict[str, Any]] = [{"discount": money.discount}]
    rules += [
        {"instance_type": size.lower(), "per_hour": price}
        for size, price in money.overrides.items()
    ]
    with store.noting() as connection:
        forget_listing(connection)
        library.do(connection, "forget_price_rules")
        append(connection, "price_rules", rules)
        count_by(connection, money.basis, money.currency)
