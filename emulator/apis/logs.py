"""Log Analytics: the traffic log of endpoints, by a small part of its query language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from emulator.apis.kql import Condition, QueryError, split
from emulator.apis.wire import Answer, Call, route
from emulator.tenant.clock import instant
from emulator.tenant.resources import same
from emulator.tenant.shapes import Json
from emulator.tenant.world import World

TABLE = "AmlOnlineEndpointTrafficLog"
COLUMNS = {
    "TimeGenerated": "datetime",
    "OperationName": "string",
    "Location": "string",
    "Method": "string",
    "Path": "string",
    "Protocol": "string",
    "AzureMLWorkspaceId": "string",
    "AzureMLWorkspaceName": "string",
    "EndpointName": "string",
    "DeploymentName": "string",
    "AuthType": "string",
    "IdentityData": "string",
    "UserAgent": "string",
    "XRequestId": "string",
    "XMSClientRequestId": "string",
    "ResponseCode": "int",
    "ResponseCodeReason": "string",
    "ModelStatusCode": "int",
    "ModelStatusReason": "string",
    "TotalDurationMs": "real",
    "_ResourceId": "string",
    "_SubscriptionId": "string",
    "Type": "string",
    "TenantId": "string",
}
Rows = list[Json]


def by_workspace(call: Call, workspace: str) -> Answer:
    """A query on one Log Analytics workspace."""
    sends = [one for one in call.world.diagnostic_settings if _goes_to(one, workspace)]
    scopes = [one["id"].split("/providers/Microsoft.Insights/")[0] for one in sends]
    return _query(call, scopes)


def by_resource(call: Call, resource: str) -> Answer:
    """A query on what one resource sent, or on a Log Analytics workspace by its ARM id."""
    sends = [
        scope
        for one in call.world.diagnostic_settings
        if (scope := one["id"].split("/providers/Microsoft.Insights/")[0])
        .casefold()
        .startswith(resource.casefold())
        or same(str(one["properties"].get("workspaceId", "")), resource)
    ]
    return _query(call, sends)


def _goes_to(setting: Json, workspace: str) -> bool:
    return str(setting.get("workspaceGuid", "")).casefold() == workspace.casefold()


def _query(call: Call, scopes: list[str]) -> Answer:
    body = call.body or {}
    try:
        parts = [part.strip() for part in split(str(body.get("query", "")), "|")]
        if not parts or parts[0].casefold() != TABLE.casefold() or not scopes:
            raise QueryError(f"Failed to resolve table or column expression named '{parts[0]}'")
        rows = _logged(call.world, scopes, body.get("timespan"))
        columns = {name: COLUMNS[name] for name in COLUMNS if name not in call.world.log_lacks}
        for part in parts[1:]:
            rows, columns = _stage(part, rows, columns, call.world.clock.now())
    except (QueryError, IndexError) as error:
        return _refused(str(error))
    table = {
        "name": "PrimaryResult",
        "columns": [{"name": name, "type": kind} for name, kind in columns.items()],
        "rows": [[_shown(row.get(name)) for name in columns] for row in rows],
    }
    return Answer(200, {"tables": [table]})


def _logged(world: World, scopes: list[str], timespan: str | None) -> Rows:
    now = world.clock.now()
    start, end = _timespan(timespan, now)
    return [
        row
        for row in world.traffic_log
        if start <= row["TimeGenerated"] <= min(end, now)
        and any(same(row["_EndpointId"], scope) for scope in scopes)
    ]


def _timespan(text: str | None, now: datetime) -> tuple[datetime, datetime]:
    if not text:
        return datetime.min.replace(tzinfo=UTC), now
    first, _, second = text.partition("/")
    if first.startswith("P"):
        return now - _duration(first), now
    start = datetime.fromisoformat(first)
    end = start + _duration(second) if second.startswith("P") else datetime.fromisoformat(second)
    return start, end


def _duration(text: str) -> timedelta:
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?", text)
    if not found:
        raise QueryError(f"The timespan '{text}' is invalid.")
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _stage(
    text: str, rows: Rows, columns: dict[str, str], now: datetime
) -> tuple[Rows, dict[str, str]]:
    operator, _, rest = text.partition(" ")
    if operator == "where":
        test = Condition(_with_moments(rest, now), list(columns)).parse()
        return [row for row in rows if test(row)], columns
    if operator == "project":
        names = [name.strip() for name in rest.split(",")]
        return rows, {name: _known(columns, name) for name in names}
    if operator == "summarize":
        return _summarized(rest, rows, columns)
    if operator in ("take", "limit"):
        return rows[: int(rest)], columns
    if operator in ("order", "sort"):
        name, _, direction = rest.removeprefix("by").strip().partition(" ")
        _known(columns, name)
        down = direction.strip() != "asc"
        return sorted(rows, key=lambda row: str(row.get(name)), reverse=down), columns
    raise QueryError(f"Operator {operator} is not supported by this stand-in.")


def _with_moments(text: str, now: datetime) -> str:
    """`ago(30d)` and `datetime(…)` as literals; times compare as ISO text."""
    units = {"d": "days", "h": "hours", "m": "minutes"}

    def ago(found: re.Match[str]) -> str:
        return f"'{instant(now - timedelta(**{units[found[2]]: int(found[1])}))}'"

    def moment(found: re.Match[str]) -> str:
        read = datetime.fromisoformat(found[1].strip())
        return f"'{instant(read if read.tzinfo else read.replace(tzinfo=UTC))}'"

    text = re.sub(r"ago\((\d+)([dhm])\)", ago, text)
    return re.sub(r"datetime\(([^)]+)\)", moment, text)


def _summarized(text: str, rows: Rows, columns: dict[str, str]) -> tuple[Rows, dict[str, str]]:
    made, _, by = text.partition(" by ")
    names = [name.strip() for name in by.split(",") if name.strip()]
    shown = {name: _known(columns, name) for name in names}
    makers: dict[str, Callable[[Rows], Any]] = {}
    for item in split(made, ","):
        found = re.fullmatch(r"\s*(?:(\w+)\s*=\s*)?(count|max|min)\(\s*(\w*)\s*\)\s*", item)
        if not found:
            raise QueryError(f"'{item.strip()}' is not supported by this stand-in.")
        alias = found[1] or f"{found[2]}_{found[3]}"
        makers[alias] = _maker(found[2], found[3])
        shown[alias] = "long" if found[2] == "count" else _known(columns, found[3])
    groups: dict[tuple[Any, ...], Rows] = {}
    for row in rows:
        groups.setdefault(tuple(row.get(name) for name in names), []).append(row)
    result = [
        {**dict(zip(names, key, strict=True)), **{name: of(one) for name, of in makers.items()}}
        for key, one in groups.items()
    ]
    return result, shown


def _maker(function: str, column: str) -> Callable[[Rows], Any]:
    if function == "count":
        return len
    choose = max if function == "max" else min
    return lambda rows: choose(row[column] for row in rows)


def _known(columns: dict[str, str], name: str) -> str:
    if name not in columns:
        raise QueryError(f"Failed to resolve column or scalar expression named '{name}'")
    return columns[name]


def _shown(value: Any) -> Any:
    return instant(value, 7).replace("+00:00", "Z") if isinstance(value, datetime) else value


def _refused(text: str) -> Answer:
    inner = {"code": "SemanticError", "message": text}
    error = {
        "message": "The request had some invalid properties",
        "code": "BadArgumentError",
        "correlationId": "00000000-0000-0000-0000-000000000000",
        "innererror": inner,
    }
    return Answer(400, {"error": error})


ROUTES = [
    route("POST", "/v1/workspaces/{workspace}/query", "logs", by_workspace, reads=True),
    route("POST", "/v1(?P<resource>/subscriptions/.+)/query", "logs", by_resource, reads=True),
]
