"""The filter that leaves the rows with the same value as one cell, written as a person would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from queries.filter import Field, Filter, FilterError, parsed, quoted
from queries.filter.fields import field_named
from tui.grid.columns import Column

_OTHERWISE_CALLED: Mapping[str, str] = {"last": "last_request", "seen": "as_of"}
"""Columns whose field has another name."""


def term_like(column: Column[Any], rows: Sequence[Any], fields: tuple[Field, ...]) -> str:
    """`owner=ada`: the term that shows these rows and all with their value in the column.

    ValueError with one line where no filter can say it.
    """
    field = field_named(_OTHERWISE_CALLED.get(column.id, column.id), fields)
    if field is None:
        raise ValueError(f"no filter compares the column {column.title}")
    term = f"{field.short}{_sign(field)}{_value(field.read(rows[0]))}"
    try:
        test = parsed(term, fields).test(lambda _row: "")
        is_shown = all(test(row) is True for row in rows)
    except FilterError:
        is_shown = False
    if not is_shown:
        raise ValueError(f"no filter can be written for this value of {column.title}")
    return term


def turned(meant: Filter, term: str, fields: tuple[Field, ...]) -> str:
    """The text of a filter with the term added, or without it where it has it."""
    texts = [text for text, _term in meant.parts]
    if term in texts:
        return " ".join(text for text in texts if text != term)
    added = " ".join([*texts, term])
    if len(parsed(added, fields).parts) > len(texts):
        return added
    return f"({texts[0]}) {term}"  # the last of alternatives would take the term for itself


def _sign(field: Field) -> str:
    """A colon where the value is compared as a whole by itself."""
    return ":" if field.words or field.kind != "text" else "="


def _value(value: Any) -> str:
    if value in (None, "", (), {}):
        return "?"
    if isinstance(value, tuple):
        return quoted(str(value[0]))
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)):f}"
    return quoted(str(value))
