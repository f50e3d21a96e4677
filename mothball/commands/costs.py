"""`mothball costs`: the bill from exports, what is known of it, and taking a month out again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from mothball import exits
from mothball.context import AppContext
from mothball.options import Month, format_option, shared_options
from mothball.output import Format, note, to_the_cent, write_rows
from mothball.picking import Fields, Picked, picking_of, write_picked
from mothball.progress import Progress

if TYPE_CHECKING:
    from queries.exports.imports import Counted, ImportReport

FIELDS = (
    "subscription_id",
    "month",
    "basis",
    "outcome",
    "reason",
    "row_count",
    "cost",
    "currency",
)
KNOWN = (
    "month",
    "subscription_id",
    "basis",
    "counts",
    "source",
    "origin",
    "read_at",
    "through",
    "currency",
    "cost",
    "cost_on_deployments",
    "moved_by",
    "moved_since",
)
FIRST_TO_GO = ("moved_since", "origin", "read_at", "counts", "basis")
KNOWN_BILLS = Fields(KNOWN, KNOWN, FIRST_TO_GO)
FOR_PEOPLE = ("outcome", "reason", "basis", "row_count", "cost", "currency")


@click.group("costs")
@shared_options()
def command() -> None:
    """The bill in the store.

    \b
    Examples:
      mothball costs import export.csv
      mothball costs import "exports/2026-10/*.parquet" --basis amortized
      mothball costs status
      mothball costs forget --month 2026-10
    """


@command.command("import")
@click.argument("names", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--basis",
    type=click.Choice(["actual", "amortized"]),
    help="Which cost to take: FOCUS has both (default: as the settings count, actual by default);"
    " other exports are taken for this in place of what their rows show.",
)
@click.option(
    "--dates",
    type=click.Choice(["dmy", "mdy", "ymd"]),
    help="The order of day, month and year in dates such as 01/10/2026 (default: as each file"
    " shows; month first where it shows none and no day speaks against it).",
)
@click.option(
    "--replace",
    "replace_longer",
    is_flag=True,
    help="Replace a month even if the store knows days, workspaces or cost that the files lack.",
)
@format_option
@shared_options()
@click.pass_obj
def import_(
    context: AppContext,
    names: tuple[str, ...],
    basis: str | None,
    dates: str | None,
    replace_longer: bool,
    form: Format,
) -> int:
    """Load Cost Management exports: EA or MCA (actual, amortized) or FOCUS 1.0 to 1.4.

    FILE is a CSV (also gzip) or Parquet file, a folder with everything below it, or a pattern in
    quotes; together they are one bill. Parts of one run (part_0, part_1 in one folder) are added
    up. Where a scheduled export left its manifests (manifest.json), the newest run of each export,
    kind of cost and month counts, and must be whole; older ones are named. Without manifests two
    runs of one month count once where they are equal, and are refused else. Each month of
    each subscription that they cover takes the place of what the store knew of it, so that the
    same export twice changes nothing.

    A month of which the store knows billed days or workspaces that the files lack (as an export of
    one resource group does), or over 2 % more cost (in all or on deployments) or billed deployments
    (`largest_fall` in [costs] of the settings), stays as it was, with a warning and exit code 3;
    --replace takes the files' word. Rows that are not of a Machine Learning workspace are not part
    of this bill; those among them that are tagged with an endpoint are counted and named.

    A file is known by its first bytes and its columns, whatever it is called; semicolons, decimal
    commas and the dates of a spreadsheet are read as they are meant. What cannot be read for sure
    (a date that may be of two months, another cloud's bill, a workbook) is refused whole.

    \b
    Examples:
      mothball costs import october.csv.gz
      mothball costs import exports/ml
      mothball costs import "exports/20261001-20261031/**/*.parquet" --basis amortized
      mothball costs import saved-again.csv --dates dmy
    """
    from queries.exports.imports import import_exports
    from queries.policy import BASES

    progress = Progress()
    try:
        report = import_exports(
            context.store_as_it_is,
            names,
            context.now(),
            basis=BASES.get(basis or ""),
            counted=context.settings.cost_basis,
            dates=dates,
            replace_longer=replace_longer,
            largest_fall=context.settings.largest_cost_fall,
            progress=progress,
        )
    finally:
        progress.close()
    _show(report, form)
    return exits.PARTIAL if report.is_partial else exits.DONE


@command.command("status")
@picking_of(KNOWN_BILLS)
@format_option
@shared_options()
@click.pass_obj
def status(context: AppContext, form: Format, picked: Picked) -> int:
    """Show what is known of the bill: month by month, from where, and through when.

    `source` is query or export, `origin` the export and its run; `through` is the newest billed
    day; `moved_by` is by how much the month changed since it was read before. A month may be known
    on two bases, of which one counts.

    \b
    Examples:
      mothball costs status
      mothball costs status --columns month,cost,currency,through
      mothball costs status --format csv
    """
    from queries.money.known import known_bills

    bills = known_bills(context.store_as_it_is)
    rows = [asdict(bill) | {"month": f"{bill.month:%Y-%m}"} for bill in bills]
    if form != "table":
        write_picked(rows, KNOWN_BILLS, form, picked)
    elif rows:
        write_picked([to_the_cent(row) for row in rows], KNOWN_BILLS, form, picked)
    else:
        note("no bill is known: take a snapshot, or mothball costs import FILE")
    return exits.DONE


@command.command("forget")
@click.option(
    "--month",
    "months",
    type=Month(),
    multiple=True,
    required=True,
    help="The month, as 2026-10 (repeatable).",
)
@click.option(
    "--subscription", "subscription_id", metavar="ID", help="Only of this one (default: of all)."
)
@format_option
@shared_options()
@click.pass_obj
def forget(
    context: AppContext, months: tuple[date, ...], subscription_id: str | None, form: Format
) -> int:
    """Take a month of the bill out of the store; the next snapshot that covers it reads it anew.

    What was known of it goes on every basis, whatever it came from; the journal keeps what it was.

    \b
    Examples:
      mothball costs forget --month 2026-10
      mothball costs forget --month 2026-10 --subscription 6bc54abd-1792-5551-8fdc-6625d72f31b0
    """
    from actions.costs import forget_costs

    forgotten = forget_costs(context.session, months, subscription_id)
    if not forgotten:
        names = ", ".join(f"{month:%Y-%m}" for month in months)
        of = f" of {subscription_id}" if subscription_id else ""
        note(f"no bill of {names}{of} is known: mothball costs status shows what is")
        return exits.FAILED
    rows = [asdict(bill) | {"month": f"{bill.month:%Y-%m}"} for bill in forgotten]
    shown = rows if form != "table" else [to_the_cent(row) for row in rows]
    write_rows(shown, KNOWN, form, FIRST_TO_GO)
    note("forgotten; the next snapshot that covers them reads them anew (--cost-months)")
    return exits.DONE


def _show(report: ImportReport, form: Format) -> None:
    from collectors.records import counted

    if form == "table":
        write_rows(_summed(report.counted), FOR_PEOPLE, form)
    else:
        write_rows([asdict(one) for one in report.counted], FIELDS, form)
    for line in report.notes:
        note(line)
    for row in _summed(report.counted):
        if row["outcome"] == "outside" or (row["outcome"] == "skipped" and row["basis"]):
            note(f"not in the bill: {counted(row['row_count'], 'row')}: {row['reason']}")
    loaded = [month for month in report.months if not month.is_kept]
    subscriptions = len({month.subscription_id for month in loaded})
    bases = " and ".join(sorted({month.basis for month in loaded})) or "nothing"
    note(
        f"loaded {bases}: {counted(len(loaded), 'month')} of"
        f" {counted(subscriptions, 'subscription')} from {counted(len(report.files), 'file')}"
    )


def _summed(counted: Iterable[Counted]) -> list[dict[str, Any]]:
    """Without subscription and month; what has no cost keeps none, and currencies stay apart."""
    sums: dict[tuple[str | None, ...], tuple[int, Decimal | None]] = {}
    for one in counted:
        key = (one.outcome, one.reason, one.basis, one.currency)
        rows, cost = sums.get(key, (0, None))
        if one.cost is not None:
            cost = one.cost + (cost or 0)
        sums[key] = (rows + one.row_count, cost)
    return [
        {
            "outcome": outcome,
            "reason": reason,
            "basis": basis,
            "row_count": rows,
            "cost": None if cost is None else f"{cost:,.2f}",
            "currency": currency,
        }
        for (outcome, reason, basis, currency), (rows, cost) in sums.items()
    ]
