"""What a person takes out of a table as a file: all that is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from queries.reports.shown import Shown
    from tui.grid.columns import Column
    from tui.places.place import Place

ProgramFields = tuple[Sequence[str], Callable[[Any], Mapping[str, Any]]]
"""The names of a row's fields, and the function that gives a row by them."""


class TableExport:
    """Of the table of a place whose rows are called `what`, filtered as `filter_text` says."""

    def __init__(self, place: Place, what: str, filter_text: Callable[[], str]) -> None:
        """Nothing is asked of the place yet."""
        self._place, self._what, self._filter_text = place, what, filter_text

    def to_file(self, fields: ProgramFields | None) -> None:
        """Open the dialog that writes what is shown to a file; its records have these fields."""
        from tui.dialogs.exporting import Exporting

        app, scope = self._place.app, self._place.address.scope
        grid = self._place.grid_of()
        rows = tuple(grid.shown)
        make = partial(
            _shown,
            rows,
            grid.columns,
            fields,
            what=self._what,
            filter_text=self._filter_text(),
            scope=None if scope is None else scope.title,
            total=grid.total,
            as_of=None if app.estate is None else app.estate.as_of,
        )
        app.push_screen(Exporting(self._what, len(rows), make))


def _shown(
    rows: Sequence[Any],
    columns: Sequence[Column[Any]],
    fields: ProgramFields | None,
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
