"""Reads bills by a clock that waits move on, so that no test waits and every pace can be seen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from actions.snapshot.request import Money, SnapshotRequest, months_of_window
from actions.snapshot.take import SnapshotReport, take_snapshot
from collectors.connection.pace import Budget
from collectors.connection.patience import Patience, Stop
from collectors.connection.reading import Reader
from collectors.inventory.scope import Scope
from collectors.records import CostLine
from emulator import Received
from emulator.tenant.bill import charges
from emulator.tenant.state import Charge
from queries.intake.bills import MonthlyBill, keep_month
from queries.policy import Policy
from tests.scene import NOW, Scene, body_of

TWO_MONTHS = (date(2026, 11, 1), date(2026, 10, 1))


class Passing(Stop):
    """Waiting moves the scene's clock on; `waits` are the seconds that were to be waited."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self._scene = scene
        self._next_call = threading.Lock()
        self.waits: list[float] = []

    def wait(self, seconds: float) -> bool:
        with self._next_call:
            self.waits.append(seconds)
            self._scene.clock.advance(timedelta(seconds=seconds))
        return self.is_set()

    def clock(self) -> float:
        """Seconds, as the scene's clock tells them."""
        return self._scene.clock.now().timestamp()


def read_bill(
    scene: Scene,
    months: Sequence[date] = TWO_MONTHS,
    stop: Passing | None = None,
    report: Callable[[str, float], None] | None = None,
    longest_wait_seconds: float = 600.0,
    policy: Policy | None = None,
    **options: Any,
) -> SnapshotReport:
    """A snapshot that asks the bill of these months."""
    stop = stop or Passing(scene)
    snapshot_request = SnapshotRequest(
        scene.cloud.name, None, Scope(), policy or Policy(), money=Money(tuple(months), **options)
    )
    patience = Patience(stop.wait, report, clock=stop.clock)
    budget = Budget(stop.clock, longest_wait_seconds)
    with Reader(scene.cloud, scene.credential, stop, report, patience, budget) as reader:
        return take_snapshot(
            scene.store,
            reader,
            snapshot_request,
            scene.clock.now,
            lambda _what, _done, _total: None,
        )


def truth(
    scene: Scene,
    wanted: Callable[[Charge], bool] = lambda _charge: True,
    first: date = TWO_MONTHS[-1],
    of: Callable[[Charge], float] = lambda charge: charge.cost,
) -> Decimal:
    """What the stand-in billed on workspaces from `first` on."""
    found = (
        charge
        for subscription in scene.world.subscriptions
        for charge in charges(scene.world, subscription.subscription_id, first, NOW.date())
        if charge.resource_type.endswith("machinelearningservices/workspaces")
    )
    return sum((Decimal(str(of(c))) for c in found if wanted(c)), Decimal(0))


def cents(amount: Decimal | None) -> Decimal:
    """To the cent; unknown is no amount."""
    assert amount is not None
    return amount.quantize(Decimal("0.01"))


def months_asked(requests: Iterable[Received]) -> list[str]:
    """The month of each cost query, such as 2026-11."""
    return [body_of(one)["timePeriod"]["from"][:7] for one in requests]


def line(
    day: date, cost: str, deployment: str | None = "blue", currency: str = "EUR", **more: Any
) -> CostLine:
    """A line of the bill of `score`."""
    values = {"resource_key": None, "endpoint": "score"} | more
    return CostLine(day=day, deployment=deployment, cost=Decimal(cost), currency=currency, **values)


def keep_bill(
    scene: Scene,
    lines: Sequence[CostLine],
    month: date = TWO_MONTHS[0],
    basis: str = "ActualCost",
    source: str = "query",
    at: datetime = NOW,
    subscription_id: str | None = None,
    **more: Any,
) -> None:
    """Put a month of the first subscription into the store, as if it had been read."""
    own = subscription_id or scene.world.subscriptions[0].subscription_id
    bill = MonthlyBill(own, month, basis, tuple(lines), **more)
    with scene.store.writing() as connection:
        keep_month(connection, None, bill, source, at)


def window_months(days: int = 35) -> list[date]:
    """The months that a window up to NOW touches."""
    return months_of_window(NOW.date(), days)
