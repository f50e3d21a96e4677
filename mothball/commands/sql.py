"""`mothball sql`: a read-only question of your own."""

from __future__ import annotations

from collections.abc import Sequence

import click

from mothball.context import AppContext
from mothball.options import format_option, shared_options
from mothball.output import Format, write_rows


@click.command("sql")
@click.argument("statement")
@click.option(
    "--time-limit",
    "limit_seconds",
    type=click.IntRange(1, 3600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="Give up after so long.",
)
@format_option
@shared_options()
@click.pass_obj
def command(context: AppContext, statement: str, limit_seconds: int, form: Format) -> None:
    """Ask the store in SQL (DuckDB's dialect), without access to files or the network.

    One SELECT, with 1 GB of memory and a million rows at the most; its times are UTC.

    Of a shared store, what the statement names is copied first, and the copy is asked.

    The views: current_deployments, current_endpoints, current_workspaces, judged_deployments
    (every snapshot), daily_requests, traffic_history, tag_ledger, tag_drift, costs,
    judged_costs, unallocated_costs, deployment_money, money_by_group, right_sizing, autoscale,
    quota_returned, machine_sizes; the tables holes, snapshots and journal. docs/sql.md and
    docs/money.md have their columns.

    \b
    Examples:
      mothball sql "select verdict, count(*) from current_deployments group by verdict"
      mothball sql "select id from current_deployments where verdict = 'idle'" --format csv
    """
    from queries.store.user_sql import answer

    found = answer(context.store_as_it_is, statement, limit_seconds)
    names = _distinct(found.names)
    write_rows([dict(zip(names, row, strict=True)) for row in found.rows], names, form)


def _distinct(names: Sequence[str]) -> list[str]:
    """The names of the columns, a repeated one with its place behind it."""
    return [
        name if names.index(name) == place else f"{name}_{place + 1}"
        for place, name in enumerate(names)
    ]
