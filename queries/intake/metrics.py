"""Metric values in: which days are still to be asked, and the answers to what was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from collectors.records import MetricRead, MetricSeries
from queries.store import library
from queries.store.append import as_text, naive_utc, row_of
from queries.store.file import Store

# What one question came to: values, and what they cover.
MetricAnswer = tuple[Sequence[MetricSeries], Sequence[MetricRead]]


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


def keep_metrics(
    store: Store,
    snapshot_id: str,
    answers: Iterable[MetricAnswer],
) -> None:
    """Upsert metric values and note which days of what were answered or refused.

    A value counts as read when its answer was; every answer notes at least one reading.
    """
    points: list[dict[str, Any]] = []
    noted: list[dict[str, Any]] = []
    for series, reads in answers:
        points += [row_of(one) | {"read_at": reads[0].read_at} for one in series]
        noted += [one | {"snapshot_id": snapshot_id} for one in _by_question(reads)]
    keys = {point["deployment_key"] for point in points}
    keys.update(key for one in noted for key in one["resource_keys"])
    with store.noting() as connection:
        library.do(connection, "number_resources", {"resource_keys": sorted(keys)})
        if points:
            library.do(connection, "keep_values", {"series": json.dumps(points, default=as_text)})
        library.do(connection, "keep_answers", {"answers": json.dumps(noted, default=as_text)})


def _by_question(reads: Iterable[MetricRead]) -> Iterator[dict[str, Any]]:
    """Readings that differ by nothing but their resource and metric, as one row each."""
    metrics: dict[tuple[str, MetricRead], list[str]] = {}
    for read in reads:
        common = replace(read, resource_key="", metric="")
        metrics.setdefault((read.resource_key, common), []).append(read.metric)
    resources: dict[tuple[tuple[str, ...], MetricRead], list[str]] = {}
    for (key, common), named in metrics.items():
        resources.setdefault((tuple(named), common), []).append(key)
    for (told, common), keys in resources.items():
        yield row_of(common) | {"resource_keys": keys, "metrics": told}
