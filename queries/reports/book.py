"""A workbook of Excel that is written row by row; no cell of it is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

from queries.reports.sheets import as_text

# What a cell holds of a text at most, and the first year of which Excel knows the days.
MOST_LETTERS, FIRST_YEAR = 32_767, 1901


class Book:
    """Sheets in their order, each filled from its first line to its last.

    `format_of` says how a cell of a named style looks, in the words of XlsxWriter.
    """

    def __init__(
        self, format_of: Callable[[str], Mapping[str, Any]], properties: Mapping[str, str]
    ) -> None:
        """Nothing is in it yet."""
        from xlsxwriter import Workbook

        self._held = io.BytesIO()
        settings = {"strings_to_formulas": False, "strings_to_urls": False}
        self._book = Workbook(self._held, {**settings, "constant_memory": True})
        self._book.set_properties({"author": "Mothball", **properties})
        self._format_of = format_of
        self._formats: dict[str, Format] = {}

    def sheet(self, title: str) -> Worksheet:
        """A sheet more."""
        return self._book.add_worksheet(title)

    def put(self, sheet: Worksheet, line: int, place: int, value: Any, style: str = "") -> None:
        """Fill a cell, both counted from 1, with what `cell_value` gave."""
        where, looks = (line - 1, place - 1), self.looks(style)
        if isinstance(value, str):
            sheet.write_string(*where, value[:MOST_LETTERS], looks)
        elif value is None:
            sheet.write_blank(*where, None, looks)
        elif isinstance(value, bool):
            sheet.write_boolean(*where, value, looks)
        elif isinstance(value, date):
            sheet.write_datetime(*where, value, looks)
        else:
            sheet.write_number(*where, float(value), looks)

    def looks(self, style: str) -> Format:
        """The format of a style; the same one for the same name."""
        if style not in self._formats:
            self._formats[style] = self._book.add_format(dict(self._format_of(style)))
        return self._formats[style]

    def content(self) -> bytes:
        """The file; nothing can be added after it."""
        self._book.close()
        return self._held.getvalue()


def cell_value(value: Any) -> Any:
    """A value as a cell: numbers and dates stay what they are, times are UTC, the rest is text."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return value if value.year >= FIRST_YEAR else as_text(value)
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    return as_text(value)
