"""Resource Graph: the part of its query language that filters, projects and sorts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Callable
from typing import Any

from .bodies import body, system_data
from .resources import Json, Resource, ResourceGroup, Subscription
from .wire import Answer, Call, not_authorized, refused, route
from .world import World

COLUMNS = (
    "id name type tenantId kind location resourceGroup subscriptionId managedBy sku plan "
    "properties tags identity zones extendedLocation"
).split()
QUOTA_HEADERS = {
    "x-ms-user-quota-remaining": "14",
    "x-ms-user-quota-resets-after": "00:00:05",
    "x-ms-ratelimit-remaining-tenant-resource-requests": "14",
}
Test = Callable[[Json], bool]
Value = Callable[[Json], Any]


class QueryError(Exception):
    """The query cannot be answered; the text says why."""


def resources(call: Call) -> Answer:
    """Answer one query: one page of rows of the subscriptions that are readable."""
    request = call.body or {}
    scope = _scope(call.world, request)
    if isinstance(scope, Answer):
        return scope
    try:
        table, stages = parse(str(request.get("query", "")), call.world)
        rows_ = [row for row in _rows_of(call.world, table) if row["subscriptionId"] in scope]
        for stage in stages:
            rows_ = stage(rows_)
    except QueryError as error:
        return _bad_query(str(error))
    return _page(request, rows_)


def rows(world: World) -> list[Json]:
    """Every row of both tables, in the casing of Resource Graph."""
    found = [_row(world, resource) for resource in world.resources()]
    return sorted(found, key=lambda row: str(row["id"]).casefold())


def parse(query: str, world: World) -> tuple[str, list[Callable[[list[Json]], list[Json]]]]:
    """The table that a query reads and the stages of its pipeline."""
    parts = [part.strip() for part in _split(query, "|")]
    table = parts[0].casefold()
    if table not in ("resources", "resourcecontainers"):
        raise QueryError(f"Table {parts[0]} is invalid or not supported by this stand-in.")
    columns = [*COLUMNS, *(["systemData"] if world.graph_has_system_data else [])]
    stages = []
    for part in parts[1:]:
        stage, columns = _stage(part, columns)
        stages.append(stage)
    return table, stages


def _stage(
    text: str, columns: list[str]
) -> tuple[Callable[[list[Json]], list[Json]], list[str]]:
    operator, _, rest = text.partition(" ")
    operator = operator.casefold()
    if operator == "where":
        test = _Condition(rest, columns).parse()
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
    for item in _split(text, ","):
        alias, equals, expression = item.partition("=")
        if not equals:
            expression = alias
        name = alias.strip() if equals else re.sub(r"\W", "_", expression.strip())
        wanted[name] = _value(expression.strip(), columns)
    stage = lambda rows_: [{name: of(row) for name, of in wanted.items()} for row in rows_]  # noqa: E731
    return stage, list(wanted)


def _sorting(text: str, columns: list[str]) -> Callable[[list[Json]], list[Json]]:
    found = re.fullmatch(r"by\s+(.+)", text.strip(), re.IGNORECASE)
    if not found:
        raise QueryError("order needs 'by'.")
    keys = []
    for item in reversed(_split(found[1], ",")):
        name, _, direction = item.strip().partition(" ")
        descending = direction.strip().casefold() != "asc"
        keys.append((_value(name, columns), descending))

    def stage(rows_: list[Json]) -> list[Json]:
        for of, descending in keys:
            rows_ = sorted(rows_, key=lambda row: str(of(row) or ""), reverse=descending)  # noqa: B023
        return rows_

    return stage


def _value(expression: str, columns: list[str]) -> Value:
    wrapped = re.fullmatch(r"(tolower|tostring|toupper)\((.+)\)", expression, re.IGNORECASE)
    if wrapped:
        inner = _value(wrapped[2].strip(), columns)
        change = {"tolower": str.lower, "toupper": str.upper}.get(wrapped[1].casefold(), str)
        return lambda row: "" if inner(row) is None else change(str(inner(row)))
    path = re.findall(r"\w+|\['[^']+'\]", expression)
    names = [part.strip("[]'") for part in path]
    if not names or names[0] not in columns:
        raise QueryError(f"'project' operator: Failed to resolve scalar expression '{expression}'")
    return lambda row: _dig(row, names)


def _dig(row: Json, names: list[str]) -> Any:
    value: Any = row
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


class _Condition:
    """A recursive descent over the words of one where clause."""

    WORDS = re.compile(
        r"'[^']*'|\"[^\"]*\"|!in~|!in\b|in~|=~|!~|==|!=|>=|<=|[(),<>]|[\w.\[\]~]+|\S"
    )

    def __init__(self, text: str, columns: list[str]) -> None:
        self.words = self.WORDS.findall(text)
        self.columns = columns

    def parse(self) -> Test:
        test = self.either()
        if self.words:
            raise QueryError(f"Unexpected '{self.words[0]}' in where.")
        return test

    def either(self) -> Test:
        tests = [self.both()]
        while self.peek() == "or":
            self.take()
            tests.append(self.both())
        return lambda row: any(test(row) for test in tests)

    def both(self) -> Test:
        tests = [self.single()]
        while self.peek() == "and":
            self.take()
            tests.append(self.single())
        return lambda row: all(test(row) for test in tests)

    def single(self) -> Test:
        if self.peek() == "(":
            self.take()
            test = self.either()
            self.expect(")")
            return test
        if self.peek() == "not":
            self.take()
            self.expect("(")
            negated = self.either()
            self.expect(")")
            return lambda row: not negated(row)
        if self.peek() in ("isnotempty", "isempty"):
            return self.emptiness()
        return self.comparison()

    def emptiness(self) -> Test:
        wants_empty = self.take().casefold() == "isempty"
        self.expect("(")
        of = _value(self.take(), self.columns)
        self.expect(")")
        return lambda row: (of(row) in (None, "", {}, [])) == wants_empty

    def comparison(self) -> Test:
        of = self.operand()
        operator = self.take().casefold()
        if operator in ("in", "in~", "!in", "!in~"):
            return self.membership(of, operator)
        wanted = self.literal()
        tests: dict[str, Callable[[str], bool]] = {
            "==": lambda text: text == wanted,
            "!=": lambda text: text != wanted,
            "=~": lambda text: text.casefold() == wanted.casefold(),
            "!~": lambda text: text.casefold() != wanted.casefold(),
            "startswith": lambda text: text.casefold().startswith(wanted.casefold()),
            "endswith": lambda text: text.casefold().endswith(wanted.casefold()),
            "contains": lambda text: wanted.casefold() in text.casefold(),
            "has": lambda text: wanted.casefold() in re.findall(r"\w+", text.casefold()),
        }
        if operator not in tests:
            raise QueryError(f"Operator {operator} is not supported by this stand-in.")
        test = tests[operator]
        return lambda row: test(str("" if of(row) is None else of(row)))

    def operand(self) -> Value:
        word = self.take()
        if word.casefold() in ("tolower", "toupper", "tostring"):
            self.expect("(")
            inner = self.take()
            self.expect(")")
            return _value(f"{word}({inner})", self.columns)
        return _value(word, self.columns)

    def membership(self, of: Value, operator: str) -> Test:
        self.expect("(")
        values = [self.literal()]
        while self.peek() == ",":
            self.take()
            values.append(self.literal())
        self.expect(")")
        fold = str.casefold if operator.endswith("~") else str
        wanted = {fold(value) for value in values}
        inside = not operator.startswith("!")
        return lambda row: (fold(str(of(row))) in wanted) == inside

    def literal(self) -> str:
        word = self.take()
        if word[0] not in "'\"" and not word.replace(".", "").isdigit():
            raise QueryError(f"Expected a literal, found '{word}'.")
        return word.strip("'\"")

    def peek(self) -> str:
        return self.words[0].casefold() if self.words else ""

    def take(self) -> str:
        if not self.words:
            raise QueryError("The where clause ends too early.")
        return str(self.words.pop(0))

    def expect(self, word: str) -> None:
        found = self.take()
        if found != word:
            raise QueryError(f"Expected '{word}', found '{found}'.")


def _split(text: str, separator: str) -> list[str]:
    """Split outside of quotes and brackets."""
    parts, depth, quote, current = [], 0, "", ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        else:
            depth += (letter in "([") - (letter in ")]")
        if letter == separator and not quote and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += letter
    return [part for part in (*parts, current) if part.strip()]


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
    all_rows = world.graph_rows if world.graph_rows is not None else rows(world)
    container = table == "resourcecontainers"
    return [row for row in all_rows if row["type"].startswith("microsoft.resources/") is container]


def _row(world: World, resource: Resource) -> Json:
    shown = body(resource)
    type_ = _graph_type(resource)
    parts = resource.id.split("/")
    row: Json = {name: shown.get(name) for name in COLUMNS}
    row |= {
        "id": _graph_id(resource),
        "name": resource.name,
        "type": type_,
        "tenantId": world.tenant_id,
        "resourceGroup": parts[4].lower() if len(parts) > 4 else "",
        "subscriptionId": resource.subscription_id,
        "location": resource.location or "",
        "kind": resource.kind or "",
        "managedBy": "",
        "tags": dict(resource.tags) or None,
    }
    if world.graph_has_system_data:
        row["systemData"] = None
        if world.graph_has_system_data is True and not type_.startswith("microsoft.resources/"):
            row["systemData"] = system_data(resource)
    return row


def _graph_type(resource: Resource) -> str:
    if isinstance(resource, ResourceGroup):
        return "microsoft.resources/subscriptions/resourcegroups"
    return resource.type.lower()


def _graph_id(resource: Resource) -> str:
    """Some ids are spelt in another casing than ARM's."""
    if isinstance(resource, Subscription) or zlib.crc32(resource.id.encode()) % 3:
        return resource.id
    changed = resource.id.replace("/resourceGroups/", "/resourcegroups/")
    return changed.replace("/onlineEndpoints/", "/onlineendpoints/")


