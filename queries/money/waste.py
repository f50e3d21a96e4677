"""What the deployments that serve nobody cost a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from queries.vocabulary import SERVES_NOBODY

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in one currency; without `is_billed` some of it is by the price list."""

    value: Decimal
    currency: str
    is_billed: bool


@dataclass(frozen=True, slots=True)
class ServingNobody:
    """How many of `total` deployments serve nobody, and their run rates by currency.

    `without_price` of them cost something that is not known, and are in no amount; Azure takes no
    write on `unwritable` of them, so they cannot be retired now.
    """

    deployments: int
    total: int
    per_month: tuple[Amount, ...]
    without_price: int
    unwritable: int = 0


def serving_nobody(rows: Iterable[DeploymentRow]) -> ServingNobody:
    """What counts of these deployments; the largest amount first, currencies never added up."""
    total = deployments = without_price = unwritable = 0
    amounts: dict[str, Decimal] = {}
    listed: set[str] = set()
    for row in rows:
        total += 1
        if row.verdict not in SERVES_NOBODY:
            continue
        deployments += 1
        unwritable += row.refuses_writes is not None
        if row.monthly_run_rate is None or row.currency is None:
            without_price += 1
            continue
        amounts[row.currency] = amounts.get(row.currency, Decimal(0)) + row.monthly_run_rate
        if row.run_rate_source == "list":
            listed.add(row.currency)
    ordered = sorted(amounts.items(), key=lambda pair: -pair[1])
    per_month = tuple(Amount(value, name, name not in listed) for name, value in ordered)
    return ServingNobody(deployments, total, per_month, without_price, unwritable)
