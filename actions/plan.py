"""A plan to delete: targets, checks, what it saves, the phrase. Pure; nothing is sent."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from actions.operator import Brakes
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
Overrides = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of a deletion. `age_seconds` is how old its evidence is (None: not known)."""

    check: str
    state: State
    evidence: str
    age_seconds: int | None = None
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
    """What must be typed: the name of one, the number of several with a mark of which they are."""
    if len(rows) == 1:
        return rows[0].name
    keys = "\n".join(sorted(row.deployment_key for row in rows))
    return f"delete {len(rows)} deployments {hashlib.sha256(keys.encode()).hexdigest()[:4]}"


def overridden(checks: Sequence[Check], overrides: Overrides, verdict: str) -> tuple[Check, ...]:
    """The checks with the reasons that a person gave for those that did not pass."""
    return tuple(
        replace(check, override=overrides[check.check])
        if check.check in overrides
        and check.state != "pass"
        and may_override(check.check, verdict) is None
        else check
        for check in checks
    )


def may_override(check: str, verdict: str | None = None) -> str | None:
    """Why a check cannot be overridden, or None where it can."""
    if check not in CHECKS:
        return f"there is no check {check!r}; there are: {', '.join(CHECKS)}"
    if check in NEVER_OVERRIDDEN:
        return f"the check {check!r} cannot be overridden"
    if check == "requests" and verdict not in (None, "failed"):
        return "the check 'requests' can be overridden for a failed deployment only"
    return None


def brakes_on(
    rows: Sequence[DeploymentRow], estate: Sequence[DeploymentRow], brakes: Brakes
) -> tuple[str, ...]:
    """Why so many targets at once are refused; the shares count from two targets up."""
    reasons = []
    if len(rows) > brakes.targets:
        reasons.append(f"{len(rows)} targets are more than the {brakes.targets} of the settings")
    if len(rows) < 2:
        return tuple(reasons)
    online = [row for row in estate if row.kind in ("managed", "kubernetes")]
    per_endpoint = Counter(row.endpoint_key for row in online)
    for endpoint_key, count in Counter(row.endpoint_key for row in rows).items():
        if count > per_endpoint[endpoint_key] * brakes.share_of_endpoint:
            name = endpoint_key.rsplit("/", 1)[-1]
            reasons.append(
                f"{count} of the {per_endpoint[endpoint_key]} deployments of {name} are more than"
                f" {brakes.share_of_endpoint:.0%}"
            )
    if len(rows) > len(online) * brakes.share_of_tenant:
        reasons.append(
            f"{len(rows)} of {len(online)} deployments are more than {brakes.share_of_tenant:.0%}"
            " of the tenant"
        )
    return tuple(reasons + _money_brake(rows, online, brakes))


def _money_brake(
    rows: Sequence[DeploymentRow], online: Sequence[DeploymentRow], brakes: Brakes
) -> list[str]:
    reasons = []
    for currency in sorted({row.currency for row in rows if row.currency}):
        here = _sum(rows, currency)
        all_of_it = _sum(online, currency)
        if here > all_of_it * brakes.share_of_money:
            reasons.append(
                f"{here:,.2f} of {all_of_it:,.2f} {currency} a month are more than"
                f" {brakes.share_of_money:.0%}"
            )
    return reasons


def _sum(rows: Sequence[DeploymentRow], currency: str) -> Decimal:
    return sum(
        (row.monthly_run_rate or Decimal(0) for row in rows if row.currency == currency),
        Decimal(0),
    )
