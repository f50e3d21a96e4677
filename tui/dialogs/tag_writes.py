"""What dialogs that write tags share: targets with what is foreseen, then what was read back."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static, TextArea

from collectors.records import counted
from tui.dialogs.plan_targets import TargetsView
from tui.dialogs.write_targets import Foreseen, Result, WriteLine, WriteTargets, write_content
from tui.grid.grid import Grid
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

if TYPE_CHECKING:
    from queries.estate.naming import Names
    from queries.estate.rows import DeploymentRow
    from tui.state.interface import Interface

TagChange = TypeVar("TagChange")


class TagWrites(ModalScreen[None], Generic[TagChange]):
    """Writes nothing until its button is pressed; escape stops after the current target.

    A target that is unmarked leaves the plan, and nothing is written to it. A dialog says what its
    fields are, what they mean, what that would do to a target, and does it. Targets are written one
    after another; a failure of one does not stop the rest.
    """

    app: Interface

    TITLE_WORD: ClassVar[str]
    BUTTON: ClassVar[str]
    FIRST: ClassVar[str] = "#cancel"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close"),
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("space", "turn", show=False),
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
        self._foreseen: dict[str, Foreseen] = {}
        self._results: dict[str, Result] = {}
        self._confirmed: list[DeploymentRow] | None = None
        self._view = TargetsView(self, WriteTargets(id="targets"))

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

    def tags_known(self, row: DeploymentRow) -> Mapping[str, str]:
        """The tags of a target before the write, as far as they are known."""
        return row.tags

    @abstractmethod
    def prepare(self) -> None:
        """Load and read what `foresee` needs, which takes too long for a person to wait."""

    def compose(self) -> ComposeResult:
        """The targets, the fields, what they come to, the buttons."""
        with Vertical(classes="dialog"):
            yield Static(self._title(), markup=False, classes="dialog-title")
            yield from self._view.compose()
            with Vertical(classes="write-fields"):
                yield from self.compose_fields()
            yield Static(classes="write-note", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Button(self.BUTTON, id="apply", variant="primary", compact=True)
            yield Static(id="write-keys", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Prepare, and show the targets meanwhile."""
        self.query_one(self.FIRST).focus()
        self.set_class(len(self.targets) == 1, "-single")
        self._view.open(is_settled=len(self.targets) == 1)
        self._show_targets()
        self._view.table.mark(row.deployment_key for row in self.targets)
        self.judge()
        self._prepare()

    def on_work_prepared(self) -> None:
        """From here on it can be foreseen what would be written."""
        self._is_prepared = True
        self.judge()

    @property
    def kept(self) -> list[DeploymentRow]:
        """The targets that were not taken out, in their order."""
        if self._confirmed is not None:
            return self._confirmed
        return self._view.marked_of(self.targets)

    @on(Grid.MarksChanged)
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
        self._foreseen = {} if change is None else self._foresee_all(change)
        self._show_targets()
        count = len(self._to_write)
        self.query_one("#apply", Button).disabled = count == 0
        if not self.kept:
            self._note("nothing is left to write: space takes a target back in", "bold")
        elif wrong:
            self._note(harmless(wrong), "$text-error" if self._is_prepared else "$text-muted")
        else:
            out = len(self.targets) - len(self.kept)
            parts = [f"{count} of {len(self.targets)} would be written", *_left_out(out)]
            self._note(f"{', '.join(parts)}; nothing is yet", "")

    @on(Grid.CursorMoved)
    def describe(self) -> None:
        """Show all that there is to say of the target under the cursor."""
        line = self._view.table.current
        if line is not None:
            self._view.describe(write_content(line, self._view.width))

    def on_descendant_focus(self) -> None:
        """Letters are text in a field, and keys everywhere else."""
        self._update_keys()

    @on(Button.Pressed, "#cancel")
    def action_close(self) -> None:
        """Close; while Azure is being written to, stop after the current target."""
        if not self._is_writing:
            self._is_stop_wanted.set()
            self.dismiss(None)
        else:
            self._is_stop_wanted.set()
            self._note("stopping after the current target; the rest is left as it is", "bold")

    @on(Button.Pressed, "#apply")
    def apply(self) -> None:
        """Write, one target after another; a second press may be waiting behind the first."""
        if self._has_begun:
            return
        try:
            change = self.read_change()
        except ValueError:
            return
        self._foreseen = self._foresee_all(change)
        wanted = self._to_write
        if not wanted:
            return
        self.app.is_writing = True
        self.query_one(".write-fields").disabled = True
        self.query_one("#apply", Button).disabled = True
        self._confirmed = self.kept
        self._results = {
            row.deployment_key: self._first_result(row.deployment_key) for row in self._confirmed
        }
        self._view.settle()
        self._note("writing, one after another; esc stops after the current target", "bold")
        self._update_keys()
        self._show_targets()
        self._write_all(wanted, change)

    def on_tags_read_back(self, message: TagsReadBack) -> None:
        """Keep the tags that Azure has; the app hears of it too."""
        tags = ", ".join(f"{name}={value}" for name, value in message.tags.items())
        self._results[message.deployment_key] = Result("done", f"now {tags or 'no tags'}")
        self._show_targets()

    def on_tags_not_written(self, message: TagsNotWritten) -> None:
        """Keep why not."""
        self._results[message.deployment_key] = Result(message.state, message.text)
        self._show_targets()

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
        self.call_after_refresh(self.describe)

    def action_step(self, by: int) -> None:
        """Go to the next target or the one before, whatever has the focus."""
        self._view.step(by)

    def action_turn(self) -> None:
        """Take the target under the cursor out of the plan, or back in."""
        self._view.turn()

    def action_page(self, direction: int) -> None:
        """Scroll what is said of the target, whatever has the focus."""
        self._view.page(direction)

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
        parts += _left_out(len(self.targets) - len(self.kept))
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

    def _foresee_all(self, change: TagChange) -> dict[str, Foreseen]:
        return {row.deployment_key: self.foresee(row, change) for row in self.targets}

    @property
    def _to_write(self) -> list[DeploymentRow]:
        """The targets that are kept, and that nothing stands against."""
        foreseen = self._foreseen
        return [r for r in self.kept if (f := foreseen.get(r.deployment_key)) and not f.is_left]

    def _first_result(self, key: str) -> Result:
        each = self._foreseen[key]
        return Result("left", each.words) if each.is_left else Result("waiting")

    def _show_targets(self) -> None:
        kept = {row.deployment_key for row in self.kept}
        lines = [self._line_of(row, kept) for row in self.targets]
        self._view.table.show_targets(lines, is_any_hidden=bool(self._hidden))
        self.describe()

    def _line_of(self, row: DeploymentRow, kept: Set[str]) -> WriteLine:
        key = row.deployment_key
        return WriteLine(
            row,
            self._names.of(row.id),
            self._names.path(row.id),
            self.tags_known(row),
            self._foreseen.get(key),
            self._results.get(key),
            is_hidden=key in self._hidden_keys,
            is_out=key not in kept,
        )

    @property
    def _hidden(self) -> Set[str]:
        return self._hidden_keys & {row.deployment_key for row in self.targets}

    def _update_keys(self) -> None:
        is_text = isinstance(self.focused, Input | TextArea)
        text = keys_of(len(self.targets), is_text=is_text, is_open=not self._has_begun)
        self.query_one("#write-keys", Static).update(text)

    def _note(self, text: str, style: str) -> None:
        self.query_one(".write-note", Static).update(Content.styled(text, style))

    def _title(self) -> Content:
        count = len(self.targets)
        several = counted(count, "deployment")
        what = harmless(self._names.of(self.targets[0].id)) if count == 1 else several
        parts = [(f"{self.TITLE_WORD} {what}", "bold")]
        if hidden := len(self._hidden):
            parts.append((f"   {hidden} hidden by the filter", "bold $text-warning"))
        return Content.assemble(*parts)


def keys_of(count: int, *, is_text: bool, is_open: bool) -> str:
    """The keys that work now, of a dialog with so many targets."""
    hints = ["tab leaves the text"] if is_text else []
    if count > 1:
        hints.append("↑ ↓ target" if is_text else "j k target")
        hints += ["space out or in"] if is_open and not is_text else []
    return "   ".join([*hints, "pgup pgdn scroll", "esc close"])


def _left_out(count: int) -> list[str]:
    return [f"{count} left out"] if count else []
