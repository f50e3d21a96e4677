"""`mothball report savings`: what each deletion promised, and what was not spent since."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from mothball import exits
from mothball.context import AppContext
from mothball.options import format_option, shared_options
from mothball.output import Format, note, to_the_cent
from mothball.picking import Fields, Picked, named, picking_options, write_picked

if TYPE_CHECKING:
    from queries.reports.savings import Saving

FIELDS = (
    "deployment",
    "target",
    "deleted_at",
    "restored_at",
    "currency",
    "forecast",
    "rate_before",
    "realised",
    "saved",
    "grown_elsewhere",
    "days_after",
    "state",
    "reason",
    "by_quarter",
)
FOR_PEOPLE = (
    "deployment",
    "deleted_at",
    "forecast",
    "rate_before",
    "saved",
    "grown_elsewhere",
    "currency",
    "state",
    "reason",
)
QUARTERS = ("quarter", "currency", "deletions", "days", "saved", "grown_elsewhere")
DELETIONS, BY_QUARTER = Fields(FIELDS, FOR_PEOPLE), Fields(QUARTERS, QUARTERS)


@click.command("savings")
@click.option("--by-quarter", is_flag=True, help="A row per quarter of the fiscal year instead.")
@picking_options(lambda: tuple(dict.fromkeys((*FIELDS, *QUARTERS))))
@format_option
@shared_options()
@click.pass_obj
def command(context: AppContext, by_quarter: bool, form: Format, picked: Picked) -> int:
    """Show what each deletion promised, and the money that was not spent since.

    Forecast, rate before and realised are a month. Saved is in money: the settled days since the
    deletion at the rate just before it (the median of the week before), less what was still billed,
    until it came back. By how much other deployments of the endpoint cost more since stands beside
    it. A saving is pending until seven settled days after the deletion are on the bill.

    \b
    Examples:
      mothball report savings
      mothball report savings --sort saved
      mothball report savings --by-quarter
      mothball report savings --format json
    """
    from queries.reports.savings import saved_by_quarter, savings

    table = BY_QUARTER if by_quarter else DELETIONS
    for word in (*picked.columns, *([picked.sort] if picked.sort else [])):
        named(word, table.names)
    begins = context.settings.fiscal_year_start
    found = savings(context.store)
    if by_quarter:
        rows = [asdict(one) for one in saved_by_quarter(found, begins)]
    else:
        rows = [_row(saving, begins) for saving in found]
    if form != "table":
        write_picked(rows, table, form, picked)
    elif rows:
        write_picked([to_the_cent(row) for row in rows], table, form, picked)
    else:
        note("nothing was deleted yet" if not found else "no day since a deletion is settled yet")
    return exits.DONE


def _row(saving: Saving, fiscal_year_start: int) -> dict[str, Any]:
    from queries.reports.savings import saved_by_quarter

    quarters = saved_by_quarter([saving], fiscal_year_start)
    return asdict(saving) | {"by_quarter": {one.quarter: one.saved for one in quarters}}
