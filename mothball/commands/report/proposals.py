"""`mothball report proposals`: what is proposed, for dashboards that show it beside others."""

from __future__ import annotations

from pathlib import Path

import click

from collectors.records import counted
from mothball import exits
from mothball.context import AppContext
from mothball.options import shared_options
from mothball.output import note
from mothball.unread import errors_option, note_unread
from queries.text.causes import cause_of


@click.command("proposals")
@click.option(
    "--out",
    "path",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Its suffix picks the form: .csv, .xlsx or .parquet.",
)
@errors_option
@shared_options()
@click.pass_obj
def command(context: AppContext, path: Path, all_errors: bool) -> int:
    """Write one row per proposal, in the shape of the recommendations of Microsoft's FinOps hubs.

    Proposed is to retire what serves nobody, to run on less what could, and to look again at what
    serves nobody and is protected, unless an exemption keeps it for more than 30 days.

    \b
    Examples:
      mothball report proposals --out proposals.parquet
      mothball report proposals --out proposals.xlsx
    """
    from queries.estate import questions as estate
    from queries.reports.proposals import KINDS, read_proposals, savings_of
    from queries.reports.proposals_file import FORMS, write_proposals

    if path.suffix.lower() not in FORMS:
        raise click.UsageError(f"--out {path.name}: the suffix is one of {', '.join(FORMS)}")
    store = context.store
    found, read_errors = read_proposals(store), estate.current_read_errors(store)
    try:
        write_proposals(store, found, path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {cause_of(error)}") from error
    note(f"in {path}: {counted(len(found), 'proposal')}")
    for kind in KINDS:
        of_kind = [one for one in found if one.kind is kind]
        sums = [f"{amount:,.2f} {name}" for name, amount in sorted(savings_of(of_kind).items())]
        saving = f", {' and '.join(sums)} a month" if sums else ""
        note(f"{kind.name}: {len(of_kind)}{saving}")
    note_unread(read_errors, estate.each_deployment(store), all_errors=all_errors)
    return exits.PARTIAL if read_errors else exits.DONE
