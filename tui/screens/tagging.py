"""The tag dialog: what the tags are, what is to be set or removed, and what Azure has then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static, TextArea

from tui.failures import told
from tui.messages import TaggingEnded, TagsReadBack, WorkFailed
from tui.untrusted import harmless

if TYPE_CHECKING:
    from queries.rows import DeploymentRow
    from tui.app import MothballApp


@dataclass(frozen=True, slots=True)
class TagChange:
    """What typed lines mean: tags to set, names to remove, and lines that mean nothing."""

    set_tags: Mapping[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def change_of(typed: str) -> TagChange:
    """`name=value` sets, `-name` removes; an empty line is nothing."""
    set_tags: dict[str, str] = {}
    remove: list[str] = []
    errors: list[str] = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        name, sign, value = (part.strip() for part in line.partition("="))
        if not line.isprintable():
            errors.append(f"{harmless(line)}: a control character")
        elif line.startswith("-") and not sign and line[1:].strip():
            remove.append(line[1:].strip())
        elif sign and name:
            set_tags[name] = value
        else:
            errors.append(f"{line}: write name=value, or -name to remove")
    both = [n for n in remove if n.casefold() in {s.casefold() for s in set_tags}]
    errors += [f"{name}: set and removed at once" for name in both]
    return TagChange(set_tags, tuple(remove), tuple(errors))


class Tagging(ModalScreen[None]):
    """Changes nothing until its button is pressed, and shows what was read back."""

    app: MothballApp

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "close")]

    def __init__(self, targets: Sequence[DeploymentRow], hidden_keys: frozenset[str]) -> None:
        """Keep the targets, hidden ones included."""
        super().__init__()
        self._targets = targets
        self._hidden_keys = hidden_keys
        self._results: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        """The tags as the snapshot saw them, the lines to type, the answer."""
        with Vertical(classes="dialog"):
            yield Static(self._title(), markup=False, classes="dialog-title")
            with VerticalScroll(id="tag-targets"):
                yield Static(self._told(), id="tag-current", markup=False)
            yield Static("name=value sets, -name removes; a line each", classes="hint")
            yield TextArea(id="tag-lines", compact=True)
            yield Static(id="tag-note", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Button("Set these tags in Azure", id="apply", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(TextArea).focus()
        self._judge("")

    @on(TextArea.Changed)
    def judge_lines(self, message: TextArea.Changed) -> None:
        """Say what the lines would do, or what is wrong with them."""
        self._judge(message.text_area.text)

    @on(Button.Pressed, "#cancel")
    def action_close(self) -> None:
        """Close, unless Azure is being written to."""
        if not self.app.is_writing:
            self.dismiss(None)

    @on(Button.Pressed, "#apply")
    def apply(self) -> None:
        """Write, one target after another."""
        change = change_of(self.query_one(TextArea).text)
        self.app.is_writing = True
        self.query_one("#apply", Button).disabled = True
        self.query_one(TextArea).disabled = True
        self._note("writing …", "")
        self._write(change)

    def on_tags_read_back(self, message: TagsReadBack) -> None:
        """Keep the tags that Azure has now; the app hears of it too."""
        row = self._row(message.deployment_key)
        tags = ", ".join(f"{name}={value}" for name, value in message.tags.items()) or "no tags"
        self._results.append((f"✓ {harmless(row.name)}: now {harmless(tags)}\n", ""))
        self._show_results()

    def on_work_failed(self, message: WorkFailed) -> None:
        """Keep what could not be written; it is told here."""
        message.stop()
        self._results.append((f"✗ {message.doing}: {message.text}\n", "$text-error"))
        self._show_results()

    def on_tagging_ended(self) -> None:
        """Let the dialog be closed."""
        self.app.is_writing = False
        button = self.query_one("#cancel", Button)
        button.label = "Close"
        button.focus()
        self._results.append(("verdicts follow with the next snapshot", "$text-muted"))
        self._show_results()

    @work(thread=True, exclusive=True, exit_on_error=False, group="tagging")
    def _write(self, change: TagChange) -> None:
        for row in self._targets:
            try:
                from actions.tag import tag

                remove = [named_in(row.tags, name) for name in change.remove]
                tags = tag(self.app.operator, row, change.set_tags, remove)
            except Exception as error:
                self.post_message(WorkFailed(harmless(row.name), told(error)))
            else:
                self.post_message(TagsReadBack(row.deployment_key, tags))
        self.post_message(TaggingEnded())

    def _judge(self, typed: str) -> None:
        change = change_of(typed)
        is_empty = not (change.set_tags or change.remove)
        self.query_one("#apply", Button).disabled = is_empty or bool(change.errors)
        if change.errors:
            self._note("\n".join(change.errors), "$text-error")
        elif is_empty:
            self._note("nothing to do yet", "$text-muted")
        else:
            sets = [f"set {name}={value}" for name, value in change.set_tags.items()]
            self._note(", ".join(sets + [f"remove {name}" for name in change.remove]), "")

    def _note(self, text: str, style: str) -> None:
        self.query_one("#tag-note", Static).update(Content.styled(text, style))

    def _show_results(self) -> None:
        self.query_one("#tag-note", Static).update(Content.assemble(*self._results))

    def _row(self, key: str) -> DeploymentRow:
        return next(row for row in self._targets if row.deployment_key == key)

    def _title(self) -> Content:
        if len(self._targets) == 1:
            return Content.styled(f"Tag {harmless(self._targets[0].name)}", "bold")
        return Content.styled(f"Tag {len(self._targets)} deployments", "bold")

    def _told(self) -> Content:
        parts: list[tuple[str, str]] = []
        for row in self._targets:
            parts.append((harmless(row.path), "bold"))
            if row.deployment_key in self._hidden_keys:
                parts.append(("  hidden by the filter", "bold $text-warning"))
            parts.append(("\n", ""))
            parts += [(f"  {harmless(n)} = {harmless(v)}\n", "") for n, v in row.tags.items()]
            if not row.tags:
                parts.append(("  no tags\n", "$text-muted"))
        return Content.assemble(*parts)


def named_in(tags: Mapping[str, str], typed: str) -> str:
    """The tag's own spelling of a name that was typed as it is shown."""
    folded = typed.casefold()
    return next((name for name in tags if harmless(name).casefold() == folded), typed)
