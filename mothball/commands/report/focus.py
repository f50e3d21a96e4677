"""`mothball report focus`: a month's bill by FOCUS column names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mothball import exits
from mothball.context import AppContext
from mothball.options import Month, shared_options
from mothball.output import note


@click.command("focus")
@click.option("--month", "first_day", required=True, type=Month(), help="Which month: 2026-10.")
@click.option(
    "--out",
    "path",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Its suffix picks the form: .csv or .parquet.",
)
@shared_options()
@click.pass_obj
def command(context: AppContext, first_day: date, path: Path) -> int:
    """Write the rows of a month's bill in the columns of FOCUS 1.2, our own beginning with x_.

    BilledCost is what was billed; an estimate by the price list is in x_ListPricePerMonth alone.
    Meters, quantities, unit prices and the invoice are null in every row, since the bill by tags
    does not report them, though FOCUS wants a quantity for usage.

    \b
    Examples:
      mothball report focus --month 2026-10 --out focus-2026-10.parquet
      mothball report focus --month 2026-10 --out focus-2026-10.csv
    """
    from queries.reports.focus import FORMS, write_focus

    if path.suffix.lower() not in FORMS:
        raise click.UsageError(f"--out {path.name}: the suffix is one of {', '.join(FORMS)}")
    try:
        # The bill alone is read, which `costs import` brings too.
        written = write_focus(context.store_as_it_is, first_day, path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error}") from error
    sums = ", ".join(f"{amount:,.2f} {name}" for name, amount in sorted(written.billed.items()))
    note(f"{written.rows} rows, {sums or 'nothing billed'}, are in {path}")
    note("null in every row, as the bill does not report them: quantities, meters, prices, invoice")
    for line in written.lacking:
        note(f"not in the file: {line}")
    return exits.PARTIAL if written.lacking else exits.DONE
