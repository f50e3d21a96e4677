"""Who acts, where, and within which limits: what every action is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from collectors.connection.cloud import Cloud
from collectors.connection.timeouts import Timeouts
from queries.policy import BASES, Policy

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

    from collectors.connection.exchanges import Hearing
    from collectors.connection.patience import Stop, Wait, Waiting
    from collectors.connection.reading import Reader
    from queries.estate.rows import DeploymentRow
    from queries.store.file import Store
    from queries.store.heads import Sign


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

    def why_not_on(self, row: DeploymentRow) -> str | None:
        """Why nothing may be written to a deployment, or what Azure would refuse there anyway."""
        return self.why_not(row.subscription_id) or row.refuses_writes


@dataclass(frozen=True, slots=True)
class Prices:
    """How list prices are asked and bent: `overrides` per hour and instance, by size."""

    currency: str = "USD"
    discount: Decimal = Decimal(0)
    overrides: Mapping[str, Decimal] = field(default_factory=dict)


class SharedArchives(Protocol):
    """Archives that several machines have, each with copies in a folder of its own."""

    @property
    def copies(self) -> Path:
        """The folder of this machine."""

    def fetch(self) -> None:
        """Copy what others archived; raises ArchiveFailure."""

    def keep(self, folder: Path) -> None:
        """Give the others an archive of `copies`; raises ArchiveFailure."""


@dataclass(frozen=True, slots=True)
class Session:
    """What an action works with: a store, a cloud, a sign-in, the rules, a clock.

    `sign_in` is called when Azure is first spoken to, and what speaks to Azure is imported then:
    both take a third of a second, which the first frame of a screen does not have.
    `subscriptions` narrows snapshots; empty: all that are visible. `cost_basis` is ActualCost or
    AmortizedCost; `fiscal_year_start` is a month; the bill of the subscriptions in `without_bill`
    (lower case) is never asked. `archive_folder_given` is where the settings want
    archives; None: in `archive_folder`. `archive_container` is where a team has them in place of
    both. `wait` is how a write waits for Azure; None: by the clock
    of this machine. `hearing` is given each exchange with Azure. `sign` signs heads of the journal.
    """

    store: Store
    cloud: Cloud
    sign_in: Callable[[], TokenCredential]
    policy: Policy
    limits: Limits
    archive_folder: Path
    now: Callable[[], datetime]
    subscriptions: tuple[str, ...] = ()
    prices: Prices = field(default_factory=Prices)
    cost_basis: str = BASES["actual"]
    fiscal_year_start: int = 1
    without_bill: frozenset[str] = frozenset()
    archive_folder_given: Path | None = None
    archive_container: SharedArchives | None = None
    wait: Wait | None = None
    hearing: Hearing | None = None
    sign: Sign | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)

    def reader(self, stop: Stop | None = None, report: Waiting | None = None) -> Reader:
        """A read-only connection; close it after use."""
        from collectors.connection.reading import Reader

        return Reader(
            self.cloud,
            self.sign_in(),
            stop,
            report,
            hearing=self.hearing,
            timeouts=self.timeouts,
        )
