"""Who acts, where, and within which limits: what every action is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from collectors.cloud import Cloud
from collectors.patience import Stop, Waiting
from collectors.reading import Reader
from queries.policy import Policy
from queries.store import Store

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential


class Refusal(Exception):
    """An action that is not allowed: exit code 4, nothing was changed. The text says why."""


@dataclass(frozen=True, slots=True)
class Brakes:
    """How much may be retired at once; the shares (0 to 1) count from two targets up."""

    targets: int = 10
    share_of_endpoint: Decimal = Decimal("0.5")
    share_of_tenant: Decimal = Decimal("0.1")
    share_of_money: Decimal = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Limits:
    """What may not be written to, and the days of grace before a deletion."""

    read_only: bool = False
    protected_subscriptions: frozenset[str] = frozenset()
    grace_days: int = 14
    brakes: Brakes = field(default_factory=Brakes)

    def why_not(self, subscription_id: str) -> str | None:
        """Why nothing may be written to a subscription, or None where it may."""
        if self.read_only:
            return "read-only mode is on (--read-only or MOTHBALL_READ_ONLY)"
        if subscription_id.lower() in self.protected_subscriptions:
            return f"the settings protect subscription {subscription_id}"
        return None


@dataclass(frozen=True, slots=True)
class Operator:
    """The hands of an action: a store, a cloud, a sign-in, the rules, a clock.

    `sign_in` is called when Azure is first spoken to, since it takes a third of a second to load.
    """

    store: Store
    cloud: Cloud
    sign_in: Callable[[], TokenCredential]
    policy: Policy
    limits: Limits
    archive_folder: Path
    now: Callable[[], datetime]

    def reader(self, stop: Stop | None = None, tell: Waiting | None = None) -> Reader:
        """A read-only connection; close it after use."""
        return Reader(self.cloud, self.sign_in(), stop, tell)
