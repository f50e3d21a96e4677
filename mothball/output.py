"""Rows on standard output: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import math
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import click

from mothball.table import Cells, column_of, laid_out
from queries.text.cells import CENT, as_cell, printable
from queries.text.json_text import json_text, plain
from queries.text.untrusted import UNKNOWN

Format = Literal["table", "json", "csv"]
MOST_LISTED = 6
AMOUNT = re.compile(r"~?[\d,.]+ (%|[A-Z]{3})")


def write_rows(
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    form: Format,
    first_to_go: Sequence[str] = (),
) -> bool:
    """Write rows with these columns; the table shows unknown as a dash. Whether all is shown.

    In a terminal that is too narrow for the table, columns go: `first_to_go` first.
    """
    if form == "table":
        return _write_table(rows, names, first_to_go)
    if form == "json":
        write_json([{name: row.get(name) for name in names} for row in rows])
    else:
        _write_csv(rows, names)
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


def _write_csv(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow([as_cell(name) for name in names])
    writer.writerows([_csv_cell(row.get(name)) for name in names] for row in rows)


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, list | tuple):
        text = "; ".join(str(item) for item in value)
    elif isinstance(value, Mapping):
        text = json_text(value, indent=None)
    else:
        text = str(plain(value)) if not isinstance(value, str) else value
    return as_cell(text)


def _write_table(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], first_to_go: Sequence[str]
) -> bool:
    if not names:
        return True
    columns = [_column(rows, name) for name in names]
    is_terminal = sys.stdout.isatty()
    room = shutil.get_terminal_size().columns if is_terminal else None
    table = laid_out(columns, room, first_to_go)
    heading, *lines = table.lines
    if is_terminal and not os.environ.get("NO_COLOR"):
        heading = click.style(heading, bold=True)
    click.echo("\n".join((heading, *lines)))
    if table.left_out:
        note(f"no room for: {_listed(table.left_out)} (widen the terminal)")
    return not table.is_cut


def _listed(names: Sequence[str]) -> str:
    few = [name.replace("_", " ") for name in names[:MOST_LISTED]]
    more = len(names) - len(few)
    return ", ".join([*few, f"{more} more"] if more else few)


def _column(rows: Sequence[Mapping[str, Any]], name: str) -> Cells:
    values = [row.get(name) for row in rows]
    is_right = any(isinstance(value, int | float | Decimal) for value in values) or (
        any(values) and all(value is None or _is_amount(value) for value in values)
    )
    return column_of(name, [_table_cell(value) for value in values], is_right=is_right)


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
