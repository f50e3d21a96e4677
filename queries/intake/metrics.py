"""Metric values in: which days are still to be asked, and the answers to what was."""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec.json import encode

from collectors.records import MetricRead, MetricSeries
from queries.store import library
from queries.store.append import as_text, naive_utc, row_of
from queries.store.file import Store

if TYPE_CHECKING:
    import duckdb

# What one question came to: values, and what they cover.
MetricAnswer = tuple[Sequence[MetricSeries], Sequence[MetricRead]]
BUCKETS_AT_ONCE = 30_000


@dataclass(frozen=True, slots=True)
class _Told:
    """A series, and when it was read."""

    series: MetricSeries
    read_at: datetime


@dataclass(frozen=True, slots=True)
class DaysWanted:
    """Which days a snapshot wants: those of its window, and once all that Azure has.

    An answer of the running day that is as young as `answered_since` is not asked again; None:
    every one is.
    """

    today: date
    window_first_day: date
    first_day_kept: date
    answered_since: datetime | None = None


def first_days_to_ask(
    store: Store,
    source: str,
    resource_keys: Sequence[str],
    metrics: Sequence[str],
    wanted: DaysWanted,
) -> dict[str, date]:
    """The first day that each resource still lacks an answer of, by its key; no key, no lack.

    A day is answered when all of `metrics` are.
    """
    values = asdict(wanted) | {
        "source": source,
        "resource_keys": list(resource_keys),
        "metrics": list(metrics),
        "answered_since": naive_utc(wanted.answered_since),
    }
    with store.reading() as connection:
        rows = library.ask(connection, "first_days_to_ask", values)
    return {row["resource_key"]: row["first_day"] for row in rows}


def days_of_change(
    store: Store, created: Mapping[str, datetime], window_first_day: date
) -> dict[str, date]:
    """The day on which each of these took over a name that was called on that day, by its key.

    No key: nobody called, nobody was there before, or the minutes of that day are in the store.
    """
    creations = [
        {"deployment_key": key, "created_at": created_at} for key, created_at in created.items()
    ]
    values = {
        "creations": json.dumps(creations, default=as_text),
        "window_first_day": window_first_day,
    }
    with store.reading() as connection:
        rows = library.ask(connection, "days_of_change", values)
    return {row["deployment_key"]: row["day"] for row in rows}


def keep_metrics(store: Store, snapshot_id: str, answers: Iterable[MetricAnswer]) -> None:
    """Upsert metric values and note which days of what were answered or refused.

    A value counts as read when its answer was; every answer notes at least one reading.
    """
    kept: dict[Hashable, _Told] = {}
    noted: list[MetricRead] = []
    for series, reads in answers:
        noted += reads
        for one in series:
            about = _about(one)
            whole = _together(kept[about].series, one) if about in kept else one
            kept[about] = _Told(whole, reads[0].read_at)
    keys = {told.series.deployment_key for told in kept.values()}
    keys.update(key for read in noted for key in read.resource_keys)
    with store.noting() as connection:
        [newest] = library.ask(connection, "newest_number")
        numbers = _numbers(connection, keys)
        for part in _parts(kept.values()):
            packed = _packed(part, numbers)
            library.do(connection, "forget_values", packed | {"newest": newest["resource"]})
            library.do(connection, "keep_values", packed)
        rows = [_answer_row(read, snapshot_id, numbers) for read in noted]
        library.do(connection, "keep_answers", {"answers": json.dumps(rows, default=as_text)})


def _numbers(connection: duckdb.DuckDBPyConnection, keys: Collection[str]) -> dict[str, int]:
    """The number of each of these resources, which some of them get now."""
    values = {"resource_keys": sorted(keys)}
    library.do(connection, "number_resources", values)
    rows = library.ask(connection, "numbers_of_resources", values)
    return {row["resource_key"]: row["resource"] for row in rows}


def _about(one: MetricSeries) -> Hashable:
    """What a series is about: one series of each is kept."""
    asked = (one.asked_minutes, one.grain_minutes)
    return (one.deployment_key, one.source, one.metric, one.status_class, *asked)


def _together(before: MetricSeries, later: MetricSeries) -> MetricSeries:
    """The buckets of two series about one thing; of a bucket that both have, the later one's."""
    buckets: dict[datetime, tuple[float | None, float | None]] = {}
    for one in (before, later):
        for starts_at, *values in zip(one.starts_at, one.average, one.maximum, strict=True):
            buckets[starts_at] = (values[0], values[1])
    average = tuple(average for average, _maximum in buckets.values())
    maximum = tuple(maximum for _average, maximum in buckets.values())
    return replace(before, starts_at=tuple(buckets), average=average, maximum=maximum)


def _parts(series: Iterable[_Told]) -> Iterator[list[_Told]]:
    """The series, some at a time: what DuckDB takes to read a JSON text grows with it."""
    part: list[_Told] = []
    buckets = 0
    for told in series:
        part.append(told)
        buckets += len(told.series.starts_at)
        if buckets >= BUCKETS_AT_ONCE:
            yield part
            part, buckets = [], 0
    if part:
        yield part


def _packed(series: Iterable[_Told], numbers: Mapping[str, int]) -> dict[str, str]:
    """The series as JSON; those of the same times share one list of them."""
    spans: dict[tuple[datetime, ...], int] = {}
    rows: list[dict[str, Any]] = []
    for told in series:
        row = row_of(told.series)
        row["resource"] = numbers[row.pop("deployment_key")]
        row["span"] = spans.setdefault(row.pop("starts_at"), len(spans))
        row["read_at"] = as_text(told.read_at)
        rows.append(row)
    times = list(map(_texts_of, spans))
    # Of numbers by the hundred thousand: json takes ten times as long.
    return {name: encode(values).decode() for name, values in (("series", rows), ("spans", times))}


# The series of a snapshot have a few spans, which each part of them has anew.
@lru_cache(maxsize=64)
def _texts_of(span: tuple[datetime, ...]) -> list[str]:
    return list(map(as_text, span))


def _answer_row(read: MetricRead, snapshot_id: str, numbers: Mapping[str, int]) -> dict[str, Any]:
    row = row_of(read) | {"snapshot_id": snapshot_id}
    row["resources"] = sorted(numbers[key] for key in row.pop("resource_keys"))
    return row
