"""Deployments made up for tests of single pieces; what is not reported of them is not known."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from queries.estate.rows import DayRow, DeploymentRow
from queries.text.conclusions import Conclusions

AS_OF = datetime(2026, 11, 23, 17, 54, tzinfo=UTC)


def row(name: str = "fraud/blue", **changes: Any) -> DeploymentRow:
    """A deployment; `reasons` and `findings` are given as sentences or JSON texts."""
    endpoint, _, deployment = name.partition("/")
    workspace_id = "/subscriptions/s/resourceGroups/g/providers/x/workspaces/w"
    identity = f"{workspace_id}/onlineEndpoints/{endpoint}/deployments/{deployment}"
    known: dict[str, Any] = {
        "id": identity,
        "subscription_id": "s",
        "resource_group": "g",
        "workspace": "w",
        "endpoint": endpoint,
        "deployment": deployment,
        "region": "westeurope",
        "kind": "managed",
        "provisioning_state": "Succeeded",
        "instance_type": "Standard_DS3_v2",
        "instance_count": 2,
        "live_traffic_percent": 0.0,
        "mirror_traffic_percent": 0.0,
        "requests_in_window": 0,
        "idle_days": 40,
        "verdict": "idle",
        "reasons": (),
        "findings": (),
        "snapshot_id": "one",
        "as_of": AS_OF,
        "deployment_key": identity.lower(),
        "endpoint_key": f"/{endpoint}".lower(),
        "lock_names": (),
        "inherited_lock_names": (),
        "locks_known": True,
        "tags": {},
        "window_days": 35,
    }
    unknown = {field.name: None for field in fields(DeploymentRow)}
    values = unknown | known | changes
    result = {name: Conclusions(tuple(values[name])) for name in ("reasons", "findings")}
    return DeploymentRow(**(values | result))


def day(number: int, requests: float | None, **changes: Any) -> DayRow:
    made = DayRow(
        day=date(2026, 11, 1) + timedelta(days=number),
        own_requests=requests,
        split_requests=None,
        requests=requests,
        was_asked=True,
        is_alive=True,
        capacity=1.0,
        cpu_percent=None,
        cpu_percent_highest=None,
        memory_percent=None,
        gpu_percent=None,
        latency_p95_ms=None,
    )
    return replace(made, **changes)
