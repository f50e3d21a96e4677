"""The columns of `mothball list`: those of the interface, a target to copy, and every field."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import click

from queries.estate.fields import FIELDS, read_of, rests_on
from queries.estate.packed import PackedRows, in_order
from queries.estate.rows import DeploymentRow
from queries.filter.fields import field_named

if TYPE_CHECKING:
    from tui.grid.columns import Column

TARGET = "target"
FOR_PEOPLE = (
    "verdict",
    TARGET,
    "live",
    "mirror",
    "requests",
    "idle",
    "size",
    "run_rate",
    "owner",
    "reason",
)
FIRST_TO_GO = ("reason", "owner", "mirror", "size", "live", "requests", "idle", "run_rate")
# What people call a column that has another name.
ALSO = {"per_month": "run_rate", "why": "reason"}


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column; `sort` rests on `reads`, and `fields` are what it is made of in json and csv.

    `show` and `sort` return None where the value is not known. Without `fields` it is for people
    alone.
    """

    name: str
    title: str
    show: Callable[[DeploymentRow], Any]
    sort: Callable[[DeploymentRow], Any]
    reads: tuple[str, ...]
    fields: tuple[str, ...]
    is_right: bool
    is_of_interface: bool = True


@cache
def list_columns() -> dict[str, ListColumn]:
    """All by name: those of the interface as they are there, then what it has not."""
    from tui.grid.deployment_columns import BY_DAY, DEPLOYMENT_COLUMNS

    # The days of a row are read for those in sight alone.
    of_rows = [column for column in DEPLOYMENT_COLUMNS if column.id != BY_DAY]
    shown = {TARGET: _TARGET} | {column.id: _of_interface(column) for column in of_rows}
    return shown | {name: _of_field(name) for name in FIELDS if name not in shown}


def names() -> tuple[str, ...]:
    """Every word that means a column, titles and other words for it too."""
    titles = (_word(column.title) for column in list_columns().values())
    return tuple(dict.fromkeys((*list_columns(), *titles, *ALSO)))


def column_named(word: str) -> ListColumn:
    """The column of one of these words."""
    columns = list_columns()
    word = ALSO.get(word, word)
    if word in columns:
        return columns[word]
    return next(each for each in columns.values() if _word(each.title) == word)


def fields_named(words: tuple[str, ...]) -> tuple[str, ...]:
    """The fields of json and csv that these columns are made of; a usage error where none is."""
    columns = [column_named(word) for word in words]
    without = [column.name for column in columns if not column.fields]
    if without:
        raise click.UsageError(f"{without[0]!r} is for the table alone: json and csv have no field")
    return tuple(dict.fromkeys(name for column in columns for name in column.fields))


def wide() -> tuple[str, ...]:
    """What `--wide` shows: what people see at first, then the other columns of the interface."""
    of_interface = [name for name, column in list_columns().items() if column.is_of_interface]
    return tuple(dict.fromkeys((*FOR_PEOPLE, *of_interface)))


def sorted_by(rows: PackedRows, word: str, *, is_reversed: bool) -> PackedRows:
    """The rows by a column: numbers and times largest first, texts from A to Z."""
    column = column_named(word)
    values = rows.evaluate(column.sort, column.reads)
    known = next((value for value in values.values if value is not None), None)
    falls = column.is_right or isinstance(known, date)
    return in_order(rows, values, descending=falls != is_reversed)


def _of_interface(column: Column[DeploymentRow]) -> ListColumn:
    reads = column.group_reads or column.reads
    return ListColumn(
        column.id,
        column.title,
        # Its sign is for eyes that look for it; here the word is looked for.
        column.show if column.id != "verdict" else (lambda row: row.verdict),
        column.sort,
        column.reads,
        reads if set(reads) <= set(FIELDS) else (),
        column.align == "right",
    )


def _of_field(name: str) -> ListColumn:
    read, meant = read_of(name), field_named(name)

    def sort(row: DeploymentRow) -> Any:
        value = read(row)
        is_ordered = value is None or isinstance(value, int | float | Decimal | date)
        return value if is_ordered else str(value).casefold()

    is_right = meant is not None and meant.kind in ("number", "days")
    return ListColumn(name, name, read, sort, (rests_on(name),), (name,), is_right, False)


def _path(row: DeploymentRow) -> str:
    return row.path.casefold()


_PARTS = ("workspace", "endpoint", "deployment")
_TARGET = ListColumn(
    TARGET, "/".join(_PARTS), attrgetter("path"), _path, _PARTS, _PARTS, is_right=False
)


def _word(title: str) -> str:
    """A title as it is typed: `idle days` as `idle_days`, `run rate/mo` as `run_rate_mo`."""
    return "_".join(re.findall(r"\w+", title.lower()))
