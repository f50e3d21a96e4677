"""`mothball report savings`: what each deletion promised, and what the bill shows since."""

from __future__ import annotations

from dataclasses import asdict

import click

from mothball import exits
from mothball.context import AppContext
from mothball.options import format_option, shared_options
from mothball.output import Format, note, to_the_cent, write_rows

FIELDS = (
    "deployment",
    "target",
    "deleted_at",
    "restored_at",
    "currency",
    "forecast",
    "realised",
    "grown_elsewhere",
    "net",
    "days_after",
    "state",
    "reason",
)
FOR_PEOPLE = (
    "deployment",
    "deleted_at",
    "forecast",
    "realised",
    "net",
    "currency",
    "state",
    "reason",
)


@click.command("savings")
@format_option
@shared_options()
@click.pass_obj
def command(context: AppContext, form: Format) -> int:
    """Show the forecast of every deletion against what the bill shows since.

    Amounts are a month. A saving is pending until seven settled days after the deletion are on the
    bill; where the endpoint's other deployments grew instead, that is reported.

    \b
    Examples:
      mothball report savings
      mothball report savings --format json
    """
    from queries.reports.savings import savings

    rows = [asdict(saving) for saving in savings(context.store)]
    if form != "table":
        write_rows(rows, FIELDS, form)
    elif rows:
        write_rows([to_the_cent(row) for row in rows], FOR_PEOPLE, form)
    else:
        note("nothing was deleted yet")
    return exits.DONE
