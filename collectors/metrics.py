"""Requests and signs of life from Azure Monitor's batch API, every series of both namespaces.

Facts: azure-facts section 5, payload traps 3, 5, 7, 12 and 13. An answer is taken for what it
covers, never for what was asked; what it leaves out is asked once more, then left unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from collectors.errors import AzureFailure, NotUnderstood
from collectors.reading import Reader
from collectors.records import Hole, MetricRead, MetricSeries, key_of
from collectors.resources import moment

METRICS_API = "2024-02-01"
BATCH = 50
# The service cuts a split answer at `top` series without a word, so it is set far above the
# 20 deployments of an endpoint; an answer that reaches it counts as cut.
TOP = 1000
ENDPOINTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
DEPLOYMENTS = f"{ENDPOINTS}/deployments"
MINUTE = timedelta(minutes=1)
BY_CLASS = "endpoint by class"
REQUESTS = "RequestsPerMinute"
CAPACITY = "DeploymentCapacity"
CPU = "CpuUtilizationPercentage"
LATENCY = "RequestLatency_P95"
DEPLOYMENT_METRICS = (
    REQUESTS,
    CAPACITY,
    CPU,
    "CpuMemoryUtilizationPercentage",
    "GpuUtilizationPercentage",
    "GpuMemoryUtilizationPercentage",
    LATENCY,
)
_GRAINS = {"PT1M": 1, "PT5M": 5, "PT15M": 15, "PT30M": 30, "PT1H": 60, "PT6H": 360, "PT12H": 720}
_INTERVALS = {1440: "P1D", 60: "PT1H", 1: "PT1M"}
_GRAINS |= {"P1D": 1440, "PT24H": 1440}


@dataclass(frozen=True, slots=True)
class MetricTarget:
    """A resource to ask about, where it lies, and the first day whose values are wanted."""

    resource_id: str
    subscription_id: str
    region: str
    first_day: date


@dataclass(frozen=True, slots=True)
class MetricQuestion:
    """One batch: at most 50 resources of one subscription, region and namespace.

    `source` is `deployment` (its own namespace), `endpoint` (the endpoint's, split by
    deployment) or `endpoint by class` (by status class too). Days are whole UTC days, the last
    one up to now; `grain_minutes` is 1440, 60 or 1.
    """

    source: str
    subscription_id: str
    region: str
    resource_ids: tuple[str, ...]
    first_day: date
    last_day: date
    grain_minutes: int = 1440

    @property
    def namespace(self) -> str:
        """The metric namespace as Azure spells it."""
        return DEPLOYMENTS if self.source == "deployment" else ENDPOINTS

    @property
    def metrics(self) -> tuple[str, ...]:
        """What is asked of it."""
        return DEPLOYMENT_METRICS if self.source == "deployment" else (REQUESTS,)

    @property
    def split(self) -> str | None:
        """The dimension filter, or None for all series in one."""
        return {
            "deployment": None,
            "endpoint": "deployment eq '*'",
            BY_CLASS: "deployment eq '*' and statusCodeClass eq '*'",
        }[self.source]


@dataclass
class MetricAnswer:
    """What a question came to: series, what they cover, and the holes."""

    series: list[MetricSeries] = field(default_factory=list)
    reads: list[MetricRead] = field(default_factory=list)
    holes: list[Hole] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question on its way: which of its metrics, days and aggregations this request asks."""

    question: MetricQuestion
    metrics: tuple[str, ...]
    first_day: date
    last_day: date
    aggregation: str
    read_at: datetime


def questions_for(
    targets: Sequence[MetricTarget], source: str, last_day: date, grain_minutes: int = 1440
) -> Iterator[MetricQuestion]:
    """Batches over the targets; those that need the same days of the same region share one."""
    groups: dict[tuple[str, str, date], list[str]] = {}
    for target in targets:
        place = (target.subscription_id, target.region, target.first_day)
        groups.setdefault(place, []).append(target.resource_id)
    for (subscription_id, region, first_day), ids in sorted(groups.items()):
        for at in range(0, len(ids), BATCH):
            batch = tuple(ids[at : at + BATCH])
            yield MetricQuestion(
                source, subscription_id, region, batch, first_day, last_day, grain_minutes
            )


def ask(reader: Reader, question: MetricQuestion, now: datetime) -> MetricAnswer:
    """Ask one batch; a refusal is a hole in the answer, never an exception or a zero."""
    answer = MetricAnswer()
    whole = _Asking(
        question,
        question.metrics,
        question.first_day,
        question.last_day,
        "average,maximum" if question.source == "deployment" else "average",
        now,
    )
    _ask_all(reader, whole, answer)
    return answer


