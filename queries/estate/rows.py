"""Typed rows: what the rooms above see of the store."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from itertools import repeat
from typing import Any, TypeAlias

from queries.store.append import aware_utc
from queries.text.conclusions import Conclusions
from queries.text.sentences import ABOVE, REFUSES_WRITES
from queries.vocabulary import RETIRABLE

# By column, the values that rows share; one that grew too large is begun anew.
Alike: TypeAlias = defaultdict[str, dict[Any, Any]]
MOST_ALIKE = 20_000


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    """A deployment with its verdict: the fields of `mothball list`, and what a plan needs.

    Percents are 0 to 100, `requests_in_window` is whole and 0 only where proven, times are UTC.
    None is unknown. `deployment` is None for a serverless endpoint.
    """

    id: str
    subscription_id: str
    resource_group: str
    workspace: str
    endpoint: str
    deployment: str | None
    region: str | None
    kind: str
    provisioning_state: str | None
    instance_type: str | None
    instance_count: int | None
    model: str | None
    environment: str | None
    code: str | None
    created_at: datetime | None
    created_by: str | None
    live_traffic_percent: float | None
    mirror_traffic_percent: float | None
    requests_in_window: int | None
    last_request_at: datetime | None
    idle_days: int | None
    role: str | None
    owner: str | None
    owner_source: str | None
    purpose: str | None
    expires_on: str | None
    verdict: str
    reasons: Conclusions
    findings: Conclusions
    rollback_for: str | None
    snapshot_id: str
    as_of: datetime
    deployment_key: str
    endpoint_key: str
    workspace_key: str
    retire_after: str | None
    exempt_until: str | None
    exemption_in_force: bool
    locks_known: bool
    lock_names: tuple[str, ...]
    inherited_lock_names: tuple[str, ...]
    requests_proven: bool
    newest_life_until: datetime | None
    is_new: bool | None
    window_days: int
    tags: Mapping[str, str] = field(default_factory=dict)
    cost_in_window: Decimal | None = None
    cost_through: date | None = None
    list_price_per_month: Decimal | None = None
    monthly_run_rate: Decimal | None = None
    run_rate_source: str | None = None
    currency: str | None = None
    month_to_date: Decimal | None = None
    last_full_month: Decimal | None = None
    cost_since_idle: Decimal | None = None
    billed_per_month: Decimal | None = None
    ranking_amount: Decimal | None = None
    share_of_endpoint: float | None = None
    cost_per_1000_requests: Decimal | None = None
    explanation: str | None = None
    is_covered: bool = False
    cost_since_idle_from: date | None = None
    cost_basis: str | None = None
    list_price_source: str | None = None
    list_price_read_at: datetime | None = None
    last_changed_at: datetime | None = None
    last_changed_by: str | None = None

    @property
    def name(self) -> str:
        """`endpoint/deployment`, or the endpoint alone where that is all."""
        return self.endpoint if self.deployment is None else f"{self.endpoint}/{self.deployment}"

    @property
    def owner_is_hint(self) -> bool:
        """Whether no tag names the owner, only who created it or changed it last."""
        return self.owner_source in ("created_by", "last_changed_by")

    @property
    def path(self) -> str:
        """`workspace/endpoint/deployment`, the short form of a target."""
        return f"{self.workspace}/{self.name}"

    @property
    def above(self) -> tuple[str, ...]:
        """What is wrong with the subscription and the workspace that it lies in, in sentences."""
        return tuple(one.sentence for one in self.reasons if one.code in ABOVE)

    @property
    def refuses_writes(self) -> str | None:
        """Why Azure takes no write on it, by the state of its subscription; None: it may."""
        return self.reasons.sentence_of(REFUSES_WRITES)

    @property
    def may_be_retired(self) -> bool:
        """Whether its verdict lets it be retired, and Azure the write."""
        return self.verdict in RETIRABLE and self.refuses_writes is None

    @property
    def is_marked(self) -> bool:
        """Whether it carries a retire mark."""
        return self.role == "retire" and bool(self.retire_after)


@dataclass(frozen=True, slots=True)
class Newest:
    """What the store was given last: the newest finished snapshot, the length of the journal, and
    when a bill was read. None: there is no snapshot, or no bill; times are UTC.
    """

    snapshot_id: str | None = None
    taken_at: datetime | None = None
    journal_entries: int = 0
    bill_read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """An endpoint that a snapshot read; it need not have any deployment."""

    endpoint_key: str
    id: str
    subscription_id: str
    workspace: str
    name: str
    kind: str
    snapshot_id: str

    @property
    def path(self) -> str:
        """`workspace/endpoint`, the short form of a target."""
        return f"{self.workspace}/{self.name}"


@dataclass(frozen=True, slots=True)
class EndpointState:
    """What one collection saw of an endpoint as a whole.

    `gone_names` hold live traffic and are not there; `asked_names` are deployments, gone ones
    too, with a request in the window.
    """

    state: str | None
    traffic_known: bool
    gone_names: tuple[str, ...]
    asked_names: tuple[str, ...]
    workspace_state: str | None = None


@dataclass(frozen=True, slots=True)
class ReadErrorRow:
    """Something that a snapshot could not read."""

    snapshot_id: str
    source: str
    scope: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """One snapshot of the store; status is running, complete, partial, stopped or pruned."""

    snapshot_id: str
    status: str
    started_at: datetime
    finished_at: datetime | None
    window_days: int
    deployments: int
    read_errors: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """One UTC day of one deployment, as the judge counts it. None: Azure gave no value.

    `own_requests` and `split_requests` are what the deployment's and the endpoint's namespace
    told, `requests` the larger; a running day counts up to its reading. `was_asked`: both answers
    cover the day; `is_alive`: enough signs of life.
    """

    day: date
    own_requests: float | None
    split_requests: float | None
    requests: float | None
    was_asked: bool
    is_alive: bool
    capacity: float | None
    cpu_percent: float | None
    cpu_percent_highest: float | None
    memory_percent: float | None
    gpu_percent: float | None
    latency_p95_ms: float | None


@dataclass(frozen=True, slots=True)
class BilledDay:
    """What one UTC day of a deployment cost; 0: billed and nothing of it, None: not read yet."""

    day: date
    cost: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What one snapshot saw of one name in the maps of an endpoint (percent)."""

    seen_at: datetime
    deployment: str
    live_percent: float
    mirror_percent: float


