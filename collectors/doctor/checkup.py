"""Looks at each source once: can it be reached, and does the sign-in have the rights?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from collectors.connection.errors import AzureFailure
from collectors.connection.reading import Reader
from collectors.costs.prices import read_prices
from collectors.inventory import resources as shape
from collectors.inventory.inventory import ML_API, graph_rows
from collectors.inventory.locks import LOCKS_API, is_lock
from collectors.inventory.scope import Scope, visible_subscriptions
from collectors.metrics.metrics import ask
from collectors.metrics.questions import MetricQuestion
from collectors.records import Hole, Subscription

BATCH = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """One source: whether it answers, what it said, what to do where it does not.

    `count` is how many things it told of.
    """

    source: str
    scope: str
    ok: bool
    message: str
    mend: str | None = None
    count: int = 0


def look_at_all(reader: Reader, now: datetime) -> Iterator[Finding]:
    """The price list, subscriptions, and for each of them inventory, locks and metrics; reads only.

    The bill is not asked: four queries a minute and subscription are all that Azure answers.
    """
    if reader.cloud.retail_prices is not None:
        yield _prices(reader, now)
    try:
        subscriptions, _holes = visible_subscriptions(reader, Scope())
    except AzureFailure as failure:
        yield _failed("subscriptions", "tenant", failure, "ask for the role Reader")
        return
    yield Finding("subscriptions", "tenant", True, f"{len(subscriptions)} visible")
    for subscription in subscriptions:
        yield from _look_at(reader, subscription, now)


def requests_of_snapshot(found: Sequence[Finding]) -> Iterator[Finding]:
    """How many requests a snapshot makes of each source, and which of them Azure bills."""
    graph = [finding for finding in found if finding.source == "Resource Graph" and finding.ok]
    deployments = sum(finding.count for finding in graph)
    batches = -(-deployments // BATCH) + 2 * sum(finding.source == "metrics" for finding in found)
    for scope, count, price in (
        ("Resource Graph", 2 + deployments // 1000, "free"),
        ("locks", len(graph), "free"),
        ("metrics", batches, "billed by Azure Monitor as batch queries"),
        ("cost", 4 * sum(finding.count > 0 for finding in graph), "free, for two months of bill"),
    ):
        text = f"a snapshot makes about {count} requests here: {price}"
        yield Finding("requests", scope, True, text, count=count)


def _prices(reader: Reader, now: datetime) -> Finding:
    region, size = "eastus", "Standard_DS3_v2"
    told = read_prices(reader, region, size, "USD", now)
    if isinstance(told, Hole):
        mend = "check the network: without the list, list prices are unknown"
        return Finding("prices", region, False, f"{told.message} ({told.code})", mend)
    known = any(price.per_hour is not None for price in told)
    text = f"{size} is in the list" if known else f"answers, but does not know {size}"
    return Finding("prices", region, True, text)


def _look_at(reader: Reader, subscription: Subscription, now: datetime) -> Iterator[Finding]:
    scope = subscription.subscription_id
    path = f"/subscriptions/{scope}/providers"
    try:
        workspaces = list(reader.pages(f"{path}/{shape.WORKSPACE}", **{"api-version": ML_API}))
        yield Finding("Machine Learning", scope, True, f"{len(workspaces)} workspaces")
    except AzureFailure as failure:
        yield _failed("Machine Learning", scope, failure, "ask for the role Reader on it")
    try:
        rows = list(graph_rows(reader, [scope], "resources", (shape.ONLINE_DEPLOYMENT,)))
        yield Finding(
            "Resource Graph", scope, True, f"{len(rows)} online deployments", count=len(rows)
        )
    except AzureFailure as failure:
        yield _failed("Resource Graph", scope, failure, "ask for the role Reader on it")
        rows = []
    try:
        locks = list(
            reader.pages(
                f"{path}/Microsoft.Authorization/locks", is_lock, **{"api-version": LOCKS_API}
            )
        )
        yield Finding("locks", scope, True, f"{len(locks)} locks")
    except AzureFailure as failure:
        yield _failed("locks", scope, failure, "ask for Microsoft.Authorization/locks/read on it")
    if rows:
        yield _metrics(reader, scope, rows[0], now)


def _metrics(reader: Reader, scope: str, row: dict[str, object], now: datetime) -> Finding:
    region = str(row.get("location") or "").lower().replace(" ", "")
    today = now.date()
    question = MetricQuestion("deployment", scope, region, (str(row["id"]),), today, today)
    answer = ask(reader, question, now)
    if answer.holes:
        hole = answer.holes[0]
        mend = "ask for the role Monitoring Reader on the subscription itself"
        return Finding("metrics", scope, False, f"{hole.message} ({hole.code})", mend)
    return Finding("metrics", scope, True, f"{region} answers")


def _failed(source: str, scope: str, failure: AzureFailure, mend: str) -> Finding:
    told = f"{failure.message} ({failure.code})"
    refused = failure.status in (401, 403)
    return Finding(source, scope, False, told, mend if refused else failure.mend)
