"""What Azure reported, as flat frozen records; unknown is None and never 0.

Each class has the columns of one table of the store. Ids are spelt as Azure spelt them;
`key` is the form that compares, since Azure's ids compare without case (azure.md
A7). Times are aware and UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

Tags = Mapping[str, str]
# The kinds of endpoint that split live traffic among their deployments.
ONLINE_KINDS = frozenset({"managed", "kubernetes"})
_WORKSPACES = "/microsoft.machinelearningservices/workspaces/"
# Hears how far long work is: what is read, how much of it is done, and of how much (None: unknown).
Progress = Callable[[str, int, int | None], None]


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """`1 workspace`, `2 workspaces`; `plural` where an s is not enough."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def key_of(resource_id: str) -> str:
    """The comparing form of an ARM id: lower case, one leading slash, none at the end."""
    return "/" + resource_id.strip().strip("/").lower()


def workspace_of(resource_id: str) -> str:
    """The id of the workspace that a resource of Machine Learning is in."""
    start = resource_id.lower().index(_WORKSPACES) + len(_WORKSPACES)
    return resource_id[:start] + resource_id[start:].split("/", 1)[0]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription that the sign-in can see; `state` as Azure spells it (azure.md A85)."""

    subscription_id: str
    name: str | None = None
    state: str | None = None
    tags: Tags = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The comparing form of its ARM id."""
        return key_of(f"subscriptions/{self.subscription_id}")


@dataclass(frozen=True, slots=True)
class ResourceGroup:
    """A resource group; read for the tags that its resources inherit."""

    subscription_id: str
    name: str
    tags: Tags = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The comparing form of its ARM id."""
        return key_of(f"subscriptions/{self.subscription_id}/resourceGroups/{self.name}")


@dataclass(frozen=True, slots=True)
class Workspace:
    """A Machine Learning workspace; hub and project kinds too.

    One that is deleted softly is listed until `purged_at` (azure.md A86).
    """

    id: str
    subscription_id: str
    resource_group: str
    name: str
    region: str | None = None
    kind: str | None = None
    hub_id: str | None = None
    provisioning_state: str | None = None
    soft_deleted_at: datetime | None = None
    purged_at: datetime | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    tags: Tags = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The comparing form of its ARM id."""
        return key_of(self.id)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint. `kind` is managed, kubernetes, batch or serverless.

    `traffic` and `mirror` give percent by deployment name as Azure spelt it. `traffic` None
    means that Azure did not report; an empty map means that nothing gets live traffic.
    """

    id: str
    workspace_id: str
    subscription_id: str
    resource_group: str
    workspace: str
    name: str
    kind: str
    region: str | None = None
    provisioning_state: str | None = None
    auth_mode: str | None = None
    public_network_access: str | None = None
    identity_kind: str | None = None
    traffic: Mapping[str, float] | None = None
    mirror: Mapping[str, float] | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    tags: Tags = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The comparing form of its ARM id."""
        return key_of(self.id)


