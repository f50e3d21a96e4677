"""Looks at each source once: can it be reached, and does the sign-in have the rights?"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from collectors.activity.log import read_activity
from collectors.connection.errors import AzureFailure, Refused
from collectors.connection.pace import BUDGET_SPENT
from collectors.connection.reading import Reader
from collectors.costs.bill import BILLED_AFTER, CostQuestion, ask_costs
from collectors.costs.prices import read_prices
from collectors.doctor.rights import missing_actions
from collectors.inventory import resources as shape
from collectors.inventory.inventory import ML_API, read_inventory
from collectors.inventory.locks import read_locks
from collectors.inventory.scope import Scope
from collectors.metrics.metrics import ask
from collectors.metrics.questions import MetricQuestion
from collectors.records import CostLine, Deployment, Inventory, Lock, ReadError, counted
from collectors.sources import (
    ACTIVITY_LOG,
    APIS,
    COST,
    ENDPOINTS,
    INVENTORY,
    LOCKS,
    MACHINE_LEARNING,
    METRICS,
    NO_BILL,
    PRICES,
    RESOURCE_GRAPH,
    SUBSCRIPTIONS,
    Reach,
    Source,
    fix_of,
)

# Of a source, then of a fact of Azure.
State = Literal[
    "answers",
    "does not answer",
    "not asked",
    "confirmed",
    "contradicted",
    "not testable",
    "not tested",
]
RIGHTS = "rights"
# The sources that need a sign-in, as the lines about them are called.
SIGNED_IN = (
    SUBSCRIPTIONS.name,
    MACHINE_LEARNING.title,
    RESOURCE_GRAPH.title,
    LOCKS.name,
    ACTIVITY_LOG.name,
    METRICS.name,
    COST.name,
)


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """One source, or one fact: its state, what it said, what to do where something is wrong.

    `count` is how many things it told of.
    """

    source: str
    scope: str
    state: State
    message: str
    fix: str | None = None
    count: int = 0

    @property
    def ok(self) -> bool | None:
        """Whether nothing is to be done; None: that is not known, as it was not asked."""
        if self.state == "not asked":
            return None
        return self.state not in ("does not answer", "contradicted")


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is by the sources that answered, and the lines of the bill."""

    inventory: Inventory
    lines: tuple[CostLine, ...]


def look_at_all(
    reader: Reader, subscription_ids: tuple[str, ...], basis: str, now: datetime
) -> Generator[SourceCheck, None, Seen | None]:
    """The price list, subscriptions, and for each of them every other source; reads only.

    Returns what was seen; None: no subscription was.
    """
    reader.budget.wait_at_most(0)
    yield from look_at_prices(reader, now)
    try:
        found = read_inventory(reader, Scope(subscription_ids), lambda *_progress: None)
    except AzureFailure as failure:
        yield _failed(SUBSCRIPTIONS.name, "tenant", SUBSCRIPTIONS, failure)
        others = not_asked("the subscriptions were not read")
        yield from (check for check in others if check.source != SUBSCRIPTIONS.name)
        return None
    yield _answers(SUBSCRIPTIONS.name, "tenant", f"{len(found.subscriptions)} visible")
    yield from (_unread(e.scope, e) for e in found.read_errors if e.source == SUBSCRIPTIONS.name)
    locks: list[Lock] = []
    lines: list[CostLine] = []
    for subscription in found.subscriptions:
        scope = subscription.subscription_id
        if (subscription.state or "enabled").lower() != "enabled":
            text = f"its state is {subscription.state}: Azure may take no write there"
            yield _answers(SUBSCRIPTIONS.name, scope, text)
        yield _workspaces(reader, scope)
        yield _deployments(found, scope)
        yield _locks(reader, scope, locks)
        yield _activity(reader, scope, now)
        yield from _rights(reader, scope)
        managed = [d for d in found.deployments if _is_managed(d, scope)]
        if managed:
            yield _metrics(reader, scope, managed[0], now)
            yield _costs(reader, scope, basis, now, lines)
    return Seen(replace(found, locks=tuple(locks)), tuple(lines))


def look_at_prices(reader: Reader, now: datetime) -> Iterator[SourceCheck]:
    """The price list, which needs no sign-in; nothing where the cloud has none."""
    if reader.cloud.retail_prices is None:
        return
    region, size = "eastus", "Standard_DS3_v2"
    answer = read_prices(reader, region, size, "USD", now)
    if isinstance(answer, ReadError):
        yield _unread(region, answer)
        return
    known = any(price.per_hour is not None for price in answer)
    text = f"{size} is in the list" if known else f"answers, but does not know {size}"
    yield _answers(PRICES.name, region, text)


def not_asked(why: str) -> Iterator[SourceCheck]:
    """Every source that needs a sign-in, where nothing can be asked with one."""
    for name in SIGNED_IN:
        yield SourceCheck(name, "tenant", "not asked", f"not asked: {why}")


