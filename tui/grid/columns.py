"""What a column of any table is, as data: what it shows, how it sorts, how unknown looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar

from queries.estate.packed import PackedRows, falling, ranks_of
from queries.filter import Field
from queries.text.spellings import spellings
from tui.words.untrusted import UNKNOWN, Align, harmless

_ZERO = Decimal(0)
Row = TypeVar("Row")
Item = TypeVar("Item")
Change = Literal["row", "cell", "never"]


@dataclass(frozen=True, slots=True)
class Total(Generic[Row]):
    """What several rows come to in a column.

    `of_row` says what counts of a row, by its fields `reads`; `add` is given that with how many
    rows say it, the same perhaps several times. `text` and `sort` are of what it returns, as those
    of a column of a row.
    """

    of_row: Callable[[Row], Any]
    reads: tuple[str, ...]
    add: Callable[[Iterable[tuple[Any, int]]], Any]
    text: Callable[[Any], str | None]
    sort: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. `show` and `sort` return None where the value is not known, `why` tells why.

    A column is as wide as what it says. A text is cut down to `width` cells where there is no room
    for more, and `grows_to` is what it asks for before others; numbers, what stands in
    front and what is `never_cut` are never cut. `is_fixed`: it is always `width` cells wide.
    Columns of a low `priority` go first where the terminal is slim. `tone` names the look of a
    cell. `group` is the text by which rows are gathered, where that is another than what the cell
    says, `group_order` the order of groups that keep theirs, `total` what several rows come to.
    Columns that are no `is_default` wait to be chosen.
    """

    id: str
    title: str
    width: int
    show: Callable[[Row], str | None]
    sort: Callable[[Row], Any]
    align: Align = "left"
    priority: int = 5
    frozen: bool = False
    grows_to: int = 0
    tone: Callable[[Row], str | None] = lambda _row: None
    why: Callable[[Row], str | None] = lambda _row: None
    group: Callable[[Row], str | None] | None = None
    is_default: bool = True
    change: Change = "row"
    reads: tuple[str, ...] = ()
    group_reads: tuple[str, ...] = ()
    total: Total[Row] | None = None
    group_order: Callable[[str], int] | None = None
    never_cut: bool = False
    is_fixed: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether its cells are never cut."""
        return self.never_cut or self.frozen or self.align == "right"

    @property
    def largest_first(self) -> bool:
        """Whether the first sort by it is descending: of figures one looks for the largest."""
        return self.align == "right"

    def text(self, row: Row) -> str:
        """What the cell says, harmless; `–` where the value is not known."""
        shown = self.show(row)
        return UNKNOWN if shown is None else harmless(shown)

    def group_of(self, row: Row) -> str:
        """The name of the row's group, harmless; `–` where it is not known."""
        named = self.show(row) if self.group is None else self.group(row)
        return UNKNOWN if named is None else harmless(named)

    def differs(self, row: Row, before: Row) -> bool:
        """Whether the cell said something else."""
        return self.change != "never" and self.text(row) != self.text(before)

    def explained(self, row: Row) -> str:
        """The cell in full; where its value is not known, the reason."""
        if self.show(row) is not None:
            return f"{self.title}: {self.text(row)}"
        return f"{self.title} is not known: {harmless(self.why(row) or 'Azure did not report it')}"


def text_column(
    column_id: str,
    width: int,
    *,
    read: str | Callable[[Any], str | None] | None = None,
    title: str | None = None,
    **more: Any,
) -> Column[Any]:
    """A column of plain text, sorted without case: an attribute of the row, or what `read` tells.

    Without `read` the attribute is the one of the column's id; without `title` that is its title.
    """
    show = attrgetter(read or column_id) if not callable(read) else read

    def sort(row: Any) -> str | None:
        shown = show(row)
        return None if shown is None else str(shown).casefold()

    if not callable(read):
        more = {"reads": (read or column_id,), **more}
    return Column(column_id, title or column_id, width, show, sort, **more)


@dataclass(frozen=True, slots=True)
class Summary(Generic[Row]):
    """What several rows come to, in words beside the table: `31 instances`."""

    text_of: Callable[[Sequence[Row]], str]


def fields_of(columns: Sequence[Column[Row]]) -> tuple[Field, ...]:
    """What a filter may compare in a table of these columns: numbers at the right, else texts."""
    return tuple(
        Field(column.id, (), "number", column.sort)
        if column.align == "right"
        else Field(column.id, (), "text", column.show)
        for column in columns
    )


def text_in(columns: Sequence[Column[Row]], row: Row) -> str:
    """All that a row says, folded: what words of a filter are looked for in."""
    return "\n".join(column.text(row) for column in columns).casefold()


def sorted_by(rows: Sequence[Row], column: Column[Row], descending: bool) -> list[Row]:
    """The rows by a column; what is not known comes last in both directions. Stable."""
    return [rows[place] for place in places_by(rows, (column, descending))]


