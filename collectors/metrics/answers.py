"""What a metrics answer says, by its own start, end, interval and series.

An answer is taken for what it covers, never for what was asked (azure.md A7, A17, A29 to A31).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from collectors.connection.errors import NotUnderstood
from collectors.inventory.resources import moment
from collectors.metrics.questions import BY_CLASS, BY_ENDPOINT, MetricRequest, midnight, next_day
from collectors.records import MetricSeries, key_of

MINUTE = timedelta(minutes=1)
COARSER_THAN_ANY = 10**6
_GRAINS = {"PT1M": 1, "PT5M": 5, "PT15M": 15, "PT30M": 30, "PT1H": 60, "PT6H": 360, "PT12H": 720}
_GRAINS |= {"P1D": 1440, "PT24H": 1440}


def results_in(answer: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What the answer says of each resource, by its key."""
    if not isinstance(answer.get("values"), list):
        raise NotUnderstood("a metrics answer has no values", "NoValues")
    return {key_of(str(one.get("resourceid") or "")): one for one in objects_in(answer["values"])}


def metrics_in(result: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What a result says of each metric, by its name in lower case."""
    return {_name(metric).lower(): metric for metric in objects_in(result.get("value"))}


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
    """One series, with the deployment that it speaks of."""
    question = request.question
    labels = {
        _name(label).lower(): str(label.get("value") or "")
        for label in objects_in(timeseries.get("metadatavalues"))
    }
    owner = key_of(resource_id)
    if question.source != "deployment":
        owner = f"{owner}/deployments/{labels.get('deployment', '').lower()}"
    points = list(_points(timeseries))
    return MetricSeries(
        owner,
        question.source,
        metric,
        labels.get("statuscodeclass", "") if question.source == BY_CLASS else "",
        question.grain_minutes,
        grain_minutes,
        tuple(starts_at for starts_at, _average, _maximum in points),
        tuple(average for _starts_at, average, _maximum in points),
        tuple(maximum for _starts_at, _average, maximum in points),
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


def _points(
    timeseries: Mapping[str, Any],
) -> Iterator[tuple[datetime, float | None, float | None]]:
    """The buckets that have a value: a missing one is a point without any value key."""
    for point in objects_in(timeseries.get("data")):
        starts_at = moment(point.get("timeStamp"))
        average, maximum = _number(point.get("average")), _number(point.get("maximum"))
        if starts_at is not None and (average is not None or maximum is not None):
            yield starts_at, average, maximum


def _name(value: Mapping[str, Any]) -> str:
    name = value.get("name")
    return str(name.get("value") if isinstance(name, dict) else name)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if value >= 0 else None
