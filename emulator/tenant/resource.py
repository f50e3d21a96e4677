"""Anything with an ARM id in the stand-in's Azure, and the tenant as it knows it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypedDict, TypeVar

from emulator.tenant.clock import Clock
from emulator.tenant.shapes import Json, system_identity
from emulator.tenant.state import Charge, Level, Lock

LONG_AGO: Final = datetime(2025, 1, 15, 8, 30, tzinfo=UTC)
ABSENT: Final[Any] = object()
PROVIDER = "Microsoft.MachineLearningServices"
_Child = TypeVar("_Child", bound="Resource")


def stable_uuid(*parts: str) -> str:
    """A UUID that is always the same for the same text."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("mothball", *parts)).casefold()))


def same(left: str, right: str) -> bool:
    """Whether two ids or names are one: without case, with or without the leading slash."""
    return left.strip("/").casefold() == right.strip("/").casefold()


class Home(Protocol):
    """The tenant as any of its resources knows it."""

    tenant_id: str
    clock: Clock
    extra_charges: list[Charge]

    def note(self, resource: Resource) -> None:
        """Remember it by its id."""

    def lock(
        self,
        scope: str | Resource,
        level: Level = "CanNotDelete",
        name: str = "keep",
        notes: str = "",
    ) -> Lock:
        """Lock a scope."""

    def metric_error(
        self, metric: str, code: str, aggregation: str | None = None, resource: str = ""
    ) -> None:
        """Let a metric answer a code."""


class Given(TypedDict, total=False):
    """What a resource may be given as it is made; what is left out is as `Resource` has it."""

    created_at: datetime | None
    created_by: str | None
    deleted_at: datetime | None
    state: str


@dataclass(eq=False)
class Resource:
    """Anything with an ARM id. It is there from `created_at` up to `deleted_at`.

    `properties` is the raw ARM object without the provisioning state, which is `state`.
    `created_at` None stands for a resource whose systemData tells nothing.
    """

    world: Home = field(repr=False)
    parent: Resource | None = field(repr=False)
    name: str
    type: str
    tags: dict[str, str] = field(default_factory=dict)
    location: str | None = None
    created_at: datetime | None = LONG_AGO
    created_by: str | None = "Ada Example"
    deleted_at: datetime | None = None
    state: str = "Succeeded"
    properties: Json = field(default_factory=dict)
    kind: str | None = None
    sku: Json | None = None
    identity: Json | None = None
    children: list[Resource] = field(default_factory=list, repr=False)
    modified_at: datetime | None = None
    id: str = ""

    def __post_init__(self) -> None:
        """Derive the id and join the parent's children."""
        if not self.id and self.parent:
            self.id = self._path(self.parent.id)
        if self.parent is not None:
            self.parent.children.append(self)
        self.world.note(self)

    def _path(self, parent: str) -> str:
        leaf = self.type.rsplit("/", 1)[-1]
        if self.type == f"{PROVIDER}/workspaces":
            return f"{parent}/providers/{self.type}/{self.name}"
        return f"{parent}/{leaf}/{self.name}"

    def _add(
        self,
        made: Callable[..., _Child],
        leaf: str,
        name: str,
        tags: Mapping[str, str] | None,
        /,
        **given: Any,
    ) -> _Child:
        """Add a child; its type is this one's and `leaf`, its location this one's unless given."""
        own = {"type": f"{self.type}/{leaf}", "location": self.location, "tags": dict(tags or {})}
        return made(world=self.world, parent=self, name=name, **{**own, **given})

    def _identity_of(self, child: str) -> Json:
        """The system-assigned identity of a child."""
        return system_identity(self.world.tenant_id, stable_uuid(self.id, child, "identity"))

    def exists(self, at: datetime | None = None) -> bool:
        """Whether it is there at `at` (default: now)."""
        at = at or self.world.clock.now()
        born = self.created_at is None or self.created_at <= at
        gone = self.deleted_at is not None and self.deleted_at <= at
        above = self.parent is None or self.parent.exists(at)
        return born and not gone and above

    def living(self, type_: str) -> list[Resource]:
        """The children of one ARM type that exist now, by name."""
        found = [child for child in self.children if same(child.type, type_) and child.exists()]
        return sorted(found, key=lambda child: child.name.casefold())

    def descendants(self) -> Iterator[Resource]:
        """Everything in it, gone things too, parents before children."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def remove(self, child: Resource, at: datetime | None = None) -> None:
        """Delete a child (and what is in it); its metric points stay under its id."""
        child.deleted_at = at or self.world.clock.now()

    @property
    def gone_at(self) -> datetime | None:
        """When it was deleted, by itself or with what it was in; None while it is there."""
        above = self.parent.gone_at if self.parent else None
        ends = [end for end in (self.deleted_at, above) if end is not None]
        return min(ends) if ends else None

    @property
    def subscription_id(self) -> str:
        """The subscription it is in."""
        return self.id.split("/")[2]
