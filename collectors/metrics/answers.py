"""What a metrics answer says, by its own start, end, interval and series.

An answer is taken for what it covers, never for what was asked (azure.md A7, A17, A29 to A31).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import compress
from typing import Any, TypeAlias

from collectors.connection.errors import Misshapen, NotUnderstood
from collectors.connection.shapes import each, is_object, is_text, odd_fields
from collectors.inventory.resources import moment
from collectors.inventory.row_shapes import is_moment
from collectors.metrics.questions import BY_CLASS, BY_ENDPOINT, MetricRequest, midnight, next_day
from collectors.records import MetricSeries, key_of

# What each bucket of a series has; None: nothing.
Values: TypeAlias = tuple[float | None, ...]
MINUTE = timedelta(minutes=1)
COARSER_THAN_ANY = 10**6
_GRAINS = {"PT1M": 1, "PT5M": 5, "PT15M": 15, "PT30M": 30, "PT1H": 60, "PT6H": 360, "PT12H": 720}
_GRAINS |= {"P1D": 1440, "PT24H": 1440}
_OF_A_RESULT = {"starttime": is_moment, "endtime": is_moment, "interval": is_text}


def results_in(answer: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What the answer says of each resource, by its key."""
    if not isinstance(answer.get("values"), list):
        raise NotUnderstood("a metrics answer has no values", "NoValues")
    named = (one for one in objects_in(answer["values"]) if is_text(one.get("resourceid")))
    return {key_of(one["resourceid"]): one for one in named}


def metrics_in(result: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What a result says of each metric, by its name in lower case."""
    return {_name(metric).lower(): metric for metric in objects_in(result.get("value"))}


def why_odd(result: Mapping[str, Any], metric: Mapping[str, Any]) -> str | None:
    """What of a metric of a result has not its shape; None: its series can be looked at."""
    odd = odd_fields(result, _OF_A_RESULT) + odd_fields(metric, {"errorCode": is_text})
    if not each(is_object)(metric.get("timeseries")):
        odd.append("timeseries")
    return ", ".join(odd) or None


def error_of(metric: Mapping[str, Any]) -> tuple[str, str] | None:
    """Code and message of a metric that failed by itself; None: it did not."""
    code = str(metric.get("errorCode") or "Success")
    if code.lower() == "success":
        return None
    return code, str(metric.get("errorMessage") or code)


def covered_days(result: Mapping[str, Any], request: MetricRequest) -> tuple[date, date] | None:
    """The first and last whole day that a result speaks of; None: none of those asked."""
    starts = moment(result.get("starttime")) or request.starts_at
    ends = moment(result.get("endtime")) or request.ends_at
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


def grain_of(result: Mapping[str, Any], request: MetricRequest) -> int:
    """Minutes of a bucket of the result, which need not be those that were asked for."""
    interval = str(result.get("interval") or "").upper()
    return _GRAINS.get(interval, COARSER_THAN_ANY) if interval else request.question.grain_minutes


def series_of(
    timeseries: Mapping[str, Any],
    resource_id: str,
    metric: str,
    grain_minutes: int,
    request: MetricRequest,
) -> MetricSeries:
    """One series, with the deployment that it speaks of; raises Misshapen where it is odd."""
    question = request.question
    labels = _labels(timeseries)
    owner = key_of(resource_id)
    starts_at, [average, maximum] = columns_of(timeseries, "average", "maximum")
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


def objects_in(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; anything else that an answer holds there says nothing."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def columns_of(
    timeseries: Mapping[str, Any], *names: str
) -> tuple[tuple[datetime, ...], list[Values]]:
    """The starts of the buckets that have one of these values, and what each has of each.

    A missing one is a point without any value key. Raises Misshapen where a bucket has no time, or
    a value that is no number.
    """
    data = timeseries.get("data")
    if not isinstance(data, list):
        raise Misshapen("a series of the answer has no list of values")
    if not _are(data, dict):
        raise Misshapen("a value of the answer has no time")
    starts_at = _moments([point.get("timeStamp") for point in data])
    columns = [_numbers([point.get(name) for point in data]) for name in names]
    if not any(None in column for column in columns):
        return starts_at, columns
    present = [row.count(None) < len(names) for row in zip(*columns, strict=True)]
    return tuple(compress(starts_at, present)), [tuple(compress(c, present)) for c in columns]


def _labels(timeseries: Mapping[str, Any]) -> dict[str, str]:
    labels = timeseries.get("metadatavalues")
    if labels is not None and not each(is_object)(labels):
        raise Misshapen("a series of the answer names by no list what it speaks of")
    return {_name(label).lower(): _words(label.get("value")) for label in labels or []}


def _name(value: Mapping[str, Any]) -> str:
    name = value.get("name")
    spelt = name.get("value") if isinstance(name, dict) else name
    return spelt if isinstance(spelt, str) else ""


def _words(value: Any) -> str:
    if not isinstance(value, str | None):
        raise Misshapen("a series of the answer speaks of what is no text")
    return value or ""


def _moments(spelt: list[Any]) -> tuple[datetime, ...]:
    if not _are(spelt, str):
        raise Misshapen("a value of the answer has no time")
    return _read_moments(tuple(spelt))


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


def _numbers(values: list[Any]) -> Values:
    present = [value for value in values if value is not None]
    if not _are(present, int, float) or min(present, default=0) < 0:
        raise Misshapen("a value of the answer is no number")
    return tuple(values)


def _are(values: list[Any], *types: type) -> bool:
    """Whether JSON's values are of these types alone; of thousands, faster than one by one."""
    return set(map(type, values)) <= set(types)
