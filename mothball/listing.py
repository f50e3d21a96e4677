"""The columns of the table that `mothball list` prints for people."""

from __future__ import annotations

from typing import Any

from queries.rows import DeploymentRow

FOR_PEOPLE = (
    "verdict",
    "deployment",
    "workspace",
    "live",
    "mirror",
    "requests",
    "idle_days",
    "size",
    "per_month",
    "owner",
    "why",
)


def as_line(row: DeploymentRow) -> dict[str, Any]:
    """A deployment in the columns of the table for people."""
    count = "" if row.instance_count is None else f"{row.instance_count} × "
    return {
        "verdict": row.verdict,
        "deployment": row.name,
        "workspace": row.workspace,
        "live": _percent(row.live_traffic_percent),
        "mirror": _percent(row.mirror_traffic_percent),
        "requests": row.requests_in_window,
        "idle_days": row.idle_days,
        "size": f"{count}{row.instance_type}" if row.instance_type else None,
        "per_month": _money(row),
        "owner": row.owner,
        "why": row.reasons[0] if row.reasons else None,
    }


def _money(row: DeploymentRow) -> str | None:
    """The run rate; a list price is marked, since it is no bill."""
    if row.monthly_run_rate is None:
        return None
    mark = "~" if row.run_rate_source == "list" else ""
    return f"{mark}{row.monthly_run_rate:,.0f} {row.currency}"


def _percent(value: float | None) -> str | None:
    return None if value is None else f"{value:g} %"
