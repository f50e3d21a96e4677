"""A deletion that is under way: how far each target is, what was said of it, what is gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from actions.states import Remark

if TYPE_CHECKING:
    from actions.deletion.plan import Plan
    from actions.states import Outcome, Progress, Stage
    from collectors.connection.patience import Stop


@dataclass(slots=True)
class DeletionRun:
    """By the keys of deployments; `stop` is None until the deletion begins."""

    stages: dict[str, Stage | Outcome] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()
    stop: Stop | None = None

    def begin(self, plan: Plan) -> Stop:
        """Every target waits; what is returned ends the run after the current one."""
        from collectors.connection.patience import Stop

        self.stages = {target.row.deployment_key: "waiting" for target in plan.targets}
        self.stop = Stop()
        return self.stop

    def hear(self, key: str, progress: Progress) -> bool:
        """Keep how far a target is, or a remark on it. Whether it is the current one from now."""
        if isinstance(progress, Remark):
            self.notes.setdefault(key, []).append(progress.text)
            return False
        self.stages[key] = progress
        return progress == "guarding"

    def end(self, plan: Plan) -> str:
        """Keep what is gone. The key of the target to look at: the first that is not gone."""
        targets = plan.targets
        self.deleted = frozenset(t.row.deployment_key for t in targets if t.outcome == "deleted")
        self.stages.clear()
        left = (t.row.deployment_key for t in targets if t.outcome != "deleted")
        return next(left, targets[0].row.deployment_key)

    def break_off(self) -> None:
        """Keep what was gone by the time that it failed."""
        self.deleted = frozenset(key for key, at in self.stages.items() if at == "deleted")
