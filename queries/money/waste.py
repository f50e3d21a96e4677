"""What the deployments that serve nobody cost a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
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
class Ready:
    """How many deployments may be deleted by their marks, and their run rates by currency."""

    deployments: int
    per_month: tuple[Amount, ...]
    without_price: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A deployment that serves nobody and is marked; from `day` on its grace is over."""

    day: date
    rate: Amount | None


@dataclass(frozen=True, slots=True)
class ServingNobody:
    """How many of `total` deployments serve nobody, and their run rates by currency.

    `without_price` of them cost something that is not known, and are in no amount; Azure takes no
    write on `unwritable` of them, so they cannot be retired now. `marked` are those that can, and
    carry a retire mark with a date.
    """

    deployments: int
    total: int
    per_month: tuple[Amount, ...]
    without_price: int
    unwritable: int = 0
    marked: tuple[Marked, ...] = ()

    def ready_on(self, day: date) -> Ready:
        """Those whose grace is over on a day."""
        rates = [each.rate for each in self.marked if each.day <= day]
        return Ready(len(rates), summed(rates), rates.count(None))


class Waste:
    """Counts what serves nobody among deployments that go by; currencies are never added up."""

    def __init__(self) -> None:
        """Nothing went by yet."""
        self._total = self._unwritable = 0
        self._rates: list[Amount | None] = []
        self._marked: list[Marked] = []

    def add(self, row: DeploymentRow) -> None:
        """Count one."""
        self._total += 1
        if row.verdict not in SERVES_NOBODY:
            return
        rate = rate_of(row)
        self._rates.append(rate)
        is_writable = row.refuses_writes is None
        self._unwritable += not is_writable
        due = _due(row)
        if due is not None and is_writable:
            self._marked.append(Marked(due, rate))

    @property
    def found(self) -> ServingNobody:
        """What they come to; the largest amount first."""
        rates = self._rates
        return ServingNobody(
            len(rates),
            self._total,
            summed(rates),
            rates.count(None),
            self._unwritable,
            tuple(self._marked),
        )


def serving_nobody(rows: Iterable[DeploymentRow]) -> ServingNobody:
    """What counts of these deployments."""
    waste = Waste()
    for row in rows:
        waste.add(row)
    return waste.found


def rate_of(row: DeploymentRow) -> Amount | None:
    """The run rate of a deployment; None: not known."""
    if row.monthly_run_rate is None or row.currency is None:
        return None
    return Amount(row.monthly_run_rate, row.currency, row.run_rate_source != "list")


def summed(amounts: Iterable[Amount | None]) -> tuple[Amount, ...]:
    """The sum of each currency, the largest first; one with a list price in it is not billed.

    A mapping says of each amount how often it is there.
    """
    sums: dict[str, Decimal] = {}
    listed: set[str] = set()
    # Equal amounts are counted, and multiplied: of many rows that is a tenth of the additions.
    for each, count in Counter(amounts).items():
        if each is not None:
            sums[each.currency] = sums.get(each.currency, Decimal(0)) + each.value * count
            if not each.is_billed:
                listed.add(each.currency)
    ordered = sorted(sums.items(), key=lambda pair: -pair[1])
    return tuple(Amount(value, name, name not in listed) for name, value in ordered)


def _due(row: DeploymentRow) -> date | None:
    """The day on which the grace of its mark ends; None: no mark, or a date nobody can read."""
    if row.role == "retire" and row.retire_after is not None:
        with suppress(ValueError):
            return date.fromisoformat(row.retire_after.strip())
    return None
