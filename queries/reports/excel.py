"""Tables as an Excel workbook: numbers, money and dates as such, fixed heads, fitting widths."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from queries.reports.book import Book, cell_value
from queries.reports.sheets import as_text, write_whole

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

WIDEST, WIDEST_WRAPPED = 60, 36
# What is still to be written needs room, too.
NARROWEST_TO_FILL_IN = 12
LINE_HEIGHT, MOST_LINES = 15, 12
# Excel opens no sheet that has more links.
MOST_LINKS = 65_530
# What it takes for the address of one.
MOST_OF_A_LINK = 2_079
DAY, TIME, AMOUNT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0.00"
TO_FILL_IN, HEADING = "#FFF6D5", "#E3E8EE"
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
    book = Book(_looks, {})
    for sheet in sheets:
        _fill(book, book.sheet(sheet.title), sheet)
    write_whole(path, book.content())


def _fill(book: Book, made: Worksheet, sheet: Sheet) -> None:
    links = MOST_LINKS
    widths = {name: _width(sheet, name) for name in sheet.columns}
    _lay_out(made, sheet, widths)
    for line, text in enumerate(sheet.head, start=1):
        book.put(made, line, 1, as_text(text), "head")
    for place, name in enumerate(sheet.columns, start=1):
        book.put(made, sheet.heading_line, place, name, "heading")
    for line, row in enumerate(sheet.rows, start=sheet.heading_line + 1):
        made.set_row(line - 1, _height(sheet, row, widths))
        for place, name in enumerate(sheet.columns, start=1):
            value = cell_value(row.get(name))
            style = _style(sheet, row, name, value)
            if name in sheet.links and value and links and _is_short(str(value)):
                links -= 1
                made.write_url(line - 1, place - 1, str(value), book.looks(style), _LINK)
            else:
                book.put(made, line, place, value, style)
    for name, words in sheet.choices.items():
        _offer(made, _cells(sheet, name), words)
    for name in sheet.days:
        _ask_day(made, _cells(sheet, name))


def _is_short(address: str) -> bool:
    """Whether Excel takes it for a link, whatever of it has to be escaped; else it is a text."""
    return len(quote(address)) <= MOST_OF_A_LINK


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


def _looks(name: str) -> dict[str, Any]:
    """The look of a style, by the words of its name."""
    words = name.split()
    looks: dict[str, Any] = {"valign": "top", "text_wrap": "wrapped" in words}
    if words[0] in ("head", "heading"):
        looks["bold"] = True
    else:
        looks |= {"bottom": 1, "bottom_color": HEADING}
    if words[0] == "heading":
        looks["bg_color"] = HEADING
    if words[0] == "money":
        looks |= {"align": "right", "indent": 1}
    if "link" in words:
        looks |= {"font_color": "#0563C1", "underline": 1}
    if "asked" in words:
        looks["bg_color"] = TO_FILL_IN
    looks["num_format"] = {"money": AMOUNT, "time": TIME, "day": DAY}.get(words[0], "General")
    currency = next((word for word in words[1:] if _CURRENCY.fullmatch(word)), None)
    if currency is not None:
        looks["num_format"] = f'{AMOUNT} "{currency}"'
    return looks


def _lay_out(made: Worksheet, sheet: Sheet, widths: Mapping[str, int]) -> None:
    """What is of the whole sheet; how many its rows are is known."""
    heading, columns = sheet.heading_line - 1, list(sheet.columns)
    for place, name in enumerate(columns):
        made.set_column(place, place, widths[name])
    last_line, last = sheet.last_line - 1, len(columns) - 1
    printed = columns.index(sheet.last_printed) if sheet.last_printed in columns else last
    made.freeze_panes(heading + 1, 1)
    made.autofilter(heading, 0, last_line, last)
    made.repeat_rows(heading)
    made.print_area(0, 0, last_line, printed)
    made.set_landscape()
    made.fit_to_pages(1, 0)


def _height(sheet: Sheet, row: Mapping[str, Any], widths: Mapping[str, int]) -> int:
    lines = [_lines(row.get(name), widths[name]) for name in sheet.wrapped]
    return LINE_HEIGHT * min(max([1, *lines]), MOST_LINES)


def _width(sheet: Sheet, name: str) -> int:
    """As many characters as its longest line has, up to what is still easy to read."""
    if name in sheet.links:
        shown = [len(name), len(_LINK)]
    else:
        shown = [len(name), *(_longest(_shown(row, row.get(name))) for row in sheet.rows)]
    widest = WIDEST_WRAPPED if name in sheet.wrapped else WIDEST
    if name in sheet.to_fill_in:
        shown.append(widest if name in sheet.wrapped else NARROWEST_TO_FILL_IN)
    return min(max(shown), widest) + 3  # the arrow of the filter


def _longest(text: str) -> int:
    return max(map(len, text.split("\n"))) if "\n" in text else len(text)


def _lines(value: Any, width: int) -> int:
    """How many lines a text takes; programs do not work it out when they open a file."""
    text = "" if value is None else str(cell_value(value))
    if len(text) <= width and "\n" not in text:
        return 1
    return sum(1 if len(line) <= width else len(wrap(line, width)) for line in text.split("\n"))


def _shown(row: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return f"{value:,.2f} {row.get('currency') or ''}"
    if isinstance(value, datetime):
        return TIME
    return "" if value is None else str(cell_value(value))


def _cells(sheet: Sheet, name: str) -> tuple[int, int, int, int]:
    """The first and the last cell of a column, one at least."""
    first, place = sheet.heading_line, list(sheet.columns).index(name)
    return first, place, max(sheet.last_line - 1, first), place


def _offer(made: Worksheet, cells: tuple[int, int, int, int], words: Sequence[str]) -> None:
    """Let some cells be chosen from a drop-down list."""
    message = f"Choose one of: {', '.join(words)}."
    made.data_validation(
        *cells, {"validate": "list", "source": list(words), "error_message": message}
    )


def _ask_day(made: Worksheet, cells: tuple[int, int, int, int]) -> None:
    """Let some cells hold nothing but a day, so that no program keeps one as text."""
    message = "Write a day that is not past, such as 2027-01-31."
    rule = {"validate": "date", "criteria": ">=", "value": "=TODAY()"}
    made.data_validation(*cells, {**rule, "error_message": message})
