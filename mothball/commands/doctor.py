"""`mothball doctor`: sign-in, permissions and reachability, one line each with the fix."""

from __future__ import annotations

from dataclasses import asdict

import click

from mothball import exits
from mothball.context import AppContext
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_rows

FIELDS = ("source", "scope", "state", "ok", "message", "fix")
FACT = "fact"


@click.command("doctor")
@click.option(
    "--facts",
    "compare_facts",
    is_flag=True,
    help="Compare what is taken for granted.",
)
@format_option
@shared_options()
@click.pass_obj
def command(context: AppContext, compare_facts: bool, form: Format) -> int:
    """Check the sign-in and each source, and say how to fix what does not answer.

    Then the facts of Azure that verdicts rest on, each confirmed, contradicted or not testable on
    this tenant; --facts compares them anew, in 200 requests at most, and keeps them in the store.
    Nothing is written to Azure. Exits with 1 where something does not answer.

    \b
    Examples:
      mothball doctor
      mothball doctor --facts
      mothball doctor --cloud contoso.toml
    """
    from actions.doctor import check_up

    found = list(check_up(context.session, compare_facts=compare_facts))
    rows = [asdict(finding) | {"ok": finding.ok} for finding in found]
    if not write_rows(rows, FIELDS, form, first_to_go=("ok",)):
        for finding in found:
            if finding.ok is False:
                line = f"{finding.source} {finding.scope}: {finding.message}"
                note(f"{line}: {finding.fix}" if finding.fix else line)
    asked = [finding for finding in found if finding.source != FACT]
    return exits.DONE if all(finding.ok is not False for finding in asked) else exits.FAILED
