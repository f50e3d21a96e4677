"""Asks what money a snapshot wants: the bill of the months, then list prices in its currency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.snapshot.bill import gather_costs
from actions.snapshot.prices import gather_prices
from actions.snapshot.request import Money
from actions.snapshot.run import Run
from collectors.records import Inventory, ReadError
from queries.intake.bills import subscriptions_seen_since
from queries.intake.prices import keep_money_rules
from queries.store.file import Store


def gather_money(run: Run, found: Inventory, money: Money) -> list[ReadError]:
    """Read bills and prices into the store; what could not be read is a read error."""
    billed = _billed(run.store, found, money.months)
    holders = [one for one in billed if one.lower() not in money.without_bill]
    read_errors = gather_costs(run, holders, money.months, money.basis)
    keep_money_rules(
        run.store,
        money.basis,
        money.currency,
        money.discount,
        money.overrides,
        money.fiscal_year_start,
    )
    if run.reader.cloud.retail_prices is not None:
        read_errors += gather_prices(run, found, money.currency)
    return read_errors


def _billed(store: Store, found: Inventory, months: Sequence[date]) -> list[str]:
    """The subscriptions that hold a workspace, or were seen with one since the first month."""
    if not months:
        return []
    holders = {w.subscription_id.lower(): w.subscription_id for w in found.workspaces}
    once = subscriptions_seen_since(store, min(months))
    for one in found.subscriptions:
        if one.subscription_id.lower() in once:
            holders.setdefault(one.subscription_id.lower(), one.subscription_id)
    return sorted(holders.values())
