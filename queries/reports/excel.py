"""Tables as an Excel workbook: numbers, money and dates as such, fixed heads, fitting widths."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, cast

from queries.reports.sheets import as_text, write_whole

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

WIDEST, WIDEST_WRAPPED = 60, 36
# What is still to be written needs room, too.
NARROWEST_TO_FILL_IN = 12
LINE_HEIGHT, MOST_LINES = 15, 12
# Excel opens no sheet that has more links.
MOST_LINKS = 65_530
DAY, TIME, AMOUNT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0.00"
TO_FILL_IN, HEADING = "FFF6D5", "E3E8EE"
_CURRENCY = re.compile(r"[A-Z]{3}")
_LINK = "open"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as a sheet. The lines of `head` stand above the columns.

    Decimals are amounts, in the currency that the row has under `currency`. `wrapped` are columns
    of longer text, `links` of addresses. Under `choices` one of some words is to be chosen, under
    `days` a day to be written; both, and what else is `to_fill_in`, is coloured where the row has
    something under `asked`. On paper the columns end with `last_printed`.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    head: Sequence[str] = ()
    wrapped: Collection[str] = ()
    links: Collection[str] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    days: Collection[str] = ()
    to_fill_in: Collection[str] = ()
    asked: str | None = None
    last_printed: str | None = None

    @property
    def heading_line(self) -> int:
        """The line of the columns' names, the first being 1."""
        return len(self.head) + 1

    @property
    def last_line(self) -> int:
        """The line of the last row."""
        return self.heading_line + len(self.rows)


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the sheets in their order; the file is there whole or not at all."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.creator = "Mothball"
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book, book.create_sheet(sheet.title), sheet)
    held = io.BytesIO()
    book.save(held)
    write_whole(path, held.getvalue())


def _fill(book: Workbook, made: Worksheet, sheet: Sheet) -> None:
    links = MOST_LINKS
    styles: dict[str, Any] = {}
    for line, text in enumerate(sheet.head, start=1):
        _put(book, _at(made, line, 1), as_text(text), "head", styles)
    for place, name in enumerate(sheet.columns, start=1):
        _put(book, _at(made, sheet.heading_line, place), name, "heading", styles)
    for line, row in enumerate(sheet.rows, start=sheet.heading_line + 1):
        for place, name in enumerate(sheet.columns, start=1):
            cell, value = _at(made, line, place), cell_value(row.get(name))
            _put(book, cell, value, _style(sheet, row, name, value), styles)
            if name in sheet.links and value and links:
                links -= 1
                _link(made, cell, str(value))
    _lay_out(made, sheet)
    for name, words in sheet.choices.items():
        _offer(made, _cells(sheet, name), words)
    for name in sheet.days:
        _ask_day(made, _cells(sheet, name))


def _at(made: Worksheet, line: int, place: int) -> Cell:
    return cast("Cell", made.cell(line, place))  # none of them is merged


def cell_value(value: Any) -> Any:
    """A value as a cell: numbers and dates stay what they are, times are UTC, the rest is text."""
    if isinstance(value, str):
        return as_text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    return as_text(value)


def _put(book: Workbook, cell: Cell, value: Any, style: str, styles: dict[str, Any]) -> None:
    """Fill a cell; `styles` are those of cells before it, since to look one up takes longer."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula
    styled: Any = cell
    if style not in styles:
        if style not in book.named_styles:
            book.add_named_style(_made(style))
        cell.style = style
        styles[style] = styled._style
    styled._style = copy(styles[style])


def _style(sheet: Sheet, row: Mapping[str, Any], name: str, value: Any) -> str:
    """The name of a cell's style, which says what it is made of."""
    words = [_kind(row, value)]
    if name in sheet.wrapped:
        words.append("wrapped")
    if name in sheet.links and value:
        words.append("link")
    if name in sheet.days:
        words[0] = "day"
    is_to_fill_in = name in sheet.to_fill_in and (sheet.asked is None or row.get(sheet.asked))
    return " ".join([*words, "asked"] if is_to_fill_in else words)


def _kind(row: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, Decimal):
        currency = str(row.get("currency") or "")
        return f"money {currency}" if _CURRENCY.fullmatch(currency) else "money"
    if isinstance(value, datetime):
        return "time"
    return "day" if isinstance(value, date) else "plain"


