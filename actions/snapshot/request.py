"""What a snapshot is asked to be: which part of which tenant, by which rules, with which money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from actions.session import Session
from collectors.connection.identity import who_is
from collectors.inventory.scope import Scope
from queries.policy import Policy
from queries.store.heads import Sign


@dataclass(frozen=True, slots=True)
class Money:
    """Which months to ask (none: no bill), how costs count, and how the settings bend prices.

    `currency` counts only where no bill names one; `overrides` are per hour and instance, by
    size; `discount` is a share of the list price; `fiscal_year_start` is a month. The bill
    of the subscriptions in `without_bill` (lower case) is never asked.
    """

    months: tuple[date, ...] = ()
    basis: str = "ActualCost"
    currency: str = "USD"
    overrides: Mapping[str, Decimal] = field(default_factory=dict)
    discount: Decimal = Decimal(0)
    fiscal_year_start: int = 1
    without_bill: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SnapshotRequest:
    """What a collection is for: which cloud and tenant, what part of it, by which settings.

    `kind` is `snapshot` (daily values) or `guard` (hourly values of the one endpoint of the
    scope, evidence for a deletion that never becomes the latest snapshot). `confirms_facts`: the
    first of a store asks the tenant to confirm the facts of Azure. `is_named`: somebody named the
    scope for this snapshot alone, so that what is not there is a slip. `sign` signs the head of the
    journal that the snapshot notes.
    """

    cloud: str
    tenant_id: str | None
    scope: Scope
    policy: Policy
    kind: str = "snapshot"
    resume: bool = False
    money: Money | None = None
    confirms_facts: bool = False
    is_named: bool = False
    sign: Sign | None = None


def request_by_settings(
    session: Session,
    scope: Scope | None = None,
    window_days: int | None = None,
    cost_months: int | None = None,
    *,
    resume: bool = False,
) -> SnapshotRequest:
    """A snapshot by the settings, or by what is given in their place; signs in.

    `cost_months` None: the months that the window touches; 0: no bill.
    """
    if session.sign is not None:
        session.sign("")  # a key that cannot be used is told before anything is asked
    policy = session.policy
    if window_days is not None:
        policy = replace(policy, window_days=window_days)
    return SnapshotRequest(
        cloud=session.cloud.name,
        tenant_id=who_is(session.sign_in(), session.cloud).tenant_id,
        scope=scope or Scope(session.subscriptions),
        policy=policy,
        resume=resume,
        money=_money(session, policy.window_days, cost_months),
        confirms_facts=True,
        is_named=scope is not None,
        sign=session.sign,
    )


def months_of_window(today: date, window_days: int) -> list[date]:
    """First days of the months that a window touches, newest first."""
    first = (today - timedelta(days=window_days)).replace(day=1)
    month, months = today.replace(day=1), []
    while month >= first:
        months.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return months


def newest_months(today: date, count: int) -> list[date]:
    """First days of so many months, the running one first."""
    months = [today.replace(day=1)]
    while len(months) < count:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[:count]  # none at all for 0


def _money(session: Session, window_days: int, cost_months: int | None) -> Money:
    today = session.now().date()
    months = (
        months_of_window(today, window_days)
        if cost_months is None
        else newest_months(today, cost_months)
    )
    return Money(
        months=tuple(months),
        basis=session.cost_basis,
        currency=session.prices.currency,
        overrides=session.prices.overrides,
        discount=session.prices.discount,
        fiscal_year_start=session.fiscal_year_start,
        without_bill=session.without_bill,
    )
