"""`mothball report digest`: a short Markdown message for a chat."""

from __future__ import annotations

import click

from mothball import exits
from mothball.context import AppContext
from mothball.options import shared_options
from mothball.unread import errors_option, note_unread


@click.command("digest")
@click.option("--top", "most", default=5, show_default=True, type=click.IntRange(0), metavar="N",
              help="How many deployments are named.")  # fmt: skip
@errors_option
@shared_options()
@click.pass_obj
def command(context: AppContext, most: int, all_errors: bool) -> int:
    """Write a short message as Markdown: what serves nobody, what changed, what is unknown.

    \b
    Examples:
      mothball report digest
      mothball report digest --top 10 > message.md
    """
    from queries.estate import questions as estate
    from queries.estate.packed_questions import current_rows
    from queries.reports.diff import changes
    from queries.reports.digest import digest

    rows, read_errors = current_rows(context.store), estate.current_read_errors(context.store)
    whole = [s for s in estate.snapshots(context.store) if s.status in ("complete", "partial")]
    since = (
        changes(context.store, whole[1].snapshot_id, whole[0].snapshot_id) if len(whole) > 1 else []
    )
    click.echo(digest(rows, read_errors, since, context.now().date(), most), nl=False)
    note_unread(read_errors, rows, all_errors=all_errors)
    return exits.PARTIAL if read_errors else exits.DONE
