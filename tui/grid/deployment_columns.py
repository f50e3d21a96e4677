"""The columns of the deployments, and what several deployments come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING

from collectors.records import counted
from queries.estate.packed import PackedRows, counts_of, only
from queries.money.waste import Amount
from queries.vocabulary import SERVES_NOBODY
from tui.grid.columns import (
    Change,
    Column,
    Summary,
    Total,
    money,
    number,
    percent,
    text_column,
    total_of_money,
    total_of_numbers,
)
from tui.grid.serving_nobody import amount_text
from tui.state.estate import NOT_KEPT
from tui.words.untrusted import UNKNOWN
from tui.words.verdicts import LOOKS, look_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from queries.estate.rows import DeploymentRow

NOTHING = "none"
BY_DAY = "by_day"
MONEY = frozenset({"run_rate", "cost", "list"})
_OFTEN: Change = "cell"  # what changes with every snapshot points at no row


def size_of(row: DeploymentRow) -> str | None:
    """`DS3_v2 ×2`; None where Azure reports neither."""
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
    """The owner; with `?` where no tag names one, only who created it or changed it last."""
    if row.owner is None:
        return None
    return f"{row.owner}?" if row.owner_is_hint else row.owner


_OF_RATE = ("monthly_run_rate", "currency", "run_rate_source")


def run_rate_of(row: DeploymentRow) -> str | None:
    """The run rate; `~` where it is a list price and no bill."""
    text = money(row.monthly_run_rate, row.currency)
    return f"~{text}" if text is not None and row.run_rate_source == "list" else text


def run_rates(rows: Sequence[DeploymentRow]) -> str:
    """What the rows cost a month, by currency: what their column shows, added up."""
    amounts, unknown = rates_in(rows)
    known = [*map(amount_text, amounts)]
    if not known:
        return UNKNOWN
    return " + ".join([*known, f"{unknown:,} unknown"] if unknown else known)


Rates = tuple[tuple[Amount, ...], int]
"""The sum of each currency, the largest first, and of how many rows it is not known."""


def rates_in(rows: Sequence[DeploymentRow]) -> Rates:
    """What the rows cost a month; of packed ones worked out once."""
    if isinstance(rows, PackedRows):
        return rows.kept(("rates",), lambda: _rates(rows.pairs(*_OF_RATE)))
    return _rates((_rate_fields(row), 1) for row in rows)


def rates_in_cell(found: Rates) -> str:
    """`2 ? + ~4,310 EUR`: amounts stand under amounts; `–` where nothing is known."""
    amounts, unknown = found
    known = [f"{'' if a.is_billed else '~'}{money(a.value, a.currency)}" for a in amounts]
    if not known:
        return UNKNOWN
    return " + ".join([f"{unknown:,} ?", *known] if unknown else known)


_rate_fields = attrgetter(*_OF_RATE)


def _rates(counts: Iterable[tuple[tuple[Decimal | None, str | None, str | None], int]]) -> Rates:
    sums: dict[str, Decimal] = {}
    listed: set[str] = set()
    unknown = 0
    for (amount, currency, source), count in counts:
        if amount is None or currency is None:
            unknown += count
            continue
        sums[currency] = sums.get(currency, Decimal(0)) + amount * count
        if source == "list":
            listed.add(currency)
    ordered = sorted(sums.items(), key=lambda pair: -pair[1])
    return tuple(Amount(value, name, name not in listed) for name, value in ordered), unknown


def waste_of(rows: Sequence[DeploymentRow]) -> str:
    """What those of the rows cost a month that serve nobody, by currency."""
    return run_rates(only(rows, "verdict", SERVES_NOBODY))


def _instances(rows: Sequence[DeploymentRow]) -> str:
    counts = counts_of(rows, "instance_count")
    known = sum(number * count for number, count in counts.items() if number is not None)
    unknown = f" + {counts.get(None, 0):,} unknown" if counts[None] else ""
    return counted(known, "instance") + unknown


def _rate(rows: Sequence[DeploymentRow]) -> str:
    return f"run rate {run_rates(rows)}"


def _waste(rows: Sequence[DeploymentRow]) -> str:
    idle = only(rows, "verdict", SERVES_NOBODY)
    return f"waste {run_rates(idle) if idle else NOTHING}"


SUMMARIES: tuple[Summary[DeploymentRow], ...] = (
    Summary(_instances),
    Summary(_rate),
    Summary(_waste),
)


def _day(moment: date | datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d}"


def _no_requests(row: DeploymentRow) -> str | None:
    return row.reasons.first


def no_price(row: DeploymentRow) -> str:
    """Why it is not known what a deployment costs."""
    if row.list_price_source == NOT_KEPT:
        return NOT_KEPT
    if row.kind != "managed":
        return f"{row.kind} endpoints are not priced by instance"
    if row.instance_count is None:
        return "no bill was read, and its number of instances is not known"
    return f"no bill was read, and no list price of {row.instance_type} in {row.region}"


def _no_cost(row: DeploymentRow) -> str:
    if row.list_price_source == NOT_KEPT:
        return "it is reported for the newest snapshot only"
    return "the bill of the window was not read whole"


def _no_share(_row: DeploymentRow) -> str:
    return "Azure did not report the endpoint's traffic"


def _no_tag(_row: DeploymentRow) -> str:
    return "no tag tells it"


def _no_owner(_row: DeploymentRow) -> str:
    return "no owner tag on it or above it, and Azure did not report who made it"


def _folded(text: str | None) -> str | None:
    return None if text is None else text.casefold()


def _total(amount: str) -> Total[DeploymentRow]:
    return total_of_money(attrgetter(amount, "currency"), amount, "currency")


_RATES_IN: Total[DeploymentRow] = Total(
    _rate_fields,
    _OF_RATE,
    _rates,
    rates_in_cell,
    lambda found: max((amount.value for amount in found[0]), default=None),
)
_INSTANCES_IN = total_of_numbers(
    attrgetter("instance_count"),
    "instance_count",
    words=lambda count: counted(int(count), "instance"),
)
_VERDICT_ORDER = {verdict: place for place, verdict in enumerate(LOOKS)}


DEPLOYMENT_COLUMNS: tuple[Column[DeploymentRow], ...] = (
    Column(
        "verdict",
        "verdict",
        15,
        lambda row: f"{look_of(row.verdict).symbol} {row.verdict}",
        lambda row: _VERDICT_ORDER.get(row.verdict, len(_VERDICT_ORDER)),
        priority=10,
        frozen=True,
        tone=lambda row: look_of(row.verdict).tone,
        reads=("verdict",),
    ),
    Column(
        "name",
        "endpoint/deployment",
        25,
        lambda row: row.name,
        lambda row: row.name.casefold(),
        priority=11,
        frozen=True,
        grows_to=44,
        group=lambda row: f"{row.workspace}/{row.endpoint}",
        reads=("workspace", "endpoint", "deployment"),
    ),
    text_column("workspace", 12, priority=8, grows_to=30),
    Column(
        "run_rate",
        "run rate/mo",
        13,
        run_rate_of,
        lambda row: row.monthly_run_rate,
        align="right",
        priority=9,
        why=no_price,
        change=_OFTEN,
        reads=("monthly_run_rate",),
        group_reads=("monthly_run_rate", "currency", "run_rate_source"),
        total=_RATES_IN,
    ),
    Column(
        "live",
        "live %",
        7,
        lambda row: percent(row.live_traffic_percent),
        lambda row: row.live_traffic_percent,
        align="right",
        priority=8,
        why=_no_share,
        reads=("live_traffic_percent",),
    ),
    Column(
        "requests",
        "requests",
        10,
        lambda row: number(row.requests_in_window),
        lambda row: row.requests_in_window,
        align="right",
        priority=7,
        why=_no_requests,
        change=_OFTEN,
        reads=("requests_in_window",),
        total=total_of_numbers(attrgetter("requests_in_window"), "requests_in_window"),
    ),
    Column(
        "idle",
        "idle days",
        10,
        idle_of,
        lambda row: row.idle_days,
        align="right",
        priority=6,
        why=_no_requests,
        change="never",
        reads=("idle_days",),
        group_reads=("idle_days", "last_request_at"),
    ),
    Column(
        "cost",
        "cost in window",
        14,
        lambda row: money(row.cost_in_window, row.currency),
        lambda row: row.cost_in_window,
        align="right",
        priority=3,
        why=_no_cost,
        change=_OFTEN,
        reads=("cost_in_window",),
        group_reads=("cost_in_window", "currency"),
        total=_total("cost_in_window"),
    ),
    Column(
        "size",
        "size",
        20,
        size_of,
        lambda row: None if row.instance_type is None else size_of(row),
        priority=5,
        group=lambda row: row.instance_type,
        reads=("instance_type", "instance_count"),
        total=_INSTANCES_IN,
    ),
    Column(
        "owner",
        "owner",
        24,
        owner_of,
        lambda row: _folded(row.owner),
        priority=4,
        why=_no_owner,
        group=lambda row: row.owner,
        reads=("owner",),
    ),
    Column(
        "mirror",
        "mirror %",
        9,
        lambda row: percent(row.mirror_traffic_percent),
        lambda row: row.mirror_traffic_percent,
        align="right",
        priority=2,
        why=_no_share,
        reads=("mirror_traffic_percent",),
    ),
    Column(
        "list",
        "list price/mo",
        14,
        lambda row: money(row.list_price_per_month, row.currency),
        lambda row: row.list_price_per_month,
        align="right",
        priority=1,
        why=no_price,
        is_default=False,
        change=_OFTEN,
        reads=("list_price_per_month",),
        group_reads=("list_price_per_month", "currency"),
        total=_total("list_price_per_month"),
    ),
    Column(
        "reason",
        "first reason",
        40,
        lambda row: row.reasons.first,
        lambda row: _folded(row.reasons.first),
        grows_to=80,
        why=lambda _row: "its verdict has no reason",
        is_default=False,
        change="never",
        reads=("reasons",),
    ),
    Column(
        "finding",
        "findings",
        40,
        lambda row: "; ".join(row.findings.sentences) or NOTHING,
        lambda row: _folded("; ".join(row.findings.sentences)),
        grows_to=80,
        is_default=False,
        change=_OFTEN,
        reads=("findings",),
    ),
    # The place fills it, for the rows in sight: a day of each of 100,000 is no question to ask.
    Column(
        BY_DAY,
        "requests a day",
        30,
        lambda _row: None,
        lambda row: row.requests_in_window,
        priority=10,
        why=_no_requests,
        group=lambda row: number(row.requests_in_window),
        is_default=False,
        change="never",
        reads=("requests_in_window",),
        never_cut=True,
        is_fixed=True,
    ),
    text_column("retire_after", 14, title="retire after", is_default=False, why=_no_tag),
    text_column("region", 14, is_default=False),
    text_column("kind", 11, is_default=False),
    text_column("state", 11, read="provisioning_state", is_default=False),
    text_column("role", 11, is_default=False, why=_no_tag),
    text_column("purpose", 24, is_default=False, why=_no_tag),
    text_column("expires", 11, read="expires_on", is_default=False, why=_no_tag),
    text_column("group", 20, read="resource_group", title="resource group", is_default=False),
    text_column("subscription", 36, read="subscription_id", is_default=False),
    Column(
        "last",
        "last request",
        13,
        lambda row: _day(row.last_request_at),
        lambda row: row.last_request_at,
        is_default=False,
        why=lambda _row: "no request is kept in the store",
        change=_OFTEN,
        reads=("last_request_at",),
    ),
    Column(
        "created",
        "created",
        11,
        lambda row: _day(row.created_at),
        lambda row: row.created_at,
        is_default=False,
        reads=("created_at",),
    ),
    Column(
        "seen",
        "as of",
        11,
        lambda row: _day(row.as_of),
        lambda row: row.as_of,
        is_default=False,
        change="never",
        reads=("as_of",),
    ),
)