def _ask_all(reader: Reader, asking: _Asking, answer: MetricAnswer) -> None:
    """Ask in one request; what fails in it is asked apart, by Average, as long as that is less."""
    try:
        failed = _ask_once(reader, asking, answer)
    except AzureFailure as failure:
        bad_question = isinstance(failure, NotUnderstood) and failure.status == 400
        if bad_question and asking.question.source == BY_CLASS:
            return  # this cloud has no such split, and no verdict rests on it
        if not bad_question:
            _refuse(asking, asking.metrics, failure.code, failure.message, answer)
            return
        failed = dict.fromkeys(asking.metrics, (failure.code, failure.message))
    if not failed:
        return
    narrower = list(_narrower(asking, tuple(failed)))
    for part in narrower:
        _ask_all(reader, part, answer)
    if not narrower:
        for metric, (code, message) in failed.items():
            _refuse(asking, (metric,), code, message, answer)


def _narrower(asking: _Asking, metrics: tuple[str, ...]) -> Iterator[_Asking]:
    """Smaller questions about the metrics: by Average alone, then each for itself."""
    if asking.aggregation != "average":
        yield replace(asking, metrics=metrics, aggregation="average")
    elif len(asking.metrics) > 1:
        for metric in metrics:
            yield replace(asking, metrics=(metric,))


def _ask_once(reader: Reader, asking: _Asking, answer: MetricAnswer) -> dict[str, tuple[str, str]]:
    """One request and the days that it left out; the metrics that failed, with Azure's reason."""
    results = _results(_send(reader, asking))
    failed: dict[str, tuple[str, str]] = {}
    missing: set[tuple[date, date]] = set()
    for resource_id in asking.question.resource_ids:
        result = results.get(key_of(resource_id))
        if result is None:
            _refuse_one(asking, resource_id, asking.metrics, "NotAnswered", answer)
            continue
        covered = _covered_days(result, asking)
        missing.update(_left_out(covered, asking))
        failed |= _take(result, resource_id, asking, covered, answer)
    for first_day, last_day in sorted(missing):
        _ask_again(reader, asking, first_day, last_day, answer)
    return failed


def _ask_again(
    reader: Reader, asking: _Asking, first_day: date, last_day: date, answer: MetricAnswer
) -> None:
    """The days that an answer left out, once more, in spans that the portal too would ask."""
    at = first_day
    while at <= last_day:
        until = min(at + timedelta(days=29), last_day)
        part = replace(asking, first_day=at, last_day=until)
        try:
            results = _results(_send(reader, part))
        except AzureFailure as failure:
            _refuse(part, part.metrics, failure.code, failure.message, answer)
        else:
            for resource_id in part.question.resource_ids:
                result = results.get(key_of(resource_id))
                if result is not None:
                    _take(result, resource_id, part, _covered_days(result, part), answer)
        at = until + timedelta(days=1)


def _send(reader: Reader, asking: _Asking) -> dict[str, Any]:
    question = asking.question
    query = {
        "api-version": METRICS_API,
        "metricnamespace": question.namespace,
        "metricnames": ",".join(asking.metrics),
        "starttime": _midnight(asking.first_day).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "endtime": _end(asking).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "interval": _INTERVALS[question.grain_minutes],
        "aggregation": asking.aggregation,
    }
    if question.split is not None:
        query |= {"filter": question.split, "top": str(TOP)}
    body = {"resourceids": list(question.resource_ids)}
    return reader.ask_metrics(question.region, question.subscription_id, body, **query)


