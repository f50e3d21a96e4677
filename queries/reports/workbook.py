"""A review as an Excel workbook: a sheet a question, with numbers and dates to reckon with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from queries.reports.book import Book
from queries.reports.review import Review
from queries.reports.sections import NUMERIC, Cell, Column, Section
from queries.text.cells import as_cell, printable

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

# The question stands in the first row, what must be known beside it in the second.
HEAD = 3
NARROWEST, WIDEST = 9, 60
LINE_HEIGHT = 15.0
# How many letters of a text fit into the width of a digit.
LETTERS_A_DIGIT = 1.1
# The highest row that the format allows holds no more.
MOST_LINES = 27
FORMATS = {"money": "#,##0.00", "price": "#,##0.0000", "count": "#,##0", "percent": '0.0" %"'}
DAY_FORMAT, MOMENT_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) UTC")
HEAD_COLOUR, TOTAL_COLOUR, FAINT = "#DDE3EA", "#F1F4F7", "#57606A"
A4 = 9


@dataclass(frozen=True, slots=True)
class _Filled:
    """What a cell holds, and the words of how it looks: its column's kind, then its shape."""

    value: Any
    kind: str
    shape: str = "text"

    @property
    def seen(self) -> str:
        """The text that it takes room for."""
        if self.value is None:
            return ""
        if isinstance(self.value, Decimal | float):
            return f"{self.value:,.4f}" if self.kind == "price" else f"{self.value:,.2f}"
        if isinstance(self.value, datetime):
            return self.value.strftime("%Y-%m-%d %H:%M")
        return printable(str(self.value))


def as_workbook(review: Review, standing: str) -> bytes:
    """The workbook as a file; `standing` says of which days it is, and as of when."""
    book = Book(_looks, {"title": f"Review of {review.quarter.name}"})
    for part in review.sections:
        is_first = part.name == "headline"
        question = f"Review of {review.quarter.name}" if is_first else part.question
        note = " ".join(text for text in (standing if is_first else "", part.note) if text)
        _fill(book, book.sheet(part.name.replace("_", " ")), part, question, note)
    return book.content()


def _fill(book: Book, sheet: Worksheet, part: Section, question: str, note: str) -> None:
    empty = "" if part.rows else part.empty
    _lay_out(sheet)
    book.put(sheet, 1, 1, _text(question), "title")
    book.put(sheet, 2, 1, _text(" ".join(filter(None, (note, empty)))), "note")
    if not part.rows:
        return
    columns = part.columns
    rows = [
        [_filled(value, column) for value, column in zip(row, columns, strict=True)]
        for row in part.rows
    ]
    widths = [_width(column, (row[n] for row in rows)) for n, column in enumerate(columns)]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    _put(book, sheet, HEAD, [_head(column) for column in columns], widths)
    for number, row in enumerate(rows):
        _put(book, sheet, HEAD + 1 + number, row, widths, is_total=number in part.totals)
    sheet.autofilter(HEAD - 1, 0, HEAD - 1 + _filtered(part), len(columns) - 1)
    sheet.freeze_panes(HEAD, 1)


def _lay_out(sheet: Worksheet) -> None:
    """How the sheet is printed."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEAD - 1)


def _put(
    book: Book,
    sheet: Worksheet,
    line: int,
    cells: Sequence[_Filled],
    widths: Sequence[float],
    *,
    is_total: bool = False,
) -> None:
    """One line, as high as its longest text."""
    sheet.set_row(line - 1, LINE_HEIGHT * _lines(cells, widths))
    for place, cell in enumerate(cells, start=1):
        style = f"{cell.kind} {cell.shape}" + (" total" if is_total else "")
        book.put(sheet, line, place, cell.value, style)


def _filtered(part: Section) -> int:
    """How many rows a filter is of: sums below the others stay where they are."""
    count = len(part.rows)
    while count - 1 in part.totals:
        count -= 1
    return max(count, 1)


def _head(column: Column) -> _Filled:
    title = f"{column.title} (UTC)" if column.kind == "day" else column.title
    return _Filled(_text(title), column.kind, "head")


def _looks(name: str) -> dict[str, Any]:
    """The look of a style: numbers to the right, the rest to the left with room before it."""
    if name == "title":
        return {"bold": True, "font_size": 14}
    if name == "note":
        return {"italic": True, "font_color": FAINT}
    kind, shape, *more = name.split()
    is_head = shape == "head"
    looks: dict[str, Any] = (
        {"align": "right"} if kind in NUMERIC else {"align": "left", "indent": 1}
    )
    looks |= {"valign": "bottom" if is_head else "top", "text_wrap": is_head or kind == "text"}
    looks["num_format"] = {
        "number": FORMATS.get(kind, "General"),
        "day": DAY_FORMAT,
        "moment": MOMENT_FORMAT,
    }.get(shape, "General")
    if is_head or more:
        looks |= {"bold": True, "bg_color": HEAD_COLOUR if is_head else TOTAL_COLOUR}
    return looks


def _filled(value: Cell, column: Column) -> _Filled:
    """A number or a date as such; what is not known as the column says it, never as 0."""
    kind = column.kind
    if value is None:
        return _Filled(_text(column.absent), kind)
    if value == "" or kind in ("text", "word"):
        return _Filled(_text(str(value)), kind)
    if kind == "day":
        return _moment(str(value))
    number = Decimal(str(value)) if kind in ("money", "price") else value
    return _Filled(_text(number) if isinstance(number, str) else number, kind, "number")


def _moment(text: str) -> _Filled:
    """A day or a time of UTC, which a workbook keeps without its zone; or the text as it is."""
    try:
        if _DAY.fullmatch(text):
            return _Filled(date.fromisoformat(text), "day", "day")
        if found := _MOMENT.fullmatch(text):
            return _Filled(datetime.fromisoformat(found[1]), "day", "moment")
    except ValueError:
        pass
    return _Filled(_text(text), "day")


def _text(text: str) -> str | None:
    return as_cell(text) if text else None


def _width(column: Column, cells: Iterable[_Filled]) -> float:
    """As wide as its longest line, within bounds; longer texts wrap."""
    longest = max((len(cell.seen) for cell in cells), default=0)
    # A head wraps between its words, and has the button of the filter beside it.
    head = max(len(word) for word in f"{column.title} UTC".split()) + 3
    return min(max(longest + 3, head, NARROWEST), WIDEST)


def _lines(cells: Sequence[_Filled], widths: Sequence[float]) -> int:
    """How many lines the longest text of a row wraps to: not every program works it out."""
    lines = [
        _wrapped(cell.seen, width)
        for cell, width in zip(cells, widths, strict=True)
        if cell.shape == "head" or cell.kind == "text"
    ]
    return min(max(lines, default=1), MOST_LINES)


def _wrapped(text: str, width: float) -> int:
    fitting = int(width * LETTERS_A_DIGIT)
    return sum(max(1, -(-(len(line) + 2) // fitting)) for line in text.split("\n"))
