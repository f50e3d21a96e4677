"""Gathers what verdicts rest on beyond the inventory: metric values, and ages where in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from collectors.connection.errors import AzureFailure
from collectors.connection.reading import Reader
from collectors.inventory.ages import read_ages
from collectors.metrics.metrics import MetricAnswer, ask
from collectors.metrics.questions import (
    BY_CLASS,
    CAPACITY,
    REQUESTS,
    MetricQuestion,
    MetricTarget,
    questions_for,
)
from collectors.records import Deployment, Hole, Inventory, key_of
from queries.policy import Policy
from queries.store import library
from queries.store.append import naive_utc
from queries.store.file import Store
from queries.store.keep import keep_metrics

AZURE_KEEPS_DAYS = 93
AT_ONCE = 8
FLUSH_EVERY = 16
RESUMABLE = timedelta(hours=1)

Clock = Callable[[], datetime]
Progress = Callable[[str, int, int | None], None]
# What must be answered before a day of a resource needs no more asking.
_PROOF = {"deployment": (REQUESTS, CAPACITY), "endpoint": (REQUESTS,), BY_CLASS: (REQUESTS,)}


def daily_questions(
    store: Store, found: Inventory, policy: Policy, started_at: datetime, *, resume: bool
) -> list[MetricQuestion]:
    """The batches that ask each resource for the days that the store lacks."""
    questions: list[MetricQuestion] = []
    today = started_at.date()
    window_first_day = today - timedelta(days=policy.window_days)
    for source, resources in _askable(found).items():
        days = _first_days(store, source, resources, policy, started_at, resume=resume)
        targets = [
            replace(resource, first_day=days[key_of(resource.resource_id)])
            for resource in resources
            if key_of(resource.resource_id) in days
        ]
        questions += questions_for(targets, source, today, needed_from=window_first_day)
    return questions


def hourly_questions(
    found: Inventory, policy: Policy, started_at: datetime
) -> list[MetricQuestion]:
    """The batches that ask everything found for the whole window, hour by hour."""
    first_day = started_at.date() - timedelta(days=policy.window_days)
    questions: list[MetricQuestion] = []
    for source, resources in _askable(found).items():
        if source != BY_CLASS:
            targets = [replace(resource, first_day=first_day) for resource in resources]
            questions += questions_for(targets, source, started_at.date(), grain_minutes=60)
    return questions


def gather_metrics(
    store: Store,
    reader: Reader,
    snapshot_id: str,
    questions: Sequence[MetricQuestion],
    now: Clock,
    progress: Progress,
) -> list[Hole]:
    """Ask all batches, a few at a time, and keep each answer soon after it came."""
    holes: list[Hole] = []
    kept: list[MetricAnswer] = []
    progress("metrics", 0, len(questions))
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="metrics") as pool:
        waiting = [pool.submit(ask, reader, question, now()) for question in questions]
        try:
            for done, answer in enumerate(_answers(waiting), start=1):
                holes += answer.holes
                kept.append(answer)
                progress("metrics", done, len(questions))
                if len(kept) >= FLUSH_EVERY:
                    _flush(store, snapshot_id, kept, now())
        except BaseException:
            reader.stop.set()
            pool.shutdown(cancel_futures=True)
            raise
        finally:
            _flush(store, snapshot_id, kept, now())
    return holes


def settle_ages(
    store: Store, reader: Reader, found: Inventory, policy: Policy, started_at: datetime
) -> tuple[Inventory, list[Hole]]:
    """Creation times for the deployments whose age nothing else tells, an endpoint at a time."""
    unknown = {
        d.key: d
        for d in found.deployments
        if d.created_at is None and d.kind in ("managed", "kubernetes")
    }
    doubtful = _doubtful(store, list(unknown), policy, started_at) if unknown else []
    endpoints = {key_of(unknown[key].endpoint_id): unknown[key].endpoint_id for key in doubtful}
    ages: dict[str, tuple[datetime, str | None]] = {}
    holes: list[Hole] = []
    for endpoint_id in endpoints.values():
        try:
            ages |= read_ages(reader, endpoint_id)
        except AzureFailure as failure:
            holes.append(Hole("deployments", endpoint_id, failure.code, failure.message))
    aged = tuple(_aged(d, ages) for d in found.deployments)
    return replace(found, deployments=aged), holes


def _askable(found: Inventory) -> dict[str, list[MetricTarget]]:
    """Managed deployments and their endpoints; Azure Monitor holds nothing of the other kinds."""
    managed = [d for d in found.deployments if d.kind == "managed"]
    never = date.min
    own = [MetricTarget(d.id, d.subscription_id, d.region or "", never) for d in managed]
    regions = {key_of(d.endpoint_id): d.region or "" for d in managed}
    split = [
        MetricTarget(e.id, e.subscription_id, e.region or regions[e.key], never)
        for e in found.endpoints
        if e.key in regions
    ]
    return {"deployment": own, "endpoint": split, BY_CLASS: split}


def _first_days(
    store: Store,
    source: str,
    resources: Sequence[MetricTarget],
    policy: Policy,
    started_at: datetime,
    *,
    resume: bool,
) -> dict[str, date]:
    today = started_at.date()
    values = {
        "resource_keys": [key_of(resource.resource_id) for resource in resources],
        "source": source,
        "metrics": list(_PROOF[source]),
        "today": today,
        "window_first_day": today - timedelta(days=policy.window_days),
        "first_day_kept": today - timedelta(days=AZURE_KEEPS_DAYS - 1),
        "answered_since": naive_utc(started_at - RESUMABLE) if resume else None,
    }
    with store.reading() as connection:
        rows = library.ask(connection, "first_days_to_ask", values)
    return {row["resource_key"]: row["first_day"] for row in rows}


def _doubtful(store: Store, keys: list[str], policy: Policy, started_at: datetime) -> list[str]:
    values = {
        "deployment_keys": keys,
        "as_of": naive_utc(started_at),
        "window_first_day": started_at.date() - timedelta(days=policy.window_days),
        "minimum_age_days": policy.minimum_age_days,
    }
    with store.reading() as connection:
        rows = library.ask(connection, "doubtful_ages", values)
    return [row["deployment_key"] for row in rows]


def _aged(deployment: Deployment, ages: dict[str, tuple[datetime, str | None]]) -> Deployment:
    told = ages.get(deployment.key)
    if told is None or deployment.created_at is not None:
        return deployment
    return replace(
        deployment,
        created_at=told[0].astimezone(UTC),
        created_by=deployment.created_by or told[1],
    )


def _answers(waiting: Sequence[Future[MetricAnswer]]) -> Iterator[MetricAnswer]:
    return (future.result() for future in as_completed(waiting))


def _flush(store: Store, snapshot_id: str, kept: list[MetricAnswer], at: datetime) -> None:
    if kept:
        with store.noting() as connection:
            keep_metrics(connection, snapshot_id, kept, at)
        kept.clear()
