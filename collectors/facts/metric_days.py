"""Values of the last whole days, by the batch and by the call for one resource (azure.md A93)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias

from collectors.connection.errors import Misshapen
from collectors.facts.asking import Few
from collectors.facts.sample import Sample
from collectors.metrics.answers import columns_of, error_of, series_of
from collectors.metrics.questions import (
    METRICS_API,
    REQUESTS,
    MetricQuestion,
    MetricRequest,
    midnight,
)
from collectors.metrics.shapes import NOTHING, Metric, OddMetric, Result, Series, result_of
from collectors.records import Deployment, Endpoint, key_of

# The average of each bucket that has a value, by its start.
Values: TypeAlias = dict[datetime, float]
DAYS = 3


def days_before(now: datetime) -> tuple[datetime, datetime]:
    """The first of the days compared, and the end of the last: whole ones, before today."""
    today = midnight(now.date())
    return today - timedelta(days=DAYS), today


def in_batch(
    few: Few,
    sample: Sample,
    resources: Sequence[Deployment] | Sequence[Endpoint],
    metrics: tuple[str, ...],
    now: datetime,
) -> dict[tuple[str, str], Values]:
    """By deployment and metric, from one batch; what was not answered is left out.

    An endpoint that was answered has an entry of its own, without values.
    """
    if not resources:
        return {}
    request = _request(sample, resources, metrics, now)
    results = few.batch(sample.region, sample.subscription_id, request.resource_ids, request.query)
    values: dict[tuple[str, str], Values] = {}
    for resource_id in request.resource_ids:
        answered = results.get(key_of(resource_id), NOTHING)
        for metric in metrics:
            found = _answered(answered, metric)
            if found is None:
                continue
            values[key_of(resource_id), metric] = {}
            for series in found.timeseries:
                _add(values, series, resource_id, metric, request)
    return values


def in_single(
    few: Few, deployment: Deployment, metrics: Sequence[str], now: datetime
) -> dict[str, Values]:
    """By metric, from the call for this one resource; what was not answered is left out."""
    answer = _single(few, deployment, metrics, "average", now)
    found = {metric: _answered(answer, metric) for metric in metrics}
    return {name: _sums(one, "average") for name, one in found.items() if one is not None}


def totals_in(few: Few, deployment: Deployment, now: datetime) -> Iterator[tuple[float, float]]:
    """Average and Total of its requests on each day that has a Total."""
    answer = _single(few, deployment, (REQUESTS,), "average,total", now)
    found = _answered(answer, REQUESTS)
    if found is None:
        return
    averages = _sums(found, "average")
    for day, total in _sums(found, "total").items():
        yield averages.get(day, 0.0), total


def _request(
    sample: Sample,
    resources: Sequence[Deployment] | Sequence[Endpoint],
    metrics: tuple[str, ...],
    now: datetime,
) -> MetricRequest:
    source = "deployment" if isinstance(resources[0], Deployment) else "endpoint"
    ids = tuple(resource.id for resource in resources)
    first, last = _whole_days(now)
    question = MetricQuestion(source, sample.subscription_id, sample.region, ids, first, last)
    return MetricRequest(question, ids, metrics, first, last, "average", now)


def _single(
    few: Few, deployment: Deployment, metrics: Sequence[str], aggregation: str, now: datetime
) -> Result:
    first, last = _whole_days(now)
    question = MetricQuestion(
        "deployment", deployment.subscription_id, deployment.region or "", (), first, last
    )
    asked = MetricRequest(question, (), tuple(metrics), first, last, aggregation, now).query
    start, end = asked.pop("starttime"), asked.pop("endtime")
    asked |= {"timespan": f"{start}/{end}", "api-version": METRICS_API}
    return result_of(few.get(f"{deployment.id}/providers/Microsoft.Insights/metrics", **asked))


def _whole_days(now: datetime) -> tuple[date, date]:
    first, end = days_before(now)
    return first.date(), end.date() - timedelta(days=1)


def _add(
    values: dict[tuple[str, str], Values],
    series: Series,
    resource_id: str,
    metric: str,
    request: MetricRequest,
) -> None:
    """Add a series to those of its deployment: several make one sum."""
    one = series_of(series, resource_id, metric, request.question.grain_minutes, request)
    sums = values.setdefault((one.deployment_key, metric), {})
    for starts_at, average in zip(one.starts_at, one.average, strict=True):
        if average is not None:
            sums[starts_at] = sums.get(starts_at, 0.0) + average


def _answered(result: Result, metric: str) -> Metric | None:
    """A metric of a result; None where it is left out or failed. Raises Misshapen if it is odd."""
    found = result.metrics.get(metric.lower())
    if found is None or error_of(found) is not None:
        return None
    if isinstance(found, OddMetric):
        raise Misshapen(found.sentence)
    return found


def _sums(metric: Metric, name: str) -> Values:
    sums: Values = {}
    for series in metric.timeseries:
        starts, [values] = columns_of(series, name)
        for starts_at, value in zip(starts, values, strict=True):
            sums[starts_at] = sums.get(starts_at, 0.0) + (value or 0.0)
    return sums
