"""What the interface knows of the tenant at one time; read in one go and never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from queries.filter import text_of
from tui.verdicts import LOOKS

if TYPE_CHECKING:
    from queries.rows import BilledDay, DayRow, DeploymentRow, HoleRow
    from queries.store import Store

SHORT_DAYS, LONG_DAYS = 30, 93
OLD = timedelta(days=1)
FIRST_ROWS = 120


class Haystacks:
    """The text that a filter searches, by row; each is made once, when it is first asked for.

    A worker fills it while the table is already up; a row that it has not come to yet is made
    by whoever asks.
    """

    def __init__(self, rows: Iterable[DeploymentRow]) -> None:
        """Make none yet."""
        self._rows = rows
        self._made: dict[str, str] = {}

    def of(self, row: DeploymentRow) -> str:
        """The text of a row."""
        made = self._made.get(row.deployment_key)
        if made is None:
            made = self._made[row.deployment_key] = text_of(row)
        return made

    def fill(self) -> None:
        """Make all."""
        for row in self._rows:
            self.of(row)


@dataclass(frozen=True, slots=True, eq=False)
class Estate:
    """The current deployments, what could not be read, and the text that a filter searches.

    Without `is_whole` it is the first screenful, while the rest is being read. Two are never
    equal: comparing 10,000 rows at each change would hold up the screen.
    """

    rows: tuple[DeploymentRow, ...]
    holes: tuple[HoleRow, ...]
    haystacks: Haystacks
    as_of: datetime
    is_whole: bool = True

    @property
    def oldest(self) -> datetime:
        """The age of the oldest row; a narrow or refused snapshot leaves old ones beside new."""
        return min((row.as_of for row in self.rows), default=self.as_of)

    def without(self, keys: Collection[str]) -> Estate:
        """The same, less the deployments of these keys."""
        kept = tuple(row for row in self.rows if row.deployment_key not in keys)
        return replace(self, rows=kept)

    def with_tags(self, tags: Mapping[str, Mapping[str, str]]) -> Estate:
        """The same, with the tags of some deployments as they were just read back."""
        rows = tuple(
            replace(row, tags=tags[row.deployment_key]) if row.deployment_key in tags else row
            for row in self.rows
        )
        return replace(self, rows=rows)


def is_old(rows: Iterable[DeploymentRow], now: datetime) -> bool:
    """Whether any of the rows is too old to delete by."""
    return any(now - row.as_of > OLD for row in rows)


@dataclass(frozen=True, slots=True)
class Details:
    """What is read for the one row under the cursor."""

    deployment_key: str
    days: tuple[DayRow, ...]
    bill: tuple[BilledDay, ...]


def read_first(store: Store) -> Estate | None:
    """The first screenful; None where it cannot be had before the rest. StoreFailure otherwise."""
    from queries import estate

    first = estate.first_deployments(store, tuple(LOOKS), FIRST_ROWS)
    if first is None:
        return None
    rows = tuple(first.rows)
    return Estate(rows, (), Haystacks(rows), first.as_of, is_whole=len(rows) == first.total)


def read_estate(store: Store) -> Estate | None:
    """Everything current; None where the store has no finished snapshot. StoreFailure otherwise."""
    from queries import estate

    rows = tuple(estate.current_deployments(store))
    if rows:
        as_of = max(row.as_of for row in rows)
    else:
        finished = [s for s in estate.snapshots(store) if s.status in ("complete", "partial")]
        if not finished:
            return None
        as_of = finished[0].started_at
    return Estate(rows, tuple(estate.current_holes(store)), Haystacks(rows), as_of)


def read_details(store: Store, row: DeploymentRow, span_days: int = SHORT_DAYS) -> Details:
    """The days of the charts, up to the day on which the row was seen."""
    from queries import estate

    last_day = row.as_of.date()
    first_day = last_day - timedelta(days=span_days - 1)
    days = estate.days_of(store, row.deployment_key, row.endpoint_key, first_day, last_day)
    bill = estate.billed_days_of(store, row.deployment_key, first_day, last_day)
    return Details(row.deployment_key, tuple(days), tuple(bill))
