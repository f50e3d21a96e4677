"""A small tenant in which every source, left out unnoticed, would make something look idle."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from emulator import Clock, Emulator, Fault, World, steady
from emulator.apis.wire import Answer
from tests.scene import NOW

LOG = "11111111-2222-3333-4444-555555555555"
# The one deployment that serves nobody; every other that is called idle is called so in error.
IDLE = "old"
# Its endpoint's traffic is missing in Resource Graph, and its creation in the list of resources.
DOUBTFUL_ENDPOINT = "hidden"
Spoil = Callable[[Any], Any]


def tenant() -> World:
    """One workspace: what is called, what is kept by a lock, what is young, and what is idle."""
    world = World(clock=Clock(NOW))
    group = world.subscription("production").resource_group("rg", tags={"owner": "ml"})
    workspace = group.workspace("ws")
    fraud = workspace.endpoint("fraud", traffic={"blue": 100})
    fraud.deployment("blue", requests=steady(3.0))
    fraud.deployment("kept", tags={"role": "rollback"})
    fraud.deployment("pinned", requests=steady(0.5))
    world.lock(fraud.deployment("locked"))
    fraud.deployment("young", created_at=NOW - timedelta(days=3))
    fraud.deployment(IDLE)
    hidden = workspace.endpoint(DOUBTFUL_ENDPOINT, traffic={"main": 100})
    main = hidden.deployment("main", requests=steady(1.0))
    late = hidden.deployment("late", created_at=NOW - timedelta(days=2))
    world.not_in_resource_list |= {main.id.lower(), late.id.lower()}
    world.graph_has_system_data = False
    world.diagnose(fraud, LOG)
    return world


class Spoiling(Emulator):
    """An Azure whose Resource Graph leaves things out, with at most one source disturbed."""

    def __init__(self, world: World) -> None:
        """Disturb nothing yet. `met_at` is when requests were disturbed since that was asked."""
        super().__init__(world)
        self.met_at: list[float] = []
        self._fault: Fault | None = None
        self._spoil: Spoil | None = None

    def disturb(self, fault: Fault | None, spoil: Spoil | None) -> None:
        """Disturb what a fault fits: by it, or by spoiling the answer. None: nothing any more."""
        with self.lock:
            self.met_at.clear()
            self.faults.clear()
            self._fault, self._spoil = fault, spoil
            if fault and not spoil:
                self.faults.add(fault)

    def answer(
        self, method: str, target: str, headers: dict[str, str], content: bytes
    ) -> tuple[Answer | None, Fault | None]:
        """The emulator's own answer, with gaps, and spoilt where that is asked."""
        is_met = self._fault is not None and self._fault.fits(method, target, content)
        if is_met:
            self.met_at.append(time.monotonic())
        answer, fault = super().answer(method, target, headers, content)
        if answer is None or fault is not None:
            return answer, fault
        if "ResourceGraph" in target:
            answer.body = with_gaps(json.loads(answer.content()))
        if is_met and self._spoil is not None:
            answer.body = self._spoil(json.loads(answer.content()))
        return answer, fault


def with_gaps(body: Any) -> Any:
    """A page of Resource Graph without groups, and without the doubtful endpoint's traffic.

    So Resource Manager is asked for both.
    """
    rows = [row for row in body.get("data", ()) if not row["type"].endswith("resourcegroups")]
    for row in rows:
        if row.get("name") == DOUBTFUL_ENDPOINT:
            row["properties"].pop("traffic", None)
    return body | {"data": rows}
