"""What a deployment is made of and where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.details.parts import labelled, section
from tui.grid.deployment_columns import size_of
from tui.words.untrusted import UNKNOWN
from tui.words.wrapping import Parts

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow


def made_of(row: DeploymentRow, width: int) -> Parts:
    """Size, model, environment, code, state and birth."""
    rows = (
        ("state", row.provisioning_state),
        ("size", size_of(row)),
        ("model", asset(row.model)),
        ("environment", asset(row.environment)),
        ("code", asset(row.code)),
        ("created", _birth(row)),
        *([("changed", _change(row))] if row.last_changed_at is not None else []),
    )
    body = [part for label, value in rows for part in labelled(label, value, width)]
    return section("made of", body, width)


def place(row: DeploymentRow, width: int) -> Parts:
    """Where it lies, and which snapshot tells it."""
    rows = (
        ("workspace", f"{row.workspace} ({row.region or UNKNOWN}, {row.kind})"),
        ("group", row.resource_group),
        ("subscript.", row.subscription_id),
        ("snapshot", f"{row.snapshot_id}, {row.as_of:%Y-%m-%d %H:%M} UTC"),
    )
    body = [part for label, value in rows for part in labelled(label, value, width)]
    return section("where", body, width)


def asset(identity: str | None) -> str | None:
    """`name:version` of a model or environment, with its registry if it has one."""
    if identity is None:
        return None
    bare = identity.removeprefix("azureml:")
    parts = [part for part in bare.split("/") if part]
    if len(parts) < 4 or parts[-2].lower() != "versions":
        return bare
    folded = [part.lower() for part in parts]
    is_shared = "registries" in folded[:-1]
    registry = f" ({parts[folded.index('registries') + 1]})" if is_shared else ""
    return f"{parts[-3]}:{parts[-1]}{registry}"


def _change(row: DeploymentRow) -> str:
    """The last change by the Activity Log."""
    by = f" by {row.last_changed_by}" if row.last_changed_by else ""
    return f"{row.last_changed_at:%Y-%m-%d %H:%M}{by}"


def _birth(row: DeploymentRow) -> str | None:
    if row.created_at is None:
        return None
    by = f" by {row.created_by}" if row.created_by else ""
    return f"{row.created_at:%Y-%m-%d}{by}"