def requests_of_snapshot(found: Inventory, metric_batches: int) -> Iterator[SourceCheck]:
    """How many requests a snapshot makes of each interface, and which of them Azure bills."""
    managed = [one for one in found.deployments if one.kind == "managed"]
    reach = Reach(
        subscriptions=len(found.subscriptions),
        subscriptions_with_deployments=len({one.subscription_id.lower() for one in managed}),
        deployments=len(managed),
        metric_batches=metric_batches,
    )
    for api in APIS:
        if api.requests is not None:
            count = api.requests(reach)
            text = f"a snapshot makes about {counted(count, 'request')} here: {api.price}"
            yield SourceCheck("requests", api.title, "answers", text, count=count)


def _is_managed(deployment: Deployment, subscription_id: str) -> bool:
    same = deployment.subscription_id.lower() == subscription_id.lower()
    return same and deployment.kind == "managed"


def _workspaces(reader: Reader, scope: str) -> SourceCheck:
    path = f"/subscriptions/{scope}/providers/{shape.WORKSPACE}"
    try:
        found = list(reader.pages(path, **{"api-version": ML_API}))
    except AzureFailure as failure:
        return _failed(MACHINE_LEARNING.title, scope, ENDPOINTS, failure)
    return _answers(MACHINE_LEARNING.title, scope, counted(len(found), "workspace"))


def _deployments(found: Inventory, scope: str) -> SourceCheck:
    """What Resource Graph told of a subscription, or why it did not."""
    for error in found.read_errors:
        if error.source == INVENTORY.name and error.scope.lower() == scope.lower():
            check = _unread(scope, error)
            return replace(check, source=RESOURCE_GRAPH.title)
    count = sum(_is_managed(one, scope) for one in found.deployments)
    text = f"{count} managed deployments"
    return SourceCheck(RESOURCE_GRAPH.title, scope, "answers", text, count=count)


def _locks(reader: Reader, scope: str, seen: list[Lock]) -> SourceCheck:
    locks, _reads, read_errors = read_locks(reader, (scope,))
    seen += locks
    if read_errors:
        return _unread(scope, read_errors[0])
    return _answers(LOCKS.name, scope, counted(len(locks), "lock"))


def _activity(reader: Reader, scope: str, now: datetime) -> SourceCheck:
    """The Activity Log, by its last hour."""
    try:
        events = list(read_activity(reader, scope, now - timedelta(hours=1), now))
    except AzureFailure as failure:
        return _failed(ACTIVITY_LOG.name, scope, ACTIVITY_LOG, failure)
    return _answers(ACTIVITY_LOG.name, scope, f"{counted(len(events), 'event')} in the last hour")


def _rights(reader: Reader, scope: str) -> Iterator[SourceCheck]:
    """What the sign-in may write; who only reads needs none of it."""
    try:
        missing = missing_actions(reader, scope)
    except AzureFailure as failure:
        text = f"not known: {failure.message} ({failure.code})"
        yield SourceCheck(RIGHTS, scope, "not asked", text)
        return
    for deed, actions in missing.items():
        if actions:
            text = f"may not {deed}: the sign-in lacks {' and '.join(actions)}"
            yield SourceCheck(RIGHTS, scope, "answers", text)
        else:
            yield _answers(RIGHTS, scope, f"may {deed}")


def _metrics(reader: Reader, scope: str, deployment: Deployment, now: datetime) -> SourceCheck:
    region, today = deployment.region or "", now.date()
    question = MetricQuestion("deployment", scope, region, (deployment.id,), today, today)
    answer = ask(reader, question, now)
    if answer.read_errors:
        return _unread(scope, answer.read_errors[0])
    return _answers(METRICS.name, scope, f"{region} answers")


def _costs(
    reader: Reader, scope: str, basis: str, now: datetime, seen: list[CostLine]
) -> SourceCheck:
    """One query, unless it would have to wait: four a minute are all that Azure answers."""
    month = (now - BILLED_AFTER).date().replace(day=1)
    answer = ask_costs(reader, CostQuestion(scope, month, "tags", basis), now.date())
    if any(error.code == BUDGET_SPENT for error in answer.read_errors):
        text = "not asked: Azure answers four queries a minute, which were sent a moment ago"
        return SourceCheck(COST.name, scope, "not asked", text)
    if answer.read_errors and answer.read_errors[0].code == NO_BILL:
        return _answers(COST.name, scope, answer.read_errors[0].message)
    if answer.read_errors:
        return _unread(scope, answer.read_errors[0])
    seen += answer.lines
    return _answers(COST.name, scope, f"{counted(len(answer.lines), 'line')} of {month:%Y-%m}")


def _answers(name: str, scope: str, text: str) -> SourceCheck:
    return SourceCheck(name, scope, "answers", text)


def _unread(scope: str, read_error: ReadError) -> SourceCheck:
    fix = fix_of(read_error.source, read_error.code)
    text = f"{read_error.message} ({read_error.code})"
    return SourceCheck(read_error.source, scope, "does not answer", text, fix)


def _failed(name: str, scope: str, source: Source, failure: AzureFailure) -> SourceCheck:
    fix = source.fix_of_refusal if isinstance(failure, Refused) else failure.fix
    text = f"{failure.message} ({failure.code})"
    return SourceCheck(name, scope, "does not answer", text, fix)
