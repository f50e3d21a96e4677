"""`mothball doctor`: sign-in, permissions and reachability, one line each with the fix."""

from __future__ import annotations

from dataclasses import asdict

import click

from mothball import exits
from mothball.context import AppContext
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_rows

FIELDS = ("source", "scope", "ok", "message", "fix")


@click.command("doctor")
@format_option
@shared_options()
@click.pass_obj
def command(context: AppContext, form: Format) -> int:
    """Check the sign-in and each source, and say how to fix what does not answer.

    Nothing is written. Exits with 1 where something does not answer.

    \b
    Examples:
      mothball doctor
      mothball doctor --cloud contoso.toml
    """
    from actions.doctor import check_up

    found = list(check_up(context.session))
    if not write_rows([asdict(finding) for finding in found], FIELDS, form):
        for finding in found:
            if not finding.ok:
                line = f"{finding.source} {finding.scope}: {finding.message}"
                note(f"{line}: {finding.fix}" if finding.fix else line)
    return exits.DONE if all(finding.ok for finding in found) else exits.FAILED
