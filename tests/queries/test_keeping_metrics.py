"""Metric values in the store: one for each bucket, the one that was read last."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from collectors.metrics.questions import REQUESTS
from collectors.records import MetricRead, MetricSeries
from queries.intake.metrics import MetricAnswer, keep_metrics
from queries.store.file import Store
from tests.scene import NOW
from tests.stores import new_store

KEY = "/subscriptions/s/deployments/d"
MIDNIGHT = NOW.replace(hour=0)
DAY = timedelta(days=1)
Buckets = dict[int, float]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "store.duckdb")


def _answer(
    buckets: Buckets, read_at: datetime = NOW, key: str = KEY, source: str = "deployment"
) -> MetricAnswer:
    """Averages by days before today."""
    starts_at = tuple(MIDNIGHT - days * DAY for days in buckets)
    nothing = (None,) * len(buckets)
    about = (key, source, REQUESTS, "", 1440, 1440)
    series = MetricSeries(*about, starts_at, tuple(buckets.values()), nothing)
    days: tuple[date, date] = (NOW.date() - 92 * DAY, NOW.date())
    read = MetricRead((key,), source, (REQUESTS,), 1440, *days, "answered", None, read_at)
    return [series], [read]


def _kept(store: Store, key: str = KEY, source: str = "deployment") -> Buckets:
    with store.reading() as connection:
        rows = connection.execute(
            "select starts_at, average from metric_points"
            " where deployment_key = ? and source = ? order by starts_at desc",
            [key, source],
        ).fetchall()
    today = MIDNIGHT.replace(tzinfo=None)
    assert len({starts_at for starts_at, _average in rows}) == len(rows)
    return {(today - starts_at).days: average for starts_at, average in rows}


def test_a_bucket_that_is_read_again_has_its_new_value_and_the_others_stay(store: Store) -> None:
    keep_metrics(store, "first", [_answer({0: 1.0, 1: 2.0, 2: 3.0})])
    keep_metrics(store, "second", [_answer({1: 20.0}, NOW + DAY)])
    assert _kept(store) == {0: 1.0, 1: 20.0, 2: 3.0}


def test_answers_that_come_together_make_one_value_of_each_bucket(store: Store) -> None:
    keep_metrics(store, "first", [_answer({0: 1.0, 1: 2.0}), _answer({1: 20.0, 2: 30.0})])
    assert _kept(store) == {0: 1.0, 1: 20.0, 2: 30.0}


def test_a_resource_that_was_never_asked_before_leaves_the_others_alone(store: Store) -> None:
    keep_metrics(store, "first", [_answer({0: 1.0})])
    keep_metrics(store, "second", [_answer({0: 5.0}, key="/other"), _answer({3: 2.0})])
    assert _kept(store) == {0: 1.0, 3: 2.0}
    assert _kept(store, "/other") == {0: 5.0}


def test_the_namespaces_of_one_deployment_keep_a_value_each(store: Store) -> None:
    keep_metrics(store, "first", [_answer({0: 1.0})])
    keep_metrics(store, "second", [_answer({0: 5.0}, source="endpoint")])
    assert _kept(store) == {0: 1.0}
    assert _kept(store, source="endpoint") == {0: 5.0}


def test_values_of_different_days_stand_at_their_own_times(store: Store) -> None:
    answers = [_answer({days: float(days), 0: 9.0}, key=f"/d{days}") for days in range(1, 30)]
    keep_metrics(store, "first", answers)
    kept = {days: _kept(store, f"/d{days}") for days in range(1, 30)}
    assert kept == {days: {days: float(days), 0: 9.0} for days in range(1, 30)}


def test_a_refusal_is_noted_of_a_resource_without_a_value(store: Store) -> None:
    days = (NOW.date() - DAY, NOW.date())
    refused = MetricRead(
        ("/a", "/b"), "endpoint", (REQUESTS,), 1440, *days, "refused", "Forbidden", NOW
    )
    keep_metrics(store, "first", [([], [refused])])
    with store.reading() as connection:
        rows = connection.execute(
            "select resource_key, metric, state, code from metric_reads order by resource_key"
        ).fetchall()
    assert rows == [(key, REQUESTS, "refused", "Forbidden") for key in ("/a", "/b")]
