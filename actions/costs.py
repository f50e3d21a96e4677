"""Takes months of the bill out of the store; the next snapshot reads them anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.journal import local_actor
from actions.session import Session
from queries.money.known import KnownBill, forget_bill, known_bills
from queries.store import journal as chain
from queries.store.journal import Happening

ACTION = "forget-costs"


def forget_costs(
    session: Session, months: Sequence[date], subscription_id: str | None = None
) -> list[KnownBill]:
    """Forget these months (first days) of one subscription, or of all; what was forgotten.

    On every basis, with a journal entry for each month of a subscription. Empty where nothing is
    known of them.
    """
    wanted = None if subscription_id is None else subscription_id.lower()
    known = [
        bill
        for bill in known_bills(session.store)
        if bill.month in months and wanted in (None, bill.subscription_id)
    ]
    if known:
        with session.store.writing() as connection:
            for bill in known:
                forget_bill(connection, bill)
            chain.add(connection, [_entry(session, bill) for bill in known])
    return known


def _entry(session: Session, bill: KnownBill) -> Happening:
    return Happening(
        session.now(),
        local_actor(),
        ACTION,
        f"/subscriptions/{bill.subscription_id}",
        "done",
        f"{bill.month:%Y-%m}, {bill.basis}",
        evidence={
            "month": f"{bill.month:%Y-%m}",
            "basis": bill.basis,
            "source": bill.source,
            "origin": bill.origin,
            "currency": bill.currency,
            "cost": str(bill.cost),
        },
    )
