"""What was measured: costs side by side, their ratios, and both as JSON and as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any, Self

# A ratio may double before it fails; how many requests are sent is no matter of chance.
LARGEST_GROWTH = 2.0
LARGEST_GROWTH_OF_REQUESTS = 1.05
# Never seconds by the clock, which say how busy a machine is.
GUARDED = ("cpu_seconds", "peak_mb", "requests", "written_kb")
# Below this a processor's time is mostly chance.
LEAST_GUARDED_CPU_SECONDS = 0.02

Limits = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Cost:
    """What a process took; None: not measured, or there is no such thing."""

    cpu_seconds: float | None = None
    wall_seconds: float | None = None
    peak_mb: float | None = None
    requests: int | None = None
    written_kb: float | None = None
    store_mb: float | None = None


QUANTITIES = tuple(field.name for field in fields(Cost))


@dataclass(frozen=True)
class Measure:
    """One cost of the product at a size of the tenant, and its baseline's of the same run."""

    size: int
    name: str
    cost: Cost
    against: str = ""
    baseline: Cost = Cost()

    @property
    def key(self) -> str:
        """What names it among the limits."""
        return f"{self.size}: {self.name}"

    def ratio(self, quantity: str) -> float | None:
        """How many times the baseline; None where either is not known or nothing."""
        own, other = getattr(self.cost, quantity), getattr(self.baseline, quantity)
        return own / other if own is not None and other else None

    def guarded(self) -> dict[str, float]:
        """The ratios that say something on any machine."""
        found = {name: self.ratio(name) for name in GUARDED}
        if (self.baseline.cpu_seconds or 0) < LEAST_GUARDED_CPU_SECONDS:
            found.pop("cpu_seconds")
        return {name: round(ratio, 3) for name, ratio in found.items() if ratio is not None}


@dataclass(frozen=True)
class Results:
    """A run: when, with what, on what, and what it measured."""

    date: str
    versions: Mapping[str, str]
    machine: Mapping[str, float]
    measures: Sequence[Measure]

    def write(self, path: Path) -> None:
        """Keep it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """A kept run."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        measures = [_measure(one) for one in kept.pop("measures")]
        return cls(**kept, measures=measures)


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each quantity over several runs of the same."""
    return Cost(**{name: _middle([getattr(cost, name) for cost in costs]) for name in QUANTITIES})


def limits_of(measures: Iterable[Measure]) -> Limits:
    """What later runs are held against."""
    return {measure.key: measure.guarded() for measure in measures if measure.guarded()}


def worse(measures: Iterable[Measure], limits: Limits) -> list[str]:
    """A line for each ratio that grew too much, and for each measure that is missing."""
    found = {measure.key: measure.guarded() for measure in measures}
    lines = [f"{key} was not measured" for key in limits if key not in found]
    for key, kept in limits.items():
        for quantity, limit in kept.items():
            ratio = found.get(key, {}).get(quantity)
            if ratio is not None and ratio > limit * _growth(quantity):
                lines.append(f"{key}: {quantity} is {ratio:.2f} x its baseline, was {limit:.2f} x")
    return lines


def table(measures: Iterable[Measure]) -> str:
    """All of it, each cost with its ratio behind it."""
    rows = [headings(), *(cells(measure) for measure in measures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def headings() -> tuple[str, ...]:
    """What stands above the cells."""
    return ("deployments", "measured", *_HEADS.values(), "against")


def cells(measure: Measure) -> tuple[str, ...]:
    """A measure as texts; an empty one is not known."""
    costs = [with_ratio(measure, quantity) for quantity in _HEADS]
    return (f"{measure.size:,}" if measure.size else "", measure.name, *costs, measure.against)


_HEADS = {
    "cpu_seconds": "CPU s",
    "peak_mb": "peak MB",
    "requests": "requests",
    "written_kb": "written kB",
    "store_mb": "store MB",
    "wall_seconds": "wall s",
}


def shown(value: float | None) -> str:
    """A cost as text; an empty one is not known."""
    if value is None or isinstance(value, int):
        return "" if value is None else f"{value:,}"
    return f"{value:,.3f}" if 0 < value < 1 else f"{value:,.1f}"


def with_ratio(measure: Measure, quantity: str) -> str:
    """A cost and how many times its baseline that is, as text."""
    own, ratio = getattr(measure.cost, quantity), measure.ratio(quantity)
    if own is None:
        return ""
    return shown(own) if ratio is None else f"{shown(own)} ({ratio:.2f} x)"


def _growth(quantity: str) -> float:
    return LARGEST_GROWTH_OF_REQUESTS if quantity == "requests" else LARGEST_GROWTH


def _middle(values: Sequence[Any]) -> Any:
    return None if None in values else median(values)


def _measure(kept: dict[str, Any]) -> Measure:
    return Measure(**{**kept, "cost": Cost(**kept["cost"]), "baseline": Cost(**kept["baseline"])})
