"""Deployments gathered by what they share, and the columns that tell what they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from textual.content import Content

from collectors.records import counted
from queries.estate.packed import PackedRows, counts_of, only
from queries.vocabulary import SERVES_NOBODY
from tui.grid.columns import Column, Summary, number
from tui.grid.deployment_columns import (
    NOTHING,
    rates_in,
    rates_in_cell,
    run_rate_of,
    run_rates,
    waste_of,
)
from tui.words.untrusted import UNKNOWN, harmless
from tui.words.verdicts import LOOKS, TONE_STYLES, look_of

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow

MOST_LISTED = 60


@dataclass(frozen=True, slots=True)
class DeploymentGroup:
    """Deployments under one key; `name` None: it is not known what they belong to."""

    key: str
    name: str | None
    rows: Sequence[DeploymentRow]


def gathered(
    rows: Sequence[DeploymentRow],
    key: Callable[[DeploymentRow], str],
    name: Callable[[DeploymentRow], str | None],
    reads: Sequence[str] = (),
) -> list[DeploymentGroup]:
    """The rows by their keys, in the order of the first of each; a key reads these fields."""
    if isinstance(rows, PackedRows):
        parts = rows.by_value(key, reads)
        return [DeploymentGroup(each, name(part[0]), part) for each, part in parts.items()]
    found: dict[str, list[DeploymentRow]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return [DeploymentGroup(each, name(those[0]), tuple(those)) for each, those in found.items()]


def requests_in(rows: Sequence[DeploymentRow]) -> int | None:
    """The requests of all in their windows; None where those of one are not known."""
    counts = counts_of(rows, "kind", "requests_in_window")
    return _sum({pair: n for pair, n in counts.items() if pair[0] != "serverless"}, of_none=None)


def instances_in(rows: Sequence[DeploymentRow]) -> int | None:
    """The instances of all; None where those of a managed one are not known."""
    counts = counts_of(rows, "kind", "instance_count")
    return _sum({pair: n for pair, n in counts.items() if pair[0] == "managed"}, of_none=0)


def _sum(counts: Mapping[tuple[str, int | None], int], of_none: int | None) -> int | None:
    """The sum of the second of each pair; None where one is not known."""
    if not counts:
        return of_none
    known = [value * n for (_kind, value), n in counts.items() if value is not None]
    return sum(known) if len(known) == len(counts) else None


def largest_sum(rows: Sequence[DeploymentRow]) -> Decimal | None:
    """By what money is sorted: the largest sum of one currency. None: no price is known."""
    return max((amount.value for amount in rates_in(rows)[0]), default=None)


def _billable(rows: Sequence[DeploymentRow]) -> Sequence[DeploymentRow]:
    return only(rows, "kind", ("managed",))


def _rates(rows: Sequence[DeploymentRow]) -> str | None:
    return _in_cell(rows) if counts_of(rows, "kind").get("managed") else None


def _wasted(rows: Sequence[DeploymentRow]) -> Sequence[DeploymentRow]:
    return only(rows, "verdict", SERVES_NOBODY)


def _wastes(row: DeploymentGroup) -> str:
    return _in_cell(_wasted(row.rows)) if _wasted(row.rows) else NOTHING


def _waste_amount(row: DeploymentGroup) -> Decimal | None:
    return largest_sum(_wasted(row.rows)) if _wasted(row.rows) else Decimal(0)


def _in_cell(rows: Sequence[DeploymentRow]) -> str:
    """`1 ? + 8,176 USD`: the head of the column says that it is a month's."""
    return rates_in_cell(rates_in(rows))


def verdicts_of(rows: Sequence[DeploymentRow]) -> str:
    """How many of each verdict, in the order of what wants attention: `○3 ●2`."""
    counts = counts_of(rows, "verdict")
    known = [*LOOKS, *(each for each in counts if each not in LOOKS)]
    return " ".join(f"{look_of(each).symbol}{counts[each]}" for each in known if counts[each])


