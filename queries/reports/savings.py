"""What a deletion promised, and what the bill shows since: never a saving nobody can find there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import Store

# A week evens weekdays out; a month of billing shows whether something else grew instead.
ENOUGH_DAYS, LONGEST_DAYS = 7, 30
State = Literal["pending", "realised", "grown elsewhere", "not realised", "not billed", "restored"]


@dataclass(frozen=True, slots=True)
class Saving:
    """One deletion. Amounts are a month (365/12 days) in `currency`; None: not known (yet).

    `realised` is the bill before less the bill after; `grown_elsewhere` is by how much the other
    deployments of the endpoint grew, `net` what is left of the saving after that. `days_after`
    are settled days of months whose bill was read.
    """

    deployment: str
    target: str
    deleted_at: datetime
    restored_at: datetime | None
    currency: str | None
    forecast: Decimal | None
    realised: Decimal | None
    grown_elsewhere: Decimal | None
    net: Decimal | None
    days_after: int
    state: State
    reason: str


def savings(store: Store) -> list[Saving]:
    """Every deletion of the journal, oldest first, with its forecast and what came of it."""
    values = {"enough_days": ENOUGH_DAYS, "longest_days": LONGEST_DAYS}
    with store.reading() as connection:
        return [_saving(row) for row in library.ask(connection, "savings", values)]


def _saving(row: dict[str, Any]) -> Saving:
    words = str(row["target"]).strip("/").split("/")
    realised = grown = net = None
    if row["before"] is not None and row["after"] is not None:
        realised = row["before"] - row["after"]
        grown = max(row["siblings_after"] - row["siblings_before"], Decimal(0))
        net = realised - grown
    state, reason = _state(row, realised, grown)
    deleted_at = aware_utc(row["deleted_at"])
    assert deleted_at is not None
    return Saving(
        deployment="/".join((words[-5], words[-3], words[-1])),
        target=row["target"],
        deleted_at=deleted_at,
        restored_at=aware_utc(row["restored_at"]),
        currency=row["currency"],
        forecast=row["forecast"],
        realised=realised,
        grown_elsewhere=grown,
        net=net,
        days_after=row["days_after"],
        state=state,
        reason=reason,
    )


def _state(
    row: dict[str, Any], realised: Decimal | None, grown: Decimal | None
) -> tuple[State, str]:
    if row["restored_at"] is not None:
        return "restored", f"it came back on {row['restored_at']:%Y-%m-%d}"
    if realised is None or grown is None:
        if not row["days_read_before"]:
            return "pending", "the bill before it was not read: mothball snapshot --cost-months 3"
        if row["days_after"] >= ENOUGH_DAYS:
            return "not billed", "the bill shows no cost of it before the deletion"
        return "pending", f"{row['days_after']} of {ENOUGH_DAYS} days after it are billed"
    if realised <= 0:
        return "not realised", "the bill did not fall"
    if grown * 2 >= realised:
        return "grown elsewhere", "other deployments of its endpoint cost more since"
    return "realised", f"by {row['days_after']} billed days after it"
