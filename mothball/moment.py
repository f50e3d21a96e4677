"""What served an endpoint at one moment, and what was done to it, on standard output."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from mothball.context import AppContext
from mothball.output import Format, write_rows
from queries.estate.rows import asset_name
from queries.text.cells import printable

if TYPE_CHECKING:
    from queries.estate.activity import Operation
    from queries.estate.history import EndpointSeen
    from queries.estate.moment import Held, Moment

MOMENT_FIELDS = (
    "endpoint_id",
    "workspace",
    "endpoint",
    "at",
    "deployment",
    "is_there",
    "model",
    "environment",
    "instance_type",
    "instance_count",
    "live_percent",
    "mirror_percent",
    "source",
    "certainty",
    "seen_before",
    "seen_after",
    "event",
    "event_at",
    "event_by",
)
MOMENT_FOR_PEOPLE = (
    "deployment",
    "model",
    "live_percent",
    "mirror_percent",
    "instance_count",
    "source",
)
EVENT_FIELDS = ("happened_at", "what", "by", "map")
MOST_EVENTS = 20


def moment_of(text: str, now: datetime) -> datetime:
    """An aware time; a usage error where it cannot be read or lies ahead."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        example = "2026-11-30 or 2026-11-30T14:05"
        raise click.UsageError(f"--at {text!r} is no time such as {example} (UTC)") from error
    at = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    if at > now:
        raise click.UsageError(f"--at {text!r} lies ahead: it is {now:%Y-%m-%dT%H:%M} UTC now")
    return at


def print_moment(context: AppContext, seen: EndpointSeen, at: datetime, form: Format) -> None:
    """What served then, how sure that is, and what was done nearest to it."""
    from queries.estate.moment import NotSeenYet, served_at
    from queries.text.certainty import certainty_of

    try:
        moment = served_at(context.store, seen.endpoint_key, at)
    except NotSeenYet as early:
        text = f"what served {seen.path} on {at:%Y-%m-%d %H:%M} UTC is not known: {early}"
        raise click.ClickException(text) from early
    largest_first = sorted(moment.held, key=lambda one: -(one.period.live_percent or 0.0))
    rows = [_moment_fields(seen, moment, one) for one in largest_first]
    if form != "table":
        write_rows(rows, MOMENT_FIELDS, form)
        return
    short = [row | {"model": asset_name(row["model"])} for row in rows]
    if rows:
        write_rows(short, MOMENT_FOR_PEOPLE, form, ("instance_count", "mirror_percent"))
    else:
        click.echo(f"{printable(seen.path)} held no deployment then")
    click.echo(f"\n{certainty_of(moment.certainty, moment.seen_before, moment.seen_after)}")
    if moment.event is not None:
        click.echo("\ndone nearest to it, by the Activity Log:")
        write_rows([_event_fields(moment.event)], EVENT_FIELDS, form)


def _moment_fields(seen: EndpointSeen, moment: Moment, held: Held) -> dict[str, Any]:
    event, period = moment.event, held.period
    values = {name: getattr(period, name) for name in MOMENT_FIELDS if hasattr(period, name)}
    return values | {
        "endpoint_id": seen.id,
        "workspace": seen.workspace,
        "endpoint": seen.endpoint,
        "at": moment.at,
        "source": held.source,
        "certainty": moment.certainty,
        "seen_before": moment.seen_before,
        "seen_after": moment.seen_after,
        "event": event and event.operation,
        "event_at": event and event.happened_at,
        "event_by": event and event.changed_by,
    }


def print_operations(operations: Sequence[Operation]) -> None:
    """What was done, newest first: a change whose map the log does not hold says so."""
    if operations:
        click.echo("\ndone to it, by the Activity Log:")
        newest_first = list(reversed(operations))[:MOST_EVENTS]
        write_rows([_event_fields(one) for one in newest_first], EVENT_FIELDS, "table")


def _event_fields(operation: Operation) -> dict[str, Any]:
    """A line of a table; a write of the endpoint may have moved its traffic."""
    is_write = operation.operation != "deleted"
    shares = ""
    if operation.deployment is None and is_write:
        known = [f"{name}={percent:g}" for name, percent in (operation.traffic or {}).items()]
        shares = "map not known" if operation.traffic is None else ", ".join(known) or "empty"
    return {
        "happened_at": operation.happened_at,
        "what": f"{operation.operation} {operation.deployment or 'endpoint'}",
        "by": operation.changed_by,
        "map": shares,
    }
