"""Asks the metrics that verdicts rest on: which days of what, and all batches of them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta

from actions.snapshot.run import Run
from collectors.metrics.metrics import MetricAnswer, Refinements, ask
from collectors.metrics.questions import (
    BY_CLASS,
    BY_ENDPOINT,
    CAPACITY,
    REQUESTS,
    MetricQuestion,
    MetricTarget,
    questions_for,
)
from collectors.records import Inventory, ReadError, key_of
from collectors.sources import METRICS
from queries.intake.metrics import DaysWanted, days_of_change, first_days_to_ask, keep_metrics
from queries.policy import Policy
from queries.store.file import Store

AZURE_KEEPS_DAYS = 93
BATCHES_AT_ONCE = 8
MOST_UNDER_WAY = 16
FLUSH_EVERY = 16
RESUMABLE = timedelta(hours=1)

# What must be answered before a day of a resource needs no more asking.
_PROOF = {"deployment": (REQUESTS, CAPACITY), BY_ENDPOINT: (REQUESTS,)}
# How a source is asked day by day: the split by status class holds the plain one, as its sum
# (azure.md A80).
_ASKED_AS = {"deployment": "deployment", BY_ENDPOINT: BY_CLASS}


def daily_questions(
    store: Store, found: Inventory, policy: Policy, started_at: datetime, *, resume: bool
) -> list[MetricQuestion]:
    """The batches that ask each resource for the days that the store lacks."""
    questions: list[MetricQuestion] = []
    wanted = _days_wanted(policy, started_at, resume=resume)
    for source, resources in _askable(found).items():
        keys = [key_of(resource.resource_id) for resource in resources]
        days = first_days_to_ask(store, source, keys, _PROOF[source], wanted)
        questions += _batches(resources, source, days, wanted)
    return questions


def first_questions(found: Inventory, policy: Policy, started_at: datetime) -> list[MetricQuestion]:
    """The batches of a first snapshot, which has no store yet: all days that Azure keeps."""
    questions: list[MetricQuestion] = []
    wanted = _days_wanted(policy, started_at, resume=False)
    for source, resources in _askable(found).items():
        days = {key_of(one.resource_id): wanted.first_day_kept for one in resources}
        questions += _batches(resources, source, days, wanted)
    return questions


def _batches(
    resources: Sequence[MetricTarget], source: str, days: Mapping[str, date], wanted: DaysWanted
) -> Iterator[MetricQuestion]:
    """Batches over the resources that lack days, each from its first such day on."""
    targets = [
        replace(resource, first_day=days[key_of(resource.resource_id)])
        for resource in resources
        if key_of(resource.resource_id) in days
    ]
    return questions_for(
        targets, _ASKED_AS[source], wanted.today, needed_from=wanted.window_first_day
    )


def hourly_questions(
    found: Inventory, policy: Policy, started_at: datetime
) -> list[MetricQuestion]:
    """The batches that ask everything found for the whole window, hour by hour."""
    first_day = started_at.date() - timedelta(days=policy.window_days)
    questions: list[MetricQuestion] = []
    for source, resources in _askable(found).items():
        targets = [replace(resource, first_day=first_day) for resource in resources]
        questions += questions_for(targets, source, started_at.date(), grain_minutes=60)
    return questions


def minute_questions(
    store: Store, found: Inventory, policy: Policy, started_at: datetime
) -> list[MetricQuestion]:
    """The batches that ask the minutes of the days on which a name that was called changed hands.

    A day's value holds what both deployments were asked; only the minutes after the creation are
    the younger one's.
    """
    askable = _askable(found)
    created = {d.key: d.created_at for d in found.deployments if d.created_at is not None}
    first_day = started_at.date() - timedelta(days=policy.window_days)
    days = days_of_change(store, created, first_day)
    homes = {(key_of(d.endpoint_id), days[d.key]) for d in found.deployments if d.key in days}
    questions: list[MetricQuestion] = []
    for source, wanted in (("deployment", set(days.items())), ("endpoint", homes)):
        for day in sorted({day for _key, day in wanted}):
            targets = [
                replace(one, first_day=day)
                for one in askable[source]
                if (key_of(one.resource_id), day) in wanted
            ]
            questions += questions_for(targets, source, day, grain_minutes=1)
    return questions


def gather_metrics(run: Run, questions: Sequence[MetricQuestion]) -> list[ReadError]:
    """Ask all batches, a few at a time, and keep each answer soon after it came."""
    read_errors: list[ReadError] = []
    kept: list[MetricAnswer] = []
    run.progress(METRICS.name, 0, len(questions))
    try:
        with closing(_answers(run, questions)) as answers:
            for done, answer in enumerate(answers, start=1):
                read_errors += answer.read_errors
                kept.append(answer)
                run.progress(METRICS.name, done, len(questions))
                if len(kept) >= FLUSH_EVERY:
                    _flush(run, kept)
    finally:
        _flush(run, kept)
    return read_errors


def _days_wanted(policy: Policy, started_at: datetime, *, resume: bool) -> DaysWanted:
    today = started_at.date()
    return DaysWanted(
        today=today,
        window_first_day=today - timedelta(days=policy.window_days),
        first_day_kept=today - timedelta(days=AZURE_KEEPS_DAYS - 1),
        answered_since=started_at - RESUMABLE if resume else None,
    )


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
    return {"deployment": own, BY_ENDPOINT: split}


def _answers(run: Run, questions: Iterable[MetricQuestion]) -> Generator[MetricAnswer, None, None]:
    """The answers as they come, and no more under way than a few: a large tenant's fill gigabytes.

    Whoever takes them keeps none alive here.
    """
    refinements = Refinements()
    waiting: set[Future[MetricAnswer]] = set()
    with ThreadPoolExecutor(BATCHES_AT_ONCE, thread_name_prefix="metrics") as pool:
        try:
            for question in questions:
                if len(waiting) >= MOST_UNDER_WAY:
                    yield from _come(waiting)
                waiting.add(pool.submit(ask, run.reader, question, run.now(), refinements))
            while waiting:
                yield from _come(waiting)
        except BaseException:
            run.reader.stop.set()
            pool.shutdown(cancel_futures=True)
            raise


def _come(waiting: set[Future[MetricAnswer]]) -> Iterator[MetricAnswer]:
    """The next answers, which wait no longer."""
    come, _still = wait(waiting, return_when=FIRST_COMPLETED)
    waiting -= come
    while come:
        yield come.pop().result()


def _flush(run: Run, kept: list[MetricAnswer]) -> None:
    if kept:
        answers = [(answer.series, answer.reads) for answer in kept]
        keep_metrics(run.store, run.begun.snapshot_id, answers)
        kept.clear()
