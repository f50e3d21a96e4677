"""What dialogs that write tags share: targets with what is foreseen, then what was read back."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.state.failures import failure_line, report_failures_to, work_failure_line
from tui.state.messages import (
    TaggingEnded,
    TagsNotWritten,
    TagsReadBack,
    Work,
    WorkFailed,
    WorkPrepared,
)
from tui.words.untrusted import harmless
from tui.words.wrapping import hanging

if TYPE_CHECKING:
    from actions.states import WriteState
    from queries.estate.naming import Names
    from queries.estate.rows import DeploymentRow
    from tui.state.interface import Interface

TagChange = TypeVar("TagChange")


LABELS: Mapping[WriteState, tuple[str, str]] = {
    "waiting": ("waiting", "$text-muted"),
    "left": ("left", "$text-muted"),
    "done": ("✓ done", "$text-success"),
    "refused": ("✗ refused", "bold $text-error"),
    "failed": ("✗ failed", "bold $text-error"),
    "stopped": ("not touched", "$text-muted"),
}
"""What each state is called, and its style."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of a target, in words; one that is left is not written to."""

    words: str
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How far one target is, and what there is to say of it."""

    state: WriteState
    words: str = ""


class TagWrites(ModalScreen[None], Generic[TagChange]):
    """Writes nothing until its button is pressed; escape stops after the current target.

    A dialog says what its fields are, what they mean, what that would do to a target, and does
    it. Targets are written one after another; a failure of one does not stop the rest.
    """

    app: Interface

    TITLE_WORD: ClassVar[str]
    BUTTON: ClassVar[str]
    FIRST: ClassVar[str] = "#cancel"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close"),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self, targets: Sequence[DeploymentRow], hidden_keys: frozenset[str]) -> None:
        """Keep the targets, hidden ones included."""
        super().__init__()
        self.targets = tuple(targets)
        self._hidden_keys = hidden_keys
        self._is_prepared = False
        self._is_stop_wanted = Event()
        self._results: dict[str, Result] = {}

    @abstractmethod
    def compose_fields(self) -> ComposeResult:
        """What is typed and chosen."""

    @abstractmethod
    def read_change(self) -> TagChange:
        """What the fields mean; ValueError with one line where they mean nothing."""

    @abstractmethod
    def foresee(self, row: DeploymentRow, change: TagChange) -> Foreseen:
        """What the change would do to a target, as far as the store knows it."""

    @abstractmethod
    def write(self, row: DeploymentRow, change: TagChange) -> Mapping[str, str]:
        """Do it, and read the tags back; called from a worker."""

    @abstractmethod
    def prepare(self) -> None:
        """Import what `foresee` needs, which takes too long for a person to wait."""

    def compose(self) -> ComposeResult:
        """The targets, the fields, what they come to, the buttons."""
        with Vertical(classes="dialog"):
            yield Static(self._title(), markup=False, classes="dialog-title")
            with VerticalScroll(classes="write-targets", can_focus=False):
                yield Static(classes="write-text", markup=False)
            with Vertical(classes="write-fields"):
                yield from self.compose_fields()
            yield Static(classes="write-note", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Button(self.BUTTON, id="apply", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Prepare, and show the targets meanwhile."""
        self.query_one(self.FIRST).focus()
        self.judge()
        self._prepare()

    def on_work_prepared(self) -> None:
        """From here on it can be foreseen what would be written."""
        self._is_prepared = True
        self.judge()

    def judge(self) -> None:
        """Say what the fields would do to each target, or what is wrong with them."""
        if self._has_begun:
            return
        change, wrong = None, "looking …"
        if self._is_prepared:
            try:
                change, wrong = self.read_change(), ""
            except ValueError as error:
                wrong = str(error)
        foreseen = {} if change is None else self._foreseen(change)
        self._show_foreseen(foreseen)
        count = sum(not each.is_left for each in foreseen.values())
        self.query_one("#apply", Button).disabled = count == 0
        if wrong:
            self._note(harmless(wrong), "$text-error" if self._is_prepared else "$text-muted")
        else:
            self._note(f"{count} of {len(self.targets)} would be written; nothing is yet", "")

    @on(Button.Pressed, "#cancel")
    def action_close(self) -> None:
        """Close; while Azure is being written to, stop after the current target."""
        if not self._is_writing:
            self.dismiss(None)
        else:
            self._is_stop_wanted.set()
            self._note("stopping after the current target; the rest is left as it is", "bold")

    @on(Button.Pressed, "#apply")
    def apply(self) -> None:
        """Write, one target after another."""
        try:
            change = self.read_change()
        except ValueError:
            return
        foreseen = self._foreseen(change)
        self.app.is_writing = True
        self.query_one(".write-fields").disabled = True
        self.query_one("#apply", Button).disabled = True
        self._results = {
            key: Result("left", each.words) if each.is_left else Result("waiting")
            for key, each in foreseen.items()
        }
        self._note("writing, one after another; esc stops after the current target", "bold")
        self._show_foreseen({})
        wanted = [row for row in self.targets if not foreseen[row.deployment_key].is_left]
        self._write_all(wanted, change)

    def on_tags_read_back(self, message: TagsReadBack) -> None:
        """Keep the tags that Azure has; the app hears of it too."""
        tags = ", ".join(f"{name}={value}" for name, value in message.tags.items())
        self._results[message.deployment_key] = Result("done", f"now {tags or 'no tags'}")
        self._show_foreseen({})

    def on_tags_not_written(self, message: TagsNotWritten) -> None:
        """Keep why not."""
        self._results[message.deployment_key] = Result(message.state, message.text)
        self._show_foreseen({})

    def on_work_failed(self, message: WorkFailed) -> None:
        """It is shown here."""
        message.stop()
        self._note(f"✗ {work_failure_line(message)}", "bold $text-error")

    def on_tagging_ended(self) -> None:
        """Say what it came to, and let the dialog be closed."""
        self.app.is_writing = False
        self._note(f"{self._summary()}; verdicts follow with the next snapshot", "bold")
        button = self.query_one("#cancel", Button)
        button.label = "Close"
        button.focus()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.call_after_refresh(
            self.judge if not self._has_begun else lambda: self._show_foreseen({})
        )

    def action_page(self, direction: int) -> None:
        """Scroll the targets whatever has the focus."""
        targets = self.query_one(".write-targets", VerticalScroll)
        targets.scroll_relative(y=direction * targets.size.height, animate=False)

    @cached_property
    def _names(self) -> Names:
        return self.app.names

    def _summary(self) -> str:
        """What it came to, in numbers."""
        counts = Counter(result.state for result in self._results.values())
        parts = [f"{counts['done']} of {len(self.targets)} written"]
        parts += [f"{counts[s]} {s}" for s in ("refused", "failed") if counts[s]]
        if stopped := counts["stopped"]:
            parts.append(f"{stopped} left as they were: it was stopped")
        return ", ".join(parts)

    @property
    def _has_begun(self) -> bool:
        return bool(self._results)

    @property
    def _is_writing(self) -> bool:
        return self._has_begun and self.app.is_writing

    @work(thread=True, exclusive=True, exit_on_error=False, group="preparing")
    def _prepare(self) -> None:
        with report_failures_to(self, Work.PREPARING):
            self.prepare()
            self.post_message(WorkPrepared())

    # Textual describes a worker by all that it is given, here every row, unless told otherwise.
    @work(thread=True, exclusive=True, exit_on_error=False, group="tagging", description="tagging")
    def _write_all(self, rows: Sequence[DeploymentRow], change: TagChange) -> None:
        from actions.batch import to_each

        for one in to_each(rows, lambda row: self.write(row, change), self._is_stop_wanted.is_set):
            key = one.target.deployment_key
            if one.result is not None:
                self.post_message(TagsReadBack(key, one.result))
            else:
                why = "" if one.failure is None else failure_line(one.failure)
                self.post_message(TagsNotWritten(key, one.state, why))
        self.post_message(TaggingEnded())

    def _foreseen(self, change: TagChange) -> dict[str, Foreseen]:
        return {row.deployment_key: self.foresee(row, change) for row in self.targets}

    def _show_foreseen(self, foreseen: Mapping[str, Foreseen]) -> None:
        width = self.query_one(".write-targets", VerticalScroll).scrollable_content_region.width
        parts: list[tuple[str, str]] = []
        for row in self.targets:
            key = row.deployment_key
            newline = "\n" if parts else ""
            parts.append((f"{newline}{harmless(self._names.path(row.id))}", "bold"))
            if key in self._hidden_keys:
                parts.append(("  hidden by the filter", "bold $text-warning"))
            now = ", ".join(f"{name}={value}" for name, value in row.tags.items()) or "no tags"
            lines = [(f"{row.verdict} · {now}", "$text-muted")]
            lines += [(f"! {sentence}", "$text-warning") for sentence in row.above]
            if key in self._results:
                result = self._results[key]
                label, style = LABELS[result.state]
                lines = [(": ".join(filter(None, (label, result.words))), style)]
            elif key in foreseen:
                each = foreseen[key]
                lines.append((f"{'✗ left:' if each.is_left else '→'} {each.words}", ""))
            parts += [(f"\n  {hanging(harmless(text), width, 2)}", style) for text, style in lines]
            parts.append(("\n", ""))
        self.query_one(".write-text", Static).update(Content.assemble(*parts))

    def _note(self, text: str, style: str) -> None:
        self.query_one(".write-note", Static).update(Content.styled(text, style))

    def _title(self) -> Content:
        count = len(self.targets)
        what = (
            harmless(self._names.of(self.targets[0].id)) if count == 1 else f"{count} deployments"
        )
        parts = [(f"{self.TITLE_WORD} {what}", "bold")]
        if hidden := len(self._hidden_keys & {row.deployment_key for row in self.targets}):
            parts.append((f"   {hidden} hidden by the filter", "bold $text-warning"))
        return Content.assemble(*parts)
