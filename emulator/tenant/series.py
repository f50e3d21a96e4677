"""Metric points of deployments: which metrics there are, and what each shows in a bucket."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from emulator.tenant.behaviour import WAVE, Life, Requests, Total, place
from emulator.tenant.resources import Deployment

Point = tuple[float, float, float, float] | None
Labels = tuple[tuple[str, str], ...]
FAR: Final = datetime.max.replace(tzinfo=UTC)
ENDPOINTS: Final = "microsoft.machinelearningservices/workspaces/onlineendpoints"
ANY: Final = ("Minimum", "Maximum", "Average")
LATENCY_FACTORS: Final = {"": 1.0, "_P50": 0.8, "_P90": 1.9, "_P95": 2.4, "_P99": 4.0}


@dataclass(frozen=True)
class Metric:
    """A metric with its documented aggregations and dimensions."""

    name: str
    unit: str
    aggregations: tuple[str, ...]
    dimensions: tuple[str, ...]


@dataclass(frozen=True)
class Span:
    """The buckets from `start` up to `end`; nothing is remembered from before `oldest`."""

    start: datetime
    end: datetime
    step: timedelta
    oldest: datetime


@dataclass(frozen=True)
class Series:
    """One time series: its dimension values, and a point or None for each bucket.

    A point is (average, minimum, maximum, minutes that have data).
    """

    labels: Labels
    points: tuple[Point, ...]

    def times(self, factor: float) -> Series:
        """The same with every value changed by a factor."""
        return Series(self.labels, tuple(_scaled(point, factor) for point in self.points))

    def where(self, other: Series) -> Series:
        """The same, empty in the buckets in which the other one is empty or 0."""
        pairs = zip(self.points, other.points, strict=True)
        return Series(self.labels, tuple(p if o is not None and o[0] else None for p, o in pairs))


@dataclass(frozen=True)
class Tenure:
    """What one deployment did in the time that it held its id."""

    born: datetime
    gone: datetime
    requests: Requests
    life: Life
    seed: int


def _scaled(point: Point, factor: float) -> Point:
    if point is None:
        return None
    average, lowest, highest, minutes = point
    return average * factor, lowest * factor, highest * factor, minutes


def _table(*metrics: Metric) -> dict[str, Metric]:
    return {metric.name.casefold(): metric for metric in metrics}


_AVERAGE = ("Average",)
_PERCENTILES = [f"RequestLatency{suffix}" for suffix in LATENCY_FACTORS if suffix]
NAMESPACES: Final = {
    ENDPOINTS: _table(
        Metric(
            "RequestsPerMinute",
            "Count",
            _AVERAGE,
            ("deployment", "statusCode", "statusCodeClass", "modelStatusCode"),
        ),
        Metric("RequestLatency", "MilliSeconds", _AVERAGE, ("deployment",)),
        *(Metric(name, "MilliSeconds", _AVERAGE, ("deployment",)) for name in _PERCENTILES),
        Metric("ConnectionsActive", "Count", _AVERAGE, ()),
        Metric("NewConnectionsPerSecond", "CountPerSecond", _AVERAGE, ()),
        Metric("NetworkBytes", "BytesPerSecond", _AVERAGE, ()),
        Metric("DataCollectionEventsPerMinute", "Count", ANY, ("deployment", "type")),
        Metric("DataCollectionErrorsPerMinute", "Count", ANY, ("deployment", "reason", "type")),
    ),
    f"{ENDPOINTS}/deployments": _table(
        *(
            Metric(f"{part}UtilizationPercentage", "Percent", ANY, ("instanceId",))
            for part in ("Cpu", "CpuMemory", "Gpu", "GpuMemory")
        ),
        Metric("GpuEnergyJoules", "Count", ANY, ("instanceId",)),
        Metric("DiskUtilization", "Percent", ANY, ("instanceId", "disk")),
        Metric("DeploymentCapacity", "Count", ANY, ("instanceId", "State")),
        Metric("DataCollectionEventsPerMinute", "Count", ANY, ("instanceId", "type")),
        Metric("DataCollectionErrorsPerMinute", "Count", ANY, ("instanceId", "reason", "type")),
        *(Metric(name, "MilliSeconds", _AVERAGE, ()) for name in _PERCENTILES),
        Metric("RequestsPerMinute", "Count", _AVERAGE, ("envoy_response_code",)),
    ),
}


def series_of(
    metric: Metric, deployments: Sequence[Deployment], span: Span, split: tuple[str, ...]
) -> list[Series]:
    """The series of a metric over deployments, one per value of the `split` dimensions.

    Deployments that held one id after each other make one series. Without a split there is
    one series for all; requests add up in it, everything else is the mean.
    """
    by_label: dict[Labels, dict[str, list[tuple[Point, ...]]]] = {}
    for deployment in deployments:
        identifier = deployment.id.casefold()
        for labels, points in _own_series(metric, deployment, span, split):
            by_label.setdefault(labels, {}).setdefault(identifier, []).append(points)
    adds_up = metric.name == "RequestsPerMinute"
    found = []
    for labels, by_id in by_label.items():
        successions = [_together(points, adds_up=False) for points in by_id.values()]
        points = _together(successions, adds_up=adds_up)
        if any(point is not None for point in points):
            found.append(Series(labels, points))
    return found


def _own_series(
    metric: Metric, deployment: Deployment, span: Span, split: tuple[str, ...]
) -> list[tuple[Labels, tuple[Point, ...]]]:
    tenure = _tenure(deployment)
    if metric.name == "RequestsPerMinute":
        return _request_series(deployment, tenure, span, split)
    labels = tuple((name, _label(name, deployment)) for name in split)
    if metric.name.startswith("RequestLatency"):
        factor = LATENCY_FACTORS[metric.name.removeprefix("RequestLatency")]
        return [(labels, _latency(tenure, span, factor))]
    level = _level(metric.name, deployment)
    return [] if level is None else [(labels, _alive(tenure, span, *level))]


def _request_series(
    deployment: Deployment, tenure: Tenure, span: Span, split: tuple[str, ...]
) -> list[tuple[Labels, tuple[Point, ...]]]:
    by_status = {"statuscodeclass", "statuscode", "modelstatuscode", "envoy_response_code"}
    found = []
    shares = tenure.requests.shares if by_status & set(split) else (("", 1.0),)
    for status, share in shares:
        labels = tuple(
            (name, _status_label(name, status) if name in by_status else _label(name, deployment))
            for name in split
        )
        found.append((labels, _requests(tenure, span, share)))
    return found


def _status_label(dimension: str, status: str) -> str:
    return status if dimension == "statuscodeclass" else status.replace("xx", "00")


def _label(dimension: str, deployment: Deployment) -> str:
    """The value of a dimension; the deployment's name comes in another case now and then."""
    if dimension == "deployment":
        odd = zlib.crc32(deployment.id.casefold().encode()) % 4 == 0
        return deployment.name.upper() if odd else deployment.name
    if dimension == "state":
        return "Healthy"
    return {"instanceid": "0", "disk": "/"}.get(dimension, "none")


