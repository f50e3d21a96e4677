"""What an archive holds as rows of a table: what would be created, and what is left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.grid.columns import Column, percent
from tui.grid.plan_columns import in_order, name_column, standing_column
from tui.grid.targets import PlanTable

if TYPE_CHECKING:
    from actions.restore.planning import RestorePlan


@dataclass(frozen=True, slots=True)
class RestoreLine:
    """One deployment of an archive.

    `needed` says why it cannot be left out, None: it can; `share` is its share of the archived
    live traffic, None: the map does not name it.
    """

    key: str
    name: str
    share: float | None
    size: str | None
    needed: str | None
    is_out: bool = False


def lines_of(plan: RestorePlan) -> list[RestoreLine]:
    """The deployments of a plan from which none was left out."""
    from actions.restore.left_out import why_needed
    from collectors.records import key_of

    shares = _shares(plan)
    return [
        RestoreLine(
            key_of(str(body["id"])),
            plan.names.of(str(body["id"])),
            shares.get(str(body["id"]).rsplit("/", 1)[-1].lower()),
            _size(body),
            why_needed(plan.definitions, body),
        )
        for body in plan.definitions.deployments
    ]


def _shares(plan: RestorePlan) -> dict[str, float]:
    found = (plan.definitions.endpoint.get("properties") or {}).get("traffic")
    return {n.lower(): share for n, share in found.items()} if isinstance(found, Mapping) else {}


def _size(body: Mapping[str, Any]) -> str | None:
    kind = (body.get("properties") or {}).get("instanceType")
    count = (body.get("sku") or {}).get("capacity")
    return None if kind is None else f"{kind} ×{'–' if count is None else count}"


def _standing(line: RestoreLine) -> tuple[str, str]:
    return ("  left out", "quiet") if line.is_out else ("→ create", "act")


RESTORE_TARGETS: tuple[Column[RestoreLine], ...] = (
    standing_column(_standing),
    name_column(56),
    Column(
        "share", "live %", 6, lambda line: percent(line.share), in_order, align="right", priority=8
    ),
    Column("size", "size", 24, lambda line: line.size, in_order, priority=6),
)


class RestoreTargets(PlanTable[RestoreLine]):
    """What is marked is created."""

    def __init__(self, *, id: str | None = None) -> None:
        """Nothing is read yet."""
        super().__init__(RESTORE_TARGETS, lambda line: line.key, id=id)


def needed_among(lines: Iterable[RestoreLine], out: Collection[str]) -> RestoreLine | None:
    """The first of those that were taken out and cannot be left out."""
    return next((line for line in lines if line.key in out and line.needed is not None), None)
