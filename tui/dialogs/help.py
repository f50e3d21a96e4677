"""All keys, read off the registry, with the reason where one cannot work now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.keys.registry import ACTIONS, GROUPS, Action
from tui.views.saved_views import view_on
from tui.words.untrusted import fitted, harmless
from tui.words.verdicts import LOOKS
from tui.words.wrapping import hanging

if TYPE_CHECKING:
    from tui.state.interface import Interface

KEY_WIDTH = 11
_LEFT = ("Act", "Data", "Look", "Views")
_FILTER = (
    "words must all occur; !word leaves out; /x.*y/ is a regular expression",
    "owner:ada  verdict:idle,failed  size=Standard_DS3_v2  tag:env=prod  owner:?",
    "cost>1000  idle>30d  requests=0  created<2026-01-31  a or (b !c)",
    "what is not known matches no comparison, and is counted as hidden",
)
_SIGNS = (
    ("–", "is not known. It is never a zero"),
    ("✓", "marked"),
    ("Δ", "changed by the last snapshot; such cells are underlined"),
    ("~", "before an amount: a list price, no bill"),
    ("≥", "before days: silent at least as long"),
    ("?", "behind an owner: who made it, no tag tells"),
)


class Help(ModalScreen[None]):
    """Closes with escape, `?` or `q`; arrows and page keys scroll."""

    app: Interface

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "dismiss", "close"),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]

    def __init__(self, why_not: Callable[[Action], str | None]) -> None:
        """Tell the keys; dim are those of which `why_not` tells a reason."""
        super().__init__()
        self._why_not = why_not
        self._width = 0

    def compose(self) -> ComposeResult:
        """One scrolling sheet; side by side where there is room."""
        with VerticalScroll(classes="dialog wide", id="help") as sheet:
            sheet.border_title = "Keys"
            sheet.border_subtitle = "↓ pgdn: more   esc closes"
            with Container(id="help-parts"):
                yield Static(id="help-left", markup=False)
                yield Static(id="help-right", markup=False)

    def on_mount(self) -> None:
        """Scroll by the keys, and write the sheet once its width is known."""
        self.query_one("#help").focus()
        self.call_after_refresh(self._write)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.call_after_refresh(self._write)

    def _write(self) -> None:
        self._width = self.query_one("#help-left").size.width
        self.query_one("#help-left", Static).update(self._groups(_LEFT))
        self.query_one("#help-right", Static).update(self._rest())

    def action_scroll(self, lines: int) -> None:
        """Some lines down or up."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)

    def _rest(self) -> Content:
        others = tuple(group for group in GROUPS if group not in _LEFT)
        parts = _heading("Filter") + [self._sign_line("", line) for line in _FILTER]
        parts += _heading("\nSigns") + [self._sign_line(sign, text) for sign, text in _SIGNS]
        looks = [(look.symbol, verdict) for verdict, look in LOOKS.items()]
        parts += _heading("\nVerdicts") + [self._sign_line(*look) for look in looks]
        return Content("\n").join([self._groups(others), Content.assemble(*parts)])

    def _groups(self, groups: tuple[str, ...]) -> Content:
        parts: list[tuple[str, str]] = []
        for group in groups:
            parts += _heading(group)
            for action in ACTIONS:
                if action.group == group:
                    parts += self._line(action)
            parts.append(("\n", ""))
        return Content.assemble(*parts)

    def _line(self, action: Action) -> list[tuple[str, str]]:
        reason = self._why_not(action)
        style = "dim" if reason else ""
        key = fitted(self.app.keys.shown(action), KEY_WIDTH)
        title = self._title(action) + (f" (not now: {reason})" if reason else "")
        return [(f"  {key}", f"bold {style}"), (f"{self._hung(title, KEY_WIDTH)}\n", style)]

    def _sign_line(self, sign: str, text: str) -> tuple[str, str]:
        key = fitted(sign, KEY_WIDTH) if sign else ""
        return f"  {key}{self._hung(text, len(key))}\n", ""

    def _hung(self, text: str, indent: int) -> str:
        return hanging(text, self._width - 1, indent + 2)

    def _title(self, action: Action) -> str:
        """What it does; of a digit, the name of the view that lies on it."""
        if action.digit is None:
            return action.title
        view = view_on(self.app.saved_views, action.digit)
        return "no view" if view is None else f"view: {harmless(view.name)}"


def _heading(text: str) -> list[tuple[str, str]]:
    return [(f"{text}\n", "bold $text-accent")]
