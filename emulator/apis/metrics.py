"""The metrics data plane: one batch of resources, as `metrics:getBatch` answers it."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from emulator.apis.wire import Answer, Call, flat_refused, refused, route
from emulator.tenant.resources import Deployment, Endpoint, Resource, same
from emulator.tenant.series import ENDPOINTS, NAMESPACES, Metric, Series, Span, series_of
from emulator.tenant.world import World

RETENTION = timedelta(days=93)
INTERVALS = {
    "PT1M": timedelta(minutes=1),
    "PT5M": timedelta(minutes=5),
    "PT15M": timedelta(minutes=15),
    "PT30M": timedelta(minutes=30),
    "PT1H": timedelta(hours=1),
    "PT6H": timedelta(hours=6),
    "PT12H": timedelta(hours=12),
    "P1D": timedelta(days=1),
}
GIVEN = ("average", "minimum", "maximum")
AGGREGATIONS = ("average", "minimum", "maximum", "total", "count")
CONDITION = re.compile(r"\s*([\w.]+)\s+eq\s+'([^']*)'\s*", re.IGNORECASE)


class BadQueryError(Exception):
    """The whole call is refused with 400; the text says why."""


@dataclass(frozen=True)
class Query:
    """What one call asks of each resource."""

    namespace: str
    metrics: tuple[Metric, ...]
    aggregations: tuple[str, ...]
    span: Span
    filters: dict[str, set[str]]
    top: int
    start: datetime
    end: datetime
    interval: str
    is_batch: bool = True


def batch(call: Call, subscription: str, region: str = "") -> Answer:
    """Answer one batch: up to 50 resources of one subscription, region and type."""
    try:
        identifiers = _resource_ids(call, subscription)
        query = _query(call, call.world.clock.now())
        values = [
            _value(call.world, query, identifier, _home(call.world, identifier, query, region))
            for identifier in identifiers
        ]
    except BadQueryError as error:
        return flat_refused(400, "BadRequest", str(error))
    return Answer(200, ('{"values":[' + ",".join(values) + "]}").encode())


def single(call: Call, id: str) -> Answer:
    """Answer the call for one resource, which is no batch: the same metrics in another frame."""
    start, _, end = call.query.get("timespan", "").partition("/")
    asked = dict(call.query) | {"starttime": start, "endtime": end}
    asked["filter"] = call.query.get("$filter", "")
    asked.setdefault("metricnamespace", _namespace(call.world.lookup(id)))
    try:
        query = _query(replace(call, query=asked), call.world.clock.now())
        body: dict[str, object] = json.loads(
            _value(call.world, replace(query, is_batch=False), id, "")
        )
    except BadQueryError as error:
        return refused(400, "BadRequest", str(error))
    start, end = str(body.pop("starttime")), str(body.pop("endtime"))
    del body["resourceid"]
    return Answer(200, body | {"cost": 0, "timespan": f"{start}/{end}"})


def definitions(call: Call, id: str) -> Answer:
    """The metric definitions of a resource."""
    resource = call.world.lookup(id)
    if resource is None:
        return refused(404, "ResourceNotFound", f"The resource '{id}' was not found.")
    namespace = _namespace(resource)
    known = NAMESPACES.get(namespace.casefold(), {})
    return Answer(200, {"value": [_definition(resource, namespace, one) for one in known.values()]})


def _namespace(resource: Resource | None) -> str:
    namespace = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
    return f"{namespace}/deployments" if isinstance(resource, Deployment) else namespace


def _definition(resource: Resource, namespace: str, metric: Metric) -> dict[str, object]:
    return {
        "id": f"{resource.id}/providers/microsoft.insights/metricdefinitions/{metric.name}",
        "resourceId": resource.id,
        "namespace": namespace,
        "name": {"value": metric.name, "localizedValue": metric.name},
        "isDimensionRequired": False,
        "unit": metric.unit,
        "primaryAggregationType": "Average",
        "supportedAggregationTypes": list(metric.aggregations),
        "metricAvailabilities": [
            {"timeGrain": grain, "retention": "P93D"} for grain in ("PT1M", "PT1H", "P1D")
        ],
        "dimensions": [{"value": name, "localizedValue": name} for name in metric.dimensions],
    }


def _resource_ids(call: Call, subscription: str) -> list[str]:
    body = call.body
    listed = body.get("resourceids") if isinstance(body, dict) else None
    if not listed:
        raise BadQueryError("The request body needs 'resourceids'.")
    if len({one.casefold() for one in listed}) != len(listed):
        raise BadQueryError("The resource ids have to be unique.")
    if len(listed) > 50:
        raise BadQueryError("The number of resources in a batch is limited to 50.")
    if any(f"/subscriptions/{subscription}/".casefold() not in one.casefold() for one in listed):
        raise BadQueryError("All resources have to be in the subscription of the request.")
    return [str(one) for one in listed]


def _query(call: Call, now: datetime) -> Query:
    asked = call.query
    namespace = asked.get("metricnamespace", "")
    known = NAMESPACES.get(namespace.casefold())
    if known is None:
        raise BadQueryError(f"The metric namespace '{namespace}' was not found.")
    metrics = tuple(_metric(known, name) for name in asked.get("metricnames", "").split(","))
    filters = _filters(asked.get("filter", ""))
    refused_dimensions = {"statuscodeclass"} if call.world.status_classes_refused else set()
    for metric in metrics:
        _check_dimensions(metric, filters, refused_dimensions)
    start, end, interval = _asked_span(call, now)
    step = INTERVALS[interval]
    return Query(
        namespace=namespace,
        metrics=metrics,
        aggregations=_aggregations(asked.get("aggregation", "average")),
        span=Span(_floor(start, step), min(end, now), step, max(start, now - RETENTION)),
        filters=filters,
        top=int(asked.get("top") or 10),
        start=start,
        end=end,
        interval=interval,
    )


def _asked_span(call: Call, now: datetime) -> tuple[datetime, datetime, str]:
    """The span and interval as they are answered, which need not be as they were asked."""
    world, asked = call.world, call.query
    interval = asked.get("interval") or "PT1M"
    if interval not in INTERVALS:
        raise BadQueryError(f"The time grain '{interval}' is not supported.")
    if interval in ("PT6H", "PT12H"):
        interval = "PT1H"
    interval = world.metrics_interval or interval
    end = _moment(asked["endtime"]) if asked.get("endtime") else now
    start = _moment(asked["starttime"]) if asked.get("starttime") else end - timedelta(hours=1)
    if asked.get("endtime") and not asked.get("starttime"):
        raise BadQueryError("An end time needs a start time.")
    if start >= end:
        raise BadQueryError("The start time has to lie before the end time.")
    longest = world.metrics_longest_days
    if longest is not None and end - start > timedelta(days=longest):
        start = end - timedelta(days=longest)
    return max(start, now - RETENTION), end, interval


def _metric(known: dict[str, Metric], name: str) -> Metric:
    found = known.get(name.strip().casefold())
    if found is None:
        valid = ",".join(metric.name for metric in known.values())
        raise BadQueryError(f"Failed to find metric configuration for {name}. Valid: {valid}")
    return found


def _aggregations(text: str) -> tuple[str, ...]:
    asked = tuple(part.strip().casefold() for part in text.split(",") if part.strip())
    if any(one not in AGGREGATIONS for one in asked):
        raise BadQueryError(f"Invalid aggregation type '{text}'.")
    return asked


def _filters(text: str) -> dict[str, set[str]]:
    filters: dict[str, set[str]] = {}
    parts = re.split(r"\s(?:and|or)\s", text, flags=re.IGNORECASE)
    for part in filter(str.strip, parts):
        found = CONDITION.fullmatch(part)
        if not found:
            raise BadQueryError(f"The filter '{text}' is not valid.")
        filters.setdefault(found[1].casefold(), set()).add(found[2].casefold())
    return filters


def _check_dimensions(metric: Metric, filters: dict[str, set[str]], without: set[str]) -> None:
    known = {name.casefold() for name in metric.dimensions} - without
    if not filters.keys() <= known:
        raise BadQueryError(
            f"Metric: {metric.name} does not support requested dimension combination: "
            f"{','.join(filters)}, supported ones are: {','.join(metric.dimensions)}"
        )


def _home(world: World, identifier: str, query: Query, region: str) -> str:
    """The region of a resource, checked against type and region of the call."""
    leaf = identifier.rstrip("/").casefold().split("/")[-2]
    if leaf != query.namespace.rsplit("/", 1)[-1].casefold():
        raise BadQueryError(f"The resource '{identifier}' is not of type {query.namespace}.")
    place = _place(world, identifier)
    if region and place and region.casefold() not in (place.casefold(), "global"):
        raise BadQueryError(f"The resource '{identifier}' is not in region {region}.")
    return place or region


def _place(world: World, identifier: str) -> str:
    for resource in reversed(world.by_id.get(identifier.strip("/").casefold(), [])):
        node: Resource | None = resource
        while node is not None:
            if node.location:
                return node.location
            node = node.parent
    return ""


def _value(world: World, query: Query, identifier: str, place: str) -> str:
    metrics = [_answered(world, query, identifier, metric) for metric in query.metrics]
    head = {
        "starttime": _stamp(query.start),
        "endtime": _stamp(query.end),
        "interval": query.interval,
        "namespace": query.namespace,
        "resourceregion": place,
        "resourceid": _spelt(identifier),
    }
    return json.dumps(head)[:-1] + ',"value":[' + ",".join(metrics) + "]}"


def _answered(world: World, query: Query, identifier: str, metric: Metric) -> str:
    code = _error(world, query, identifier, metric)
    found = [] if code else _found(world, query, identifier, metric)
    name = json.dumps(metric.name)
    head = (
        f'"id":{json.dumps(f"{identifier}/providers/Microsoft.Insights/metrics/{metric.name}")},'
        f'"type":"Microsoft.Insights/metrics","name":{{"value":{name},"localizedValue":{name}}},'
        f'"displayDescription":{name},"unit":"{metric.unit}","errorCode":"{code or "Success"}"'
    )
    wanted = tuple(one for one in query.aggregations if one in GIVEN)
    total = world.total_factor if "total" in query.aggregations else None
    shown = [_rendered(one, wanted, query.span, total) for one in found]
    return "{" + head + ',"timeseries":[' + ",".join(shown) + "]}"


def _error(world: World, query: Query, identifier: str, metric: Metric) -> str | None:
    for error in world.metric_errors:
        fits = same(error.metric, metric.name) and (
            error.resource.casefold() in identifier.casefold()
        )
        if fits and (not error.aggregation or error.aggregation.casefold() in query.aggregations):
            return error.code
    only_average = metric.aggregations == ("Average",)
    if world.maximum_refused and only_average and set(query.aggregations) - {"average"}:
        return "InvalidAggregationType"
    return None


def _found(world: World, query: Query, identifier: str, metric: Metric) -> list[Series]:
    """The series of one metric, cut at `top` without a sign of it."""
    if query.namespace.casefold() == ENDPOINTS:
        deployments = world.ever_under(identifier)
    else:
        deployments = world.ever_called(identifier)
    managed = [one for one in deployments if _is_managed(one)]
    found = series_of(metric, managed, query.span, tuple(query.filters))
    found = _disagreeing(world, query, metric, managed, found)
    fitting = [one for one in found if _passes(one, query.filters)]
    if query.filters:
        return sorted(fitting, key=lambda one: one.labels)[: query.top]
    return fitting


def _disagreeing(
    world: World, query: Query, metric: Metric, deployments: list[Deployment], found: list[Series]
) -> list[Series]:
    """The series as the knobs bend them: this answer against the others on the same thing."""
    is_own = query.namespace.casefold() != ENDPOINTS
    factor = world.batch_factor if query.is_batch else 1.0
    if is_own and metric.name == "RequestsPerMinute":
        factor *= world.own_factor
    if is_own and metric.name == "DeploymentCapacity" and not world.capacity_when_silent:
        requests = _metric(NAMESPACES[ENDPOINTS], "RequestsPerMinute")
        asked = series_of(requests, deployments, query.span, ())
        found = [one.where(asked[0]) for one in found] if asked else []
    return found if factor == 1.0 else [one.times(factor) for one in found]


def _is_managed(deployment: Deployment) -> bool:
    parent = deployment.parent
    return isinstance(parent, Endpoint) and (parent.kind or "").casefold() == "managed"


def _passes(series: Series, filters: dict[str, set[str]]) -> bool:
    return all(
        "*" in filters[name] or value.casefold() in filters[name] for name, value in series.labels
    )


def _rendered(
    series: Series, aggregations: tuple[str, ...], span: Span, total: float | None
) -> str:
    labels = ",".join(
        f'{{"name":{{"value":"{name}","localizedValue":"{name}"}},"value":{json.dumps(value)}}}'
        for name, value in series.labels
    )
    stamps = _stamps(span.start, span.end, span.step)
    points = [
        f"{stamp}}}" if point is None else f"{stamp}{_values(aggregations, total, *point)}}}"
        for stamp, point in zip(stamps, series.points, strict=True)
    ]
    return f'{{"metadatavalues":[{labels}],"data":[{",".join(points)}]}}'


@lru_cache(maxsize=1 << 16, typed=True)  # typed: a number may be whole, and is shown so
def _values(
    aggregations: tuple[str, ...],
    total: float | None,
    average: float,
    lowest: float,
    highest: float,
    minutes: float,
) -> str:
    shown = dict(zip(GIVEN, (average, lowest, highest), strict=True))
    values = "".join(f',"{name}":{shown[name]!r}' for name in aggregations)
    return values if total is None else f'{values},"total":{average * minutes * total!r}'


@lru_cache(maxsize=64)
def _stamps(start: datetime, end: datetime, step: timedelta) -> list[str]:
    return [f'{{"timeStamp":"{_stamp(moment)}"' for moment in _moments(start, end, step)]


def _moments(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    while start < end:
        yield start
        start += step


def _spelt(identifier: str) -> str:
    """Answers spell ids in several ways: as asked, in upper case, without leading slash."""
    return (identifier, identifier.upper(), identifier.lstrip("/"))[
        zlib.crc32(identifier.casefold().encode()) % 3
    ]


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise BadQueryError(f"The time '{text}' is not valid.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _floor(moment: datetime, step: timedelta) -> datetime:
    midnight = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (moment - midnight) // step * step


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


ROUTES = [
    route(
        "POST",
        "(?:/(?P<region>[^/]+))?/subscriptions/{subscription}/metrics:getBatch",
        "metrics",
        batch,
        reads=True,
    ),
    route(
        "GET", "(?P<id>/subscriptions/.+)/providers/Microsoft.Insights/metrics", "metrics", single
    ),
    route(
        "GET",
        "(?P<id>/subscriptions/.+)/providers/Microsoft.Insights/metricDefinitions",
        "metrics",
        definitions,
    ),
]
