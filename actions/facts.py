"""The facts of Azure, asked of the tenant: once by a store's first snapshot, and on demand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from collectors.connection.reading import Reader
from collectors.costs.bill import BILLED_AFTER
from collectors.facts.beside import compare_bill
from collectors.facts.comparing import compare_all
from collectors.facts.measured import BATCHES
from collectors.facts.sample import FIRST_CONTACT, THOROUGH, samples_of
from collectors.records import CostLine, Deployment, Inventory
from queries.intake.facts import facts_were_tested, keep_facts, lines_of_bill, note_facts
from queries.store.file import NoStore, Store


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
    store: Store,
    home: tuple[str, str | None],
    reader: Reader,
    found: Inventory,
    lines: Sequence[CostLine],
    at: datetime,
) -> None:
    """Compare on a larger sample and keep it in the store, which is of the cloud and tenant `home`.

    `lines` are the bill. Raises WrongStore where the store is of another tenant.
    """
    findings = compare_all(reader, found, THOROUGH, at)
    findings.append(compare_bill(*_tagging(lines, _billed(found.deployments, at))))
    keep_facts(store, *home, findings, at)


def batches_of_first_contact(store: Store, found: Inventory) -> int:
    """How many batches of metrics the next snapshot sends for the facts alone."""
    try:
        is_first = not facts_were_tested(store)
    except NoStore:
        is_first = True
    return BATCHES * len(samples_of(found, FIRST_CONTACT)) if is_first else 0


def _tagging(lines: Sequence[CostLine], billed: Sequence[str]) -> tuple[int, int]:
    """How many lines cost something, and how many of them name a deployment."""
    costing = [line for line in lines if line.cost != 0]
    if not billed or len({line.day for line in costing}) < BILLED_AFTER.days:
        return 0, 0
    return len(costing), sum(line.deployment is not None for line in costing)


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
