"""The fields of `mothball list`, in order, and how a deployment fills them."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from queries.estate.rows import DeploymentRow

FIELDS = (
    "id",
    "subscription_id",
    "resource_group",
    "workspace",
    "endpoint",
    "deployment",
    "region",
    "kind",
    "provisioning_state",
    "instance_type",
    "instance_count",
    "model",
    "environment",
    "created_at",
    "created_by",
    "live_traffic_percent",
    "mirror_traffic_percent",
    "requests_in_window",
    "last_request_at",
    "idle_days",
    "role",
    "owner",
    "owner_source",
    "purpose",
    "expires_on",
    "tags",
    "cost_in_window",
    "cost_through",
    "list_price_per_month",
    "monthly_run_rate",
    "run_rate_source",
    "currency",
    "verdict",
    "reasons",
    "findings",
    "reason_codes",
    "finding_codes",
    "last_changed_at",
    "last_changed_by",
    "rollback_for",
    "snapshot_id",
    "as_of",
)

# What a deployment concludes, as sentences and as codes.
_CONCLUDED = {
    "reasons": "reasons.sentences",
    "findings": "findings.sentences",
    "reason_codes": "reasons.codes",
    "finding_codes": "findings.codes",
}
SINGLE_FIELDS = tuple(name for name in FIELDS if name not in (*_CONCLUDED, "tags"))
"""Those with one value each."""

_read = attrgetter(*(_CONCLUDED.get(name, name) for name in FIELDS))


def read_of(name: str) -> Callable[[DeploymentRow], Any]:
    """What reads the value of a field from a deployment."""
    return attrgetter(_CONCLUDED.get(name, name))


def rests_on(name: str) -> str:
    """The attribute of a deployment that the field is read from."""
    return _CONCLUDED.get(name, name).partition(".")[0]


def as_fields(row: DeploymentRow) -> dict[str, Any]:
    """A deployment by the field names of the contract."""
    return dict(zip(FIELDS, _read(row), strict=True))
