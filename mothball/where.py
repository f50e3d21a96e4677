"""`--where FILTER`: the grammar of the interface on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from mothball import completion
from mothball.options import F
from mothball.output import note
from queries.estate.rows import DeploymentRow
from queries.filter import Filter, parsed


def where_option(function: F) -> F:
    """--where FILTER; the command gets a Filter or None, and a mistake ends it before it runs."""
    return click.option(
        "--where",
        metavar="FILTER",
        shell_complete=completion.filters,
        callback=lambda _ctx, _parameter, text: None if text is None else parsed(text),
        help="Only what the filter shows, as in the interface: 'idle>30d cost>1000 !owner:ada'.",
    )(function)


def sifted(rows: Iterable[DeploymentRow], where: Filter | None) -> Iterator[DeploymentRow]:
    """The rows that show; at the end says on standard error how many are hidden as unknown."""
    if where is None:
        yield from rows
        return
    test, unknown = where.test(), 0
    for row in rows:
        answer = test(row)
        unknown += answer is None
        if answer:
            yield row
    if unknown:
        note(f"{unknown} hidden because unknown: --where compares what is not known of them")