def _results(answer: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    values = answer.get("values")
    if not isinstance(values, list):
        raise NotUnderstood("a metrics answer has no values", "NoValues")
    found = (value for value in values if isinstance(value, dict))
    return {key_of(str(value.get("resourceid") or "")): value for value in found}


def _covered_days(result: Mapping[str, Any], asking: _Asking) -> tuple[date, date] | None:
    """The whole days that an answer speaks of, by its own start, end and interval."""
    starts = moment(result.get("starttime")) or _midnight(asking.first_day)
    ends = moment(result.get("endtime")) or _end(asking)
    if _grain(result, asking) > asking.question.grain_minutes:
        return None
    late = starts - _midnight(starts.date()) > MINUTE
    first = _next(starts.date()) if late else starts.date()
    # Today is covered by an answer up to about now; every other day must be whole.
    is_running = _midnight(_next(asking.last_day)) > asking.read_at
    if is_running and ends >= _end(asking) - timedelta(hours=1):
        last = asking.last_day
    else:
        last = (ends + MINUTE).date() - timedelta(days=1)
    first, last = max(first, asking.first_day), min(last, asking.last_day)
    return (first, last) if first <= last else None


def _left_out(covered: tuple[date, date] | None, asking: _Asking) -> Iterator[tuple[date, date]]:
    if covered is None:
        yield asking.first_day, asking.last_day
        return
    if covered[0] > asking.first_day:
        yield asking.first_day, covered[0] - timedelta(days=1)
    if covered[1] < asking.last_day:
        yield _next(covered[1]), asking.last_day


def _take(
    result: Mapping[str, Any],
    resource_id: str,
    asking: _Asking,
    covered: tuple[date, date] | None,
    answer: MetricAnswer,
) -> dict[str, tuple[str, str]]:
    """Points and coverage of one resource; the metrics that came back with an error."""
    told = {_name(metric).lower(): metric for metric in result.get("value") or []}
    failed: dict[str, tuple[str, str]] = {}
    for metric in asking.metrics:
        body = told.get(metric.lower())
        if body is None:
            _refuse_one(asking, resource_id, (metric,), "NotAnswered", answer)
            continue
        code = str(body.get("errorCode") or "Success")
        if code.lower() != "success":
            failed[metric] = (code, str(body.get("errorMessage") or code))
            continue
        series = [s for s in body.get("timeseries") or [] if isinstance(s, dict)]
        if covered is None:
            _refuse_one(asking, resource_id, (metric,), "IntervalChanged", answer)
            continue
        if asking.question.split is not None and len(series) >= TOP:
            _refuse_one(asking, resource_id, (metric,), "SeriesCut", answer)
            continue
        grain = _grain(result, asking)
        answer.series += (_series(one, resource_id, metric, grain, asking) for one in series)
        answer.reads.append(_read(asking, resource_id, metric, covered, None))
    return failed


def _series(
    told: Mapping[str, Any],
    resource_id: str,
    metric: str,
    grain_minutes: int,
    asking: _Asking,
) -> MetricSeries:
    question = asking.question
    labels = {
        _name(label).lower(): str(label.get("value") or "")
        for label in told.get("metadatavalues") or []
    }
    owner = key_of(resource_id)
    if question.source != "deployment":
        owner = f"{owner}/deployments/{labels.get('deployment', '').lower()}"
    points = list(_points(told))
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


def _points(
    told: Mapping[str, Any],
) -> Iterator[tuple[datetime, float | None, float | None]]:
    """The buckets that have a value: a missing one is a point without any value key."""
    for point in told.get("data") or []:
        starts_at = moment(point.get("timeStamp"))
        average, maximum = _number(point.get("average")), _number(point.get("maximum"))
        if starts_at is not None and (average is not None or maximum is not None):
            yield starts_at, average, maximum


def _refuse(
    asking: _Asking, metrics: Sequence[str], code: str, message: str, answer: MetricAnswer
) -> None:
    question = asking.question
    scope = f"{question.subscription_id}/{question.region}"
    what = f"{len(question.resource_ids)} {question.source}s, {', '.join(metrics)}"
    answer.holes.append(Hole("metrics", scope, code, f"{message} ({what})"))
    for resource_id in question.resource_ids:
        for metric in metrics:
            days = (asking.first_day, asking.last_day)
            answer.reads.append(_read(asking, resource_id, metric, days, code))


def _refuse_one(
    asking: _Asking, resource_id: str, metrics: Sequence[str], code: str, answer: MetricAnswer
) -> None:
    message = f"the answer leaves out {', '.join(metrics)} ({asking.question.source})"
    answer.holes.append(Hole("metrics", resource_id, code, message))
    for metric in metrics:
        days = (asking.first_day, asking.last_day)
        answer.reads.append(_read(asking, resource_id, metric, days, code))


def _read(
    asking: _Asking, resource_id: str, metric: str, days: tuple[date, date], code: str | None
) -> MetricRead:
    question = asking.question
    return MetricRead(
        key_of(resource_id),
        question.source,
        metric,
        question.grain_minutes,
        days[0],
        days[1],
        "answered" if code is None else "refused",
        code,
        asking.read_at,
    )


def _grain(result: Mapping[str, Any], asking: _Asking) -> int:
    told = str(result.get("interval") or "").upper()
    return _GRAINS.get(told, asking.question.grain_minutes if not told else 10**6)


def _end(asking: _Asking) -> datetime:
    return min(_midnight(_next(asking.last_day)), asking.read_at)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _name(value: Mapping[str, Any]) -> str:
    name = value.get("name")
    return str(name.get("value") if isinstance(name, dict) else name)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if value >= 0 else None
