"""`mothball report review`: the quarter in one page, frozen when it is first written."""

from __future__ import annotations

from pathlib import Path

import click

from mothball import exits
from mothball.context import AppContext
from mothball.options import shared_options
from mothball.output import note
from mothball.unread import errors_option, note_worst
from queries.text.causes import cause_of


@click.command("review")
@click.option("--quarter", required=True, metavar="2026-Q4", help="Which quarter; see below.")
@click.option(
    "--out",
    "path",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Its suffix picks the form: .html, .md, .csv or .xlsx.",
)
@click.option("--anew", is_flag=True, help="Freeze the quarter again, with the figures of today.")
@errors_option
@shared_options()
@click.pass_obj
def command(context: AppContext, quarter: str, path: Path, anew: bool, all_errors: bool) -> int:
    """Write the quarterly review.

    A quarter is named by the calendar year in which its fiscal year begins (the setting
    fiscal_year_start). The first time, its figures are frozen in the store: written again later,
    they are the same, and the next quarter's review tells what has changed since. With .xlsx each
    question is a sheet, with numbers and dates that a spreadsheet can reckon with.

    \b
    Examples:
      mothball report review --quarter 2026-Q4 --out review.html
      mothball report review --quarter 2026-Q4 --out review.md --anew
      mothball report review --quarter 2026-Q4 --out review.xlsx
    """
    from queries.reports.estate_of_review import NOT_READ
    from queries.reports.quarters import quarter_before, quarter_named
    from queries.reports.review import review_of
    from queries.reports.writing import FORMS, write_review

    begins = context.settings.fiscal_year_start
    try:
        asked = quarter_named(quarter, begins)
        before = quarter_before(asked, begins)
    except ValueError as error:
        raise click.UsageError(f"--quarter: {error}") from error
    if path.suffix.lower() not in FORMS:
        raise click.UsageError(f"--out {path.name}: the suffix is one of {', '.join(FORMS)}")
    if asked.first_day > context.now().date():
        raise click.UsageError(f"--quarter: {asked.name} begins on {asked.first_day}")
    budgets = context.settings.quarterly_budget
    review = review_of(context.store, asked, before, context.now(), anew=anew, budgets=budgets)
    try:
        write_review(review, path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {cause_of(error)}") from error
    note(f"{asked.name} as frozen {review.frozen_at:%Y-%m-%d %H:%M} UTC is in {path}")
    if review.is_preliminary:
        note("the quarter had not ended then: --anew freezes it again")
    lacking, lacking_before = review.section("headline").note, review.section("bill").note
    for text in filter(None, (lacking, lacking_before)):
        note(f"{text} mothball snapshot --cost-months N reads more.")
    unread = [r for r in review.section("unknown").records() if r["kind"] == NOT_READ]
    note_worst([f"{row['what']}: {row['why']}" for row in unread], all_errors=all_errors)
    return exits.PARTIAL if lacking or unread else exits.DONE
