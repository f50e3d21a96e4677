"""What a metrics answer says, by its own start, end, interval and series.

An answer is taken for what it covers, never for what was asked (azure.md A7, A17, A29 to A31).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import compress
from operator import attrgetter
from typing import TypeAlias

from collectors.connection.errors import Misshapen
from collectors.inventory.resources import moment
from collectors.metrics.questions import BY_CLASS, BY_ENDPOINT, MetricRequest, midnight, next_day
from collectors.metrics.shapes import Metric, OddMetric, Result, Series, name_of
from collectors.records import MetricSeries, key_of

# What each bucket of a series has; None: nothing.
Values: TypeAlias = tuple[float | None, ...]
MINUTE = timedelta(minutes=1)
COARSER_THAN_ANY = 10**6
_GRAINS = {"PT1M": 1, "PT5M": 5, "PT15M": 15, "PT30M": 30, "PT1H": 60, "PT6H": 360, "PT12H": 720}
_GRAINS |= {"P1D": 1440, "PT24H": 1440}


def error_of(metric: Metric | OddMetric) -> tuple[str, str] | None:
    """Code and message of a metric that failed by itself; None: it did not."""
    code = metric.code or "Success"
    if code.lower() == "success":
        return None
    return code, str(metric.message or code)


def covered_days(result: Result, request: MetricRequest) -> tuple[date, date] | None:
    """The first and last whole day that a result speaks of; None: none of those asked."""
    starts = moment(result.starttime) or request.starts_at
    ends = moment(result.endtime) or request.ends_at
    if grain_of(result, request) > request.question.grain_minutes:
        return None
    late = starts - midnight(starts.date()) > MINUTE
    first = next_day(starts.date()) if late else starts.date()
    # Today is covered by an answer up to about now; every other day must be whole.
    is_running = midnight(next_day(request.last_day)) > request.read_at
    if is_running and ends >= request.ends_at - timedelta(hours=1):
        last = request.last_day
    else:
        last = (ends + MINUTE).date() - timedelta(days=1)
    first, last = max(first, request.first_day), min(last, request.last_day)
    return (first, last) if first <= last else None


def left_out(
    covered: tuple[date, date] | None, request: MetricRequest
) -> Iterator[tuple[date, date]]:
    """The spans of days that were asked and are not covered."""
    if covered is None:
        yield request.first_day, request.last_day
        return
    if covered[0] > request.first_day:
        yield request.first_day, covered[0] - timedelta(days=1)
    if covered[1] < request.last_day:
        yield next_day(covered[1]), request.last_day


def grain_of(result: Result, request: MetricRequest) -> int:
    """Minutes of a bucket of the result, which need not be those that were asked for."""
    interval = (result.interval or "").upper()
    return _GRAINS.get(interval, COARSER_THAN_ANY) if interval else request.question.grain_minutes


def series_of(
    series: Series,
    resource_id: str,
    metric: str,
    grain_minutes: int,
    request: MetricRequest,
) -> MetricSeries:
    """One series, with the deployment that it speaks of; raises Misshapen where it is odd."""
    question = request.question
    labels = {name_of(label.name): label.value or "" for label in series.labels or ()}
    owner = key_of(resource_id)
    starts_at, [average, maximum] = columns_of(series, "average", "maximum")
    if question.source != "deployment":
        name = labels.get("deployment", "").lower()
        if starts_at and not name:
            raise Misshapen("a series of the answer does not tell whose it is")
        owner = f"{owner}/deployments/{name}"
    return MetricSeries(
        owner,
        question.source,
        metric,
        labels.get("statuscodeclass", "") if question.source == BY_CLASS else "",
        question.grain_minutes,
        grain_minutes,
        starts_at,
        average,
        maximum,
    )


def sum_of_classes(classes: Iterable[MetricSeries]) -> Iterator[MetricSeries]:
    """Series by deployment alone, from those by status class too: the plain split of the endpoint.

    A bucket has a value where any class has one.
    """
    sums: dict[str, dict[datetime, float]] = {}
    first: dict[str, MetricSeries] = {}
    for one in classes:
        known = sums.setdefault(one.deployment_key, {})
        first.setdefault(one.deployment_key, one)
        for starts_at, average in zip(one.starts_at, one.average, strict=True):
            if average is not None:
                known[starts_at] = known.get(starts_at, 0.0) + average
    for key, known in sums.items():
        times = tuple(sorted(known))
        yield replace(
            first[key],
            source=BY_ENDPOINT,
            status_class="",
            starts_at=times,
            average=tuple(known[at] for at in times),
            maximum=(None,) * len(times),
        )


def columns_of(series: Series, *names: str) -> tuple[tuple[datetime, ...], list[Values]]:
    """The starts of the buckets that have one of these values, and what each has of each.

    A missing one is a point without any value key. Raises Misshapen where a bucket has no time of
    its own.
    """
    starts_at = _read_moments(tuple(point.starts_at for point in series.data))
    columns = [tuple(map(attrgetter(name), series.data)) for name in names]
    if not any(None in column for column in columns):
        return starts_at, columns
    present = [row.count(None) < len(names) for row in zip(*columns, strict=True)]
    return tuple(compress(starts_at, present)), [tuple(compress(c, present)) for c in columns]


# All series of an answer have the same buckets, and share one tuple of their times.
@lru_cache(maxsize=32)
def _read_moments(spelt: tuple[str, ...]) -> tuple[datetime, ...]:
    read = tuple(moment(one) for one in spelt)
    known = tuple(one for one in read if one is not None)
    if len(known) < len(read):
        raise Misshapen("a value of the answer has no time")
    if len(set(known)) < len(known):
        raise Misshapen("two values of the answer have one time")
    return known
