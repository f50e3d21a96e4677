"""What a person takes out of a table: a row on the clipboard, all that is shown as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from tui.places.place import Place

if TYPE_CHECKING:
    from datetime import datetime

    from queries.reports.shown import Shown
    from tui.grid.columns import Column


class Taking(Place):
    """A place with a table. Its records are the cells, unless it has fields for programs."""

    noun: ClassVar[str]

    @property
    def filter_text(self) -> str:
        """The filter as it was typed; empty where there is none."""
        raise NotImplementedError

    def fields_for_programs(self) -> tuple[Sequence[str], Any] | None:
        """Names, and the function that gives a row by them; None: the cells are all there is."""
        return None

    def do_export(self) -> None:
        """Open the dialog that writes what is shown to a file."""
        from tui.dialogs.exporting import Exporting

        grid, estate = self.grid_of(), self.app.estate
        rows, what = tuple(grid.shown), f"{self.noun}s"
        make = partial(
            _shown,
            rows,
            grid.columns,
            self.fields_for_programs(),
            what=what,
            filter_text=self.filter_text,
            scope=None if self.address.scope is None else self.address.scope.title,
            total=grid.total,
            as_of=None if estate is None else estate.as_of,
        )
        self.app.push_screen(Exporting(what, len(rows), make))

    def do_copy_row(self) -> None:
        """Copy the row under the cursor, a cell for each column that is shown, and show it."""
        row = self.grid_of().current
        if row is None:
            self.app.notify("no row is under the cursor", markup=False)
            return
        cells = [column.text(row) for column in self.grid_of().columns]
        self.app.copy_to_clipboard("\t".join(cells))
        self.app.notify("  ".join(cells), title="copied", markup=False)


def _shown(
    rows: Sequence[Any],
    columns: Sequence[Column[Any]],
    fields: tuple[Sequence[str], Any] | None,
    *,
    what: str,
    filter_text: str,
    scope: str | None,
    total: int,
    as_of: datetime | None,
) -> Shown:
    from queries.reports.shown import Shown

    names, as_record = fields or ([c.id for c in columns], partial(_cells, columns=columns))
    return Shown(
        what=what,
        filter=filter_text,
        scope=scope,
        total=total,
        as_of=as_of,
        names=names,
        records=list(map(as_record, rows)),
        titles=[column.title for column in columns],
        lines=[[column.text(row) for column in columns] for row in rows],
    )


def _cells(row: Any, columns: Sequence[Column[Any]]) -> Mapping[str, str | None]:
    return {column.id: column.show(row) for column in columns}
