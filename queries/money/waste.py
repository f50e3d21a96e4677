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


class Waste:
    """Counts what serves nobody among deployments that go by; currencies are never added up."""

    def __init__(self) -> None:
        """Nothing went by yet."""
        self._total = self._deployments = self._without_price = self._unwritable = 0
        self._amounts: dict[str, Decimal] = {}
        self._listed: set[str] = set()

    def add(self, row: DeploymentRow) -> None:
        """Count one."""
        self._total += 1
        if row.verdict not in SERVES_NOBODY:
            return
        self._deployments += 1
        self._unwritable += row.refuses_writes is not None
        if row.monthly_run_rate is None or row.currency is None:
            self._without_price += 1
            return
        sum_so_far = self._amounts.get(row.currency, Decimal(0))
        self._amounts[row.currency] = sum_so_far + row.monthly_run_rate
        if row.run_rate_source == "list":
            self._listed.add(row.currency)

    @property
    def found(self) -> ServingNobody:
        """What they come to; the largest amount first."""
        ordered = sorted(self._amounts.items(), key=lambda pair: -pair[1])
        per_month = tuple(Amount(value, name, name not in self._listed) for name, value in ordered)
        return ServingNobody(
            self._deployments, self._total, per_month, self._without_price, self._unwritable
        )


def serving_nobody(rows: Iterable[DeploymentRow]) -> ServingNobody:
    """What counts of these deployments."""
    waste = Waste()
    for row in rows:
        waste.add(row)
    return waste.found