def _made(name: str) -> Any:
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    words = name.split()
    style = NamedStyle(name)
    style.alignment = Alignment(
        vertical="top",
        wrap_text="wrapped" in words,
        horizontal="right" if words[0] == "money" else None,
        indent=1 if words[0] == "money" else 0,
    )
    if words[0] in ("head", "heading"):
        style.font = Font(bold=True)
    else:
        style.border = Border(bottom=Side("thin", color=HEADING))
    if words[0] == "heading":
        style.fill = PatternFill("solid", fgColor=HEADING)
    if "link" in words:
        style.font = Font(color="0563C1", underline="single")
    if "asked" in words:
        style.fill = PatternFill("solid", fgColor=TO_FILL_IN)
    style.number_format = {"money": AMOUNT, "time": TIME, "day": DAY}.get(words[0], "General")
    currency = next((word for word in words[1:] if _CURRENCY.fullmatch(word)), None)
    if currency is not None:
        style.number_format = f'{AMOUNT} "{currency}"'
    return style


def _link(made: Worksheet, cell: Cell, address: str) -> None:
    """Lead to an address; Excel keeps what stands after its # apart."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    target, _mark, place = address.partition("#")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, target=target, location=place or None)
    cell.value = _LINK


def _lay_out(made: Worksheet, sheet: Sheet) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    widths = {name: _width(sheet, name) for name in sheet.columns}
    for name, letter in _letters(sheet):
        made.column_dimensions[letter].width = widths[name]
    for line, row in enumerate(sheet.rows, start=sheet.heading_line + 1):
        lines = [_lines(row.get(name), widths[name]) for name in sheet.wrapped]
        made.row_dimensions[line].height = LINE_HEIGHT * min(max([1, *lines]), MOST_LINES)
    heading, last = sheet.heading_line, list(_letters(sheet))[-1][1]
    made.freeze_panes = f"B{heading + 1}"
    made.auto_filter.ref = f"A{heading}:{last}{sheet.last_line}"
    made.print_title_rows = f"{heading}:{heading}"
    made.print_area = (
        f"A1:{dict(_letters(sheet)).get(sheet.last_printed or '', last)}{sheet.last_line}"
    )
    made.page_setup.orientation = "landscape"
    made.page_setup.fitToHeight = 0
    made.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _letters(sheet: Sheet) -> Iterator[tuple[str, str]]:
    from openpyxl.utils import get_column_letter

    return ((name, get_column_letter(n)) for n, name in enumerate(sheet.columns, start=1))


def _width(sheet: Sheet, name: str) -> int:
    """As many characters as its longest line has, up to what is still easy to read."""
    is_link = name in sheet.links
    shown = [len(name)] + [
        len(line)
        for row in sheet.rows
        for line in (_LINK if is_link else _shown(row, row.get(name))).split("\n")
    ]
    widest = WIDEST_WRAPPED if name in sheet.wrapped else WIDEST
    if name in sheet.to_fill_in:
        shown.append(widest if name in sheet.wrapped else NARROWEST_TO_FILL_IN)
    return min(max(shown), widest) + 3  # the arrow of the filter


def _lines(value: Any, width: int) -> int:
    """How many lines a text takes; programs do not work it out when they open a file."""
    text = "" if value is None else str(cell_value(value))
    return sum(1 if len(line) <= width else len(wrap(line, width)) for line in text.split("\n"))


def _shown(row: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:,.2f} {row.get('currency') or ''}"
    if isinstance(value, datetime):
        return TIME
    return "" if value is None else str(cell_value(value))


def _cells(sheet: Sheet, name: str) -> str:
    letter = dict(_letters(sheet))[name]
    return (
        f"{letter}{sheet.heading_line + 1}:{letter}{max(sheet.last_line, sheet.heading_line + 1)}"
    )


def _offer(made: Worksheet, cells: str, words: Sequence[str]) -> None:
    """Let some cells be chosen from a drop-down list."""
    from openpyxl.worksheet.datavalidation import DataValidation

    listed = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    listed.error = f"Choose one of: {', '.join(words)}."
    listed.showErrorMessage = True
    made.add_data_validation(listed)
    listed.add(cells)


def _ask_day(made: Worksheet, cells: str) -> None:
    """Let some cells hold nothing but a day, so that no program keeps one as text."""
    from openpyxl.worksheet.datavalidation import DataValidation

    asked = DataValidation(
        type="date", operator="greaterThanOrEqual", formula1="TODAY()", allow_blank=True
    )
    asked.error = "Write a day that is not past, such as 2027-01-31."
    asked.showErrorMessage = True
    made.add_data_validation(asked)
    asked.add(cells)
