"""`mothball history`: which deployment and model version served what share, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mothball.door import Door
from mothball.options import format_option, shared_options
from mothball.output import Format, write_rows
from mothball.targets import nearest_endpoint

if TYPE_CHECKING:
    from queries.history import EndpointSeen, Stretch

FIELDS = (
    "endpoint_id",
    "workspace",
    "endpoint",
    "deployment",
    "is_there",
    "model",
    "environment",
    "instance_type",
    "instance_count",
    "created_at",
    "live_percent",
    "mirror_percent",
    "from",
    "seen_until",
    "next_seen_at",
    "snapshots",
    "longest_gap_hours",
    "requests",
    "request_days",
)
FOR_PEOPLE = (
    "deployment",
    "model",
    "live_percent",
    "mirror_percent",
    "instance_count",
    "from",
    "seen_until",
    "next_seen_at",
    "longest_gap_hours",
    "requests",
)


@click.command("history")
@click.argument("endpoint")
@format_option
@shared_options()
@click.pass_obj
def command(door: Door, endpoint: str, form: Format) -> None:
    """Show which deployment, with which model version, served what share of an endpoint, and when.

    ENDPOINT is an ARM id, workspace/endpoint, or the shortest tail that is unambiguous; one that
    was deleted is found too. A row is a time in which every snapshot saw the same: `from` the first
    and `seen_until` the last of them, `next_seen_at` the snapshot that saw something else. What
    happened between two snapshots was not seen. Requests are those of the whole days in a row.

    \b
    Examples:
      mothball history mlw-payments/fraud
      mothball history fraud --format csv > fraud.csv
    """
    from queries.history import endpoints_ever, stretches_of

    seen = nearest_endpoint(endpoints_ever(door.store), endpoint)
    rows = [_fields(seen, stretch) for stretch in stretches_of(door.store, seen.endpoint_key)]
    write_rows(rows, FOR_PEOPLE if form == "table" else FIELDS, form)


def _fields(seen: EndpointSeen, stretch: Stretch) -> dict[str, Any]:
    values = {name: getattr(stretch, name) for name in FIELDS if hasattr(stretch, name)}
    return values | {
        "endpoint_id": seen.id,
        "workspace": seen.workspace,
        "endpoint": seen.endpoint,
        "from": stretch.seen_from,
        "requests": None if stretch.requests is None else _whole(stretch.requests),
    }


def _whole(requests: float) -> int:
    """Rounded, but something is never nothing."""
    return max(1, round(requests)) if requests > 0 else 0
