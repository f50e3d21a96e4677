"""The traffic log of endpoints: where it is sent, how it is asked, what an answer says.

Facts: azure.md A37 to A39.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from collectors.connection.errors import NotUnderstood, one_line
from collectors.connection.reading import Reader
from collectors.connection.shapes import Shape, each_whole
from collectors.inventory.resources import part
from collectors.records import key_of

TABLE = "AmlOnlineEndpointTrafficLog"
MOST_ROWS = 500
# The groups of categories that hold the traffic log, or may: asking in vain hides nothing.
_GROUPS = frozenset({"alllogs", "audit"})
_WORKSPACE = re.compile(
    r"/subscriptions/[\w-]+/resourceGroups/[\w.()-]+"
    r"/providers/Microsoft\.OperationalInsights/workspaces/[\w-]+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TrafficLog:
    """Where an endpoint's traffic log goes: the ARM ids of Log Analytics workspaces.

    `is_elsewhere`: it goes to a storage account, an event hub or a partner, which is not read.
    """

    workspace_ids: tuple[str, ...] = ()
    is_elsewhere: bool = False

    @property
    def is_sent(self) -> bool:
        """Whether any setting sends it anywhere."""
        return bool(self.workspace_ids) or self.is_elsewhere


def traffic_log_of(settings: Iterable[Mapping[str, Any]]) -> TrafficLog:
    """Where the diagnostic settings of an endpoint send its traffic log."""
    workspaces: dict[str, str] = {}
    is_elsewhere = False
    for setting in settings:
        properties = setting.get("properties")
        if not isinstance(properties, dict) or not _sends_traffic(properties.get("logs")):
            continue
        workspace_id = properties.get("workspaceId")
        if workspace_id:
            workspaces[key_of(str(workspace_id))] = "/" + str(workspace_id).strip("/")
        else:
            is_elsewhere = True
    return TrafficLog(tuple(workspaces.values()), is_elsewhere)


def ask_traffic_log(
    reader: Reader,
    workspace_id: str,
    endpoint_id: str,
    deployment: str | None,
    since: datetime,
    until: datetime,
) -> dict[str, Any]:
    """One query for the calls by deployment, caller and answer; any refusal is raised.

    The workspace is asked by its ARM id: its own id for queries would take a read of it first.
    """
    if not _WORKSPACE.fullmatch(workspace_id):
        raise NotUnderstood(f"{one_line(workspace_id)} is no Log Analytics workspace", "BadId")
    query = query_for(endpoint_id, deployment, since)
    return reader.ask_logs(workspace_id, query, f"{_iso(since)}/{_iso(until)}")


def query_for(endpoint_id: str, deployment: str | None, since: datetime) -> str:
    """The question in Kusto's language; raises NotUnderstood for a name that it cannot hold.

    Which id `_ResourceId` holds is not documented, so endpoint and workspace are asked by name.
    """
    names = [
        ("EndpointName", part(endpoint_id, "onlineEndpoints")),
        ("AzureMLWorkspaceName", part(endpoint_id, "workspaces")),
    ]
    if deployment is not None:
        names.append(("DeploymentName", deployment))
    tests = [f"{column} =~ {literal(name or '')}" for column, name in names]
    return "\n".join(
        (
            TABLE,
            f"| where TimeGenerated >= datetime({_iso(since)}) and {' and '.join(tests)}",
            "| summarize requests=count(), last=max(TimeGenerated)"
            " by DeploymentName, AuthType, IdentityData, UserAgent, ResponseCode",
            "| order by last desc",
            f"| take {MOST_ROWS}",
        )
    )


def literal(text: str) -> str:
    """A text as a literal of Kusto's language."""
    if not text or not text.isprintable():
        raise NotUnderstood(f"{one_line(text)!r} is no name that can be asked for", "BadName")
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def rows_in(answer: Mapping[str, Any], is_whole: Shape) -> Iterator[dict[str, Any]]:
    """The rows of an answer by the names of their columns; Misshapen at the end where one is odd.

    NotUnderstood is raised where there is no table at all.
    """
    tables = answer.get("tables")
    table = tables[0] if isinstance(tables, list) and tables else None
    if table is None and answer.get("error"):
        return
    if not isinstance(table, dict):
        raise NotUnderstood("the answer to a log query has no table", "NoTable")
    columns, rows = table.get("columns"), table.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list):
        raise NotUnderstood("the answer to a log query has no rows", "NoTable")
    names = [str(column.get("name")) if isinstance(column, dict) else "" for column in columns]
    yield from each_whole((_named(names, row) for row in rows), is_whole)


def _named(names: Sequence[str], row: Any) -> Any:
    """The row by its columns; itself where it is not as wide as its table."""
    is_as_wide = isinstance(row, list) and len(row) == len(names)
    return dict(zip(names, row, strict=True)) if is_as_wide else row


def missing_in(answer: Mapping[str, Any], rows: int) -> Iterator[str]:
    """Why an answer is not the whole: Azure says so beside its rows, or the rows ran out."""
    error = answer.get("error")
    if error:
        code = error.get("code") if isinstance(error, dict) else None
        yield f"Azure gave a part of the answer only ({one_line(str(code or 'PartialError'))})"
    if rows >= MOST_ROWS:
        yield f"there are more than the {MOST_ROWS} newest callers"


def _sends_traffic(logs: Any) -> bool:
    for one in logs if isinstance(logs, list) else []:
        if isinstance(one, dict) and one.get("enabled") is True:
            category = str(one.get("category") or "").lower()
            if category == TABLE.lower() or str(one.get("categoryGroup")).lower() in _GROUPS:
                return True
    return False


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
