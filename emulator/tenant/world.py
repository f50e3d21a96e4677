"""The state of the stand-in's Azure: a tenant, how its services answer, and what fails."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from emulator.tenant.graph_rows import less, rows_of
from emulator.tenant.knobs import Knobs
from emulator.tenant.resources import Resource
from emulator.tenant.resources import stable_uuid as _uuid
from emulator.tenant.shapes import Json
from emulator.tenant.tenant import Tenant

_Work = TypeVar("_Work")
# So many answers of several pages are kept at a time.
KEPT = 8
CLIENT_ID = _uuid("application")
CLIENT_SECRET = "stand-in-secret"
OBJECT_ID = _uuid("service principal")
CLIENT_NAME = "mothball-operator"


@dataclass
class Operation:
    """A long-running operation: `polls_left` answers say InProgress before it ends."""

    id: str
    target: Resource
    started_at: datetime
    polls_left: int
    status: str
    error: Json | None
    finish: Callable[[], None]
    fail: Callable[[], None]
    state: str = "InProgress"
    ended_at: datetime | None = None
    on_end: Callable[[str], None] = lambda _state: None


@dataclass
class World(Tenant, Knobs):
    """A tenant, mutable at any time; guard changes by the emulator's lock while it serves.

    `graph_rows` are what Resource Graph goes on answering while it lags (None: it does not).
    """

    operations: dict[str, Operation] = field(default_factory=dict)
    graph_rows: list[Json] | None = None
    _worked_out: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, key: Hashable, work: Callable[[], _Work]) -> _Work:
        """What `work` comes to, or came to for this key before where the tenant is still."""
        if not self.is_still:
            return work()
        if key not in self._worked_out:
            while len(self._worked_out) >= KEPT:
                del self._worked_out[next(iter(self._worked_out))]
            self._worked_out[key] = work()
        found: _Work = self._worked_out[key]
        return found

    def moved(self) -> None:
        """Work everything out anew: the tenant changed."""
        self._worked_out.clear()

    def settle(self) -> None:
        """End the operations that nobody polled for five minutes."""
        late = self.clock.now() - timedelta(minutes=5)
        for operation in list(self.operations.values()):
            if operation.state == "InProgress" and operation.started_at <= late:
                self.end(operation)

    def end(self, operation: Operation) -> None:
        """Let an operation end as it was decided; one that never ends stays."""
        if operation.state != "InProgress" or operation.status == "InProgress":
            return
        operation.state = operation.status
        operation.ended_at = self.clock.now()
        self.moved()
        (operation.finish if operation.status == "Succeeded" else operation.fail)()
        operation.on_end(operation.state)

    def seen_by_graph(self) -> list[Json]:
        """Every row that Resource Graph has: of now, or of when it began to lag."""
        if self.graph_rows is not None:
            return self.graph_rows
        system = self.graph_has_system_data
        rows = rows_of(self.tenant_id, self.resources(), self.autoscale_settings, system)
        return less(rows, self.graph_loses) if self.graph_loses else rows

    def freeze_graph(self) -> None:
        """Let Resource Graph lag: it goes on answering what is true now."""
        self.thaw_graph()
        self.graph_rows = copy.deepcopy(self.seen_by_graph())
        self.moved()

    def thaw_graph(self) -> None:
        """Let Resource Graph catch up."""
        self.moved()
        self.graph_rows = None
