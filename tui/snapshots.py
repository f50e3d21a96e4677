"""Snapshots that are taken while the interface is open: start, progress, stop, end."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from collectors.records import counted
from tui.state.failures import report_failures_to
from tui.state.messages import (
    SnapshotProgressed,
    SnapshotStopped,
    SnapshotTaken,
    ThrottleMet,
    Work,
)
from tui.state.snapshot_progress import SnapshotProgress, take
from tui.state.workers import in_thread

if TYPE_CHECKING:
    from collectors.connection.patience import Stop
    from tui.state.interface import Interface


class SnapshotRuns:
    """Collects for an app, whose `snapshot_progress` is what runs; None: nothing does."""

    def __init__(self, app: Interface) -> None:
        """None runs yet."""
        self._app = app
        self._stop: Stop | None = None

    def begin(self) -> None:
        """Take a snapshot, unless one runs."""
        if self._app.snapshot_progress is None:
            self._app.snapshot_progress = SnapshotProgress()
            self._app.trouble = None
            in_thread(self._app, self._take, "snapshot")

    def ask_to_stop(self) -> None:
        """Ask whether to stop the one that runs, unless it is stopping."""
        running = self._app.snapshot_progress
        if running is not None and not running.is_stopping:
            from tui.dialogs.question import Question

            question = Question("Stop the snapshot that is running?", "Stop it", "Go on")
            self._app.push_screen(question, self._stop_if_wanted)

    def progressed(self, message: SnapshotProgressed) -> None:
        """Count on."""
        if self._app.snapshot_progress is not None:
            self._app.snapshot_progress = self._app.snapshot_progress.further(
                message.source, message.done, message.total
            )

    def throttled(self, message: ThrottleMet) -> None:
        """Say how long Azure wants quiet."""
        if self._app.snapshot_progress is not None:
            until = monotonic() + message.seconds
            self._app.snapshot_progress = self._app.snapshot_progress.waiting(message.kind, until)

    def taken(self, message: SnapshotTaken) -> None:
        """Say what the snapshot came to, and read it."""
        self.end()
        report = message.report
        text = f"snapshot {report.status}: {counted(report.deployments, 'deployment')}"
        if report.errors:
            text += f", {counted(len(report.errors), 'read error')}: H shows "
            text += "it" if len(report.errors) == 1 else "them"
        self._app.notify(text, severity="warning" if report.errors else "information", markup=False)
        self._app.read_store()

    def stopped(self) -> None:
        """Say that nothing new is shown."""
        self.end()
        text = "the snapshot was stopped; the data shown is the one before"
        self._app.notify(text, markup=False)

    def stop(self) -> None:
        """Tell the one that runs to end, where one does."""
        if self._stop is not None:
            self._stop.set()

    def end(self) -> None:
        """None runs any more."""
        self._app.snapshot_progress = None
        self._stop = None
        self._app.trouble = None

    def _stop_if_wanted(self, is_wanted: bool | None) -> None:
        if is_wanted and self._stop is not None and self._app.snapshot_progress is not None:
            self.stop()
            self._app.snapshot_progress = SnapshotProgress(is_stopping=True)

    def _take(self) -> None:
        with report_failures_to(self._app, Work.SNAPSHOT):
            from collectors.connection.errors import Stopped
            from collectors.connection.patience import Stop

            self._stop = Stop()
            try:
                report = take(self._app.session, self._stop, self._report, self._tell_throttle)
            except Stopped:
                self._app.post_message(SnapshotStopped())
            else:
                self._app.post_message(SnapshotTaken(report))

    def _report(self, source: str, done: int, total: int | None) -> None:
        self._app.post_message(SnapshotProgressed(source, done, total))

    def _tell_throttle(self, kind: str, seconds: float) -> None:
        self._app.post_message(ThrottleMet(kind, seconds))
