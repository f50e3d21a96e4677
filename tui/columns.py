"""The columns of the tables, as data: what is shown, how it sorts, how unknown looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tui.untrusted import UNKNOWN, Align, harmless
from tui.verdicts import LOOKS, look_of

if TYPE_CHECKING:
    from queries.rows import DeploymentRow

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. `show` and `sort` return None where the value is not known.

    `width` is in cells; a column with `grows_to` takes spare room up to that. Columns of a low
    `priority` go first where the terminal is slim. `tone` names the look of a cell.
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

    def text(self, row: Row) -> str:
        """What the cell says, harmless; `–` where the value is not known."""
        shown = self.show(row)
        return UNKNOWN if shown is None else harmless(shown)


def sorted_by(rows: Sequence[Row], column: Column[Row], descending: bool) -> list[Row]:
    """The rows by a column; what is not known comes first in both directions. Stable."""
    keyed = [(column.sort(row), row) for row in rows]
    unknown = [row for key, row in keyed if key is None]
    known = [pair for pair in keyed if pair[0] is not None]
    known.sort(key=itemgetter(0), reverse=descending)
    return unknown + [row for _key, row in known]


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


def size_of(row: DeploymentRow) -> str | None:
    """`DS3_v2 ×2`; None where Azure tells neither."""
    if row.instance_type is None and row.instance_count is None:
        return None
    kind = row.instance_type or UNKNOWN
    if kind.lower().startswith("standard_"):
        kind = kind[len("standard_") :]
    count = UNKNOWN if row.instance_count is None else str(row.instance_count)
    return f"{kind} ×{count}"


def idle_of(row: DeploymentRow) -> str | None:
    """Days since the last request; `≥` where none is known, since the silence may be longer."""
    if row.idle_days is None:
        return None
    return f"≥{row.idle_days}" if row.last_request_at is None else str(row.idle_days)


def owner_of(row: DeploymentRow) -> str | None:
    """The owner; with `?` where only the creator is known."""
    if row.owner is None:
        return None
    return f"{row.owner}?" if row.owner_source == "created_by" else row.owner


def money(amount: Decimal | None, currency: str | None) -> str | None:
    """An amount with its currency, to the unit."""
    return None if amount is None else f"{amount:,.0f} {currency or ''}".rstrip()


def _folded(text: str | None) -> str | None:
    return None if text is None else text.casefold()


_VERDICT_ORDER = {verdict: place for place, verdict in enumerate(LOOKS)}

DEPLOYMENTS: tuple[Column[DeploymentRow], ...] = (
    Column(
        "verdict",
        "verdict",
        15,
        lambda row: f"{look_of(row.verdict).symbol} {row.verdict}",
        lambda row: _VERDICT_ORDER.get(row.verdict, len(_VERDICT_ORDER)),
        priority=9,
        frozen=True,
        tone=lambda row: look_of(row.verdict).tone,
    ),
    Column(
        "name",
        "endpoint/deployment",
        25,
        lambda row: row.name,
        lambda row: row.name.casefold(),
        priority=10,
        frozen=True,
        grows_to=44,
    ),
    Column(
        "live",
        "live %",
        7,
        lambda row: percent(row.live_traffic_percent),
        lambda row: row.live_traffic_percent,
        align="right",
        priority=8,
    ),
    Column(
        "requests",
        "requests",
        10,
        lambda row: number(row.requests_in_window),
        lambda row: row.requests_in_window,
        align="right",
        priority=7,
    ),
    Column(
        "idle",
        "idle days",
        10,
        idle_of,
        lambda row: row.idle_days,
        align="right",
        priority=6,
    ),
    Column(
        "mirror",
        "mirror %",
        9,
        lambda row: percent(row.mirror_traffic_percent),
        lambda row: row.mirror_traffic_percent,
        align="right",
        priority=2,
    ),
    Column(
        "size",
        "size",
        20,
        size_of,
        lambda row: None if row.instance_type is None else size_of(row),
        priority=5,
    ),
    Column("owner", "owner", 24, owner_of, lambda row: _folded(row.owner), priority=4),
    Column(
        "workspace",
        "workspace",
        20,
        lambda row: row.workspace,
        lambda row: row.workspace.casefold(),
        priority=3,
        grows_to=30,
    ),
    Column(
        "run_rate",
        "run rate/mo",
        13,
        lambda row: money(row.monthly_run_rate, row.currency),
        lambda row: row.monthly_run_rate,
        align="right",
        priority=1,
    ),
)