def _level(name: str, deployment: Deployment) -> tuple[float, float] | None:
    """The level of a metric while the deployment is alive and how much it changes by day."""
    gpu = deployment.gpu_percent
    instances = deployment.instances
    levels: dict[str, tuple[float, float] | None] = {
        "CpuUtilizationPercentage": (deployment.cpu_percent, 0.1),
        "CpuMemoryUtilizationPercentage": (deployment.memory_percent, 0.02),
        "GpuUtilizationPercentage": None if gpu is None else (gpu, 0.1),
        "GpuMemoryUtilizationPercentage": None if gpu is None else (gpu * 0.8, 0.02),
        "DeploymentCapacity": (float(1 if instances is None else instances), 0.0),
        "DiskUtilization": (31.0, 0.01),
    }
    return levels.get(name)


def _tenure(deployment: Deployment) -> Tenure:
    earliest = datetime.min.replace(tzinfo=UTC)
    return Tenure(
        born=max(deployment.created_at or earliest, deployment.metrics_since or earliest),
        gone=deployment.gone_at or FAR,
        requests=deployment.requests,
        life=deployment.life,
        seed=zlib.crc32(deployment.id.casefold().encode()),
    )


@lru_cache(maxsize=4096)
def _requests(tenure: Tenure, span: Span, share: float) -> tuple[Point, ...]:
    if tenure.requests.is_silent:
        return _silence(tenure, span)
    return _by_bucket(tenure, span, lambda low, high: _request_point(tenure, low, high, share))


def _silence(tenure: Tenure, span: Span) -> tuple[Point, ...]:
    if tenure.requests.emits == "nothing":
        return _nothing(span)

    def point(low: datetime, high: datetime) -> Point:
        minutes = tenure.life.minutes(low, high)
        return (0.0, 0.0, 0.0, minutes) if minutes > 0 else None

    zeros = (0.0, 0.0, 0.0, span.step.total_seconds() / 60)
    return _by_bucket(tenure, span, point, lambda _start: zeros)


