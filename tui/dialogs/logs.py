"""What the containers of a deployment printed: asked when this is opened, and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.timer import Timer
from textual.widgets import Static

from collectors.records import counted
from tui.details.parts import MUTED
from tui.dialogs.following import Followed, following_hint
from tui.dialogs.sheet import Sheet
from tui.state.messages import SheetFilled, WorkFailed
from tui.words.untrusted import harmless
from tui.words.wrapping import Parts, Rendering

if TYPE_CHECKING:
    from collectors.connection.patience import Stop
    from collectors.logs.container_logs import ContainerLog
    from queries.estate.rows import DeploymentRow

CONTAINERS = ("inference-server", "storage-initializer")
FOLLOW_SECONDS = 5.0
NOTE = "secrets are masked, and nothing of this is kept\n\n"


@dataclass(frozen=True, slots=True)
class LogAnswer:
    """A log, and the words of it."""

    log: ContainerLog

    def __call__(self, _width: int) -> Parts:
        """The words, whatever the width."""
        return log_parts(self.log)


class Logs(Sheet):
    """One container at a time; `l` shows the other. `f` follows it: new lines are added.

    While it is followed there is one question at a time. A failure is a line among the others, and
    the next question is asked all the same.
    """

    doing = "asking for the log; loading azure-ai-ml takes about 3 s the first time"
    hint = "esc closes   f follows   l other container   r reads again   / searches   c copies all"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("l", "other", "the other container"),
        ("r", "again", "read again"),
        ("f", "follow", "follow"),
    ]

    def __init__(self, row: DeploymentRow) -> None:
        """Begin with the server."""
        super().__init__()
        self._row = row
        self._container = CONTAINERS[0]
        self.title_text = self._title
        self._followed = Followed()
        self._follower: Timer | None = None
        self._is_asking = False

    def fetch(self, stop: Stop) -> Rendering:
        """Ask for the newest lines."""
        from actions.ask_logs import ask_log

        session, container = self.app.session, self._container
        log = ask_log(session, self._row.id, container, stop, self.throttled)
        return LogAnswer(log)

    def begin(self) -> None:
        """Read the whole anew."""
        self._followed, self._is_asking = Followed(), True
        super().begin()

    def on_sheet_filled(self, message: SheetFilled) -> None:
        """Keep what was read; while it is followed, add what is new of it."""
        answer = message.rendering
        if message.number != self._number or not isinstance(answer, LogAnswer):
            return
        self._is_asking = False
        before = self._followed
        self._followed = before.answered(answer.log, self.app.session.now())
        if before.answered_at is not None:
            message.prevent_default()
            self._add_to(before)

    def on_work_failed(self, message: WorkFailed) -> None:
        """While it is followed, a failure is a line beneath what was read."""
        self._is_asking = False
        if self._follower is not None and self._followed.answered_at is not None:
            message.prevent_default()
            message.stop()
            before = self._followed
            self._followed = before.failed(message.text, self.app.session.now())
            self._add_to(before)

    def action_follow(self) -> None:
        """Ask again every few seconds from now on; the same key stops it."""
        if self._follower is None:
            self._follower = self.set_interval(FOLLOW_SECONDS, self.ask_again)
            self.ask_again()
        else:
            self._follower.stop()
            self._follower = None
        self._end()

    def ask_again(self) -> None:
        """Ask for what is new, unless a question is under way."""
        if not self._is_asking:
            self._is_asking, self._wait = True, ""
            self._work(self._number)

    def action_other(self) -> None:
        """Show the other container."""
        first, second = CONTAINERS
        self._container = second if self._container == first else first
        self.query_one("#sheet-title", Static).update(self._title)
        self.begin()

    def action_again(self) -> None:
        """Ask once more."""
        self.begin()

    def _add_to(self, before: Followed) -> None:
        """Show what came since, and stay at the end where the end was in sight."""
        if self._followed.parts != before.parts:
            is_at_end = self._body.scroll_offset.y >= self._body.max_scroll_y
            parts = [(NOTE, MUTED), *self._followed.parts]
            self._show(lambda _width: parts)
            if is_at_end:
                self._body.scroll_end(animate=False)
        self._end()

    def _count(self) -> None:
        if self._follower is None or self._followed.answered_at is None:
            super()._count()
        else:
            self._end()

    def _end(self) -> None:
        super()._end()
        if self._follower is not None:
            hint = following_hint(self._followed, FOLLOW_SECONDS, self._wait)
            self.query_one("#sheet-hint", Static).update(hint)

    @property
    def _title(self) -> str:
        return harmless(f"log of the {self._container.replace('-', ' ')} of {self._row.name}")


def log_parts(log: ContainerLog) -> Parts:
    """The lines, and that they are not all of it and not kept."""
    if not log.lines:
        return [("the container has printed nothing\n", MUTED)]
    cut = f"the newest {counted(len(log.lines), 'line')}; " if log.is_cut else ""
    return [(f"{cut}{NOTE}", MUTED), *((f"{harmless(line)}\n", "") for line in log.lines)]
