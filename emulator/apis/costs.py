"""Cost Management's query: positional rows, moving columns, pages fetched by POST."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from emulator.apis.wire import Answer, Call, refused, route
from emulator.tenant.bill import charges
from emulator.tenant.resources import stable_uuid
from emulator.tenant.shapes import Json
from emulator.tenant.state import Charge
from emulator.tenant.world import World

Test = Callable[[Charge], bool]
Key = tuple[str | None, ...]
Table = tuple[list[Json], list[list[Any]]]
HEADERS = {
    "x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "60",
    "x-ms-ratelimit-microsoft.costmanagement-qpu-consumed": "1",
    "x-ms-ratelimit-microsoft.costmanagement-qpu-remaining": (
        "QueriesPerHour:597,QueriesPerMin:57,QueriesPer10Sec:9"
    ),
}


class BadCostQueryError(Exception):
    """The query is refused with 400; the text says why."""


def query(call: Call, scope: str) -> Answer:
    """The charges of a subscription, group or management group, summed as asked."""
    try:
        given = call.body or {}
        dataset = given.get("dataset") or {}
        first, last = _period(call, given)
        granularity = str(dataset.get("granularity") or "None").casefold()
        _check(dataset, granularity, first, last)
        subscriptions = tuple(_subscriptions(call, scope))
        key = ("cost", scope, subscriptions, call.content, call.world.clock.now().date())

        def work() -> Table:
            found = [
                charge for one in subscriptions for charge in charges(call.world, one, first, last)
            ]
            table = _table(call.world, given, granularity, _within(found, scope))
            return table if found else ([], [])

        columns, rows = call.world.once(key, work)
    except BadCostQueryError as error:
        return refused(400, "BadRequest", str(error))
    if not columns:
        return Answer(204, None, dict(HEADERS))
    order = _order(call, len(columns))
    return _page(call, [columns[place] for place in order], rows, order)


def _subscriptions(call: Call, scope: str) -> list[str]:
    found = re.search(r"/subscriptions/([^/]+)", scope, re.IGNORECASE)
    if found:
        return [found[1]]
    group = re.search(r"/managementGroups/([^/]+)", scope, re.IGNORECASE)
    members = call.world.management_groups.get(group[1] if group else "", [])
    return [one for one in members if not call.world.is_forbidden(one, "cost")]


def _within(found: list[Charge], scope: str) -> list[Charge]:
    if "/resourcegroups/" not in scope.casefold():
        return found
    return [one for one in found if one.resource_id.startswith(scope.casefold() + "/")]


def _period(call: Call, given: Json) -> tuple[date, date]:
    today = call.world.clock.now().date()
    frame = str(given.get("timeframe") or "").casefold()
    if frame == "custom":
        period = given.get("timePeriod") or {}
        try:
            return _day(period["from"]), _day(period["to"])
        except (KeyError, ValueError):
            raise BadCostQueryError("A custom timeframe needs a timePeriod.") from None
    if frame in ("monthtodate", "billingmonthtodate"):
        return today.replace(day=1), today
    if frame in ("thelastmonth", "thelastbillingmonth"):
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    raise BadCostQueryError(f"The timeframe '{given.get('timeframe')}' is invalid.")


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def _check(dataset: Json, granularity: str, first: date, last: date) -> None:
    days = (last - first).days + 1
    longest = {"daily": 31, "monthly": 366, "none": 366}.get(granularity)
    if longest is None:
        raise BadCostQueryError(f"The granularity '{granularity}' is invalid.")
    if days < 1 or days > longest:
        raise BadCostQueryError(f"The time period of {days} days is not supported.")
    grouping, aggregation = dataset.get("grouping") or [], dataset.get("aggregation") or {}
    if len(grouping) > 2 or len(aggregation) > 2:
        raise BadCostQueryError("A query has at most 2 groupings and 2 aggregations.")
    names = [(one.get("type"), one.get("name")) for one in grouping]
    if len(set(names)) != len(names):
        raise BadCostQueryError("A column can be grouped by only once.")


def _table(world: World, given: Json, granularity: str, found: list[Charge]) -> Table:
    """The columns of an answer and all its rows."""
    dataset = given.get("dataset") or {}
    test = _filter(dataset["filter"]) if dataset.get("filter") else None
    amortized = given.get("type") == "AmortizedCost"
    groups = [_grouping(one) for one in dataset.get("grouping") or []]
    if not world.bill_has_tags:
        found = [replace(charge, endpoint="", deployment="") for charge in found]
    sums: dict[Key, float] = {}
    for charge in found:
        if test and not test(charge):
            continue
        key = (_when(granularity, charge.day), *(of(charge) for _, of in groups))
        amount = charge.cost + (charge.reserved if amortized else 0.0)
        sums[key] = sums.get(key, 0.0) + amount
    aggregation = dataset.get("aggregation") or {"totalCost": {"name": "Cost"}}
    amounts = [str(one.get("name", "Cost")) for one in aggregation.values()]
    rows = [
        _row(amounts, granularity, groups, key, total, world.currency)
        for key, total in sorted(sums.items(), key=lambda item: [part or "" for part in item[0]])
    ]
    return _columns(amounts, granularity, groups), rows


def _columns(amounts: list[str], granularity: str, groups: list[Any]) -> list[Json]:
    columns = [{"name": name, "type": "Number"} for name in amounts]
    if granularity == "daily":
        columns.append({"name": "UsageDate", "type": "Number"})
    elif granularity == "monthly":
        columns.append({"name": "BillingMonth", "type": "Datetime"})
    for names, _ in groups:
        columns += [{"name": name, "type": "String"} for name in names]
    return [*columns, {"name": "Currency", "type": "String"}]


def _row(
    amounts: list[str],
    granularity: str,
    groups: list[Any],
    key: Key,
    total: float,
    currency: str,
) -> list[Any]:
    row: list[Any] = [total for _ in amounts]
    when = key[0] or ""
    if granularity == "daily":
        row.append(int(when))
    elif granularity == "monthly":
        row.append(when)
    for (names, _), value in zip(groups, key[1:], strict=True):
        if len(names) == 2:
            row.append(names.tag)
        row.append(value)
    return [*row, currency]


class _Tag(tuple[str, ...]):
    """The two columns of a grouping by tag, and the tag that it is by."""

    tag: str = ""


def _grouping(one: Json) -> tuple[tuple[str, ...], Callable[[Charge], str | None]]:
    name = str(one.get("name", ""))
    if str(one.get("type")).casefold() in ("tagkey", "tag"):
        names = _Tag(("TagKey", "TagValue"))
        names.tag = name.lower()
        return names, lambda charge: _tag(charge, name) or _untagged(charge)
    return (name,), _dimension(name)


def _untagged(charge: Charge) -> str | None:
    """An untagged row holds null or nothing."""
    return None if zlib.crc32(charge.resource_id.encode()) % 2 else ""


def _tag(charge: Charge, name: str) -> str:
    return {"azuremlendpoint": charge.endpoint, "azuremldeployment": charge.deployment}.get(
        name.casefold(), ""
    )


def _dimension(name: str) -> Callable[[Charge], str]:
    known: dict[str, Callable[[Charge], str]] = {
        "resourceid": lambda charge: charge.resource_id,
        "resourcetype": lambda charge: charge.resource_type,
        "metercategory": lambda charge: charge.meter_category,
        "servicename": lambda charge: charge.meter_category,
        "resourcegroup": lambda charge: _part(charge, 4),
        "resourcegroupname": lambda charge: _part(charge, 4),
        "subscriptionid": lambda charge: _part(charge, 2),
    }
    if name.casefold() not in known:
        raise BadCostQueryError(f"The dimension '{name}' is invalid.")
    return known[name.casefold()]


def _part(charge: Charge, place: int) -> str:
    parts = charge.resource_id.split("/")
    return parts[place] if len(parts) > place else ""


def _filter(given: Json) -> Test:
    for word, combine in (("and", all), ("or", any)):
        if word in given:
            tests = [_filter(one) for one in given[word]]
            if len(tests) < 2:
                raise BadCostQueryError(f"'{word}' needs at least 2 expressions.")
            return lambda charge: combine(test(charge) for test in tests)  # noqa: B023
    for word in ("dimensions", "tags"):
        if word in given:
            return _comparison(word, given[word])
    raise BadCostQueryError("The filter is invalid.")


def _comparison(word: str, given: Json) -> Test:
    name, wanted = str(given.get("name")), {str(one).casefold() for one in given.get("values", [])}
    if given.get("operator") != "In" or not wanted:
        raise BadCostQueryError("A comparison needs the operator In and values.")
    if word == "tags":
        return lambda charge: _tag(charge, name).casefold() in wanted
    of = _dimension(name)
    return lambda charge: of(charge).casefold() in wanted


def _when(granularity: str, day: date) -> str:
    if granularity == "daily":
        return day.strftime("%Y%m%d")
    return day.strftime("%Y-%m-01T00:00:00") if granularity == "monthly" else ""


def _order(call: Call, count: int) -> list[int]:
    """The columns come in an order that differs from query to query."""
    turn = zlib.crc32(call.content) % count
    return [*range(turn, count), *range(turn)]


def _page(call: Call, columns: list[Json], rows: list[list[Any]], order: list[int]) -> Answer:
    size = max(1, min(call.world.longest_cost_page, int(call.query.get("$top") or 1000)))
    token = call.query.get("$skiptoken", "")
    start = int(base64.b64decode(token).decode()) if token else 0
    page = [[row[place] for place in order] for row in rows[start : start + size]]
    name = stable_uuid(call.path, str(len(rows)))
    properties: Json = {"nextLink": None, "columns": columns, "rows": page}
    if start + size < len(rows):
        following = base64.b64encode(str(start + size).encode()).decode().replace("=", "%3D")
        version = call.query.get("api-version", "2025-03-01")
        properties["nextLink"] = (
            f"{call.address_for_links}?api-version={version}&$top={size}&$skiptoken={following}"
        )
    body = {
        "id": f"{call.path.strip('/')}/{name}",
        "name": name,
        "type": "Microsoft.CostManagement/query",
        "location": None,
        "sku": None,
        "eTag": None,
        "properties": properties,
    }
    return Answer(200, body, dict(HEADERS))


ROUTES = [
    route(
        "POST",
        "(?P<scope>/.+)/providers/Microsoft.CostManagement/query",
        "cost",
        query,
        reads=True,
    )
]