def asset_name(asset: str | None) -> str | None:
    """`fraud:3` of an asset's id; an id names workspaces, which are no part of the asset."""
    if asset is None or "/versions/" not in asset:
        return asset
    name, _, version = asset.rpartition("/versions/")
    return f"{name.rpartition('/')[2]}:{version}"


def deployment_row(row: Mapping[str, Any]) -> DeploymentRow:
    """A row of `judged_deployments` (with tags as JSON or absent) as a typed row."""
    (made,) = deployment_rows(list(row), [tuple(row.values())])
    return made


def deployment_rows(
    names: Sequence[str], rows: Sequence[tuple[Any, ...]], alike: Alike | None = None
) -> list[DeploymentRow]:
    """Rows of `judged_deployments`, by the names of their columns, as typed rows.

    A hundred thousand are made while somebody waits, so they are filled a column at a time, past
    the frozen `__init__`. What many rows say is held once among all calls with one `alike`.
    """
    if not rows:
        return []
    alike = defaultdict(dict) if alike is None else alike
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    made = [object.__new__(DeploymentRow) for _row in rows]
    for name, fill in _FILL.items():
        values = _values(name, columns[name], alike) if name in columns else repeat(_absent(name))
        deque(map(fill, made, values), maxlen=0)
    return made


def _values(name: str, found: Sequence[Any], alike: Alike) -> Iterable[Any]:
    """The values of a column as rows have them."""
    make = MADE.get(name)
    if name not in _ALIKE:
        return found if make is None else map(make, found)
    held = alike[name]
    if len(held) > MOST_ALIKE:
        held.clear()
    if make is None:
        return map(held.setdefault, found, found)
    said = found if name not in _LISTS else list(map(_texts, found))
    for value in set(said).difference(held):
        held[value] = make(value)
    return map(held.__getitem__, said)


def _absent(name: str) -> Any:
    """What a row has where the question has no such column; KeyError where it must have one."""
    given = _DEFAULTS[name]
    return given.default if given.default is not MISSING else given.default_factory()


def _tags(text: str | None) -> dict[str, str]:
    return json.loads(text) if text and text != "{}" else {}


def _texts(texts: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(texts or ())


def _conclusions(texts: Sequence[str] | None) -> Conclusions:
    return Conclusions(tuple(texts or ()))


_FIELDS = {each.name: each for each in fields(DeploymentRow)}
_FILL = {name: getattr(DeploymentRow, name).__set__ for name in _FIELDS}
_DEFAULTS: dict[str, Any] = {
    name: each
    for name, each in _FIELDS.items()
    if each.default is not MISSING or each.default_factory is not MISSING
}
_TIMES = ("created_at", "last_request_at", "last_changed_at")
_TIMES_OF_MANY = ("as_of", "newest_life_until", "list_price_read_at")
_LISTS = ("reasons", "findings", "lock_names", "inherited_lock_names")
MADE: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys((*_TIMES, *_TIMES_OF_MANY), aware_utc),
    **dict.fromkeys(("lock_names", "inherited_lock_names"), _texts),
    **dict.fromkeys(("reasons", "findings"), _conclusions),
    "tags": _tags,
}
# Not what is a row's own: ids, amounts, times of its own; nor numbers, of which Python holds the
# small ones once.
_ALIKE = frozenset(
    {
        "code",
        "cost_basis",
        "cost_since_idle_from",
        "cost_through",
        "created_by",
        "currency",
        "deployment",
        "endpoint",
        "endpoint_key",
        "environment",
        "explanation",
        "instance_type",
        "kind",
        "last_changed_by",
        "list_price_source",
        "model",
        "owner",
        "owner_source",
        "provisioning_state",
        "purpose",
        "region",
        "resource_group",
        "role",
        "rollback_for",
        "run_rate_source",
        "snapshot_id",
        "subscription_id",
        "verdict",
        "workspace",
        "workspace_key",
        "tags",
        *_TIMES_OF_MANY,
        *_LISTS,
    }
)
