"""Looks at each source once: can it be reached, and does the sign-in have the rights?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors.connection.errors import AzureFailure, Refused
from collectors.connection.reading import Reader
from collectors.costs.prices import read_prices
from collectors.inventory import resources as shape
from collectors.inventory.inventory import ML_API, graph_rows
from collectors.inventory.locks import read_locks
from collectors.inventory.scope import Scope, visible_subscriptions
from collectors.metrics.metrics import ask
from collectors.metrics.questions import MetricQuestion
from collectors.records import ReadError, Subscription
from collectors.sources import (
    APIS,
    ENDPOINTS,
    INVENTORY,
    LOCKS,
    MACHINE_LEARNING,
    METRICS,
    PRICES,
    RESOURCE_GRAPH,
    SUBSCRIPTIONS,
    Reach,
    Source,
    fix_of,
)


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """One source: whether it answers, what it said, what to do where it does not.

    `count` is how many things it told of.
    """

    source: str
    scope: str
    ok: bool
    message: str
    fix: str | None = None
    count: int = 0


def look_at_all(reader: Reader, now: datetime) -> Iterator[SourceCheck]:
    """The price list, subscriptions, and for each of them inventory, locks and metrics; reads only.

    The bill is not asked: four queries a minute and subscription are all that Azure answers.
    """
    if reader.cloud.retail_prices is not None:
        yield _prices(reader, now)
    try:
        subscriptions, _read_errors = visible_subscriptions(reader, Scope())
    except AzureFailure as failure:
        yield _failed(SUBSCRIPTIONS.name, "tenant", SUBSCRIPTIONS, failure)
        return
    yield SourceCheck(SUBSCRIPTIONS.name, "tenant", True, f"{len(subscriptions)} visible")
    for subscription in subscriptions:
        yield from _look_at(reader, subscription, now)


def requests_of_snapshot(found: Sequence[SourceCheck]) -> Iterator[SourceCheck]:
    """How many requests a snapshot makes of each interface, and which of them Azure bills."""
    graph = [one for one in found if one.source == RESOURCE_GRAPH.title and one.ok]
    reach = Reach(
        subscriptions=len(graph),
        subscriptions_with_deployments=sum(one.count > 0 for one in graph),
        deployments=sum(one.count for one in graph),
    )
    for api in APIS:
        if api.requests is not None:
            count = api.requests(reach)
            text = f"a snapshot makes about {count} requests here: {api.price}"
            yield SourceCheck("requests", api.title, True, text, count=count)


def _prices(reader: Reader, now: datetime) -> SourceCheck:
    region, size = "eastus", "Standard_DS3_v2"
    answer = read_prices(reader, region, size, "USD", now)
    if isinstance(answer, ReadError):
        return _unread(region, answer)
    known = any(price.per_hour is not None for price in answer)
    text = f"{size} is in the list" if known else f"answers, but does not know {size}"
    return SourceCheck(PRICES.name, region, True, text)


def _look_at(reader: Reader, subscription: Subscription, now: datetime) -> Iterator[SourceCheck]:
    scope = subscription.subscription_id
    if (subscription.state or "enabled").lower() != "enabled":
        text = f"its state is {subscription.state}: Azure may take no write there"
        yield SourceCheck(SUBSCRIPTIONS.name, scope, True, text)
    yield _workspaces(reader, scope)
    rows: list[dict[str, Any]] = []
    try:
        rows = list(graph_rows(reader, [scope], "resources", (shape.ONLINE_DEPLOYMENT,)))
        text = f"{len(rows)} online deployments"
        yield SourceCheck(RESOURCE_GRAPH.title, scope, True, text, count=len(rows))
    except AzureFailure as failure:
        yield _failed(RESOURCE_GRAPH.title, scope, INVENTORY, failure)
    yield _locks(reader, scope)
    if rows:
        yield _metrics(reader, scope, rows[0], now)


def _workspaces(reader: Reader, scope: str) -> SourceCheck:
    path = f"/subscriptions/{scope}/providers/{shape.WORKSPACE}"
    try:
        found = list(reader.pages(path, **{"api-version": ML_API}))
    except AzureFailure as failure:
        return _failed(MACHINE_LEARNING.title, scope, ENDPOINTS, failure)
    return SourceCheck(MACHINE_LEARNING.title, scope, True, f"{len(found)} workspaces")


def _locks(reader: Reader, scope: str) -> SourceCheck:
    locks, _reads, read_errors = read_locks(reader, (scope,))
    if read_errors:
        return _unread(scope, read_errors[0])
    return SourceCheck(LOCKS.name, scope, True, f"{len(locks)} locks")


def _metrics(reader: Reader, scope: str, row: dict[str, Any], now: datetime) -> SourceCheck:
    region = str(row.get("location") or "").lower().replace(" ", "")
    today = now.date()
    question = MetricQuestion("deployment", scope, region, (str(row["id"]),), today, today)
    answer = ask(reader, question, now)
    if answer.read_errors:
        return _unread(scope, answer.read_errors[0])
    return SourceCheck(METRICS.name, scope, True, f"{region} answers")


def _unread(scope: str, read_error: ReadError) -> SourceCheck:
    fix = fix_of(read_error.source, read_error.code)
    return SourceCheck(
        read_error.source, scope, False, f"{read_error.message} ({read_error.code})", fix
    )


def _failed(name: str, scope: str, source: Source, failure: AzureFailure) -> SourceCheck:
    fix = source.fix_of_refusal if isinstance(failure, Refused) else failure.fix
    return SourceCheck(name, scope, False, f"{failure.message} ({failure.code})", fix)
