"""Requests and signs of life from Azure Monitor's batch API, every series of both namespaces.

What an answer leaves open is asked once more in a smaller way; what is open then is a read error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal

from collectors.connection.errors import AzureFailure, NotUnderstood
from collectors.connection.reading import Reader
from collectors.metrics.answers import (
    covered_days,
    error_of,
    grain_of,
    left_out,
    metrics_in,
    objects_in,
    results_in,
    series_of,
)
from collectors.metrics.questions import BY_CLASS, TOP, MetricQuestion, MetricRequest
from collectors.records import MetricRead, MetricSeries, ReadError, key_of
from collectors.sources import METRICS

# Spans in which left out days are asked again: what the portal too would ask (azure.md A32).
LONGEST_SPAN_DAYS = 30


@dataclass
class MetricAnswer:
    """What a question came to: series, what they cover, and the read errors."""

    series: list[MetricSeries] = field(default_factory=list)
    reads: list[MetricRead] = field(default_factory=list)
    read_errors: list[ReadError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Gap:
    """What a request left open. `why`: Azure failed it, left out days of it, or all of it."""

    why: Literal["failed", "days", "absent"]
    resource_id: str
    metric: str
    first_day: date
    last_day: date
    code: str
    message: str


def ask(reader: Reader, question: MetricQuestion, now: datetime) -> MetricAnswer:
    """Ask one batch; a refusal is a read error in the answer, never an exception or a zero."""
    answer = MetricAnswer()
    aggregation = "average,maximum" if question.source == "deployment" else "average"
    whole = MetricRequest(
        question,
        question.resource_ids,
        question.metrics,
        question.first_day,
        question.last_day,
        aggregation,
        now,
    )
    _ask_all(reader, whole, answer)
    return answer


def _ask_all(reader: Reader, request: MetricRequest, answer: MetricAnswer) -> None:
    """Ask in one request, then for what is open in smaller ones as long as there are such."""
    try:
        gaps = _ask_once(reader, request, answer)
    except AzureFailure as failure:
        bad_question = isinstance(failure, NotUnderstood) and failure.status == 400
        if bad_question and request.question.source == BY_CLASS:
            return  # this cloud has no such split, and no verdict rests on it
        gaps = _all_of(request, failure)
        if not bad_question:
            _refuse(request, gaps, answer)
            return
    _refuse(request, [gap for gap in gaps if not _can_ask_again(gap, request)], answer)
    for smaller in _smaller(request, [gap for gap in gaps if _can_ask_again(gap, request)]):
        _ask_all(reader, smaller, answer)


def _ask_once(reader: Reader, request: MetricRequest, answer: MetricAnswer) -> list[_Gap]:
    """One HTTP request: what it answers is kept, what it leaves open is returned."""
    question = request.question
    body = {"resourceids": list(request.resource_ids)}
    response = reader.ask_metrics(question.region, question.subscription_id, body, **request.query)
    results = results_in(response)
    gaps: list[_Gap] = []
    for resource_id in request.resource_ids:
        result = results.get(key_of(resource_id), {})
        metrics = metrics_in(result)
        covered = covered_days(result, request) if result else None
        for metric in request.metrics:
            error = _why_not(metrics.get(metric.lower()), request)
            if error is not None:
                gaps.append(_gap(request, resource_id, metric, *error))
                continue
            for days in left_out(covered, request):
                gaps.append(_left_out_gap(request, resource_id, metric, days))
            if covered is not None:
                grain = grain_of(result, request)
                for one in objects_in(metrics[metric.lower()].get("timeseries")):
                    answer.series.append(series_of(one, resource_id, metric, grain, request))
                answer.reads.append(_read(request, resource_id, metric, covered, None))
    return gaps


def _why_not(
    metric: object, request: MetricRequest
) -> tuple[Literal["failed", "absent"], str, str] | None:
    """Why a metric of a result is no answer, or None where it is one."""
    if not isinstance(metric, dict):
        return "absent", "NotAnswered", "the answer leaves it out"
    error = error_of(metric)
    if error is not None:
        return "failed", *error
    is_split = request.question.split is not None
    if is_split and len(objects_in(metric.get("timeseries"))) >= TOP:
        return "absent", "SeriesCut", f"the answer was cut at {TOP} series"
    return None


def _can_ask_again(gap: _Gap, request: MetricRequest) -> bool:
    if gap.why == "failed":
        return request.aggregation != "average" or len(request.metrics) > 1
    return gap.why == "days" and not request.is_again


def _smaller(request: MetricRequest, gaps: Sequence[_Gap]) -> Iterator[MetricRequest]:
    """Failed metrics by Average alone, then each for itself; left out days in shorter spans."""
    failed = [gap for gap in gaps if gap.why == "failed"]
    if failed and request.aggregation != "average":
        yield _about(failed, replace(request, aggregation="average"))
    elif failed:
        for metric in _distinct(gap.metric for gap in failed):
            yield _about([gap for gap in failed if gap.metric == metric], request)
    days = [gap for gap in gaps if gap.why == "days"]
    for first_day, last_day in sorted({(gap.first_day, gap.last_day) for gap in days}):
        same = [gap for gap in days if (gap.first_day, gap.last_day) == (first_day, last_day)]
        for first, last in _spans(first_day, last_day):
            part = replace(request, first_day=first, last_day=last, is_again=True)
            yield _about(same, part)


def _about(gaps: Sequence[_Gap], request: MetricRequest) -> MetricRequest:
    return replace(
        request,
        resource_ids=_distinct(gap.resource_id for gap in gaps),
        metrics=_distinct(gap.metric for gap in gaps),
    )


def _spans(first_day: date, last_day: date) -> Iterator[tuple[date, date]]:
    at = first_day
    while at <= last_day:
        until = min(at + timedelta(days=LONGEST_SPAN_DAYS - 1), last_day)
        yield at, until
        at = until + timedelta(days=1)


def _refuse(request: MetricRequest, gaps: Sequence[_Gap], answer: MetricAnswer) -> None:
    """Note gaps that stay open, one read error for those of the same cause."""
    needed = [gap for gap in gaps if gap.last_day >= request.question.needed_from]
    question = request.question
    ordered = sorted(needed, key=lambda gap: (gap.code, gap.message))
    for (code, message), found in groupby(ordered, key=lambda gap: (gap.code, gap.message)):
        same = list(found)
        resources = _distinct(gap.resource_id for gap in same)
        what = f"{question.source}: {', '.join(_distinct(gap.metric for gap in same))}"
        scope = f"{question.subscription_id}/{question.region}"
        if len(resources) == 1:
            scope = resources[0]
        else:
            what = f"{len(resources)} resources, {what}"
        answer.read_errors.append(ReadError(METRICS.name, scope, code, f"{message} ({what})"))
        for gap in same:
            days = (gap.first_day, gap.last_day)
            answer.reads.append(_read(request, gap.resource_id, gap.metric, days, code))


def _all_of(request: MetricRequest, failure: AzureFailure) -> list[_Gap]:
    return [
        _gap(request, resource_id, metric, "failed", failure.code, failure.message)
        for resource_id in request.resource_ids
        for metric in request.metrics
    ]


def _gap(
    request: MetricRequest,
    resource_id: str,
    metric: str,
    why: Literal["failed", "absent"],
    code: str,
    message: str,
) -> _Gap:
    first_day, last_day = request.first_day, request.last_day
    return _Gap(why, resource_id, metric, first_day, last_day, code, message)


def _left_out_gap(
    request: MetricRequest, resource_id: str, metric: str, days: tuple[date, date]
) -> _Gap:
    message = f"the answer leaves out {days[0]} to {days[1]}"
    return _Gap("days", resource_id, metric, *days, "DaysLeftOut", message)


def _read(
    request: MetricRequest, resource_id: str, metric: str, days: tuple[date, date], code: str | None
) -> MetricRead:
    question = request.question
    return MetricRead(
        key_of(resource_id),
        question.source,
        metric,
        question.grain_minutes,
        days[0],
        days[1],
        "answered" if code is None else "refused",
        code,
        request.read_at,
    )


def _distinct(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
