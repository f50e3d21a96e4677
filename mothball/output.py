"""Rows on standard output: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import math
import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any, Literal

import click

from mothball.lines import as_csv, as_json, parted
from mothball.table import Cells, column_of, laid_out
from queries.text.cells import CENT, printable
from queries.text.json_text import json_text
from queries.text.untrusted import UNKNOWN

Format = Literal["table", "json", "csv"]
MOST_LISTED = 6
# Of what is written: so many characters in memory, and so many lines of a table at once.
MOST_IN_MEMORY, LINES_AT_ONCE = 8_000_000, 500
AMOUNT = re.compile(r"~?[\d,.]+ (%|[A-Z]{3})")
WIDEN, WIDE = "widen the terminal", "--wide shows all"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table lies in a terminal that is too narrow for it.

    Columns go, `first_to_go` first, unless it `is_whole`; `more` says how they come back. `titles`
    are those of columns that are not headed by their names, `rights` the columns whose texts stand
    at the right: True, False, or by what they hold.
    """

    first_to_go: Sequence[str] = ()
    more: str = WIDEN
    is_whole: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)
    rights: Mapping[str, bool] = field(default_factory=dict)


def write_rows(
    rows: Iterable[Mapping[str, Any]],
    names: Sequence[str],
    form: Format,
    first_to_go: Sequence[str] = (),
) -> bool:
    """Write rows with these columns; the table shows unknown as a dash. Whether all is shown.

    All rows are taken before the first is written, so that rows which come from the store let go
    of it, however slowly somebody reads what is written; what is large waits on disk meanwhile.
    In a terminal that is too narrow for the table, columns go: `first_to_go` first.
    """
    if form == "table":
        return write_table(rows, names, Layout(first_to_go))
    from tempfile import SpooledTemporaryFile

    written = as_json(rows, names) if form == "json" else as_csv(rows, names)
    with SpooledTemporaryFile(
        MOST_IN_MEMORY, "w+", encoding="utf-8", errors="surrogatepass", newline=""
    ) as text:
        for piece in written:
            text.write(piece)
        text.seek(0)
        shutil.copyfileobj(text, sys.stdout)
        sys.stdout.flush()
    return True


def to_the_cent(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its amounts as people read them."""
    return {k: v.quantize(CENT) if isinstance(v, Decimal) else v for k, v in row.items()}


def write_json(value: Any) -> None:
    """Write one JSON value; times in UTC, money as numbers, unknown as null."""
    click.echo(json_text(value))


def note(text: str) -> None:
    """One line on standard error."""
    click.echo(printable(text), err=True)


def write_table(rows: Iterable[Mapping[str, Any]], names: Sequence[str], layout: Layout) -> bool:
    """Write the table for people with these columns. Whether all of it is shown."""
    if not names:
        return True
    columns = _columns(rows, names, layout)
    is_terminal = sys.stdout.isatty()
    is_fitted = is_terminal and not layout.is_whole
    room = shutil.get_terminal_size().columns if is_fitted else None
    table = laid_out(columns, room, layout.first_to_go)
    lines = iter(table.lines)
    heading = next(lines)
    if is_terminal and not os.environ.get("NO_COLOR"):
        heading = click.style(heading, bold=True)
    for part in parted(chain([heading], lines), LINES_AT_ONCE):
        click.echo("\n".join(part))
    if table.left_out:
        left_out = [layout.titles.get(name, name) for name in table.left_out]
        note(f"no room for: {_listed(left_out)} ({layout.more})")
    return not table.is_cut


def _listed(names: Sequence[str]) -> str:
    few = [name.replace("_", " ") for name in names[:MOST_LISTED]]
    more = len(names) - len(few)
    return ", ".join([*few, f"{more} more"] if more else few)


def _columns(
    rows: Iterable[Mapping[str, Any]], names: Sequence[str], layout: Layout
) -> list[Cells]:
    """The rows as columns of cells; what many cells say is held once."""
    texts: list[list[str]] = [[] for _name in names]
    numeric, amounts, known = ([is_so] * len(names) for is_so in (False, True, False))
    for part in parted(rows, LINES_AT_ONCE):
        for place, name in enumerate(names):
            values = [row.get(name) for row in part]
            texts[place] += [sys.intern(_table_cell(value)) for value in values]
            numeric[place] = numeric[place] or any(map(_is_number, values))
            amounts[place] = amounts[place] and all(v is None or _is_amount(v) for v in values)
            known[place] = known[place] or any(values)
    rights = [
        layout.rights.get(name, numeric[place] or (known[place] and amounts[place]))
        for place, name in enumerate(names)
    ]
    titles = [layout.titles.get(name, name) for name in names]
    return [
        column_of(name, cells, is_right=is_right, title=title)
        for name, cells, is_right, title in zip(names, texts, rights, titles, strict=True)
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal)


def _is_amount(value: Any) -> bool:
    return isinstance(value, str) and AMOUNT.fullmatch(value) is not None


def _table_cell(value: Any) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list | tuple):
        value = "; ".join(str(item) for item in value) or ""
    if isinstance(value, float) and not math.isfinite(value):
        return UNKNOWN
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Mapping):
        value = ", ".join(f"{name}={item}" for name, item in value.items())
    return printable(str(value))
