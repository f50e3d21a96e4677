"""The look after a DELETE: whether it is gone, and whether somebody used it in the last instant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from actions.deletion.last_look import Last, created, share_of
from actions.states import Outcome
from collectors.connection.errors import AzureFailure, Missing
from collectors.connection.reading import Reader
from collectors.inventory.endpoint import get_resource
from collectors.inventory.resources import parent, part
from collectors.metrics.metrics import ask
from collectors.metrics.questions import MetricQuestion, MetricTarget, questions_for
from collectors.records import MetricSeries, key_of

# How long a request may take to show in the metrics, at the most that is reckoned with.
LATE_METRICS = timedelta(hours=1)


def verify(
    reader: Reader,
    deletion_id: str,
    before: Last,
    sent_at: datetime,
    now: Callable[[], datetime],
    trouble: str | None,
) -> tuple[Outcome, str]:
    """Whether it is gone, and whether somebody used it in the last instant."""
    try:
        there = get_resource(reader, deletion_id)
    except Missing:
        outcome, message = _gone(reader, deletion_id, before, sent_at, now)
        return (
            outcome,
            f"{message}; the deletion itself answered: {trouble}" if trouble else message,
        )
    except AzureFailure as failure:
        message = f"whether it is gone could not be read: {failure.message} ({failure.code})"
        return "failed", f"{trouble}; {message}" if trouble else message
    was = before.endpoint if before.of_endpoint else before.deployments[key_of(deletion_id)]
    if created(there) != created(was):
        return "raced", "it was deleted, but somebody created it anew under its name"
    what = "endpoint" if before.of_endpoint else "deployment"
    return "failed", trouble or f"Azure called the deletion done, but the {what} is still there"


def asked_since(
    reader: Reader, before: Last, since: datetime, now: datetime, *, own_too: bool = True
) -> dict[str, float] | None:
    """Requests by deployment key from shortly before `since`: of two namespaces the larger count.

    Only for what is to go; of a whole endpoint each name counts. None: it could not be read. The
    guard has seen no request at all, so one that shows up now, even of the minutes before, was
    late in the metrics and is new. `own_too` False asks the endpoint's namespace alone, since what
    is gone need not have one of its own any more.
    """
    asked: dict[str, float] = {}
    for question in _questions(before, since, now, own_too=own_too):
        answer = ask(reader, question, now)
        if answer.read_errors:
            return None
        for key, count in _counted(answer.series, since - LATE_METRICS).items():
            if before.of_endpoint or key in before.deployments:
                asked[key] = max(count, asked.get(key, 0.0))
    return asked


def _questions(
    before: Last, since: datetime, now: datetime, *, own_too: bool
) -> Iterator[MetricQuestion]:
    subscription_id = part(before.endpoint_id, "subscriptions") or ""
    region = str(before.endpoint.get("location") or "").lower().replace(" ", "")
    first_day, last_day = (since - LATE_METRICS).date(), now.date()
    sources = {"endpoint": [before.endpoint_id]}
    if own_too:
        sources["deployment"] = [str(body["id"]) for body in before.deployments.values()]
    for source, ids in sources.items():
        targets = [MetricTarget(one, subscription_id, region, first_day) for one in ids]
        yield from questions_for(targets, source, last_day, grain_minutes=1)


def _counted(found: Iterable[MetricSeries], first: datetime) -> dict[str, float]:
    """Requests from a time on by deployment key; one that has none is not among them."""
    counted: dict[str, float] = {}
    for series in found:
        count = _requests_from(series, first)
        if count:
            counted[series.deployment_key] = counted.get(series.deployment_key, 0.0) + count
    return counted


def _requests_from(series: MetricSeries, first: datetime) -> float:
    points = zip(series.starts_at, series.average, strict=True)
    return sum(average or 0.0 for starts_at, average in points if starts_at >= first)


def _gone(
    reader: Reader,
    deletion_id: str,
    before: Last,
    sent_at: datetime,
    now: Callable[[], datetime],
) -> tuple[Outcome, str]:
    if not before.of_endpoint:
        raced = _still_named(reader, deletion_id, before)
        if raced is not None:
            return "raced", raced
    asked = asked_since(reader, before, sent_at, now(), own_too=False)
    if asked:
        return "raced", f"it is gone, but it was asked {_sum(asked)} times after the last look"
    message = "gone: Azure answers 404"
    message += "" if before.of_endpoint else ", and nothing names it"
    if asked is None:
        message += "; whether it was asked in the last instant could not be read"
    return "deleted", message


def _still_named(reader: Reader, deletion_id: str, before: Last) -> str | None:
    try:
        endpoint = get_resource(reader, parent(deletion_id))
    except AzureFailure as failure:
        return f"it is gone, but its endpoint could not be read again: {failure.message}"
    key = key_of(deletion_id)
    for mapping, word in (("traffic", "live"), ("mirrorTraffic", "mirrored")):
        percent = share_of(endpoint, mapping, key)
        if percent is not None and percent != share_of(before.endpoint, mapping, key):
            return f"it is gone, but its endpoint gives it {percent:g} % {word} traffic"
    return None


def _sum(asked: Mapping[str, float]) -> str:
    return f"{sum(asked.values()):g}"
