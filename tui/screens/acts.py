"""What a place of deployments can do to them: each action opens its dialog on the targets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui.screens.place import Place
from tui.untrusted import harmless

if TYPE_CHECKING:
    from datetime import datetime

    from queries.reports.shown import Shown
    from queries.rows import DeploymentRow
    from tui.columns import Column


class Acts(Place):
    """A place with targets. Dialogs are loaded when they are first opened."""

    @property
    def targets(self) -> list[DeploymentRow]:
        """What an action takes: the marked rows, hidden ones too, else the one under the cursor."""
        raise NotImplementedError

    @property
    def hidden_keys(self) -> frozenset[str]:
        """The keys of marked rows that the filter hides."""
        raise NotImplementedError

    @property
    def filter_text(self) -> str:
        """The filter as it was typed; empty where there is none."""
        raise NotImplementedError

    def do_export(self) -> None:
        """Open the dialog that writes what is shown to a file."""
        from tui.screens.exporting import Exporting

        grid, estate = self.grid_of(), self.app.estate
        rows = tuple(grid.shown)
        make = partial(
            _shown,
            rows,
            grid.columns,
            filter_text=self.filter_text,
            total=grid.total,
            as_of=None if estate is None else estate.as_of,
        )
        self.app.push_screen(Exporting("deployments", len(rows), make))

    def do_copy_row(self) -> None:
        """Copy the row under the cursor, a cell for each column that is shown, and show it."""
        row = self.grid_of().current
        if row is not None:
            text = "\t".join(column.text(row) for column in self.grid_of().columns)
            self.app.copy_to_clipboard(text)
            self.app.notify(harmless(text), title="copied", markup=False)

    def do_tag(self) -> None:
        """Open the tag dialog."""
        from tui.screens.tagging import Tagging

        self.app.push_screen(Tagging(self.targets, self.hidden_keys))

    def do_retire(self) -> None:
        """Open the retire dialog."""
        from tui.screens.retiring import Retiring

        self.app.push_screen(Retiring(self.targets, self.hidden_keys))

    def do_extend(self) -> None:
        """Open the extend dialog."""
        from tui.screens.extending import Extending

        self.app.push_screen(Extending(self.targets, self.hidden_keys))

    def do_delete(self) -> None:
        """Open the plan of a deletion; it tells which deployments are gone."""
        from tui.screens.deletion import Deletion

        self.app.push_screen(Deletion(self.targets, self.hidden_keys), self._drop_deleted)

    def _drop_deleted(self, keys: frozenset[str] | None) -> None:
        if keys and self.app.estate is not None:
            self.app.estate = self.app.estate.without(keys)
            text = f"{len(keys)} deleted; r takes a fresh snapshot"
            self.app.notify(text, markup=False)


def _shown(
    rows: Sequence[DeploymentRow],
    columns: Sequence[Column[DeploymentRow]],
    *,
    filter_text: str,
    total: int,
    as_of: datetime | None,
) -> Shown:
    from queries.deployment_fields import FIELDS, as_fields
    from queries.reports.shown import Shown

    return Shown(
        what="deployments",
        filter=filter_text,
        total=total,
        as_of=as_of,
        names=FIELDS,
        records=list(map(as_fields, rows)),
        titles=[column.title for column in columns],
        lines=[[column.text(row) for column in columns] for row in rows],
    )
