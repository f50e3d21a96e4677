"""`mothball doctor`: sign-in, permissions and reachability, one line each with the mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from mothball import exits
from mothball.door import Door
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_rows

if TYPE_CHECKING:
    from collectors.checkup import Finding

FIELDS = ("source", "scope", "ok", "message", "mend")
BATCH = 50


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
    from collectors.checkup import look_at_all
    from collectors.identity import who_is

    operator = door.operator
    person = who_is(operator.sign_in(), operator.cloud)
    note(f"signed in as {person.name or person.object_id or 'unnamed'} at {operator.cloud.name}")
    with operator.reader() as reader:
        found = list(look_at_all(reader, operator.now()))
    write_rows([asdict(finding) for finding in (*found, *_cost(found))], FIELDS, form)
    return exits.DONE if all(finding.ok for finding in found) else exits.FAILED


def _cost(found: Sequence[Finding]) -> Iterator[Finding]:
    """How many requests a snapshot makes of each source, and which of them Azure bills."""
    from collectors.checkup import Finding

    graph = [finding for finding in found if finding.source == "Resource Graph" and finding.ok]
    deployments = sum(finding.count for finding in graph)
    batches = -(-deployments // BATCH) + 2 * sum(finding.source == "metrics" for finding in found)
    for scope, count, price in (
        ("Resource Graph", 2 + deployments // 1000, "free"),
        ("locks", len(graph), "free"),
        ("metrics", batches, "billed by Azure Monitor as batch queries"),
    ):
        text = f"a snapshot makes about {count} requests here: {price}"
        yield Finding("requests", scope, True, text, count=count)
