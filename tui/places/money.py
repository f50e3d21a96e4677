"""Money: what serving costs by whom or by what, and what of the bill is nobody's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from textual.content import Content

from queries.filter import quoted
from tui.details.chart import bars
from tui.grid.columns import Column, Summary, fields_of, money, number, sums_text
from tui.places.table import Table
from tui.state.estate import LONG_DAYS
from tui.state.history import Address
from tui.views.view import Sort, View
from tui.words.untrusted import UNKNOWN, harmless
from tui.words.wrapping import Parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.money.spending import DayOfBill, Spending
    from queries.store.file import Store
    from tui.state.estate import Estate

UNALLOCATED = "unallocated"
# What a group is called in the filter of the deployments; a team is no field of theirs.
_FIELDS = {
    "workspace": "ws",
    "subscription": "sub",
    "owner": "owner",
    "size": "size",
    "region": "region",
}


def _amount(column_id: str, title: str, field: str, priority: int, why: str) -> Column[Spending]:
    def read(row: Spending) -> Any:
        # The sum of no rows is null in SQL; where every price is known, there is nothing to sum up.
        is_none = field == "waste_per_month" and row.without_price == 0
        return Decimal(0) if is_none and row.waste_per_month is None else getattr(row, field)

    return Column(
        column_id,
        title,
        16,
        lambda row: money(read(row), row.currency),
        read,
        align="right",
        priority=priority,
        why=lambda row: "no deployment explains it" if row.grouping_name == UNALLOCATED else why,
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
    )


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
    _amount("rate", "run rate/mo", "monthly_run_rate", 10, "no price of any of them is known"),
    _amount("waste", "waste/mo", "waste_per_month", 9, "a price is not known"),
    _amount("cost", "cost in window", "cost_in_window", 8, "the bill was not read whole"),
    _amount("unallocated", "unallocated", "cost_in_month", 7, "all of it is allocated"),
    _count("deployments", "deployments", "deployments", 6),
    _count("instances", "instances", "instances", 5),
    _count("unpriced", "no price", "without_price", 4),
    _count("uncosted", "no cost", "without_cost", 3),
    Column(
        "by",
        "by",
        13,
        lambda row: row.grouping_name,
        lambda row: row.grouping_name,
        priority=2,
    ),
)


def _sum(field: str, word: str) -> Summary[Spending]:
    def text(rows: Sequence[Spending]) -> str:
        known = [(getattr(row, field), row.currency) for row in rows]
        amounts = [pair for pair in known if pair[0] is not None]
        return f"{word} {sums_text(amounts)}" if amounts else ""

    return Summary(30, text)


class Money(Table["Spending"]):
    """Grouped by the kind of name; enter shows the deployments of a row."""

    noun, nouns = "sum", "sums"
    columns = MONEY
    fields = fields_of(MONEY)
    first_sort = Sort("rate", descending=True)
    summaries = (
        _sum("monthly_run_rate", "run rate"),
        _sum("waste_per_month", "waste"),
        _sum("cost_in_month", "bill"),
    )
    _bill: Sequence[DayOfBill] = ()

    def on_mount(self) -> None:
        """Grouped, unless the user has it otherwise."""
        if self.app.views.read("money") is None:
            self.grid.set_view(View(self.first_sort, "by"))

    def key(self, row: Spending) -> str:
        """The kind of name, the name and the currency."""
        return f"{row.grouping_name} {row.name} {row.currency}"

    def read(self, store: Store, estate: Estate | None) -> Sequence[Spending]:
        """The groups; and for the pane the bill of each day."""
        from queries.money.spending import billed_days, spending

        if estate is None:
            return ()
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
        return Content.assemble(*parts, *bill_parts(self._bill, width))

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
