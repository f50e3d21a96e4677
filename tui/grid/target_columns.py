"""The targets of a plan as rows of a table: what is to go, how far it is, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from actions.states import progress_words
from tui.grid.columns import Column, number, percent
from tui.grid.deployment_columns import idle_of, run_rate_of, size_of
from tui.grid.plan_columns import hidden_column, in_order, name_column, standing_column
from tui.words.verdicts import OUTCOME_SYMBOLS, OUTCOME_TONES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from actions.deletion.plan import Plan, PlannedTarget
    from actions.states import Outcome, Stage
    from queries.estate.naming import Names
    from queries.estate.rows import DeploymentRow


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target, with the names that tell it apart.

    `planned` is None before it is planned, `stage` is how far a running deletion is. A target that
    is out was taken from the plan; nothing happens to it.
    """

    row: DeploymentRow
    name: str
    path: str
    planned: PlannedTarget | None = None
    is_hidden: bool = False
    is_out: bool = False
    stage: Stage | Outcome | None = None

    @property
    def key(self) -> str:
        """The key of its deployment."""
        return self.row.deployment_key


def lines_of(
    rows: Iterable[DeploymentRow],
    plan: Plan | None,
    kept: Set[str],
    hidden: Set[str],
    stages: Mapping[str, Stage | Outcome],
    names: Names,
) -> list[TargetLine]:
    """A line a target. `kept` and `hidden` are keys, `stages` are by key."""
    planned = {target.row.deployment_key: target for target in plan.targets} if plan else {}
    return [
        TargetLine(
            row,
            names.of(row.id),
            names.path(row.id),
            planned.get(row.deployment_key),
            is_hidden=row.deployment_key in hidden,
            is_out=row.deployment_key not in kept,
            stage=stages.get(row.deployment_key),
        )
        for row in rows
    ]


def standing(line: TargetLine) -> tuple[str, str]:
    """Where a target stands, in two words with their sign, and the tone of them."""
    planned = line.planned
    if line.is_out:
        return "  left out", "quiet"
    if line.stage is not None:
        return f"› {progress_words(line.stage)}", "doubt"
    if planned is None:
        return "  planning", "quiet"
    if planned.was_left:
        return "  not touched", "quiet"
    if planned.outcome != "planned":
        symbol = OUTCOME_SYMBOLS.get(planned.outcome, "?")
        return f"{symbol} {planned.outcome}", OUTCOME_TONES.get(planned.outcome, "doubt")
    return _expected(planned)


def _expected(planned: PlannedTarget) -> tuple[str, str]:
    states = {check.state for check in planned.obstacles}
    if "fail" in states:
        return "✗ barred", "broken"
    return ("? not proven", "doubt") if states else ("  may go", "alive")


def locks_of(row: DeploymentRow) -> str | None:
    """The names of the locks over it; None where they could not be read."""
    if not row.locks_known:
        return None
    return ", ".join((*row.lock_names, *row.inherited_lock_names)) or "none"


def tags_of(row: DeploymentRow) -> str:
    """Its tags in one line."""
    return ", ".join(f"{name}={value}" for name, value in row.tags.items()) or "none"


TARGETS: tuple[Column[TargetLine], ...] = (
    standing_column(standing),
    name_column(56),
    hidden_column(),
    Column(
        "run_rate",
        "run rate/mo",
        13,
        lambda line: run_rate_of(line.row),
        in_order,
        align="right",
        priority=9,
    ),
    Column(
        "live",
        "live %",
        6,
        lambda line: percent(line.row.live_traffic_percent),
        in_order,
        align="right",
        priority=8,
    ),
    Column(
        "requests",
        "requests",
        10,
        lambda line: number(line.row.requests_in_window),
        in_order,
        align="right",
        priority=7,
    ),
    Column("size", "size", 16, lambda line: size_of(line.row), in_order, priority=6),
    Column("idle", "idle days", 9, lambda line: idle_of(line.row), in_order, align="right"),
    Column("locks", "locks", 10, lambda line: locks_of(line.row), in_order, priority=4),
    Column("workspace", "workspace", 18, lambda line: line.row.workspace, in_order, priority=3),
    Column("tags", "tags", 24, lambda line: tags_of(line.row), in_order, priority=2, grows_to=60),
)


def way_back(planned: PlannedTarget) -> str | None:
    """The command that brings a deleted target back; None where nothing was archived for it."""
    return restore_command(planned.archive, planned.outcome)


def restore_command(archive: str | None, outcome: str | None) -> str | None:
    """The command that restores an archive; None where there is none, or nothing was deleted."""
    if not archive or outcome not in ("deleted", "raced"):
        return None
    return f"mothball restore {archive}"
