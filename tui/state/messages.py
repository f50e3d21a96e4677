"""What workers tell the interface; named for what has happened, and all that they may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from actions.deletion.plan import Plan
    from actions.restore.planning import RestorePlan
    from actions.snapshot.take import SnapshotReport
    from actions.states import Progress, WriteState
    from actions.tags.lost import LostTag
    from collectors.doctor.checkup import SourceCheck
    from queries.estate.rows import Newest
    from queries.store.file import Mark
    from tui.state.estate import Details, Estate


class Work(Enum):
    """What a worker does; `tui.state.failures` has it in words."""

    SNAPSHOT = auto()
    STORE = auto()
    PAST = auto()
    DAYS = auto()
    ROWS = auto()
    SHEET = auto()
    LOST_TAGS = auto()
    SIGN_IN = auto()
    PERSON = auto()
    CHECK_UP = auto()
    EXPORT = auto()
    PREPARING = auto()
    PLANNING = auto()
    DELETION = auto()
    RESTORE = auto()


@dataclass
class WorkFailed(Message):
    """A worker could not do its work.

    `text` is one line with the fix, `what` names more closely what was worked on.
    """

    work: Work
    text: str
    what: str = ""


@dataclass
class EstateRead(Message):
    """The store was read; None: it holds no snapshot yet.

    `mark` is that of the store and `writes` the number of the program's own, both of before.
    """

    estate: Estate | None
    mark: Mark = None
    writes: int = 0


@dataclass
class StoreChanged(Message):
    """The store has another mark than what is shown was read by; `newest` is what it holds."""

    mark: Mark
    writes: int
    newest: Newest


@dataclass
class FirstRead(Message):
    """The first screenful was read; None: only the whole can be."""

    estate: Estate | None


@dataclass
class RowsRead(Message):
    """The rows of a place were read."""

    rows: Sequence[Any]


@dataclass
class DaysRead(Message):
    """The requests a day of some rows were read, for the rows that were shown then."""

    number: int
    days: Mapping[str, Sequence[float | None]]


@dataclass
class PastRead(Message):
    """An old snapshot was read, for the request of this number; None: the present is next."""

    number: int
    estate: Estate | None


@dataclass
class NothingBefore(Message):
    """The oldest snapshot is shown already."""

    text: str


@dataclass
class DetailsRead(Message):
    """Details of a row were read, for the question of this number; not `is_whole`: more comes."""

    generation: int
    details: Details
    is_whole: bool = True


@dataclass
class SheetFilled(Message):
    """What a sheet asked for is there, for the question of this number, as words by its width."""

    number: int
    rendering: Callable[[int], list[tuple[str, str]]]


@dataclass
class SnapshotProgressed(Message):
    """A running snapshot came further with one source."""

    source: str
    done: int
    total: int | None

    def can_replace(self, message: Message) -> bool:
        """A newer word on the same source makes a waiting one needless."""
        return isinstance(message, SnapshotProgressed) and message.source == self.source


@dataclass
class ThrottleMet(Message):
    """Azure asked for quiet: requests of this kind wait."""

    kind: str
    seconds: float


@dataclass
class SnapshotTaken(Message):
    """A snapshot was finished."""

    report: SnapshotReport


@dataclass
class SnapshotStopped(Message):
    """A snapshot ended because it was asked to."""


@dataclass
class PlanMade(Message):
    """A deletion was planned; nothing was sent."""

    plan: Plan


@dataclass
class TargetStageChanged(Message):
    """A running deletion came further with one target."""

    deployment_key: str
    progress: Progress


@dataclass
class DeletionEnded(Message):
    """A deletion went through all its targets."""

    plan: Plan


@dataclass
class TagsReadBack(Message):
    """The tags of one deployment were written, and read back."""

    deployment_key: str
    tags: Mapping[str, str]


@dataclass
class TagsNotWritten(Message):
    """The tags of one deployment were not written; `text` is one line that says why."""

    deployment_key: str
    state: WriteState
    text: str = ""


@dataclass
class WorkPrepared(Message):
    """What a dialog needs has been loaded."""


@dataclass
class TaggingEnded(Message):
    """All targets of a tag dialog were gone through."""


@dataclass
class PersonKnown(Message):
    """The sign-in told who it is; None: it does not report."""

    name: str | None


@dataclass
class FileWritten(Message):
    """What is shown was written to a file."""

    path: Path


@dataclass
class RestorePlanned(Message):
    """A restore was planned; Azure was only read."""

    plan: RestorePlan


@dataclass
class RestoreStepChanged(Message):
    """A running restore came further."""

    text: str


@dataclass
class RestoreEnded(Message):
    """A restore came to its end, good or bad."""

    plan: RestorePlan


@dataclass
class SourceChecked(Message):
    """The check-up came to one source."""

    finding: SourceCheck


@dataclass
class CheckupEnded(Message):
    """The check-up went through all sources, or was stopped."""

    is_stopped: bool = False


@dataclass
class LostTagsFound(Message):
    """The ledger of tags was compared with the newest snapshot."""

    lost: Sequence[LostTag]
