"""Which columns of a table, whole or cut, in which order of its rows: four options, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Any

import click

from mothball import completion
from mothball.options import F
from mothball.output import WIDE, Format, Layout, write_rows, write_table

Row = Mapping[str, Any]
MOST_NEAR = 3
# How alike two names are, from 0 to 1, to be meant by each other.
LEAST_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Fields:
    """What a table may show: all by name, those that people see at first, and which of these go
    first where there is no room.
    """

    names: tuple[str, ...]
    for_people: tuple[str, ...]
    first_to_go: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picked:
    """What was asked of a table; without columns it has its own."""

    columns: tuple[str, ...] = ()
    sort: str | None = None
    is_reversed: bool = False
    is_wide: bool = False


def picking_of(fields: Fields) -> Callable[[F], F]:
    """The options of a table of these fields."""
    return picking_options(lambda: fields.names)


def picking_options(names: Callable[[], Sequence[str]]) -> Callable[[F], F]:
    """--columns, --sort, --reverse and --wide; the command gets `picked`.

    A name that is none of these is a usage error before the command runs.
    """

    def decorated(function: F) -> F:
        @wraps(function)
        def called(
            *given: Any,
            columns: tuple[str, ...],
            sort: str | None,
            is_reversed: bool,
            is_wide: bool,
            **named: Any,
        ) -> Any:
            picked = Picked(columns, sort, is_reversed, is_wide)
            return function(*given, picked=picked, **named)

        made: Any = called
        for flag, how in reversed(_options(names)):
            made = click.option(*flag, **how)(made)
        options: F = made
        return options

    return decorated


def _options(
    names: Callable[[], Sequence[str]],
) -> tuple[tuple[tuple[str, ...], dict[str, Any]], ...]:
    return (
        (
            ("--columns",),
            {
                "metavar": "A,B",
                "shell_complete": completion.several_among(names),
                "callback": lambda _ctx, _option, text: _listed(text, names),
                "help": "Only these columns, in this order; a name that is none lists the nearest.",
            },
        ),
        (
            ("--sort",),
            {
                "metavar": "COLUMN",
                "shell_complete": completion.among(names),
                "callback": lambda _ctx, _option, text: text and named(text, names()),
                "help": "Numbers and times from the largest, texts from A; unknown ones come last.",
            },
        ),
        (
            ("--reverse", "is_reversed"),
            {"is_flag": True, "help": "The other way round; what is not known stays last."},
        ),
        (
            ("--wide", "is_wide"),
            {"is_flag": True, "help": "All columns, and nothing cut, however wide the terminal."},
        ),
    )


def _listed(text: str | None, names: Callable[[], Sequence[str]]) -> tuple[str, ...]:
    if text is None:
        return ()
    words = [word for word in text.split(",") if word.strip()]
    if not words:
        raise click.UsageError("--columns names no column")
    known = names()
    return tuple(dict.fromkeys(named(word, known) for word in words))


def named(word: str, names: Sequence[str]) -> str:
    """The name that a word means, whatever its case, `-` or blanks; else a usage error."""
    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    if folded in names:
        return folded
    near = _nearest(folded, names)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(names)}"
    raise click.UsageError(f"{word.strip()!r} is no column; {hint}")


def _nearest(word: str, names: Sequence[str]) -> list[str]:
    from difflib import get_close_matches  # only a mistake needs it

    alike = get_close_matches(word, names, MOST_NEAR, LEAST_ALIKE)
    holding = [name for name in names if len(word) > 1 and word in name and name not in alike]
    return [*alike, *holding][:MOST_NEAR]


def write_picked(rows: Iterable[Row], fields: Fields, form: Format, picked: Picked) -> None:
    """Write what was picked of these rows; json and csv have all fields unless some are named."""
    is_all = picked.is_wide or form != "table"
    names = picked.columns or (fields.names if is_all else fields.for_people)
    ordered = in_order(list(rows), picked)
    if form == "table":
        write_table(ordered, names, Layout(fields.first_to_go, WIDE, picked.is_wide))
    else:
        write_rows(ordered, names, form)


def in_order(rows: list[Row], picked: Picked) -> list[Row]:
    """The rows as they are asked for."""
    sort = picked.sort
    if sort is None:
        return rows[::-1] if picked.is_reversed else rows
    known = [row for row in rows if row.get(sort) is not None]
    unknown = [row for row in rows if row.get(sort) is None]
    falls = any(is_largest_first(row[sort]) for row in known[:1])
    known.sort(key=lambda row: _key(row[sort]), reverse=falls != picked.is_reversed)
    return known + unknown


def is_largest_first(value: Any) -> bool:
    """Whether its kind is read from the largest, or the newest, on."""
    return isinstance(value, int | float | Decimal | date)


def _key(value: Any) -> Any:
    return value if is_largest_first(value) else str(value).casefold()
