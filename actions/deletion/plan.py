"""A plan to delete: targets, checks, what it saves, the phrase. Pure; nothing is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from actions.deletion.by_hand import ByHand
from actions.states import CheckState, Outcome
from collectors.records import counted
from queries.estate.naming import Names
from queries.estate.rows import DeploymentRow

CHECKS = (
    "same-resource",
    "live-traffic",
    "mirror-traffic",
    "requests",
    "callers",
    "rollback",
    "lock",
    "exemption",
    "retire-mark",
    "operation",
    "assets",
    "restorable",
)
SILENT = "endpoint-silent"
# Of an endpoint's deletion: the silence of the whole stands in place of share and rollback.
ENDPOINT_CHECKS = tuple(
    SILENT if name == "live-traffic" else name for name in CHECKS if name != "rollback"
)
NEVER_OVERRIDDEN = frozenset({"same-resource", "live-traffic", "mirror-traffic", "lock", SILENT})
# What a plan lets pass without an answer: only the guard asks it, right before the deletion.
ASKED_LATER = frozenset({"callers"})
Action = Literal["delete", "delete-endpoint"]
Overrides = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of a deletion. `age_seconds` is how old its evidence is (None: not known)."""

    check: str
    state: CheckState
    evidence: str
    age_seconds: int | None = None
    override: str | None = None

    @property
    def lets_through(self) -> bool:
        """Whether the deletion may go on for all that this check says."""
        return self.state == "pass" or self.override is not None

    @property
    def is_open(self) -> bool:
        """Whether it passes because it is asked later, so that nothing is known of it yet."""
        return self.state == "pass" and self.age_seconds is None and self.check in ASKED_LATER


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """One deployment to delete, its checks, and what became of it.

    `archive` is the name of what brings it back; None: this run has archived nothing.
    """

    row: DeploymentRow
    checks: tuple[Check, ...]
    monthly_saving: Decimal | None
    currency: str | None
    outcome: Outcome = "planned"
    message: str | None = None
    archive: str | None = None

    @property
    def obstacles(self) -> tuple[Check, ...]:
        """The checks that stand in the way."""
        return tuple(check for check in self.checks if not check.lets_through)

    @property
    def was_left(self) -> bool:
        """Whether a stopped run did not come to it."""
        return self.outcome == "planned" and self.message is not None


@dataclass(frozen=True, slots=True)
class Deletion:
    """What one DELETE takes away: a deployment, or an endpoint with all that is in it."""

    action: Action
    id: str
    targets: tuple[PlannedTarget, ...]
    warnings: tuple[str, ...] = ()
    by_hand: tuple[ByHand, ...] = ()

    @property
    def of_endpoint(self) -> bool:
        """Whether the whole endpoint goes."""
        return self.action == "delete-endpoint"

    @property
    def checks(self) -> tuple[str, ...]:
        """The names of the checks that each target has to pass."""
        return ENDPOINT_CHECKS if self.of_endpoint else CHECKS

    @property
    def obstacles(self) -> tuple[Check, ...]:
        """The checks of any target that stand in the way."""
        return tuple(check for target in self.targets for check in target.obstacles)

    def each(self, change: Callable[[PlannedTarget], PlannedTarget]) -> Deletion:
        """A copy of this deletion with each target changed."""
        return replace(self, targets=tuple(map(change, self.targets)))


@dataclass(frozen=True, slots=True)
class Note:
    """What there is to know beside the checks; `about` is the id of what it speaks of."""

    text: str
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deletion would do, and the phrase that confirms it.

    `brakes` are reasons why this many targets at once are refused; empty: none. `endpoint_id` is
    set where one endpoint goes with all the targets. `by_hand` are the commands that do the same.
    `names` tell its targets apart from all that the store knows.
    """

    phrase: str
    targets: tuple[PlannedTarget, ...]
    notes: tuple[Note, ...] = ()
    brakes: tuple[str, ...] = ()
    endpoint_id: str | None = None
    by_hand: tuple[ByHand, ...] = ()
    names: Names = field(default_factory=Names, repr=False, compare=False)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The notes as lines, each with the name of what it speaks of."""
        return tuple(map(self.line_of, self.notes))

    def line_of(self, note: Note) -> str:
        """One note, with the name of what it speaks of."""
        return note.text if note.about is None else f"{self.names.of(note.about)}: {note.text}"

    @property
    def action(self) -> Action:
        """What the journal calls it."""
        return "delete" if self.endpoint_id is None else "delete-endpoint"

    @property
    def deletions(self) -> tuple[Deletion, ...]:
        """The DELETEs, in their order."""
        if self.endpoint_id is not None:
            whole = Deletion("delete-endpoint", self.endpoint_id, self.targets)
            return (replace(whole, by_hand=self.by_hand),)
        return tuple(
            Deletion("delete", target.row.id, (target,), (), self._steps_for(target.row.id))
            for target in self.targets
        )

    def _steps_for(self, target_id: str) -> tuple[ByHand, ...]:
        return tuple(step for step in self.by_hand if step.target == target_id)


def phrase_for(rows: Sequence[DeploymentRow], names: Names) -> str:
    """What must be typed: the name of one, the number of several with a mark of which they are."""
    if len(rows) == 1:
        return names.of(rows[0].id)
    keys = "\n".join(sorted(row.deployment_key for row in rows))
    return (
        f"delete {counted(len(rows), 'deployment')} {hashlib.sha256(keys.encode()).hexdigest()[:4]}"
    )


def overridden(checks: Sequence[Check], overrides: Overrides, verdict: str) -> tuple[Check, ...]:
    """The checks with the reasons that a person gave for those that did not pass."""
    return tuple(
        replace(check, override=overrides[check.check])
        if check.check in overrides
        and check.state != "pass"
        and may_override(check.check, verdict) is None
        else check
        for check in checks
    )


def may_override(check: str, verdict: str | None = None) -> str | None:
    """Why a check cannot be overridden, or None where it can."""
    if check not in (*CHECKS, SILENT):
        return f"there is no check {check!r}; there are: {', '.join((*CHECKS, SILENT))}"
    if check in NEVER_OVERRIDDEN:
        return f"the check {check!r} cannot be overridden"
    if check == "requests" and verdict not in (None, "failed"):
        return "the check 'requests' can be overridden for a failed deployment only"
    return None
