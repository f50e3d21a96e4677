"""Old snapshots as the interface shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.state.estate import NOT_KEPT, Estate, Past

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from queries.estate.packed import PackedRows
    from queries.estate.rows import SnapshotRow
    from queries.store.file import Store


class NothingOlder(Exception):
    """The oldest snapshot is shown already; the text says so."""


def finished(store: Store) -> list[SnapshotRow]:
    """The snapshots that can be shown, newest first."""
    from queries.estate import questions as estate

    return [row for row in estate.snapshots(store) if row.status in ("complete", "partial")]


def read_neighbour(store: Store, shown: str | None, older: int) -> Estate | None:
    """So many snapshots older than the one that is shown (None: the present), newer below 0.

    None is the present, which holds all of the newest snapshot. It goes no further than the
    oldest; raises NothingOlder where that is shown, and StoreFailure.
    """
    timeline = finished(store)
    ids = [row.snapshot_id for row in timeline]
    here = ids.index(shown) if shown in ids else 0
    there = min(here + older, len(ids) - 1)
    if older > 0 and there <= here:
        first = f"{timeline[-1].started_at:%Y-%m-%d}" if timeline else "none is kept"
        raise NothingOlder(f"there is no older snapshot; the first is of {first}")
    if there <= 0:
        return None
    return _read(store, timeline, there)


def _read(store: Store, timeline: list[SnapshotRow], place: int) -> Estate:
    from queries.estate import questions as estate
    from queries.estate.packed_questions import rows_of_snapshot

    snapshot = timeline[place]
    rates = estate.rates_of(store, snapshot.snapshot_id)
    rows = _priced(rows_of_snapshot(store, snapshot.snapshot_id), rates)
    return Estate(
        rows,
        tuple(estate.read_errors_of(store, snapshot.snapshot_id)),
        snapshot.started_at,
        past=Past(snapshot.snapshot_id, len(timeline) - place, len(timeline)),
    )


def _priced(rows: PackedRows, rates: Mapping[str, tuple[Decimal, str]]) -> PackedRows:
    """The rows with what the bill said at their time; their money of today is not that time's."""
    found = [rates.get(key, (None, None)) for key in rows.column("deployment_key").by_row()]
    amounts = [amount for amount, _currency in found]
    return rows.with_columns(
        {
            **dict.fromkeys(("cost_in_window", "list_price_per_month"), [None] * len(rows)),
            **dict.fromkeys(("monthly_run_rate", "billed_per_month", "ranking_amount"), amounts),
            "list_price_source": [NOT_KEPT] * len(rows),
            "run_rate_source": [None if amount is None else "billed" for amount in amounts],
            "currency": [currency for _amount, currency in found],
        }
    )
