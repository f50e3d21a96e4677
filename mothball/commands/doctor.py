"""`mothball doctor`: sign-in, permissions and reachability, one line each with the mend."""

from __future__ import annotations

from dataclasses import asdict

import click

from mothball import exits
from mothball.door import Door
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_rows

FIELDS = ("source", "scope", "ok", "message", "mend")


@click.command("doctor")
@format_option
@shared_options()
@click.pass_obj
def command(door: Door, form: Format) -> int:
    """Check the sign-in and each source, and say how to mend what does not answer.

    Nothing is written. Exits with 1 where something does not answer.

    \b
    Examples:
      mothball doctor
      mothball doctor --cloud contoso.toml
    """
    from actions.doctor import check_up

    found = list(check_up(door.operator))
    if not write_rows([asdict(finding) for finding in found], FIELDS, form):
        for finding in found:
            if not finding.ok:
                line = f"{finding.source} {finding.scope}: {finding.message}"
                note(f"{line}: {finding.mend}" if finding.mend else line)
    return exits.DONE if all(finding.ok for finding in found) else exits.FAILED
