"""Rows on standard output: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import click

from queries.cells import as_cell, printable
from queries.json_text import json_text, plain

Format = Literal["table", "json", "csv"]
UNKNOWN = "–"
CENT = Decimal("0.01")


def write_rows(rows: Sequence[Mapping[str, Any]], names: Sequence[str], form: Format) -> None:
    """Write rows with these columns; the table shows unknown as a dash."""
    if form == "json":
        write_json([{name: row.get(name) for name in names} for row in rows])
    elif form == "csv":
        _write_csv(rows, names)
    else:
        _write_table(rows, names)


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


def _write_table(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        numeric = any(isinstance(row.get(name), int | float | Decimal) for row in rows)
        table.add_column(printable(name).replace("_", " "), justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(Text(_table_cell(row.get(name))) for name in names))
    wide = None if sys.stdout.isatty() else 240
    Console(width=wide, highlight=False).print(table)


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
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return printable(str(value))