def _nothing(span: Span) -> tuple[Point, ...]:
    return (None,) * len(_buckets(span))


@lru_cache(maxsize=4096)
def _latency(tenure: Tenure, span: Span, factor: float) -> tuple[Point, ...]:
    if tenure.requests.is_silent:
        return _nothing(span)
    value = round(tenure.requests.latency_ms * factor, 3)

    def point(low: datetime, high: datetime) -> Point:
        total = tenure.requests.total(low, high)
        return (value, value, value, total.minutes) if total.requests > 0 else None

    return _by_bucket(tenure, span, point)


@lru_cache(maxsize=8192)
def _alive(tenure: Tenure, span: Span, level: float, varies: float) -> tuple[Point, ...]:
    levels, seed = _levels(level, varies, span.step), tenure.seed

    def point(low: datetime, high: datetime) -> Point:
        minutes = tenure.life.minutes(low, high)
        average, lowest, highest, _whole = levels[place(seed, low)]
        return (average, lowest, highest, minutes) if minutes > 0 else None

    return _by_bucket(tenure, span, point, lambda start: levels[place(seed, start)])


@lru_cache(maxsize=512)
def _levels(
    level: float, varies: float, step: timedelta
) -> list[tuple[float, float, float, float]]:
    """What a level that varies shows in a whole bucket, for each height of the wave."""
    minutes = step.total_seconds() / 60
    shown = [round(level * (1 + varies * height), 3) for height in WAVE]
    return [
        (one, round(one * (1 - varies), 3), round(one * (1 + varies), 3), minutes) for one in shown
    ]


def _by_bucket(
    tenure: Tenure,
    span: Span,
    point: Callable[[datetime, datetime], Point],
    whole: Callable[[datetime], Point] | None = None,
) -> tuple[Point, ...]:
    """The points of all buckets; `whole` gives sooner those that a life without gaps fills."""
    floor, ceiling = max(tenure.born, span.oldest), min(tenure.gone, span.end)
    buckets = _buckets(span)
    if floor >= ceiling:
        return _nothing(span)
    first = max(0, (floor - span.start) // span.step)
    last = -((span.start - ceiling) // span.step)
    filled = None if tenure.life.gaps else whole
    points: list[Point] = [None] * first
    for start, end in buckets[first:last]:
        if filled is not None and floor <= start and end <= ceiling:
            points.append(filled(start))
        else:
            points.append(point(max(start, floor), min(end, ceiling)))
    return (*points, *(None,) * (len(buckets) - len(points)))


@lru_cache(maxsize=64)
def _buckets(span: Span) -> list[tuple[datetime, datetime]]:
    buckets, start = [], span.start
    while start < span.end:
        buckets.append((start, start + span.step))
        start += span.step
    return buckets


def _request_point(tenure: Tenure, low: datetime, high: datetime, share: float) -> Point:
    requests = tenure.requests
    total = requests.total(low, high)
    minutes = _minutes_with_points(requests, tenure.life, total, low, high)
    if minutes <= 0:
        return None
    average = total.requests * share / minutes
    lowest = 0.0 if minutes > total.minutes else average
    return average, lowest, max(average, math.ceil(total.busiest_minute * share)), minutes


def _minutes_with_points(
    requests: Requests, life: Life, total: Total, low: datetime, high: datetime
) -> float:
    """All minutes of its life where silence is zeros, else only those with a request."""
    if requests.emits == "nothing":
        return total.minutes
    return max(life.minutes(low, high), total.minutes)


def _together(found: list[tuple[Point, ...]], *, adds_up: bool) -> tuple[Point, ...]:
    """Several series made one: what is there adds up or is averaged, nothing stays nothing."""
    if len(found) == 1:
        return found[0]
    return tuple(_one_point(points, adds_up) for points in zip(*found, strict=True))


def _one_point(points: Sequence[Point], adds_up: bool) -> Point:
    known = [point for point in points if point is not None]
    if len(known) < 2:
        return known[0] if known else None
    minutes = sum(point[3] for point in known)
    lows, highs = [point[1] for point in known], [point[2] for point in known]
    if adds_up:
        return sum(point[0] for point in known), sum(lows), sum(highs), known[0][3]
    average = sum(point[0] * point[3] for point in known) / minutes
    return average, min(lows), max(highs), minutes