@dataclass(frozen=True, slots=True)
class Deployment:
    """What can cost money: an online or batch deployment, or a serverless endpoint (`name` None).

    `request_timeout`, `max_queue_wait` are ISO 8601 durations as Azure spells them.
    """

    id: str
    endpoint_id: str
    workspace_id: str
    subscription_id: str
    resource_group: str
    workspace: str
    endpoint: str
    name: str | None
    kind: str
    region: str | None = None
    provisioning_state: str | None = None
    instance_type: str | None = None
    instance_count: int | None = None
    model: str | None = None
    environment: str | None = None
    code: str | None = None
    scoring_script: str | None = None
    request_timeout: str | None = None
    max_concurrent_requests_per_instance: int | None = None
    max_queue_wait: str | None = None
    scale_type: str | None = None
    egress_public_network_access: str | None = None
    app_insights_enabled: bool | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    tags: Tags = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The comparing form of its ARM id."""
        return key_of(self.id)


@dataclass(frozen=True, slots=True)
class Lock:
    """A management lock and the scope that it lies on."""

    scope_id: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class AutoscaleSetting:
    """A setting that scales something below a Machine Learning workspace.

    Counts are instances: `minimum` and `maximum` over all profiles, `default_count` of the first.
    """

    id: str
    name: str
    target_id: str
    enabled: bool | None = None
    minimum: int | None = None
    maximum: int | None = None
    default_count: int | None = None
    profiles: int = 0


@dataclass(frozen=True, slots=True)
class RawResource:
    """A resource as Azure reported it, without the values of environment variables."""

    id: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """The buckets of one series that have a value; the three tuples are of one length.

    `deployment_key` names the deployment that the series speaks of; `source` the question that
    told it: `deployment` (its own namespace), `endpoint` (the endpoint's, split by deployment)
    or `endpoint by class` (by status class too). `asked_minutes` is the grain that was asked
    for, `grain_minutes` the grain of the answer, `starts_at` the start of each bucket.
    """

    deployment_key: str
    source: str
    metric: str
    status_class: str
    asked_minutes: int
    grain_minutes: int
    starts_at: tuple[datetime, ...]
    average: tuple[float | None, ...]
    maximum: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class MetricRead:
    """What one question came to for some metrics of some resources: each metric of each resource.

    `resource_keys` are deployments (source `deployment`) or endpoints (source `endpoint`);
    `state` is `answered` or `refused`, for the days from `first_day` to `last_day`, both whole
    as of `read_at`.
    """

    resource_keys: tuple[str, ...]
    source: str
    metrics: tuple[str, ...]
    asked_minutes: int
    first_day: date
    last_day: date
    state: str
    code: str | None
    read_at: datetime


@dataclass(frozen=True, slots=True)
class CostLine:
    """A sum of one UTC day. Tags are in lower case; None is untagged.

    `resource_key` is the workspace where the question grouped by it.
    """

    day: date
    resource_key: str | None
    endpoint: str | None
    deployment: str | None
    cost: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class ListPrice:
    """What one instance of a size costs an hour by the list; `per_hour` None: not in the list."""

    region: str
    instance_type: str
    currency: str
    per_hour: Decimal | None
    product: str | None = None
    meter_id: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityEvent:
    """One event of the Activity Log; those of one operation share correlation id and resource.

    `operation` is `write` or `delete`; `status` `started`, `accepted`, `succeeded` or `failed`,
    None: a word that is not known. `caller` is a person, or the object id of an application. The
    maps give percent by deployment where the event holds the request's body, else None.
    """

    subscription_id: str
    resource_key: str
    correlation_id: str
    operation: str
    status: str | None
    happened_at: datetime
    caller: str | None = None
    traffic: Mapping[str, float] | None = None
    mirror: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class ReadError:
    """Something that could not be read: where, what Azure said, and so what is unknown."""

    source: str
    scope: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class FactFinding:
    """What the comparison of a fact of Azure with this tenant came to.

    `fact` is a name of `queries.vocabulary.AZURE_FACTS`; `code` and `parameters` are the evidence,
    or why it is not testable; `compared` is how many things were.
    """

    fact: str
    state: Literal["confirmed", "contradicted", "not testable"]
    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    compared: int = 0


@dataclass(frozen=True, slots=True)
class ScopeRead:
    """A scope that was read whole for one source: a subscription, workspace or endpoint."""

    source: str
    scope_key: str
    subscription_id: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that exists in the scope that was asked for, and the read errors in it."""

    subscriptions: tuple[Subscription, ...] = ()
    resource_groups: tuple[ResourceGroup, ...] = ()
    workspaces: tuple[Workspace, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    locks: tuple[Lock, ...] = ()
    autoscale: tuple[AutoscaleSetting, ...] = ()
    raw: Collection[RawResource] = ()
    reads: tuple[ScopeRead, ...] = ()
    read_errors: tuple[ReadError, ...] = ()
