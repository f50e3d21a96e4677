"""The values of a month lie side by side once it is over, and are the same as before."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from queries.store.append import append
from queries.store.file import Store

RESOURCES, DAYS = 40, 61


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Values of January and February, in the order in which days are read."""
    store = Store(tmp_path / "store.duckdb")
    with store.noting() as connection:
        connection.execute(
            "insert into metric_values by name select number % ? as resource, 'endpoint' as source,"
            " 'RequestsPerMinute' as metric, hash(number)::double as average,"
            " timestamp '2026-01-01' + to_days((number // ?)::integer) as starts_at"
            " from range(?) as numbers(number)",
            [RESOURCES, RESOURCES, RESOURCES * DAYS],
        )
    snapshot(store, at(2026, 1, 30))
    return store


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type,misc]


def snapshot(
    store: Store, when: datetime, status: str = "complete", kind: str = "snapshot"
) -> None:
    row = {"snapshot_id": f"{when} {kind}", "started_at": when, "status": status, "kind": kind}
    with store.noting() as connection:
        append(connection, "snapshots", [row])


def values(store: Store) -> list[tuple[int, datetime, float]]:
    with store.reading() as connection:
        return connection.execute(
            "select resource, starts_at, average from metric_values"
        ).fetchall()


def switches(store: Store) -> int:
    """How often a value lies beside one of another resource."""
    resources = [resource for resource, _when, _average in values(store)]
    return sum(one != following for one, following in zip(resources, resources[1:], strict=False))


def test_the_month_before_is_put_in_order_and_nothing_else_changes(store: Store) -> None:
    held, scattered = sorted(values(store)), switches(store)
    store.put_in_order(at(2026, 2, 4))
    assert sorted(values(store)) == held
    assert switches(store) == scattered - 31 * RESOURCES + RESOURCES
    assert {when.month for _resource, when, _average in values(store)[-31 * RESOURCES :]} == {1}


def test_it_is_done_once_a_month_by_the_first_snapshot_that_is_finished(store: Store) -> None:
    scattered = switches(store)
    store.put_in_order(at(2026, 2, 3, 23, 59))
    snapshot(store, at(2026, 2, 4), status="partial")
    store.put_in_order(at(2026, 2, 5))
    assert switches(store) == scattered
    store.put_in_order(at(2026, 3, 9))
    assert switches(store) < scattered


def test_a_guard_or_a_stopped_snapshot_leaves_it_to_the_next(store: Store) -> None:
    scattered = switches(store)
    snapshot(store, at(2026, 2, 4), kind="guard")
    snapshot(store, at(2026, 2, 4, 1), status="stopped")
    store.put_in_order(at(2026, 2, 5))
    assert switches(store) < scattered


def test_what_a_first_snapshot_reads_of_earlier_months_stays_as_it_came(store: Store) -> None:
    scattered = switches(store)
    store.put_in_order(at(2026, 1, 30))
    assert switches(store) == scattered
