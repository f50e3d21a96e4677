"""Where a number comes from and how old it is, by the column that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from collectors.records import counted
from tui.grid.columns import Column
from tui.words.ages import ago, as_of

if TYPE_CHECKING:
    from queries.estate.facts import Fact
    from queries.estate.rows import DeploymentRow
    from queries.money.origins import BillRead, PriceRow

Lines = list[tuple[str, "str | None"]]


@dataclass(frozen=True, slots=True)
class Origins:
    """What the store knows of where the numbers of one deployment come from."""

    facts: tuple[Fact, ...]
    bill: tuple[BillRead, ...]
    price: PriceRow | None


@dataclass(frozen=True, slots=True)
class Asker:
    """A row, what is known of its origins, and the time at which somebody wants to know."""

    row: DeploymentRow
    known: Origins
    now: datetime

    def fact(self, name: str) -> Fact | None:
        """A fact by its name."""
        return next((fact for fact in self.known.facts if fact.fact == name), None)


def provenance_of(
    column: Column[DeploymentRow], row: DeploymentRow, known: Origins, now: datetime
) -> Lines:
    """Label and text, in the order to be read; None: not known. What is unknown says why first."""
    asker = Asker(row, known, now)
    if column.show(row) is None:
        first: Lines = [
            ("value", "not known"),
            ("because", column.why(row) or "Azure did not report"),
        ]
    else:
        first = [("value", column.text(row))]
    explain = _EXPLAINERS.get(column.id, _inventory)
    return [*first, *explain(asker)]


def _inventory(asker: Asker) -> Lines:
    return [
        ("source", "the resource as Azure lists it (Resource Graph, or Resource Manager)"),
        ("read", as_of(asker.row.as_of, asker.now)),
        ("snapshot", asker.row.snapshot_id),
    ]


def _fact(name: str, how: str) -> Callable[[Asker], Lines]:
    def explain(asker: Asker) -> Lines:
        fact = asker.fact(name)
        return [("how", how), *(_about(fact, asker.now) if fact else _inventory(asker))]

    return explain


def _about(fact: Fact, now: datetime) -> Lines:
    lines: Lines = [(fact.fact, _known(fact)), ("source", fact.source)]
    if fact.first_day is not None:
        lines.append(("window", f"{fact.first_day} to {fact.last_day}, UTC days"))
        lines.append(
            ("coverage", f"{fact.days_known} of {counted(fact.days_wanted or 0, 'day')} answered")
        )
    if fact.code is not None:
        lines.append(("refused", fact.code))
    return [*lines, ("read", "never" if fact.read_at is None else as_of(fact.read_at, now))]


def _requests(asker: Asker) -> Lines:
    lines: Lines = [
        ("metric", "RequestsPerMinute, average × minutes, a value a day"),
        ("how", "each day the larger of the two namespaces, never their sum, over the window"),
        (
            "proven" if asker.row.requests_proven else "not proven",
            "a zero counts only on days answered by both, with a real zero or a sign of life",
        ),
    ]
    for name in ("requests", "requests by split", "aliveness"):
        fact = asker.fact(name)
        lines += [("", None)] if fact else []
        lines += _about(fact, asker.now) if fact else []
    return lines


def _bill(asker: Asker) -> Lines:
    row = asker.row
    lines: Lines = [
        ("source", "the bill, by the tags azuremlendpoint and azuremldeployment"),
        ("costs are", row.cost_basis),
        ("through", f"{row.cost_through}, the last billed day" if row.cost_through else None),
    ]
    for read in asker.known.bill[:4]:
        through = "" if read.last_day is None else f", through {read.last_day}"
        text = f"{read.basis} by {read.source}{through}, read {ago(read.read_at, asker.now)}"
        lines.append((f"{read.month:%Y-%m}", text))
    if not asker.known.bill:
        lines.append(("read", "no month of this subscription's bill was read"))
    return lines


def _cost(asker: Asker) -> Lines:
    days = f"the sum over the {asker.row.window_days} days of the window and today"
    return [("how", days), *_bill(asker)]


def _price(asker: Asker) -> Lines:
    row, price = asker.row, asker.known.price
    if price is None or price.per_hour is None:
        return [("source", "the price list has no row for this size in this region and currency")]
    hour = f"{price.per_hour.normalize():f} {row.currency} an hour and instance"
    return [
        ("how", f"{hour} × 730 hours × {_instances(row.instance_count)}"),
        ("source", row.list_price_source or price.source),
        ("product", price.product),
        ("meter", price.meter_id),
        ("read", None if price.read_at is None else as_of(price.read_at, asker.now)),
    ]


def _instances(count: int | None) -> str:
    return "an unknown number of instances" if count is None else counted(count, "instance")


def _rate(asker: Asker) -> Lines:
    if asker.row.run_rate_source == "billed":
        how = "the mean of the 7 newest billed days at least two days old × 365 / 12"
        return [("how", how), *_bill(asker)]
    return [("instead", "no billed day tells it, so it is the list price (~)"), *_price(asker)]


def _tag(asker: Asker) -> Lines:
    return [
        (
            "how",
            "the nearest tag with a value, from the deployment up to its subscription",
        ),
        ("from", (asker.row.owner_source or "").replace("_", " ") or None),
        *_inventory(asker),
    ]


def _own_tag(asker: Asker) -> Lines:
    return [("how", "a tag of the deployment itself; none above it counts"), *_inventory(asker)]


def _purpose(asker: Asker) -> Lines:
    return [("how", "the nearest tag with a value; the details say of which"), *_inventory(asker)]


def _verdict(asker: Asker) -> Lines:
    facts: Sequence[Fact] = asker.known.facts
    lines: Lines = [("judged", as_of(asker.row.as_of, asker.now))]
    lines += [("because", reason) for reason in asker.row.reasons.sentences]
    lines += [(fact.fact, _short(fact)) for fact in facts]
    return lines


def _known(fact: Fact) -> str:
    """What is known; what is not known is called so before it is explained."""
    if fact.known is None:
        return fact.state
    return fact.known if fact.state in ("zero", "non-zero") else f"{fact.state}: {fact.known}"


def _short(fact: Fact) -> str:
    known = _known(fact)
    return known if fact.code is None else f"{known} ({fact.code})"


_MAP = "the endpoint's map of traffic; a name that is absent has no share"
_EXPLAINERS: dict[str, Callable[[Asker], Lines]] = {
    "verdict": _verdict,
    "reason": _verdict,
    "finding": _verdict,
    "live": _fact("live traffic", _MAP),
    "mirror": _fact("mirrored traffic", _MAP),
    "requests": _requests,
    "by_day": _requests,
    "idle": _requests,
    "last": _requests,
    "state": _fact("state", "what Azure says of its last operation"),
    "created": _fact("creation", "systemData of the deployment"),
    "run_rate": _rate,
    "cost": _cost,
    "list": _price,
    "owner": _tag,
    "purpose": _purpose,
    "role": _own_tag,
    "expires": _own_tag,
    "retire_after": _own_tag,
}