def _page(request: Json, rows_: list[Json]) -> Answer:
    options = request.get("options") or {}
    top = max(1, min(1000, int(options.get("$top", options.get("top", 100)) or 100)))
    limited = any("\0limited" in row for row in rows_)
    with_id = not rows_ or "id" in rows_[0]
    fingerprint = hashlib.sha256(str(request.get("query")).encode()).hexdigest()[:12]
    try:
        start = _start(options, fingerprint)
    except ValueError:
        return _bad_query("The skip token does not belong to this query.")
    page = rows_[start : start + top]
    more = start + top < len(rows_)
    answer: Json = {
        "totalRecords": len(rows_),
        "count": len(page),
        "resultTruncated": "true" if more and not with_id else "false",
        "facets": [],
        "data": _shaped(options, [_clean(row) for row in page]),
    }
    if more and with_id and not limited:
        text = json.dumps({"from": start + top, "of": fingerprint})
        answer["$skipToken"] = base64.b64encode(text.encode()).decode()
    return Answer(200, answer, dict(QUOTA_HEADERS))


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


def _bad_query(text: str) -> Answer:
    answer = refused(400, "BadRequest", "Please provide below info when asking for support.")
    answer.body["error"]["details"] = [{"code": "InvalidQuery", "message": text}]
    answer.headers.update(QUOTA_HEADERS)
    return answer


ROUTES = [
    route(
        "POST", "/providers/Microsoft.ResourceGraph/resources", "graph", resources, reads=True
    )
]
