"""A sheet over the place: long text that one scrolls, searches and copies, filled by a worker.

class Raw(Sheet):
    title = "raw JSON"

    def fetch(self) -> Told: ...      # in a worker; its failure is shown on the sheet
"""

from __future__ import annotations

from abc import abstractmethod
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, Static

from collectors.records import counted
from tui.state.failures import report_failures_to
from tui.state.messages import SheetFilled, ThrottleMet, Work, WorkFailed
from tui.words.untrusted import harmless
from tui.words.wrapping import Rendering

if TYPE_CHECKING:
    from collectors.connection.patience import Stop
    from tui.state.interface import Interface

"""Styled words for a sheet so many cells wide."""

FOUND = "reverse bold"


class Sheet(ModalScreen[None]):
    """Closes with escape or `q`, and then its work is asked to stop."""

    app: Interface

    AUTO_FOCUS = ""  # keys are the sheet's until somebody searches
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "close"),
        Binding("q", "dismiss", "close"),
        Binding("slash", "search", "search"),
        Binding("n", "step(1)", "next"),
        Binding("N", "step(-1)", "previous"),
        Binding("c", "copy", "copy all"),
        Binding("j,down", "scroll('down')", "down"),
        Binding("k,up", "scroll('up')", "up"),
        Binding("J,pagedown,space", "scroll('page_down')", "page down"),
        Binding("K,pageup", "scroll('page_up')", "page up"),
        Binding("g,home", "scroll('home')", "top"),
        Binding("G,end", "scroll('end')", "end"),
        Binding("left", "scroll('left')", "left"),
        Binding("right", "scroll('right')", "right"),
    ]

    title_text: str = ""
    doing: ClassVar[str] = "reading"
    """What the work is called while it runs."""

    hint: ClassVar[str] = "esc closes   / searches   c copies all"

    def __init__(self) -> None:
        """Nothing was read yet."""
        super().__init__()
        self._rendering: Rendering = lambda _width: []
        self._plain = ""
        self._found: list[int] = []
        self._at = -1
        self._stop: Stop | None = None
        self._number = 0
        self._began = 0.0
        self._wait = ""
        self._clock: Timer | None = None

    @abstractmethod
    def fetch(self, stop: Stop) -> Rendering:
        """What the sheet shows. In a worker; asked to `stop` when the sheet is closed."""

    def compose(self) -> ComposeResult:
        """Title, text, search, hint."""
        with Vertical(classes="dialog wide sheet"):
            yield Static(harmless(self.title_text), id="sheet-title", markup=False)
            with ScrollableContainer(id="sheet-body", can_focus=False):
                yield Static(id="sheet-text", markup=False)
            yield Input(placeholder="search", id="sheet-search", compact=True)
            yield Static(self.hint, id="sheet-hint", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin to read."""
        self.call_after_refresh(self.begin)

    def on_unmount(self) -> None:
        """What still runs is asked to end."""
        self._give_up()

    def begin(self) -> None:
        """Read, and count the seconds until it is there; what ran before is given up."""
        self._give_up()
        self._began, self._wait = monotonic(), ""
        self._count()
        if self._clock is None:
            self._clock = self.set_interval(1.0, self._count)
        self._work(self._number)

    def on_sheet_filled(self, message: SheetFilled) -> None:
        """Show what was read, unless something else was asked since."""
        if message.number == self._number:
            self._end()
            self._show(message.rendering)

    def on_work_failed(self, message: WorkFailed) -> None:
        """Say why there is nothing, in its place."""
        message.stop()
        self._end()
        self._show(lambda _width: [(f"✗ {message.text}\n", "$text-error")], is_wrapped=True)

    def on_throttle_met(self, message: ThrottleMet) -> None:
        """Say that Azure wants quiet."""
        message.stop()
        self._wait = f" · Azure asks to wait {message.seconds:.0f} s ({harmless(message.kind)})"
        self._count()

    def on_resize(self) -> None:
        """Break the lines anew."""
        if self._clock is None and self._plain:
            self._draw()

    def action_leave(self) -> None:
        """Close the search, or else the sheet."""
        field = self.query_one("#sheet-search", Input)
        if field.has_class("-shown"):
            field.remove_class("-shown")
            field.value = ""
            self.set_focus(None)
        else:
            self.dismiss()

    def action_search(self) -> None:
        """Open the search."""
        field = self.query_one("#sheet-search", Input)
        field.add_class("-shown")
        field.focus()

    def action_copy(self) -> None:
        """Copy the whole text, and say so."""
        if not self._plain:
            self.app.notify("there is nothing to copy yet", markup=False)
            return
        self.app.copy_to_clipboard(self._plain)
        lines = self._plain.count("\n")
        self.app.notify(counted(lines, "line"), title="copied", markup=False)

    def action_scroll(self, way: str) -> None:
        """Move the text."""
        getattr(self._body, f"scroll_{way}")(animate=False)

    def action_step(self, by: int) -> None:
        """To the next or the previous place that was found."""
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._go()

    @on(Input.Changed, "#sheet-search")
    def search_as_typed(self) -> None:
        """Go to the first place from the top of what is seen on."""
        self._draw()
        top = self._body.scroll_offset.y
        later = (at for at, line in enumerate(self._found) if line >= top)
        self._at = next(later, 0 if self._found else -1)
        self._go()

    @on(Input.Submitted, "#sheet-search")
    def keep_search(self) -> None:
        """Back to the text; n and N step on."""
        self.set_focus(None)

    @property
    def _body(self) -> ScrollableContainer:
        return self.query_one("#sheet-body", ScrollableContainer)

    def _show(self, rendering: Rendering, *, is_wrapped: bool = False) -> None:
        self.query_one("#sheet-text").set_class(is_wrapped, "-wrapped")
        self._rendering = rendering
        self._draw()

    def _draw(self) -> None:
        parts = self._rendering(max(self._body.scrollable_content_region.width, 20))
        self._plain = "".join(text for text, _style in parts)
        content, wanted = Content.assemble(*parts), self.query_one("#sheet-search", Input).value
        self._found = found_in(self._plain, wanted)
        for start in places_of(self._plain, wanted):
            content = content.stylize(FOUND, start, start + len(wanted))
        self.query_one("#sheet-text", Static).update(content)

    def _go(self) -> None:
        hint = self.query_one("#sheet-hint", Static)
        if self._at < 0:
            is_searching = bool(self.query_one("#sheet-search", Input).value)
            hint.update("nothing found   esc ends the search" if is_searching else self.hint)
            return
        hint.update(f"{self._at + 1} of {len(self._found)}   n next   N previous   esc ends")
        self._body.scroll_to(y=max(self._found[self._at] - 2, 0), animate=False)

    def _count(self) -> None:
        seconds = int(monotonic() - self._began)
        text = f"{self.doing} … {seconds} s{self._wait}   esc stops"
        self.query_one("#sheet-hint", Static).update(text)

    def _end(self) -> None:
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
        self.query_one("#sheet-hint", Static).update(self.hint)

    def _give_up(self) -> None:
        self._number += 1
        if self._stop is not None:
            self._stop.set()

    @work(thread=True, exit_on_error=False, group="sheet")
    def _work(self, number: int) -> None:
        with report_failures_to(self, Work.SHEET):
            from collectors.connection.errors import Stopped
            from collectors.connection.patience import Stop

            stop = self._stop = Stop()
            if number != self._number:
                return
            try:
                self.post_message(SheetFilled(number, self.fetch(stop)))
            except Stopped:
                return

    def throttled(self, kind: str, seconds: float) -> None:
        """For `fetch`: Azure asked for quiet."""
        self.post_message(ThrottleMet(kind, seconds))


def places_of(text: str, wanted: str) -> list[int]:
    """Where a text is found, in any case; none where nothing is wanted."""
    if not wanted:
        return []
    folded, sought, places = text.lower(), wanted.lower(), []
    at = folded.find(sought)
    while at >= 0:
        places.append(at)
        at = folded.find(sought, at + len(sought))
    # A letter may fold to two; then places would shift, and no mark is better than a wrong one.
    return places if len(folded) == len(text) else []


def found_in(text: str, wanted: str) -> list[int]:
    """The lines in which a text is found, each once."""
    return list(dict.fromkeys(text.count("\n", 0, at) for at in places_of(text, wanted)))
