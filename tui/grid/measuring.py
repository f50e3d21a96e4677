"""How long what a column says is: of few rows all of it, of many a sample and what was in sight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic

from rich.cells import cell_len

from tui.grid.columns import Column, Row

# As many are looked at when rows come; a column grows when longer ones come into sight.
SAMPLE = 400


class Contents(Generic[Row]):
    """The longest of each column among some rows, in cells; asked of a column when it is shown."""

    def __init__(self) -> None:
        """No rows."""
        self._rows: Sequence[Row] = ()
        self._longest: dict[str, int] = {}

    def replace(self, rows: Sequence[Row]) -> None:
        """Other rows; nothing is measured yet."""
        self._rows, self._longest = rows, {}

    def of(self, columns: Iterable[Column[Row]]) -> dict[str, int]:
        """The longest of each of these columns, where there are any rows."""
        if not self._rows:
            return {}
        return {column.id: self._of(column) for column in columns}

    def see(self, rows: Iterable[Row], columns: Sequence[Column[Row]]) -> bool:
        """Look at rows that came into sight; whether any is longer than all before."""
        if len(self._rows) <= SAMPLE:
            return False
        is_longer = False
        whole = [column for column in columns if column.is_whole and not column.is_fixed]
        for row in rows:
            for column in whole:
                length = cell_len(column.text(row))
                if length > self._of(column):
                    self._longest[column.id], is_longer = length, True
        return is_longer

    def _of(self, column: Column[Row]) -> int:
        if column.is_fixed:
            return column.width
        if column.id not in self._longest:
            step = max(len(self._rows) // SAMPLE, 1)
            sample = (self._rows[place] for place in range(0, len(self._rows), step))
            self._longest[column.id] = max(cell_len(column.text(row)) for row in sample)
        return self._longest[column.id]
