"""The filter bar: what is typed, how many rows it shows, its mistake, how it may go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from rich.highlighter import Highlighter
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from queries.filter import (
    FIELDS,
    Completion,
    Field,
    Filter,
    FilterError,
    completions,
    parsed,
)
from tui.views.kept_history import Walk, filters_of
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from tui.state.interface import Interface

HINT = ("words", "!not", "owner:ada", "cost>1000", "idle>30d", "tag:env=prod", "a or b")
KEYS = ("tab completes", "↑ what was typed before")
BETWEEN = "  "
PADDING = 4
"""The cells before and behind the help of the filter."""
MOST_SHOWN = 8


class FilterBar(Vertical):
    """An input with its count, and a line of help beneath while it is typed into."""

    app: Interface

    class Changed(Message):
        """Another filter is meant; of a text with a mistake, what stands before it."""

        def __init__(self, meant: Filter) -> None:
            """Keep the bar that changed."""
            super().__init__()
            self.meant = meant

    class Left(Message):
        """The bar was left with enter or an arrow; the filter stays."""

    def __init__(
        self, fields: tuple[Field, ...] = FIELDS, *, table: str = "", id: str | None = None
    ) -> None:
        """An empty filter over rows that have these fields; those of a table are kept together."""
        super().__init__(id=id)
        self._table = table
        self._walk: Walk | None = None
        self._fields = fields
        self._hint = HINT if fields is FIELDS else _hint(fields)
        self.meant = Filter("", ())
        self.mistake: FilterError | None = None
        self.rows: Sequence[Any] = ()
        self._count = self._view = self._shown = ""

    def compose(self) -> ComposeResult:
        """The line that is typed into, and the one that helps."""
        with Horizontal(id="filter-line"):
            yield Static("/", id="filter-sign")
            yield FilterInput(self, self._hint, id="filter")
            yield Static(id="filter-count", markup=False)
        yield Static(id="filter-hint", markup=False)

    @property
    def input(self) -> FilterInput:
        """What is typed into."""
        return self.query_one(FilterInput)

    @property
    def is_open(self) -> bool:
        """Whether something is typed, or could be at once."""
        return bool(self.input.value) or self.input.has_focus

    @property
    def text(self) -> str:
        """What is typed."""
        return self.input.value

    def set(self, text: str) -> None:
        """Type a text."""
        self.input.value = text

    def show_count(self, shown: int, total: int, unknown: int) -> None:
        """`12 of 42 · 3 hidden: unknown`."""
        count = f"{shown:,} of {total:,}"
        if unknown:
            count += f" · {unknown:,} hidden: unknown"
        self._count = count
        self._update_status()

    def show_view(self, view: str) -> None:
        """Name the saved view that is shown; empty: none."""
        self._view = view
        self._update_status()

    def _update_status(self) -> None:
        status = f"{self._view} · {self._count}" if self._view else self._count
        if status != self._shown:
            self._shown = status
            self.query_one("#filter-count", Static).update(status)

    def show_next(self) -> None:
        """Say what is wrong, or how the text may go on."""
        line = self.query_one("#filter-hint", Static)
        self.set_class(self.mistake is not None, "-mistaken")
        if self.mistake is not None:
            line.update(f"✗ {harmless(str(self.mistake))}", layout=False)
        elif self.input.has_focus:
            found = [harmless(each.text) for each in self.completions()[:MOST_SHOWN]]
            words = [f"tab: {found[0]}", *found[1:]] if found else [*self._hint, *KEYS]
            line.update(in_whole(words, self.size.width - PADDING), layout=False)

    def completions(self) -> list[Completion]:
        """How the text may go on at the cursor."""
        cursor = self.input.cursor_position
        return completions(self.input.value, cursor, self.rows, self._fields)

    @on(Input.Changed)
    def read(self, message: Input.Changed) -> None:
        """Read the text; tell the place what it means."""
        message.stop()
        if self._walk is not None and self._walk.text != message.value:
            self._walk = None
        self.meant, self.mistake = _read(message.value, self._fields)
        self.post_message(self.Changed(self.meant))
        self.input.refresh()
        self.show_next()

    @on(Input.Submitted)
    def leave(self, message: Input.Submitted) -> None:
        """Enter keeps the filter."""
        message.stop()
        self._leave()

    def on_key(self, event: events.Key) -> None:
        """Up and down go through what was typed before; down from the newest goes to the rows."""
        if event.key == "up":
            event.stop()
            texts = self.app.views.history.read(filters_of(self._table))
            self._walk = self._walk or Walk(texts, self.text)
            self._show_typed(self._walk.step(-1))
        elif event.key == "down":
            event.stop()
            if self._walk is None or self._walk.is_at_end:
                self._leave()
            else:
                self._show_typed(self._walk.step(1))

    def _show_typed(self, text: str) -> None:
        self.set(text)
        self.input.cursor_position = len(text)

    def _leave(self) -> None:
        """Keep what was typed, unless there is a mistake in it."""
        self._walk = None
        if self.mistake is None:
            try:
                self.app.views.history.add(filters_of(self._table), self.text)
            except OSError as error:
                text = f"this filter is not kept for the next time: {error}"
                self.app.notify(text, severity="warning", markup=False)
        self.post_message(self.Left())

    def on_descendant_focus(self) -> None:
        """Help while one types."""
        self.add_class("-typing")
        self.show_next()

    def on_descendant_blur(self) -> None:
        """A mistake stays reported."""
        self.remove_class("-typing")


def _hint(fields: tuple[Field, ...]) -> tuple[str, ...]:
    named = (f"{field.name}{':' if field.kind == 'text' else '>'}" for field in fields)
    return ("words", "!not", *named, "a or b")


def in_whole(words: Sequence[str], width: int) -> str:
    """As many of the words as there is room for, none of them cut."""
    text = words[0]
    for word in words[1:]:
        longer = f"{text}{BETWEEN}{word}"
        if cell_len(longer) > width:
            break
        text = longer
    return text


def _read(text: str, fields: tuple[Field, ...]) -> tuple[Filter, FilterError | None]:
    """The filter that a text means, or what means something before its mistake."""
    try:
        return parsed(text, fields), None
    except FilterError as mistake:
        before, _another = _read(text[: mistake.start], fields)
        return before, mistake


class FilterInput(Input):
    """Underlines a mistake; tab completes, and goes through what could stand there."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "complete", show=False)]

    def __init__(self, bar: FilterBar, hint: Sequence[str], *, id: str) -> None:
        """An empty text."""
        super().__init__(id=id, compact=True, highlighter=_Underline(bar))
        self._bar, self._hint = bar, hint
        self._found: list[Completion] = []
        self._before = self._made = ""

    def on_resize(self) -> None:
        """As much of the hint stands there as fits."""
        self.placeholder = in_whole(self._hint, self.content_size.width)

    def action_complete(self) -> None:
        """Put in what may stand here; again the next one. With nothing to put in, go on."""
        if self.value == self._made and self._found:
            self._found = [*self._found[1:], self._found[0]]
        else:
            self._found = self._bar.completions()
            self._before = self.value
        if not self._found:
            self.screen.focus_next()
            return
        chosen = self._found[0]
        made = self._before[: chosen.start] + chosen.text
        self._made = made + self._before[chosen.end :]
        self.value = self._made
        self.cursor_position = len(made)


class _Underline(Highlighter):
    """Marks the mistake in the text."""

    def __init__(self, bar: FilterBar) -> None:
        self._bar = bar

    def highlight(self, text: Text) -> None:
        mistake = self._bar.mistake
        if mistake is not None:
            text.stylize("underline bold red", mistake.start, max(mistake.end, mistake.start + 1))
