"""Resource Graph: the part of its query language that filters, projects and sorts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from emulator.apis.kql import Condition, QueryError, Value, split, value
from emulator.apis.wire import Answer, Call, not_authorized, refused, route
from emulator.tenant.graph_rows import COLUMNS
from emulator.tenant.shapes import Json
from emulator.tenant.world import World

QUOTA_HEADERS = {
    "x-ms-user-quota-remaining": "14",
    "x-ms-user-quota-resets-after": "00:00:05",
    "x-ms-ratelimit-remaining-tenant-resource-requests": "14",
}


def resources(call: Call) -> Answer:
    """Answer one query: one page of rows of the subscriptions that are readable."""
    request = call.body or {}
    scope = _scope(call.world, request)
    if isinstance(scope, Answer):
        return scope
    query = str(request.get("query", ""))
    try:
        key = ("graph", query, frozenset(scope))
        rows_ = call.world.once(key, lambda: _answered(call.world, query, scope))
    except QueryError as error:
        return _bad_query(str(error))
    return _page(call.world, request, rows_)


def _answered(world: World, query: str, scope: set[str]) -> list[Json]:
    """All rows that a query finds."""
    table, stages = parse(query, world)
    rows_ = [row for row in _rows_of(world, table) if row["subscriptionId"] in scope]
    for stage in stages:
        rows_ = stage(rows_)
    return rows_


def parse(query: str, world: World) -> tuple[str, list[Callable[[list[Json]], list[Json]]]]:
    """The table that a query reads and the stages of its pipeline."""
    parts = [part.strip() for part in split(query, "|")]
    table = parts[0].casefold()
    if table not in ("resources", "resourcecontainers"):
        raise QueryError(f"Table {parts[0]} is invalid or not supported by this stand-in.")
    columns = [*COLUMNS, *(["systemData"] if world.graph_has_system_data else [])]
    stages = []
    for part in parts[1:]:
        stage, columns = _stage(part, columns)
        stages.append(stage)
    return table, stages


def _stage(text: str, columns: list[str]) -> tuple[Callable[[list[Json]], list[Json]], list[str]]:
    operator, _, rest = text.partition(" ")
    operator = operator.casefold()
    if operator == "where":
        test = Condition(rest, columns).parse()
        return (lambda rows_: [row for row in rows_ if test(row)]), columns
    if operator == "project":
        return _projection(rest, columns)
    if operator in ("order", "sort"):
        return _sorting(rest, columns), columns
    if operator in ("limit", "take") and rest.strip().isdigit():
        count = int(rest)
        return (lambda rows_: [dict(row, **{"\0limited": True}) for row in rows_[:count]]), columns
    raise QueryError(f"Operator {operator} is not supported by this stand-in.")


def _projection(
    text: str, columns: list[str]
) -> tuple[Callable[[list[Json]], list[Json]], list[str]]:
    wanted: dict[str, Value] = {}
    for item in split(text, ","):
        alias, equals, expression = item.partition("=")
        if not equals:
            expression = alias
        name = alias.strip() if equals else re.sub(r"\W", "_", expression.strip())
        wanted[name] = value(expression.strip(), columns)

    def stage(rows_: list[Json]) -> list[Json]:
        return [{name: of(row) for name, of in wanted.items()} for row in rows_]

    return stage, list(wanted)


def _sorting(text: str, columns: list[str]) -> Callable[[list[Json]], list[Json]]:
    found = re.fullmatch(r"by\s+(.+)", text.strip(), re.IGNORECASE)
    if not found:
        raise QueryError("order needs 'by'.")
    keys = []
    for item in reversed(split(found[1], ",")):
        name, _, direction = item.strip().partition(" ")
        descending = direction.strip().casefold() != "asc"
        keys.append((value(name, columns), descending))

    def stage(rows_: list[Json]) -> list[Json]:
        for of, descending in keys:
            rows_ = sorted(rows_, key=lambda row: str(of(row) or ""), reverse=descending)  # noqa: B023
        return rows_

    return stage


def _scope(world: World, request: Json) -> set[str] | Answer:
    asked = [str(one) for one in request.get("subscriptions") or []]
    for group in request.get("managementGroups") or []:
        asked += world.management_groups.get(str(group), [])
    if not asked:
        return _bad_query("A query needs subscriptions or managementGroups.")
    if len(request.get("subscriptions") or []) > 1000:
        return _bad_query("Too many subscriptions in one query.")
    known = {sub.subscription_id for sub in world.subscriptions if sub.exists()}
    wanted = {one.casefold() for one in asked} & known
    readable = {one for one in wanted if not world.is_forbidden(one, "graph")}
    if not readable:
        return not_authorized("Microsoft.ResourceGraph/resources/read", "/")
    return readable


def _rows_of(world: World, table: str) -> list[Json]:
    container = table == "resourcecontainers"
    return [
        row
        for row in world.seen_by_graph()
        if row["type"].startswith("microsoft.resources/") is container
    ]


def _page(world: World, request: Json, rows_: list[Json]) -> Answer:
    options = request.get("options") or {}
    top = max(1, min(1000, int(options.get("$top", options.get("top", 100)) or 100)))
    top = min(top, world.longest_graph_page)
    limited = "\0limited" in (rows_[0] if rows_ else {})
    with_id = not rows_ or "id" in rows_[0]
    fingerprint = hashlib.sha256(str(request.get("query")).encode()).hexdigest()[:12]
    try:
        start = _start(options, fingerprint)
    except ValueError:
        return _bad_query("The skip token does not belong to this query.")
    page = _shifted(world, rows_, start, top)
    if world.largest_graph_payload is not None and len(page) > world.largest_graph_payload:
        text = "Response payload size has exceeded the limit. Please consider querying less data."
        return _bad_query(text, "ResponsePayloadTooLarge")
    more = start + top < len(rows_)
    answer: Json = {
        "totalRecords": len(rows_),
        "count": len(page),
        "resultTruncated": "true" if more and not with_id else "false",
        "facets": [],
        "data": _shaped(options, [_clean(row) for row in page]),
    }
    if world.graph_repeats_token:
        answer["$skipToken"] = _token(start, fingerprint)
    elif more and with_id and not limited:
        answer["$skipToken"] = _token(start + top, fingerprint)
    return Answer(200, answer, dict(QUOTA_HEADERS))


def _shifted(world: World, rows_: list[Json], start: int, top: int) -> list[Json]:
    """The rows of a page, one of them lost and one doubled where the tenant is set to do so."""
    page = rows_[start : start + top]
    if start == 0 or not page or world.graph_shifts == 0:
        return page
    if world.graph_shifts is not None:
        world.graph_shifts -= 1
    return [rows_[start - 1], *page[1:]]


def _token(start: int, fingerprint: str) -> str:
    text = json.dumps({"from": start, "of": fingerprint})
    return base64.b64encode(text.encode()).decode()


def _start(options: Json, fingerprint: str) -> int:
    token = options.get("$skipToken") or options.get("skipToken")
    if not token:
        return int(options.get("$skip") or 0)
    read = json.loads(base64.b64decode(token))
    if read["of"] != fingerprint:
        raise ValueError(token)
    return int(read["from"])


def _clean(row: Json) -> Json:
    return {name: value for name, value in row.items() if not name.startswith("\0")}


def _shaped(options: Json, page: list[Json]) -> Any:
    """Rows as objects, or as the table that the wire answers unless it is told otherwise."""
    if options.get("resultFormat", "table").casefold() == "objectarray":
        return page
    names = list(page[0]) if page else []
    kinds = [{"name": name, "type": "string"} for name in names]
    return {"columns": kinds, "rows": [[row[name] for name in names] for row in page]}


def _bad_query(text: str, code: str = "InvalidQuery") -> Answer:
    answer = refused(400, "BadRequest", "Please provide below info when asking for support.")
    answer.body["error"]["details"] = [{"code": code, "message": text}]
    answer.headers.update(QUOTA_HEADERS)
    return answer


ROUTES = [
    route("POST", "/providers/Microsoft.ResourceGraph/resources", "graph", resources, reads=True)
]
