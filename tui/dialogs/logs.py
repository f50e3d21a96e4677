"""What the containers of a deployment printed: asked when this is opened, and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widgets import Static

from tui.details.parts import MUTED
from tui.dialogs.sheet import Sheet
from tui.words.untrusted import harmless
from tui.words.wrapping import Parts, Rendering

if TYPE_CHECKING:
    from collectors.connection.patience import Stop
    from collectors.logs.container_logs import ContainerLog
    from queries.estate.rows import DeploymentRow

CONTAINERS = ("inference-server", "storage-initializer")


class Logs(Sheet):
    """One container at a time; `l` shows the other."""

    doing = "asking for the log; loading azure-ai-ml takes about 3 s the first time"
    hint = "esc closes   l the other container   r reads again   / searches   c copies all"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("l", "other", "the other container"),
        ("r", "again", "read again"),
    ]

    def __init__(self, row: DeploymentRow) -> None:
        """Begin with the server."""
        super().__init__()
        self._row = row
        self._container = CONTAINERS[0]
        self.title_text = self._title

    def fetch(self, stop: Stop) -> Rendering:
        """Ask for the newest lines."""
        from actions.ask_logs import ask_log

        session, container = self.app.session, self._container
        log = ask_log(session, self._row.id, container, stop, self.throttled)
        return lambda _width: log_parts(log)

    def action_other(self) -> None:
        """Show the other container."""
        first, second = CONTAINERS
        self._container = second if self._container == first else first
        self.query_one("#sheet-title", Static).update(self._title)
        self.begin()

    def action_again(self) -> None:
        """Ask once more."""
        self.begin()

    @property
    def _title(self) -> str:
        return harmless(f"log of the {self._container.replace('-', ' ')} of {self._row.name}")


def log_parts(log: ContainerLog) -> Parts:
    """The lines, and that they are not all of it and not kept."""
    if not log.lines:
        return [("the container has printed nothing\n", MUTED)]
    cut = f"the newest {len(log.lines):,} lines; " if log.is_cut else ""
    note = f"{cut}secrets are masked, and nothing of this is kept\n\n"
    return [(note, MUTED), *((f"{harmless(line)}\n", "") for line in log.lines)]
