"""A review as an Excel workbook: a sheet a question, with numbers and dates to reckon with."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from queries.reports.review import Review
from queries.reports.sections import NUMERIC, Cell, Column, Section
from queries.text.cells import as_cell, printable

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.styles import Alignment
    from openpyxl.worksheet.worksheet import Worksheet

# The question stands in the first row, what must be known beside it in the second.
HEAD = 3
NARROWEST, WIDEST = 9, 60
FONT, LINE_HEIGHT = "Calibri", 15.0
# How many letters of a text fit into the width of a digit.
LETTERS_A_DIGIT = 1.1
# The highest row that the format allows holds no more.
MOST_LINES = 27
FORMATS = {"money": "#,##0.00", "price": "#,##0.0000", "count": "#,##0", "percent": '0.0" %"'}
DAY_FORMAT, MOMENT_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) UTC")
HEAD_COLOUR, TOTAL_COLOUR, FAINT = "FFDDE3EA", "FFF1F4F7", "FF57606A"


def as_workbook(review: Review, standing: str) -> bytes:
    """The workbook as a file; `standing` says of which days it is, and as of when."""
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    book.properties.title = f"Review of {review.quarter.name}"
    book.properties.creator = "Mothball"
    for part in review.sections:
        sheet = book.create_sheet(part.name.replace("_", " "))
        is_first = part.name == "headline"
        question = f"Review of {review.quarter.name}" if is_first else part.question
        note = " ".join(text for text in (standing if is_first else "", part.note) if text)
        _fill(sheet, part, question, note)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _fill(sheet: Worksheet, part: Section, question: str, note: str) -> None:
    _title(sheet, question, note if part.rows else " ".join(filter(None, (note, part.empty))))
    if not part.rows:
        return
    lines = [
        [_cell(sheet, line, place) for place in range(1, len(part.columns) + 1)]
        for line in range(HEAD, HEAD + 1 + len(part.rows))
    ]
    for place, column in enumerate(part.columns):
        _head(lines[0][place], column)
        below = [line[place] for line in lines[1:]]
        for cell, row in zip(below, part.rows, strict=True):
            _write(cell, row[place], column)
        sheet.column_dimensions[lines[0][place].column_letter].width = _width(column, below)
    for number, cells in enumerate(lines, start=HEAD):
        sheet.row_dimensions[number].height = LINE_HEIGHT * _lines(sheet, cells)
    for total in part.totals:
        _mark(lines[1 + total])
    last = lines[0][-1].column_letter
    sheet.auto_filter.ref = f"A{HEAD}:{last}{HEAD + _filtered(part)}"
    sheet.freeze_panes = f"B{HEAD + 1}"


def _title(sheet: Worksheet, question: str, note: str) -> None:
    """The question, what must be known beside it, and how the sheet is printed."""
    from openpyxl.styles import Font
    from openpyxl.worksheet.properties import PageSetupProperties

    for line, text in ((1, question), (2, note)):
        _text(_cell(sheet, line, 1), text)
    sheet["A1"].font = Font(name=FONT, bold=True, size=14)
    sheet["A2"].font = Font(name=FONT, italic=True, color=FAINT)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{HEAD}"


def _cell(sheet: Worksheet, line: int, place: int) -> SheetCell:
    from openpyxl.cell import Cell as OwnCell

    cell = sheet.cell(line, place)
    assert isinstance(cell, OwnCell)
    return cell


def _filtered(part: Section) -> int:
    """How many rows a filter is of: sums below the others stay where they are."""
    count = len(part.rows)
    while count - 1 in part.totals:
        count -= 1
    return max(count, 1)


def _head(cell: SheetCell, column: Column) -> None:
    from openpyxl.styles import Font, PatternFill

    _text(cell, f"{column.title} (UTC)" if column.kind == "day" else column.title)
    cell.font = Font(name=FONT, bold=True)
    cell.fill = PatternFill("solid", fgColor=HEAD_COLOUR)
    cell.alignment = _aligned(column, "bottom", wraps=True)


def _write(cell: SheetCell, value: Cell, column: Column) -> None:
    """A number or a date as such; what is not known as the column says it, never as 0."""
    found, form = _value(value, column)
    if isinstance(found, str):
        _text(cell, found)
    else:
        cell.value = found
        cell.number_format = form
    cell.alignment = _aligned(column, "top", wraps=column.kind == "text")


def _aligned(column: Column, height: Literal["top", "bottom"], *, wraps: bool) -> Alignment:
    """Numbers to the right; the rest to the left, with room after the number before it."""
    from openpyxl.styles import Alignment

    if column.kind in NUMERIC:
        return Alignment(horizontal="right", vertical=height, wrap_text=wraps)
    return Alignment(horizontal="left", vertical=height, wrap_text=wraps, indent=1)


def _value(value: Cell, column: Column) -> tuple[Any, str]:
    """What the cell holds, and how it is shown."""
    if value is None:
        return column.absent, ""
    if value == "" or column.kind in ("text", "word"):
        return str(value), ""
    if column.kind == "day":
        return _moment(str(value))
    number = Decimal(str(value)) if column.kind in ("money", "price") else value
    return number, FORMATS[column.kind]


def _moment(text: str) -> tuple[date | datetime | str, str]:
    """A day or a time of UTC, which a workbook keeps without its zone; or the text as it is."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text), DAY_FORMAT
        if found := _MOMENT.fullmatch(text):
            return datetime.fromisoformat(found[1]), MOMENT_FORMAT
    except ValueError:
        pass
    return text, ""


def _text(cell: SheetCell, text: str) -> None:
    if not text:
        return
    cell.value = as_cell(text)
    cell.data_type = "s"


def _width(column: Column, cells: Iterable[SheetCell]) -> float:
    """As wide as its longest line, within bounds; longer texts wrap."""
    longest = max((len(_seen(cell)) for cell in cells), default=0)
    # A head wraps between its words, and has the button of the filter beside it.
    head = max(len(word) for word in f"{column.title} UTC".split()) + 3
    return min(max(longest + 3, head, NARROWEST), WIDEST)


def _lines(sheet: Worksheet, cells: Iterable[SheetCell]) -> int:
    """How many lines the longest text of a row wraps to: not every program works it out."""
    wrapped = [cell for cell in cells if cell.alignment.wrap_text]
    lines = [_wrapped(_seen(c), sheet.column_dimensions[c.column_letter].width) for c in wrapped]
    return min(max(lines, default=1), MOST_LINES)


def _wrapped(text: str, width: float) -> int:
    fitting = int(width * LETTERS_A_DIGIT)
    return sum(max(1, -(-(len(line) + 2) // fitting)) for line in text.split("\n"))


def _seen(cell: SheetCell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, Decimal | float):
        return f"{value:,.4f}" if cell.number_format == FORMATS["price"] else f"{value:,.2f}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return printable(str(value))


def _mark(cells: Iterable[SheetCell]) -> None:
    """A row that sums up others."""
    from openpyxl.styles import Font, PatternFill

    for cell in cells:
        cell.font = Font(name=FONT, bold=True)
        cell.fill = PatternFill("solid", fgColor=TOTAL_COLOUR)