def places_by(rows: Sequence[Row], *keys: tuple[Column[Row], bool]) -> list[int]:
    """The places of the rows by columns (descending or not), the first of them first."""
    order: Iterable[int] = range(len(rows))
    for column, descending in reversed(keys):
        numbers, ranks = ranks_by(rows, column)
        of_row = list(map((falling(ranks) if descending else ranks).__getitem__, numbers))
        order = sorted(order, key=of_row.__getitem__)
    return list(order)


def ranks_by(rows: Sequence[Row], column: Column[Row]) -> tuple[Sequence[int], Sequence[int]]:
    """The number of each row's value in a column, and the rank of each value; kept if it can be."""
    if not isinstance(rows, PackedRows):
        return range(len(rows)), ranks_of([column.sort(row) for row in rows])

    def work_out() -> tuple[Sequence[int], Sequence[int]]:
        found = rows.evaluate(column.sort, column.reads)
        return found.numbers, ranks_of(found.values)

    return rows.kept(("ranks", column.sort), work_out)


def group_names(rows: Sequence[Row], column: Column[Row]) -> Sequence[str]:
    """The group that each row belongs to; names that differ only in case are one."""
    if isinstance(rows, PackedRows):
        found = rows.evaluated(column.group_of, column.group_reads or column.reads)
        names = list(found.by_row())
    else:
        names = list(map(column.group_of, rows))
    spelt = spellings(names)
    return [spelt[name] for name in names]


def sorted_values(items: Sequence[Item], values: Sequence[Any], descending: bool) -> list[Item]:
    """Items by their values; those of which none is known come last in both directions."""
    ranks = ranks_of(values)
    keys = falling(ranks) if descending else ranks
    return [items[place] for place in sorted(range(len(items)), key=keys.__getitem__)]


def totals_by(rows: Sequence[Row], total: Total[Row], groups: Sequence[Sequence[int]]) -> list[Any]:
    """What the rows at the places of each group come to."""
    if isinstance(rows, PackedRows):
        column = rows.evaluated(total.of_row, total.reads)
        return [total.add(column.counted(places)) for places in groups]
    return [total.add((total.of_row(rows[place]), 1) for place in places) for places in groups]


def number(value: float | None) -> str | None:
    """A number for reading: thousands apart, millions short, and never 0 for what is not."""
    if value is None:
        return None
    if value >= 9_999_500:
        return f"{value / 1_000_000:,.1f} M"
    if 0 < value < 10:
        return f"{value:.2g}"
    return f"{value:,.0f}"


def percent(value: float | None) -> str | None:
    """A share, without needless digits."""
    return None if value is None else f"{value:g}"


def money(amount: Decimal | None, currency: str | None) -> str | None:
    """An amount with its currency, to the unit."""
    return None if amount is None else f"{amount:,.0f} {currency or ''}".rstrip()


def total_of_money(
    of_row: Callable[[Any], tuple[Decimal | None, str | None]], *reads: str
) -> Total[Any]:
    """Amounts added up by currency, and how many are not known: `2 ? + 4,310 EUR`."""
    return Total(
        of_row,
        reads,
        summed,
        sums_in_cell,
        lambda found: max(found[0].values(), default=None),
    )


def total_of_numbers(
    of_row: Callable[[Any], float | None],
    *reads: str,
    words: Callable[[float], str | None] = number,
) -> Total[Any]:
    """Numbers added up, and how many are not known: `2 ? + 31`."""

    def add(counts: Iterable[tuple[float | None, int]]) -> tuple[float | None, int]:
        known: float | None = None
        unknown = 0
        for value, count in counts:
            if value is None:
                unknown += count
            else:
                known = (known or 0) + value * count
        return known, unknown

    def text(found: tuple[float | None, int]) -> str | None:
        known, unknown = found
        if known is None:
            return None
        return f"{unknown:,} ? + {words(known)}" if unknown else words(known)

    return Total(of_row, reads, add, text, lambda found: found[0])


Sums = tuple[dict["str | None", Decimal], int]
"""The sum of each currency, which are never added to each other, and how many are unknown."""


def summed(counts: Iterable[tuple[tuple[Decimal | None, str | None], int]]) -> Sums:
    """Amounts added up, each with how often it is there."""
    found: dict[str | None, Decimal] = {}
    unknown = 0
    for (amount, currency), count in counts:
        if amount is None:
            unknown += count
        else:
            found[currency] = found.get(currency, _ZERO) + amount * count
    return found, unknown


def sums_in_cell(found: Sums) -> str:
    """`2 ? + 4,310 EUR`: amounts stand under amounts; `–` where nothing is known."""
    parts, unknown = _parts(found), found[1]
    if not parts:
        return UNKNOWN
    return " + ".join([f"{unknown:,} ?", *parts] if unknown else parts)


def _parts(found: Sums) -> list[str]:
    ordered = sorted(found[0].items(), key=lambda pair: -pair[1])
    return [f"{money(amount, currency)}" for currency, amount in ordered]
