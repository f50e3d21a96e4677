"""Money: what serving costs by whom or by what, and what of the bill is nobody's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.content import Content

from collectors.records import counted
from queries.filter import quoted
from tui.details.chart import bars
from tui.grid.columns import (
    Column,
    Summary,
    fields_of,
    money,
    number,
    total_of_money,
    total_of_numbers,
)
from tui.grid.deployment_columns import NOTHING
from tui.places.table import Table
from tui.state.estate import LONG_DAYS, SHORT_DAYS
from tui.state.history import Address
from tui.views.view import Sort, View
from tui.words.sparks import spark
from tui.words.untrusted import UNKNOWN, harmless
from tui.words.wrapping import Parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.money.spending import DayOfBill, Spending
    from queries.store.file import Store
    from tui.state.estate import Estate

UNALLOCATED = "unallocated"
# In the order in which they are looked for: who can end a waste comes first.
GROUPINGS = (
    "owner",
    "team",
    "workspace",
    "endpoint",
    "subscription",
    "size",
    "region",
    UNALLOCATED,
)
# What a group is called in the filter of the deployments; a team is no field of theirs.
_FIELDS = {
    "workspace": "ws",
    "subscription": "sub",
    "owner": "owner",
    "size": "size",
    "region": "region",
}


def _amount(column_id: str, title: str, field: str, priority: int, why: str) -> Column[Spending]:
    def is_nothing(row: Spending) -> bool:
        # The sum of no rows is null in SQL; where every price is known, there is nothing to sum up.
        is_waste = field == "waste_per_month"
        return is_waste and row.without_price == 0 and row.waste_per_month is None

    def read(row: Spending) -> Any:
        return Decimal(0) if is_nothing(row) else getattr(row, field)

    return Column(
        column_id,
        title,
        16,
        lambda row: NOTHING if is_nothing(row) else money(read(row), row.currency),
        read,
        align="right",
        priority=priority,
        why=lambda row: "no deployment explains it" if row.grouping_name == UNALLOCATED else why,
        total=total_of_money(lambda row: (read(row), row.currency)),
    )


def _count(column_id: str, title: str, field: str, priority: int) -> Column[Spending]:
    def read(row: Spending) -> Any:
        return getattr(row, field)

    return Column(
        column_id,
        title,
        max(len(title), 9),
        lambda row: number(read(row)),
        read,
        align="right",
        priority=priority,
        why=lambda _row: "this is no group of deployments",
        total=total_of_numbers(read),
    )


def _order_of(grouping_name: str) -> int:
    return GROUPINGS.index(grouping_name) if grouping_name in GROUPINGS else len(GROUPINGS)


MONEY: tuple[Column[Spending], ...] = (
    Column(
        "name",
        "what",
        34,
        lambda row: row.name,
        lambda row: None if row.name is None else row.name.casefold(),
        priority=11,
        frozen=True,
        grows_to=50,
        why=lambda row: f"no {row.grouping_name} is reported",
    ),
    _amount("waste", "waste/mo", "waste_per_month", 10, "a price is not known"),
    _amount("rate", "run rate/mo", "monthly_run_rate", 9, "no price of any of them is known"),
    _amount("cost", "cost in window", "cost_in_window", 8, "the bill was not read whole"),
    _amount("unallocated", "unallocated", "cost_in_month", 5, "all of it is allocated"),
    _count("deployments", "deployments", "deployments", 7),
    _count("instances", "instances", "instances", 6),
    _count("unpriced", "no price", "without_price", 4),
    _count("uncosted", "no cost", "without_cost", 3),
    Column(
        "by",
        "by",
        13,
        lambda row: row.grouping_name,
        lambda row: _order_of(row.grouping_name),
        priority=2,
        group_order=_order_of,
    ),
)


def _in_full(column: Column[Spending]) -> Summary[Spending]:
    total = column.total
    assert total is not None

    def text(rows: Sequence[Spending]) -> str:
        found = total.add((total.of_row(row), 1) for row in rows)
        return f"{column.title:<15}{total.text(found) or UNKNOWN}"

    return Summary(text)


class Money(Table["Spending"]):
    """Grouped by the kind of name; enter shows the deployments of a row."""

    noun, nouns = "sum", "sums"
    columns = MONEY
    fields = fields_of(MONEY)
    first_sort = Sort("waste", descending=True)
    summaries = tuple(_in_full(column) for column in MONEY if column.total is not None)
    _bill: Sequence[DayOfBill] = ()
    _deployments = 0
    _is_opened = False

    def on_mount(self) -> None:
        """Grouped, the owners opened, unless the user has it otherwise."""
        if self.app.views.read("money") is None:
            self.grid.set_view(View(self.first_sort, "by"))
            self.grid.open_groups(GROUPINGS[:1])

    def show_rows(self, rows: Sequence[Spending], *, for_good: bool = True) -> None:
        """The first time with the cursor on who wastes most."""
        super().show_rows(rows, for_good=for_good)
        if rows and not self._is_opened:
            self._is_opened = True
            if self.grid.current is None:
                self.grid.action_cursor_down()

    def key(self, row: Spending) -> str:
        """The kind of name, the name and the currency."""
        return f"{row.grouping_name} {row.name} {row.currency}"

    def read(self, store: Store, estate: Estate | None) -> Sequence[Spending]:
        """The groups; and for the pane the bill of each day."""
        from queries.money.spending import billed_days, spending

        if estate is None:
            return ()
        self._deployments = len(estate.rows)
        last = estate.as_of.date()
        self._bill = billed_days(store, last - timedelta(days=LONG_DAYS - 1), last)
        return spending(store)

    def described(self, row: Spending, width: int) -> Content:
        """The amounts in full, then the whole bill day by day."""
        parts: list[tuple[str, str]] = [(f"{harmless(row.name or UNKNOWN)}\n", "bold")]
        parts.append((f"by {row.grouping_name}, in {row.currency or UNKNOWN}\n\n", "$text-muted"))
        for column in self.columns[1:-1]:
            if column.show(row) is not None:
                parts.append((f"{column.title:<15}", "$text-muted"))
                parts.append((f"{column.text(row)}\n", ""))
        if left_out := counted_in(self.filter_bar.rows, self._deployments):
            parts.append((f"\n{left_out}\n", "$text-muted"))
        return Content.assemble(*parts, *bill_parts(self._bill, width))

    def marks_content(self) -> Content:
        """The whole bill in a line, where nothing is marked: the pane need not be in sight."""
        if self.grid.marked:
            return super().marks_content()
        bill = "   ".join(bill_lines(self._bill))
        whole = f"{bill}   {counted_in(self.filter_bar.rows, self._deployments)}".rstrip()
        # The pane says it too, where it does not fit.
        return Content.styled(whole if cell_len(whole) <= self.size.width else bill, "bold")

    def inside(self, row: Spending) -> Address | None:
        """The deployments that the sums are of; a team and the unallocated have no such filter."""
        meant = filter_of(row)
        return None if meant is None else Address("deployments", filter=meant)


def filter_of(row: Spending) -> str | None:
    """The filter that shows the deployments of a group; None where there is none."""
    if row.grouping_name == "endpoint" and row.name is not None:
        workspace, _, endpoint = row.name.partition("/")
        return f"ws={quoted(workspace)} ep={quoted(endpoint)}"
    field = _FIELDS.get(row.grouping_name)
    if field is None:
        return None
    return f"{field}:?" if row.name is None else f"{field}={quoted(row.name)}"


def counted_in(rows: Sequence[Spending], total: int) -> str:
    """`sums of 38 of 42 deployments, 4 not billed by instance`; empty where all are summed."""
    counted_ones = sum(row.deployments or 0 for row in rows if row.grouping_name == "subscription")
    left = total - counted_ones
    if not rows or left <= 0:
        return ""
    return f"sums of {counted_ones:,} of {total:,} deployments, {left:,} not billed by instance"


def bill_lines(days: Sequence[DayOfBill]) -> list[str]:
    """The newest days of the bill of each currency: ` ▁▃▅ 1,204 EUR in 30 days`."""
    lines = []
    for currency, group in groupby(days, lambda day: day.currency):
        newest = list(group)[-SHORT_DAYS:]
        amounts = [day.allocated + day.unallocated for day in newest]
        drawn = spark([float(amount) for amount in amounts])
        whole = money(sum(amounts, Decimal(0)), currency)
        lines.append(f" {drawn} {whole} billed in {counted(len(newest), 'day')}")
    return lines


def bill_parts(days: Sequence[DayOfBill], width: int) -> Parts:
    """The whole bill day by day, each currency by itself."""
    parts: Parts = []
    for currency, group in groupby(days, lambda day: day.currency):
        those = list(group)
        all_of_it = [float(day.allocated + day.unallocated) for day in those]
        rest = sum((day.unallocated for day in those), Decimal(0))
        parts.append((f"\nthe bill, {those[0].day} to {those[-1].day}\n", "$text-muted"))
        parts += bars(all_of_it, f"{currency} a day", width)
        parts.append((f"{money(rest, currency)} of it unallocated\n", "$text-muted"))
    return parts
