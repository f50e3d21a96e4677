"""A plan to delete: targets, checks, what it saves, the phrase. Pure; nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from queries.rows import DeploymentRow

State = Literal["pass", "fail", "unknown"]
Outcome = Literal["planned", "refused", "deleted", "failed", "raced"]

CHECKS = (
    "same-resource",
    "live-traffic",
    "mirror-traffic",
    "requests",
    "callers",
    "rollback",
    "lock",
    "exemption",
    "retire-mark",
    "operation",
    "assets",
)
NEVER_OVERRIDDEN = frozenset({"same-resource", "live-traffic", "mirror-traffic", "lock"})


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of a deletion. `age_seconds` is how old its evidence is (None: not known)."""

    check: str
    state: State
    evidence: str
    age_seconds: int | None
    override: str | None = None

    @property
    def lets_through(self) -> bool:
        """Whether the deletion may go on for all that this check says."""
        return self.state == "pass" or self.override is not None


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """One deployment to delete, its checks, and what became of it."""

    row: DeploymentRow
    checks: tuple[Check, ...]
    monthly_saving: Decimal | None
    currency: str | None
    outcome: Outcome = "planned"
    message: str | None = None

    @property
    def obstacles(self) -> tuple[Check, ...]:
        """The checks that stand in the way."""
        return tuple(check for check in self.checks if not check.lets_through)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deletion would do, and the phrase that confirms it.

    `brakes` are reasons why this many targets at once are refused; empty: none.
    """

    phrase: str
    targets: tuple[PlannedTarget, ...]
    warnings: tuple[str, ...] = ()
    brakes: tuple[str, ...] = ()


def phrase_for(rows: Sequence[DeploymentRow]) -> str:
    """What must be typed: `endpoint/deployment` for one, the number and the first for several."""
    if len(rows) == 1:
        return rows[0].name
    return f"delete {len(rows)} deployments"


Overrides = Mapping[str, str]
