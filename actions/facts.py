"""The facts of Azure, asked of the tenant: once by a store's first snapshot, and on demand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from collectors.connection.reading import Reader
from collectors.facts.beside import compare_bill
from collectors.facts.comparing import compare_all
from collectors.facts.sample import FIRST_CONTACT, THOROUGH
from collectors.records import Deployment, Inventory
from queries.intake.facts import facts_were_tested, keep_facts, lines_of_bill, note_facts
from queries.store.file import Store

# A deployment of this age has its lines on the bill (azure.md A45).
BILLED_AFTER = timedelta(days=3)


def first_contact(store: Store, reader: Reader, found: Inventory, at: datetime) -> bool:
    """Compare on a small sample, where the tenant of this store never was; whether it was now.

    Right after the inventory, so that little has changed since; the bill comes later.
    """
    if facts_were_tested(store):
        return False
    note_facts(store, compare_all(reader, found, FIRST_CONTACT, at), at)
    return True


def look_at_bill(store: Store, found: Inventory, at: datetime) -> None:
    """Keep what the bill that was just read says of its tags."""
    bill = lines_of_bill(store, _billed(found.deployments, at))
    note_facts(store, [compare_bill(*bill)], at)


def compare_thoroughly(
    store: Store, reader: Reader, found: Inventory, bill: tuple[int, int], at: datetime
) -> None:
    """Compare on a larger sample; `bill`: how many lines it has, and how many name a deployment."""
    findings = [*compare_all(reader, found, THOROUGH, at), compare_bill(*bill)]
    keep_facts(store, findings, at)


def _billed(deployments: Iterable[Deployment], at: datetime) -> list[str]:
    """The subscriptions on whose bill a managed deployment has been for days."""
    return sorted(
        {
            one.subscription_id
            for one in deployments
            if one.kind == "managed"
            and one.instance_count != 0
            and (one.created_at is None or one.created_at < at - BILLED_AFTER)
        }
    )
