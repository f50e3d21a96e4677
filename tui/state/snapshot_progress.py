"""A running snapshot as the interface sees it: how far each source is, and what waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actions.session import Session
    from actions.snapshot.take import SnapshotReport
    from collectors.connection.patience import Stop
    from collectors.records import Progress


@dataclass(frozen=True, slots=True)
class SnapshotProgress:
    """Progress by source as (done, total); `waits` by kind until a moment of the steady clock."""

    progress: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    waits: Mapping[str, float] = field(default_factory=dict)
    is_stopping: bool = False

    def further(self, source: str, done: int, total: int | None) -> SnapshotProgress:
        """A copy that is further along. Threads overtake each other; a count never goes back."""
        known = self.progress.get(source)
        if known is not None and known[1] == total:
            done = max(done, known[0])
        return replace(self, progress={**self.progress, source: (done, total)})

    def waiting(self, kind: str, until: float) -> SnapshotProgress:
        """A copy with one kind of request held until then."""
        return replace(self, waits={**self.waits, kind: max(until, self.waits.get(kind, 0.0))})

    def text_at(self, at: float) -> str:
        """One line: `snapshot: metrics throttled, waits 17 s · inventory 42 · metrics 3/12`.

        What waits comes first, since it is what a narrow line must not lose.
        """
        if self.is_stopping:
            return "stopping the snapshot …"
        parts = [
            f"{kind} throttled, waits {until - at:.0f} s"
            for kind, until in self.waits.items()
            if until - at >= 0.5
        ]
        parts += [
            f"{source} {done}" if total is None else f"{source} {done}/{total}"
            for source, (done, total) in self.progress.items()
            if total is None or done < total
        ]
        return "snapshot: " + (" · ".join(parts) or "starting …")


def take(
    session: Session,
    stop: Stop,
    progressed: Progress,
    throttled: Callable[[str, float], None],
) -> SnapshotReport:
    """Take a snapshot of all that the operator may see; called from a worker."""
    from actions.snapshot.collect import collect
    from actions.snapshot.request import request_by_settings

    return collect(session, request_by_settings(session), stop, progressed, throttled)
