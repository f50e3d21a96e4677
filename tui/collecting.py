"""Snapshots that are taken while the interface is open: start, progress, stop, end."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from textual import work
from textual.reactive import reactive

from tui.showing import Showing
from tui.state.failures import told_to
from tui.state.messages import SnapshotProgressed, SnapshotStopped, SnapshotTaken, ThrottleMet, Work
from tui.state.snapshot_progress import Sweep, take

if TYPE_CHECKING:
    from collectors.connection.patience import Stop


class Collecting(Showing):
    """The part of the application that collects; `sweep` is what runs, None: nothing does."""

    sweep: reactive[Sweep | None] = reactive(None)
    trouble: reactive[str | None] = reactive(None)
    _stop: Stop | None = None

    def toggle_snapshot(self) -> None:
        """Take a snapshot; if one runs, ask whether to stop it."""
        if self.sweep is None:
            self.sweep = Sweep()
            self.trouble = None
            self._take_snapshot()
        elif not self.sweep.is_stopping:
            from tui.dialogs.question import Question

            question = Question("Stop the snapshot that is running?", "Stop it", "Go on")
            self.push_screen(question, self._stop_snapshot)

    def on_snapshot_progressed(self, message: SnapshotProgressed) -> None:
        """Count on."""
        if self.sweep is not None:
            self.sweep = self.sweep.further(message.source, message.done, message.total)

    def on_throttle_met(self, message: ThrottleMet) -> None:
        """Say how long Azure wants quiet."""
        if self.sweep is not None:
            self.sweep = self.sweep.waiting(message.kind, monotonic() + message.seconds)

    def on_snapshot_taken(self, message: SnapshotTaken) -> None:
        """Say what the snapshot came to, and read it."""
        self._end_sweep()
        report = message.report
        text = f"snapshot {report.status}: {report.deployments} deployments"
        if report.errors:
            text += f", {len(report.errors)} holes: H shows them"
        self.notify(text, severity="warning" if report.errors else "information", markup=False)
        self.read_store()

    def on_snapshot_stopped(self) -> None:
        """Say that nothing new is shown."""
        self._end_sweep()
        self.notify("the snapshot was stopped; the data shown is the one before", markup=False)

    def _stop_snapshot(self, is_wanted: bool | None) -> None:
        if is_wanted and self._stop is not None and self.sweep is not None:
            self._stop.set()
            self.sweep = Sweep(is_stopping=True)

    def _end_sweep(self) -> None:
        self.sweep = None
        self._stop = None
        self.trouble = None

    @work(thread=True, exclusive=True, exit_on_error=False, group="snapshot")
    def _take_snapshot(self) -> None:
        with told_to(self, Work.SNAPSHOT):
            from collectors.connection.errors import Stopped
            from collectors.connection.patience import Stop

            self._stop = Stop()
            try:
                report = take(self.operator, self._stop, self._progressed, self._throttled)
            except Stopped:
                self.post_message(SnapshotStopped())
            else:
                self.post_message(SnapshotTaken(report))

    def _progressed(self, source: str, done: int, total: int | None) -> None:
        self.post_message(SnapshotProgressed(source, done, total))

    def _throttled(self, kind: str, seconds: float) -> None:
        self.post_message(ThrottleMet(kind, seconds))
