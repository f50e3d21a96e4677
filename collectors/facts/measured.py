"""Metrics asked in two ways: batch and single, own and split, average and Total; and of silence.

Facts: azure.md A93 to A95, A97.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import isclose

from collectors.connection.errors import AzureFailure, NotUnderstood
from collectors.facts.asking import Few, came_to, not_read
from collectors.facts.metric_days import Values, days_before, in_batch, in_single, totals_in
from collectors.facts.sample import Sample, path_of
from collectors.metrics.questions import CAPACITY, CPU, REQUESTS
from collectors.records import Deployment, FactFinding, key_of

MEASURED = (REQUESTS, CAPACITY, CPU)
MINUTES_OF_A_DAY = 1440
# What is asked in batches of each sample: its deployments, and the split of its endpoints.
BATCHES = 2
TOTALS = ("average-hides-none", "average-counts")
# By how much two ways of counting requests may differ: a tenth, or one request.
SHARE, REQUEST = 0.1, 1.0


@dataclass
class _Measured:
    """What the batch told of each deployment and metric: values by day."""

    own: dict[tuple[str, str], Values] = field(default_factory=dict)
    split: dict[tuple[str, str], Values] = field(default_factory=dict)

    def requests(self, deployment: Deployment) -> tuple[float, float] | None:
        """Of its own and of the split; None: one of them was not answered."""
        own = self.own.get((deployment.key, REQUESTS))
        if own is None or (key_of(deployment.endpoint_id), REQUESTS) not in self.split:
            return None
        split = self.split.get((deployment.key, REQUESTS), {})
        return sum(own.values()) * MINUTES_OF_A_DAY, sum(split.values()) * MINUTES_OF_A_DAY


def compare_metrics(few: Few, sample: Sample, now: datetime) -> list[FactFinding]:
    """Two batches over the sample, then two deployments alone: the busiest and a silent one."""
    days = days_before(now)
    old = [one for one in sample.measured if one.created_at is None or one.created_at < days[0]]
    measured = _Measured()
    try:
        measured.own = in_batch(few, sample, old, MEASURED, now)
        measured.split = in_batch(few, sample, sample.endpoints, (REQUESTS,), now)
    except AzureFailure as failure:
        facts = ("metrics-batch", "both-namespaces", "silent-capacity", *TOTALS)
        return [not_read(fact, failure) for fact in facts]
    chosen = list(_busiest_and_silent(old, measured))
    return [
        _batch_and_single(few, chosen, measured, now),
        came_to("both-namespaces", _both(old, measured), "no-requests"),
        _capacity(old, measured),
        *_totals(few, chosen, now),
    ]


def _batch_and_single(
    few: Few, chosen: Sequence[Deployment], measured: _Measured, now: datetime
) -> FactFinding:
    pairs: list[tuple[str, bool]] = []
    try:
        for deployment in chosen:
            alone = in_single(few, deployment, MEASURED, now)
            for metric in MEASURED:
                batch = measured.own.get((deployment.key, metric))
                if batch is not None and metric in alone:
                    name = f"{metric} of {path_of(deployment)}"
                    pairs.append((name, _alike(batch, alone[metric])))
    except AzureFailure as failure:
        if not pairs:
            return not_read("metrics-batch", failure)
    return came_to("metrics-batch", pairs, "no-deployment")


def _both(old: Iterable[Deployment], measured: _Measured) -> Iterator[tuple[str, bool]]:
    for deployment in old:
        counted = measured.requests(deployment)
        if counted is not None and max(counted) > 0:
            yield path_of(deployment), _near(*counted)


def _capacity(old: Iterable[Deployment], measured: _Measured) -> FactFinding:
    """Whether any silent deployment shows capacity: one that does not may simply be down."""
    silent = [one for one in old if _is_silent(one, measured)]
    emitting = [one for one in silent if any(measured.own[one.key, CAPACITY].values())]
    if silent and not emitting:
        evidence = {"example": path_of(silent[0])}
        return FactFinding("silent-capacity", "contradicted", "none-emits", evidence, len(silent))
    return came_to("silent-capacity", ((path_of(one), True) for one in emitting), "no-silence")


def _is_silent(deployment: Deployment, measured: _Measured) -> bool:
    return (
        (deployment.provisioning_state or "").lower() == "succeeded"
        and deployment.instance_count != 0
        and (deployment.key, CAPACITY) in measured.own
        and measured.requests(deployment) == (0.0, 0.0)
    )


def _totals(few: Few, chosen: Iterable[Deployment], now: datetime) -> list[FactFinding]:
    hides: list[tuple[str, bool]] = []
    counts: list[tuple[str, bool]] = []
    try:
        for deployment in chosen:
            for average, total in totals_in(few, deployment, now):
                counted = average * MINUTES_OF_A_DAY
                hides.append((path_of(deployment), total <= counted * (1 + SHARE) + REQUEST))
                if average > 0:
                    counts.append((path_of(deployment), _near(counted, total)))
    except AzureFailure as failure:
        # A 400 is how a metric refuses an aggregation that it does not have.
        if not hides and not (isinstance(failure, NotUnderstood) and failure.status == 400):
            return [not_read(fact, failure) for fact in TOTALS]
    none = "no-requests" if hides else "no-total"
    return [came_to(TOTALS[0], hides, "no-total"), came_to(TOTALS[1], counts, none)]


def _busiest_and_silent(old: Sequence[Deployment], measured: _Measured) -> Iterator[Deployment]:
    """The two that are asked alone; where none is silent, or none busy, one of them."""
    by_requests = sorted(old, key=lambda one: max(measured.requests(one) or (0.0, 0.0)))
    if by_requests:
        yield by_requests[-1]
    if len(by_requests) > 1:
        yield by_requests[0]


def _alike(one: Mapping[datetime, float], other: Mapping[datetime, float]) -> bool:
    return one.keys() == other.keys() and all(
        isclose(one[day], other[day], rel_tol=0.01, abs_tol=1e-6) for day in one
    )


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= max(REQUEST, SHARE * max(one, other))
