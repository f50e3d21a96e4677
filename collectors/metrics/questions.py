"""What Azure Monitor is asked about deployments: which metrics of which resources and days.

Facts: azure.md A27 to A36. Batches only, and never one call for one resource.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from collectors.sources import RESOURCES_A_BATCH

METRICS_API = "2024-02-01"
# The service cuts a split answer at `top` series without a word, so it is set far above the
# 20 deployments of an endpoint; an answer that reaches it counts as cut.
TOP = 1000
ENDPOINTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
DEPLOYMENTS_NAMESPACE = f"{ENDPOINTS}/deployments"
BY_ENDPOINT = "endpoint"
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
INTERVALS = {1440: "P1D", 60: "PT1H", 1: "PT1M"}


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
    deployment) or `endpoint by class` (by status class too, whose sum is the former). Days are
    whole UTC days, the last one up to now; `grain_minutes` is 1440, 60 or 1. Days before
    `needed_from` are asked for the memory's sake: that they are not to be had is no read error.
    """

    source: str
    subscription_id: str
    region: str
    resource_ids: tuple[str, ...]
    first_day: date
    last_day: date
    grain_minutes: int = 1440
    needed_from: date = date.min

    @property
    def namespace(self) -> str:
        """The metric namespace as Azure spells it."""
        return DEPLOYMENTS_NAMESPACE if self.source == "deployment" else ENDPOINTS

    @property
    def metrics(self) -> tuple[str, ...]:
        """What is asked of it; minute by minute, requests alone."""
        if self.source != "deployment" or self.grain_minutes == 1:
            return (REQUESTS,)
        return DEPLOYMENT_METRICS

    @property
    def answers(self) -> str:
        """The source that it answers: the split by class answers the plain one by its sum."""
        return BY_ENDPOINT if self.source == BY_CLASS else self.source

    @property
    def split(self) -> str | None:
        """The dimension filter, or None for all series in one."""
        return {
            "deployment": None,
            BY_ENDPOINT: "deployment eq '*'",
            BY_CLASS: "deployment eq '*' and statusCodeClass eq '*'",
        }[self.source]


@dataclass(frozen=True, slots=True)
class MetricRequest:
    """One HTTP request for a question, or for the part of it that is still open.

    `tries` is how often it may fail with 500 (None: as usual).
    """

    question: MetricQuestion
    resource_ids: tuple[str, ...]
    metrics: tuple[str, ...]
    first_day: date
    last_day: date
    aggregation: str
    read_at: datetime
    is_again: bool = False
    tries: int | None = None

    @property
    def plainer(self) -> MetricRequest | None:
        """The same request without what a cloud may refuse it for; None: there is no such thing."""
        if self.question.source == BY_CLASS:
            return replace(self, question=replace(self.question, source=BY_ENDPOINT))
        return replace(self, aggregation="average") if self.aggregation != "average" else None

    @property
    def starts_at(self) -> datetime:
        """The first midnight that is asked for."""
        return midnight(self.first_day)

    @property
    def ends_at(self) -> datetime:
        """The end of the last day, or now where that day is running."""
        return min(midnight(next_day(self.last_day)), self.read_at)

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the batch API."""
        query = {
            "api-version": METRICS_API,
            "metricnamespace": self.question.namespace,
            "metricnames": ",".join(self.metrics),
            "starttime": self.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "endtime": self.ends_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "interval": INTERVALS[self.question.grain_minutes],
            "aggregation": self.aggregation,
        }
        if self.question.split is not None:
            query |= {"filter": self.question.split, "top": str(TOP)}
        return query


def questions_for(
    targets: Sequence[MetricTarget],
    source: str,
    last_day: date,
    grain_minutes: int = 1440,
    needed_from: date = date.min,
) -> Iterator[MetricQuestion]:
    """Batches over the targets; those that need the same days of the same region share one."""
    groups: dict[tuple[str, str, date], list[str]] = {}
    for target in targets:
        place = (target.subscription_id, target.region, target.first_day)
        groups.setdefault(place, []).append(target.resource_id)
    for (subscription_id, region, first_day), ids in sorted(groups.items()):
        for at in range(0, len(ids), RESOURCES_A_BATCH):
            yield MetricQuestion(
                source,
                subscription_id,
                region,
                tuple(ids[at : at + RESOURCES_A_BATCH]),
                first_day,
                last_day,
                grain_minutes,
                needed_from,
            )


def midnight(day: date) -> datetime:
    """The beginning of a UTC day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def next_day(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)
