"""The table that `mothball list` prints for people, and the line below it that counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from mothball.output import WIDE, Layout, write_table
from mothball.picking import Picked
from queries.estate.rows import DeploymentRow
from queries.money.waste import ServingNobody, Waste


class Counted:
    """Lets the deployments of a list go by and counts them: all that there are, and the shown."""

    def __init__(self) -> None:
        """None went by yet."""
        self.total = self.shown = 0
        self.verdicts: set[str] = set()
        self.has_money = False
        self._waste = Waste()

    def all(self, rows: Iterable[DeploymentRow]) -> Iterator[DeploymentRow]:
        """Those that there are."""
        for row in rows:
            self.total += 1
            yield row

    def of(self, rows: Iterable[DeploymentRow]) -> Iterator[DeploymentRow]:
        """Those that are shown."""
        for row in rows:
            self.shown += 1
            self.verdicts.add(row.verdict)
            self.has_money = self.has_money or row.currency is not None
            self._waste.add(row)
            yield row

    @property
    def sentence(self) -> str:
        """What the shown ones come to."""
        noun = "deployments" if self.shown == self.total else "deployments shown"
        return summed_up(self._waste.found, noun)


def print_list(
    rows: Iterable[DeploymentRow], counted: Counted, picked: Picked | None = None
) -> None:
    """The table of these deployments, and what they come to once all went by."""
    from mothball import list_columns

    picked = picked or Picked()
    words = picked.columns or (list_columns.wide() if picked.is_wide else list_columns.FOR_PEOPLE)
    columns = {column.name: column for column in map(list_columns.column_named, words)}
    layout = Layout(
        list_columns.FIRST_TO_GO,
        WIDE,
        picked.is_wide,
        titles={column.name: column.title for column in columns.values()},
        rights={column.name: column.is_right for column in columns.values()},
    )
    shows = [(name, column.show) for name, column in columns.items()]
    lines = ({name: show(row) for name, show in shows} for row in rows)
    write_table(lines, list(columns), layout)
    click.echo(f"\n{counted.sentence}")


def summed_up(found: ServingNobody, noun: str = "deployments") -> str:
    """`3 of 12 deployments serve nobody: 840 EUR and ~20 USD a month, 1 without a price`."""
    head = f"{found.deployments:,} of {found.total:,} {noun} serve nobody"
    amounts = [
        f"{'' if amount.is_billed else '~'}{amount.value:,.0f} {amount.currency}"
        for amount in found.per_month
    ]
    parts = [f"{' and '.join(amounts)} a month"] if amounts else []
    if found.without_price:
        parts.append(f"{found.without_price:,} without a price")
    if found.unwritable:
        parts.append(f"{found.unwritable:,} in a subscription in which Azure takes no write")
    return f"{head}: {', '.join(parts)}" if parts else head
