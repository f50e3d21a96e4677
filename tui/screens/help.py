"""All keys, read off the registry, with the reason where one cannot work now."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.registry import ACTIONS, Action, Situation
from tui.verdicts import LOOKS


class Help(ModalScreen[None]):
    """Closes with escape, `?` or `q`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "dismiss", "close"),
    ]

    def __init__(self, situation: Situation) -> None:
        """Tell the keys as they stand in this situation."""
        super().__init__()
        self._situation = situation

    def compose(self) -> ComposeResult:
        """One scrolling sheet."""
        with VerticalScroll(classes="dialog"):
            yield Static(self._told(), markup=False)

    def _told(self) -> Content:
        parts: list[tuple[str, str]] = [("Keys", "bold")]
        group = ""
        for action in sorted(ACTIONS, key=lambda action: _GROUPS.index(action.group)):
            if action.group != group:
                group = action.group
                parts.append((f"\n\n{group}", "bold $text-accent"))
            parts += self._line(action)
        parts.append(("\n\nFilter", "bold $text-accent"))
        parts += [(f"\n  {line}", "") for line in _FILTER]
        parts.append(("\n\nVerdicts", "bold $text-accent"))
        parts += [(f"\n  {look.symbol} {verdict}", "") for verdict, look in LOOKS.items()]
        parts.append(("\n\n– is not known. It is never a zero.   esc closes this", "$text-muted"))
        return Content.assemble(*parts)

    def _line(self, action: Action) -> list[tuple[str, str]]:
        reason = action.why_not(self._situation)
        style = "dim" if reason else ""
        line = [(f"\n  {action.shown:<10}", f"bold {style}"), (action.title, style)]
        return [*line, (f" (not now: {reason})", "dim")] if reason else line


_GROUPS = ("Act", "Data", "Look", "Table", "Move", "Program")
_FILTER = (
    "words must all occur; !word leaves out; /x.*y/ is a regular expression",
    "owner:ada  verdict:idle,failed  size=Standard_DS3_v2  tag:env=prod  owner:?",
    "cost>1000  idle>30d  requests=0  created<2026-01-31  a or (b !c)",
    "what is not known matches no comparison, and is counted as hidden",
)
