"""Writes what is shown to a file, with the filter in its head."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from collectors.records import counted
from tui.state.failures import report_failures_to
from tui.state.messages import FileWritten, Work, WorkFailed
from tui.widgets.tick import Tick
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from queries.reports.shown import Shown
    from tui.state.interface import Interface


class Exporting(ModalScreen[None]):
    """A path to type, filled in; the suffix chooses the form. No file is replaced silently."""

    app: Interface

    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close")]

    def __init__(self, what: str, count: int, make: Callable[[], Shown]) -> None:
        """`make` is called in a worker: so many rows take longer than a person should wait."""
        super().__init__()
        self._what, self._count, self._make = what, count, make
        self._is_writing = False

    def compose(self) -> ComposeResult:
        """What it is, the path, the buttons."""
        day = self.app.session.now().date()
        with Vertical(classes="dialog"):
            title = f"Export {self._count:,} {self._what}"
            yield Static(title, classes="dialog-title", markup=False)
            yield Static(
                "the name ends in .csv (all fields), .json (the same) or .md (the columns shown)",
                classes="hint",
                markup=False,
            )
            with Vertical(classes="write-fields"):
                yield Input(f"mothball-{self._what}-{day}.csv", id="path", compact=True)
                yield Tick("replace a file that is there", id="replace", compact=True)
            yield Static(classes="write-note", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Button("Write the file", id="apply", variant="primary", compact=True)

    def on_mount(self) -> None:
        """The path can be changed at once; enter writes it."""
        self.query_one("#path").focus()
        self._note(f"in {Path.cwd()}", "$text-muted")

    @on(Button.Pressed, "#cancel")
    def cancel(self) -> None:
        """Write nothing."""
        self.dismiss(None)

    @on(Input.Submitted)
    @on(Button.Pressed, "#apply")
    def apply(self) -> None:
        """Write the file; a second press may be waiting behind the first."""
        if self._is_writing:
            return
        self._is_writing = True
        path = Path(self.query_one("#path", Input).value.strip()).expanduser()
        self._note("writing …", "$text-muted")
        self._write(path, self.query_one("#replace", Tick).value)

    def on_file_written(self, message: FileWritten) -> None:
        """Say where it is."""
        path = harmless(str(message.path.absolute()))
        self.app.notify(path, title=f"{counted(self._count, 'row')} written", markup=False)
        self.dismiss(None)

    def on_work_failed(self, message: WorkFailed) -> None:
        """Say what is wrong with the path."""
        message.stop()
        self._is_writing = False
        self._note(f"✗ {message.text}", "bold $text-error")

    @work(thread=True, exclusive=True, exit_on_error=False, group="export")
    def _write(self, path: Path, replaces: bool) -> None:
        with report_failures_to(self, Work.EXPORT):
            from queries.reports.shown import write_shown

            try:
                write_shown(path, self._make(), replaces=replaces)
            except (ValueError, OSError) as error:
                self.post_message(WorkFailed(Work.EXPORT, " ".join(str(error).split())))
            else:
                self.post_message(FileWritten(path))

    def _note(self, text: str, style: str) -> None:
        self.query_one(".write-note", Static).update(Content.styled(harmless(text), style))