def _sum_of_money(column_id: str, title: str, show: Any, sort: Any, priority: int) -> Any:
    return Column(
        column_id,
        title,
        24,
        show,
        sort,
        align="right",
        priority=priority,
        why=lambda _row: "a price is not known, or nothing here is billed by instance",
    )


def name_column(title: str, width: int = 30) -> Column[DeploymentGroup]:
    """The frozen first column: what the deployments share."""
    return Column(
        "name",
        title,
        width,
        lambda row: row.name,
        lambda row: None if row.name is None else row.name.casefold(),
        priority=11,
        frozen=True,
        grows_to=width + 20,
        why=lambda _row: "neither the deployment nor what it lies in tells it",
    )


RATE: Column[DeploymentGroup] = _sum_of_money(
    "rate", "run rate/mo", lambda row: _rates(row.rows), lambda row: largest_sum(row.rows), 9
)
WASTED: Column[DeploymentGroup] = _sum_of_money("waste", "waste/mo", _wastes, _waste_amount, 8)
VERDICTS: Column[DeploymentGroup] = Column(
    "verdicts",
    "verdicts",
    26,
    lambda row: verdicts_of(row.rows),
    lambda row: verdicts_of(row.rows),
    priority=7,
)
DEPLOYMENT_COUNT: Column[DeploymentGroup] = Column(
    "deployments",
    "deployments",
    11,
    lambda row: f"{len(row.rows):,}",
    lambda row: len(row.rows),
    align="right",
    priority=6,
)
INSTANCES: Column[DeploymentGroup] = Column(
    "instances",
    "instances",
    9,
    lambda row: number(instances_in(row.rows)),
    lambda row: instances_in(row.rows),
    align="right",
    priority=5,
    why=lambda _row: "Azure did not report the instances of one of them",
)
REQUESTS: Column[DeploymentGroup] = Column(
    "requests",
    "requests",
    12,
    lambda row: number(requests_in(row.rows)),
    lambda row: requests_in(row.rows),
    align="right",
    priority=4,
    why=lambda _row: "the requests of one of them are not known",
)


def _all(rows: Sequence[DeploymentGroup]) -> list[DeploymentRow]:
    return [each for row in rows for each in row.rows]


SUMMARIES: tuple[Summary[DeploymentGroup], ...] = (
    Summary(lambda rows: f"run rate {run_rates(_billable(_all(rows)))}"),
    Summary(lambda rows: f"waste {waste_of(_all(rows)) if _wasted(_all(rows)) else 'none'}"),
)


def group_content(row: DeploymentGroup, before: Sequence[tuple[str, str]] = ()) -> Content:
    """The pane: what it comes to, then its deployments, those that want attention first."""
    parts: list[tuple[str, str]] = [(f"{harmless(row.name or UNKNOWN)}\n", "bold"), *before]
    parts.append((f"{counted(len(row.rows), 'deployment')}, {verdicts_of(row.rows)}\n", ""))
    rates = run_rates(_billable(row.rows)) if _billable(row.rows) else UNKNOWN
    wasted = waste_of(row.rows) if _wasted(row.rows) else NOTHING
    parts.append((f"run rate {rates}\nwaste {wasted}\n\n", ""))
    for each in _by_attention(row.rows):
        look = look_of(each.verdict)
        parts.append((f"{look.symbol} {each.verdict}  ", TONE_STYLES[look.tone]))
        parts.append((f"{harmless(each.name)}  {run_rate_of(each) or UNKNOWN}\n", ""))
    if len(row.rows) > MOST_LISTED:
        parts.append((f"and {len(row.rows) - MOST_LISTED:,} more: enter shows them all\n", ""))
    return Content.assemble(*parts)


def _by_attention(rows: Sequence[DeploymentRow]) -> list[DeploymentRow]:
    """The first of them that want attention."""
    order = {verdict: place for place, verdict in enumerate(LOOKS)}
    verdicts = (
        rows.column("verdict").by_row()
        if isinstance(rows, PackedRows)
        else [row.verdict for row in rows]
    )
    ranks = [order.get(each, len(order)) for each in verdicts]
    first = nsmallest(MOST_LISTED, range(len(rows)), key=ranks.__getitem__)
    return [rows[place] for place in first]
