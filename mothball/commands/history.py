"""`mothball history`: which deployment and model version served what share, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from mothball import completion
from mothball.context import AppContext
from mothball.moment import moment_of, print_moment, print_operations
from mothball.options import format_option, shared_options
from mothball.output import Format
from mothball.picking import Fields, Picked, picking_of, write_picked
from mothball.targets import nearest_endpoint
from queries.estate.rows import asset_name
from queries.text.cells import printable

if TYPE_CHECKING:
    from queries.estate.history import EndpointSeen, Maps, TrafficPeriod

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
    "ended_at",
    "ended_by",
    "traffic_command",
)
MOST_MAPS_BACK = 3
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
    "ended_at",
    "ended_by",
)
FIRST_TO_GO = (
    "longest_gap_hours",
    "next_seen_at",
    "instance_count",
    "mirror_percent",
    "requests",
    "seen_until",
)
TABLE = Fields(FIELDS, FOR_PEOPLE, FIRST_TO_GO)


@click.command("history")
@click.argument("endpoint", shell_complete=completion.endpoints)
@click.option("--at", "time", metavar="TIME", help="What served at one moment: a date or a time.")
@picking_of(TABLE)
@format_option
@shared_options()
@click.pass_obj
def command(
    context: AppContext, endpoint: str, time: str | None, form: Format, picked: Picked
) -> None:
    """Show which deployment, with which model version, served what share of an endpoint, and when.

    ENDPOINT is an ARM id, workspace/endpoint, or the shortest tail that is unambiguous; one that
    was deleted is found too. A row is a time in which every snapshot saw the same: `from` the first
    and `seen_until` the last of them, `next_seen_at` the snapshot that saw something else. What
    happened between two snapshots was not seen, but the Activity Log may say who ended it and when.
    Requests are those of the whole days in a row. The `az ml` command that would give the traffic
    back as it was then is shown beside it.

    With --at TIME (ISO 8601, UTC unless it says otherwise; a date is its first moment): which
    deployment and model version held what share then, and how sure that is, by the snapshots
    around it and what was done between them.

    \b
    Examples:
      mothball history mlw-payments/fraud
      mothball history fraud --sort requests --wide
      mothball history fraud --format csv > fraud.csv
      mothball history fraud --at 2026-11-30T14:05
    """
    from queries.estate.history import done_to, endpoints_ever, maps_over, traffic_periods_of

    at = None if time is None else moment_of(time, context.now())
    seen = nearest_endpoint(endpoints_ever(context.store), endpoint)
    if at is not None:
        if picked != Picked():
            raise click.UsageError("--at shows one moment: no column is picked and no row sorted")
        print_moment(context, seen, at, form)
        return
    traffic_periods = traffic_periods_of(context.store, seen.endpoint_key)
    maps = maps_over(traffic_periods)
    rows = [
        _fields(seen, period) | {"traffic_command": _command_at(seen, maps, period.seen_from)}
        for period in traffic_periods
    ]
    if form != "table":
        write_picked(rows, TABLE, form, picked)
        return
    short = [row | {"model": asset_name(row["model"])} for row in rows]
    write_picked(short, TABLE, form, picked)
    print_operations(done_to(context.store, seen.endpoint_key))
    _print_back(seen, maps)


def _command_at(seen: EndpointSeen, maps: Sequence[Maps], at: datetime) -> str | None:
    held = [one for one in maps if one.since <= at <= one.until]
    return _command(seen, held[-1]) if held else None


def _command(seen: EndpointSeen, maps: Maps) -> str | None:
    from actions.deletion.by_hand import traffic_command

    return traffic_command(seen.id, maps.live, maps.mirror)


def _print_back(seen: EndpointSeen, maps: Sequence[Maps]) -> None:
    """How to give the traffic back as it was before, newest first."""
    for place, one in enumerate(list(reversed(maps[:-1]))[:MOST_MAPS_BACK]):
        command = _command(seen, one)
        if command is None:
            continue
        if place == 0:
            click.echo("\nto give the traffic back as it was, by hand:")
        first = f" (first restore {', '.join(one.gone)})" if one.gone else ""
        line = f"  from {one.since:%Y-%m-%d %H:%M} to {one.until:%Y-%m-%d %H:%M}{first}: {command}"
        click.echo(printable(line))


def _fields(seen: EndpointSeen, period: TrafficPeriod) -> dict[str, Any]:
    values = {name: getattr(period, name) for name in FIELDS if hasattr(period, name)}
    return values | {
        "endpoint_id": seen.id,
        "workspace": seen.workspace,
        "endpoint": seen.endpoint,
        "from": period.seen_from,
        "requests": None if period.requests is None else _whole(period.requests),
    }


def _whole(requests: float) -> int:
    """Rounded, but something is never nothing."""
    return max(1, round(requests)) if requests > 0 else 0
