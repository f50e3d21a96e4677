"""`mothball doctor`: sign-in, permissions and reachability, one line each with the mend."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from mothball import exits
from mothball.door import Door
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collectors.checkup import Finding

FIELDS = ("source", "scope", "ok", "message", "mend")


@dataclass(frozen=True, slots=True)
class Cost:
    """How many requests a snapshot makes of a source, and whether Azure bills them."""

    deployments: int
    regions: int
    subscriptions: int

    def lines(self) -> Iterator[str]:
        """One sentence a source."""
        batches = -(-self.deployments // 50) + 2 * self.regions
        yield f"a snapshot asks Resource Graph about {1 + self.deployments // 1000} times (free)"
        yield f"locks {self.subscriptions} times (free)"
        yield f"metrics about {batches} times (batch metrics are billed by Azure Monitor)"


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
    write_rows([asdict(finding) for finding in found], FIELDS, form)
    if form == "table":
        for line in _cost(found).lines():
            click.echo(line)
    return exits.DONE if all(finding.ok for finding in found) else exits.FAILED


def _cost(found: list[Finding]) -> Cost:
    graph = [finding for finding in found if finding.source == "Resource Graph" and finding.ok]
    deployments = sum(int(finding.message.split()[0]) for finding in graph)
    regions = sum(finding.source == "metrics" for finding in found)
    return Cost(deployments, regions, len(graph))
