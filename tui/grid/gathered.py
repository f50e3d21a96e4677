"""Deployments gathered by what they share, and the columns that tell what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from textual.content import Content

from queries.vocabulary import SERVES_NOBODY
from tui.grid.columns import Column, Summary, number, sums
from tui.grid.deployment_columns import run_rate_of, run_rates, waste_of
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
    rows: tuple[DeploymentRow, ...]


def gathered(
    rows: Iterable[DeploymentRow],
    key: Callable[[DeploymentRow], str],
    name: Callable[[DeploymentRow], str | None],
) -> list[DeploymentGroup]:
    """The rows by their keys, in the order of the first of each."""
    found: dict[str, list[DeploymentRow]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return [DeploymentGroup(each, name(those[0]), tuple(those)) for each, those in found.items()]


def requests_in(rows: Sequence[DeploymentRow]) -> int | None:
    """The requests of all in their windows; None where those of one are not known."""
    known = [row.requests_in_window for row in rows if row.kind != "serverless"]
    return None if not known or None in known else sum(r for r in known if r is not None)


def instances_in(rows: Sequence[DeploymentRow]) -> int | None:
    """The instances of all; None where those of a managed one are not known."""
    known = [row.instance_count for row in rows if row.kind == "managed"]
    return None if None in known else sum(count for count in known if count is not None)


def largest_sum(rows: Iterable[DeploymentRow]) -> Decimal | None:
    """By what money is sorted: the largest sum of one currency. None: a price is not known."""
    found, unknown = sums((row.monthly_run_rate, row.currency) for row in rows)
    return None if unknown or not found else max(found.values())


def _billable(rows: Iterable[DeploymentRow]) -> list[DeploymentRow]:
    return [row for row in rows if row.kind == "managed"]


def _rates(rows: Sequence[DeploymentRow]) -> str | None:
    return run_rates(_billable(rows)) if _billable(rows) else None


def _wasted(rows: Iterable[DeploymentRow]) -> list[DeploymentRow]:
    return [row for row in rows if row.verdict in SERVES_NOBODY]


def _wastes(row: DeploymentGroup) -> str:
    return waste_of(row.rows) if _wasted(row.rows) else "none"


def _waste_amount(row: DeploymentGroup) -> Decimal | None:
    return largest_sum(_wasted(row.rows)) if _wasted(row.rows) else Decimal(0)


def verdicts_of(rows: Iterable[DeploymentRow]) -> str:
    """How many of each verdict, in the order of what wants attention: `○3 ●2`."""
    counts = dict.fromkeys(LOOKS, 0)
    for row in rows:
        counts[row.verdict] = counts.get(row.verdict, 0) + 1
    return " ".join(f"{look_of(verdict).symbol}{n}" for verdict, n in counts.items() if n)


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
    Summary(34, lambda rows: f"cost {run_rates(_billable(_all(rows)))}"),
    Summary(34, lambda rows: f"waste {waste_of(_all(rows)) if _wasted(_all(rows)) else 'none'}"),
)


def group_content(row: DeploymentGroup, before: Sequence[tuple[str, str]] = ()) -> Content:
    """The pane: what it comes to, then its deployments, those that want attention first."""
    parts: list[tuple[str, str]] = [(f"{harmless(row.name or UNKNOWN)}\n", "bold"), *before]
    parts.append((f"{len(row.rows):,} deployments, {verdicts_of(row.rows)}\n", ""))
    parts.append((f"run rate {_rates(row.rows) or UNKNOWN}\nwaste {_wastes(row)}\n\n", ""))
    order = {verdict: place for place, verdict in enumerate(LOOKS)}
    ranked = sorted(row.rows, key=lambda each: order.get(each.verdict, len(order)))
    for each in ranked[:MOST_LISTED]:
        look = look_of(each.verdict)
        parts.append((f"{look.symbol} {each.verdict}  ", TONE_STYLES[look.tone]))
        parts.append((f"{harmless(each.name)}  {run_rate_of(each) or UNKNOWN}\n", ""))
    if len(ranked) > MOST_LISTED:
        parts.append((f"and {len(ranked) - MOST_LISTED:,} more: enter shows them all\n", ""))
    return Content.assemble(*parts)
