"""What lies beside deployments: the tags of the bill, locks from above, columns of the traffic log.

Facts: azure.md A96, A98, A99.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from collectors.connection.errors import AzureFailure
from collectors.connection.shapes import each, is_text
from collectors.facts.asking import Few, came_to, elements_of, not_read
from collectors.facts.sample import path_of
from collectors.inventory.locks import LOCKS_API, is_lock
from collectors.inventory.related import DIAGNOSTICS_API, is_diagnostic
from collectors.logs.traffic_log import TABLE, traffic_log_of
from collectors.records import Deployment, Endpoint, FactFinding, Inventory, Lock, key_of

MOST_LOCKED = 2
MOST_ENDPOINTS = 3
# Those that callers are read from.
COLUMNS = (
    "TimeGenerated",
    "EndpointName",
    "AzureMLWorkspaceName",
    "DeploymentName",
    "AuthType",
    "IdentityData",
    "UserAgent",
    "ResponseCode",
)


def compare_bill(lines: int, tagged_lines: int) -> FactFinding:
    """By the lines of a bill that managed deployments had been on for days."""
    if not lines:
        return FactFinding("bill-tags", "not testable", "no-bill")
    if tagged_lines:
        return FactFinding("bill-tags", "confirmed", "agree", compared=lines)
    return FactFinding("bill-tags", "contradicted", "untagged", {"example": "the bill"}, lines)


def compare_locks(few: Few, found: Inventory) -> FactFinding:
    """Ask two deployments below a lock which locks hold for them."""
    pairs: list[tuple[str, bool]] = []
    try:
        for deployment, locks in _below_locks(found)[:MOST_LOCKED]:
            path = f"{deployment.id}/providers/Microsoft.Authorization/locks"
            page = few.get(path, **{"api-version": LOCKS_API})
            named = {key_of(body["id"]) for body in elements_of(page, "value", is_lock)}
            pairs.append((path_of(deployment), {_key(lock) for lock in locks} <= named))
    except AzureFailure as failure:
        if not pairs:
            return not_read("locks-inherited", failure)
    return came_to("locks-inherited", pairs, "no-lock")


def compare_log(few: Few, endpoints: Sequence[Endpoint], now: datetime) -> FactFinding:
    """Ask the first Log Analytics workspace that an endpoint sends its log to for its columns."""
    try:
        workspace_id = _first_workspace(few, endpoints[:MOST_ENDPOINTS])
        if workspace_id is None:
            return FactFinding("log-columns", "not testable", "no-log")
        span = f"{now - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}/{now:%Y-%m-%dT%H:%M:%SZ}"
        answer = few.logs(workspace_id, f"{TABLE} | take 1", span)
        tables = elements_of(answer, "tables", _is_table)
    except AzureFailure as failure:
        return not_read("log-columns", failure)
    names = {column["name"] for one in tables for column in one["columns"]}
    lacking = [name for name in COLUMNS if name not in names]
    if not lacking:
        return FactFinding("log-columns", "confirmed", "agree", compared=len(COLUMNS))
    evidence = {"example": ", ".join(lacking)}
    return FactFinding("log-columns", "contradicted", "columns-lack", evidence, len(COLUMNS))


def _is_table(element: Any) -> bool:
    return isinstance(element, dict) and each(_is_column)(element.get("columns"))


def _is_column(element: Any) -> bool:
    return isinstance(element, dict) and is_text(element.get("name"))


def _first_workspace(few: Few, endpoints: Iterable[Endpoint]) -> str | None:
    for endpoint in endpoints:
        path = f"{endpoint.id}/providers/Microsoft.Insights/diagnosticSettings"
        page = few.get(path, **{"api-version": DIAGNOSTICS_API})
        log = traffic_log_of(elements_of(page, "value", is_diagnostic))
        if log.workspace_ids:
            return log.workspace_ids[0]
    return None


def _below_locks(found: Inventory) -> list[tuple[Deployment, list[Lock]]]:
    """Deployments with the locks that lie above them, on what is not their own."""
    below = []
    for deployment in found.deployments:
        if deployment.kind != "managed":
            continue
        locks = [
            lock for lock in found.locks if deployment.key.startswith(key_of(lock.scope_id) + "/")
        ]
        if locks:
            below.append((deployment, locks))
            if len(below) == MOST_LOCKED:
                break
    return below


def _key(lock: Lock) -> str:
    return key_of(f"{lock.scope_id}/providers/Microsoft.Authorization/locks/{lock.name}")
