"""What the interface knows of the tenant at one time; read in one go and never changed."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from queries.estate.naming import Names
from queries.estate.packed import PackedRows, counts_of, packed
from queries.estate.rows import Newest
from queries.money.waste import ServingNobody, serving_nobody
from tui.words.verdicts import LOOKS

if TYPE_CHECKING:
    from queries.estate.facts import Fact
    from queries.estate.history import TrafficPeriod
    from queries.estate.labels import ReachingTag
    from queries.estate.rows import BilledDay, DayRow, DeploymentRow, ReadErrorRow
    from queries.estate.tag_ledger import WrittenTag
    from queries.money.sizing import AutoscaleRow, QuotaRow, SizingRow
    from queries.reports.savings import SavedSoFar
    from queries.store.file import Store

SHORT_DAYS, LONG_DAYS = 30, 93
OLD = timedelta(days=1)
FIRST_ROWS = 120
NOT_KEPT = "no bill of that time was read, and old snapshots keep no list prices"


@dataclass(frozen=True, slots=True)
class Past:
    """Which old snapshot is shown: its place among all, 1 the oldest, `total` the newest."""

    snapshot_id: str
    place: int
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class Estate:
    """The current deployments, what could not be read, and what serves nobody.

    Without `is_whole` it is the first screenful, while the rest is being read; with `past` it is
    what one old snapshot held. `newest` is what the store was given last, `saved` what deletions
    saved in the quarter of it; `gone` and `retagged` are what was done since from here, which the
    next snapshot reports. Two are never equal, and none shows its rows where it is printed:
    comparing 10,000 rows at each change, or writing them out for a log, would hold up the screen.
    """

    rows: PackedRows = field(repr=False)
    read_errors: tuple[ReadErrorRow, ...] = field(repr=False)
    as_of: datetime
    is_whole: bool = True
    past: Past | None = None
    newest: Newest = Newest()
    gone: frozenset[str] = frozenset()
    retagged: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    saved: SavedSoFar | None = None

    @property
    def oldest(self) -> datetime:
        """The age of the oldest row; a narrow or refused snapshot leaves old ones beside new."""
        return min(counts_of(self.rows, "as_of"), default=self.as_of)

    @property
    def nobody(self) -> ServingNobody:
        """What serves nobody; worked out once, by whoever reads the rows."""
        return self.rows.kept(("nobody",), lambda: serving_nobody(self.rows))

    @property
    def names(self) -> Names:
        """How targets are distinguished; made anew each time."""
        return Names(self.rows.column("id").by_row())

    def without(self, keys: Collection[str]) -> Estate:
        """A copy without the deployments of these keys."""
        gone = {self.rows.places[key] for key in keys if key in self.rows.places}
        kept = [place for place in range(len(self.rows)) if place not in gone]
        return replace(self, rows=self.rows.part(kept), gone=self.gone | frozenset(keys))

    def with_tags(self, tags: Mapping[str, Mapping[str, str]]) -> Estate:
        """A copy with the tags of some deployments as they were just read back."""
        values = list(self.rows.column("tags").by_row())
        for key, those in tags.items():
            if key in self.rows.places:
                values[self.rows.places[key]] = those
        rows = self.rows.with_columns({"tags": values})
        return replace(self, rows=rows, retagged={**self.retagged, **tags})

    def after(self, before: Estate | None) -> Estate:
        """A copy with what was done since the snapshot that both are of."""
        if before is None or before.newest.snapshot_id != self.newest.snapshot_id:
            return self
        same = self.without(before.gone) if before.gone else self
        return same.with_tags(before.retagged) if before.retagged else same


def is_old(rows: Iterable[DeploymentRow], now: datetime) -> bool:
    """Whether any of the rows is too old to delete by."""
    return any(now - row.as_of > OLD for row in rows)


@dataclass(frozen=True, slots=True)
class Details:
    """What is read for the one row under the cursor; `span_days` is how far the charts go back."""

    deployment_key: str
    days: tuple[DayRow, ...]
    bill: tuple[BilledDay, ...]
    span_days: int = SHORT_DAYS
    facts: tuple[Fact, ...] = ()
    tags: tuple[ReachingTag, ...] = ()
    written: tuple[WrittenTag, ...] = ()
    traffic_periods: tuple[TrafficPeriod, ...] = ()
    sizing: SizingRow | None = None
    autoscale: tuple[AutoscaleRow, ...] = ()
    quota: QuotaRow | None = None


def read_first(store: Store) -> Estate | None:
    """The first screenful; None where it cannot be had before the rest. StoreFailure otherwise."""
    from queries.estate import questions as estate

    first = estate.first_deployments(store, tuple(LOOKS), FIRST_ROWS)
    if first is None:
        return None
    rows = packed(first.rows)
    return Estate(rows, (), first.as_of, is_whole=len(rows) == first.total)


def read_estate(store: Store) -> Estate | None:
    """Everything current; None where the store has no finished snapshot. StoreFailure otherwise."""
    from queries.estate import questions as estate
    from queries.estate.packed_questions import current_rows
    from queries.reports.savings import saved_so_far

    with store.reading():
        newest = estate.newest(store)
        if newest.taken_at is None:
            return None
        rows = current_rows(store)
        read_errors = tuple(estate.current_read_errors(store))
        saved = saved_so_far(store, newest.taken_at.date()) if newest.journal_entries else None
    as_of = max(counts_of(rows, "as_of"), default=newest.taken_at)
    whole = Estate(rows, read_errors, as_of, newest=newest, saved=saved)
    _ = whole.nobody  # here, where nothing waits for it
    return whole


def read_details(
    store: Store, row: DeploymentRow, span_days: int = SHORT_DAYS
) -> Generator[Details]:
    """What is drawn first, then all; the store is opened once for both. StoreFailure."""
    with store.reading():
        first = read_days(store, row, span_days)
        yield first
        yield read_rest(store, row, first)


def read_days(store: Store, row: DeploymentRow, span_days: int = SHORT_DAYS) -> Details:
    """The charts and the facts, up to the day on which the row was seen. StoreFailure."""
    from queries.estate import questions as estate
    from queries.estate.facts import evidence_of

    key, last_day = row.deployment_key, row.as_of.date()
    first_day = last_day - timedelta(days=span_days - 1)
    with store.reading():
        found = evidence_of(store, key, row.snapshot_id, first_day, last_day)
        bill = estate.billed_days_of(store, row, first_day, last_day)
    return Details(key, tuple(found.days), tuple(bill), span_days, tuple(found.facts))


def read_rest(store: Store, row: DeploymentRow, known: Details) -> Details:
    """All details of a deployment, which takes longer. Raises StoreFailure."""
    from queries.estate.history import traffic_periods_of
    from queries.estate.labels import tags_reaching
    from queries.estate.tag_ledger import tags_written
    from queries.money.sizing import autoscale_of, quota_returned, right_sizing

    key = row.deployment_key
    with store.reading():
        quota = quota_returned(store, [key])
        return replace(
            known,
            tags=tuple(tags_reaching(store, key, row.snapshot_id)),
            written=tuple(tags_written(store, key)),
            traffic_periods=tuple(traffic_periods_of(store, row.endpoint_key)),
            sizing=right_sizing(store, key),
            autoscale=tuple(autoscale_of(store, key)),
            quota=quota[0] if quota else None,
        )
