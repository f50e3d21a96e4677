"""All keys, read off the registry: typed words search them, and enter runs what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.keys.registry import GROUPS, Action
from tui.views.saved_views import view_on
from tui.words.untrusted import fitted, harmless
from tui.words.verdicts import LOOKS
from tui.words.wrapping import hanging

if TYPE_CHECKING:
    from tui.state.interface import Interface

KEY_WIDTH = 11
PLACEHOLDER = "type what you want to do"
_LEFT = ("Act", "Yours", "Data", "Look", "Views")
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


class Words(Input):
    """What is searched; the key that opened the help closes it, and is no letter of a word."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is typed."""
        return character != "?" and super().check_consume_key(key, character)


class Sized(Static):
    """Tells when it gets a size, as it does when it comes into sight."""

    def __init__(self, tell: Callable[[], None], *, id: str, markup: bool) -> None:
        """`tell` is called at each size."""
        super().__init__(id=id, markup=markup)
        self._tell = tell

    def on_resize(self) -> None:
        """Tell it."""
        self._tell()


class Help(ModalScreen[Action | None]):
    """Dismissed with the action to run, or None; arrows and page keys move what is shown."""

    app: Interface

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "dismiss(None)", "close", priority=True),
        Binding("escape", "leave", "close"),
        Binding("up", "move('up')", show=False),
        Binding("down", "move('down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
    ]

    def __init__(self, why_not: Callable[[Action], str | None]) -> None:
        """Show the keys; dim are those of which `why_not` knows a reason."""
        super().__init__()
        self._why_not = why_not
        self._width = 0

    def compose(self) -> ComposeResult:
        """What is typed, and the sheet, side by side where there is room; or what was found."""
        with Vertical(classes="dialog wide", id="help-dialog") as dialog:
            dialog.border_title = "Keys"
            dialog.border_subtitle = "enter runs   ↑ ↓ pgup pgdn move   esc closes"
            yield Words(placeholder=PLACEHOLDER, id="help-words", compact=True)
            with VerticalScroll(id="help", can_focus=False), Container(id="help-parts"):
                yield Sized(self._write, id="help-left", markup=False)
                yield Static(id="help-right", markup=False)
            yield OptionList(id="help-found")

    def on_mount(self) -> None:
        """Write the sheet once its width is known; whatever is typed is searched."""
        self.query_one("#help-found", OptionList).can_focus = False
        self.query_one(Input).focus()
        self.call_after_refresh(self._write)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.call_after_refresh(self._write)

    def _write(self) -> None:
        width = self.query_one("#help-left").size.width
        if width in (0, self._width):
            return  # hidden by a search, after which it gets its width, or written already
        self._width = width
        self.query_one("#help-left", Static).update(self._groups(_LEFT))
        self.query_one("#help-right", Static).update(self._rest())

    @on(Input.Changed)
    def search(self, message: Input.Changed) -> None:
        """List what holds all the words; without any the whole sheet is there."""
        words = message.value.split()
        self.set_class(bool(words), "-searching")
        found = self.query_one("#help-found", OptionList)
        found.clear_options()
        if words:
            found.add_options(self._found(words))
            found.action_first()

    @on(Input.Submitted)
    def run_found(self) -> None:
        """Run what the cursor is on."""
        if self.has_class("-searching"):
            self.query_one("#help-found", OptionList).action_select()

    @on(OptionList.OptionSelected)
    def take(self, message: OptionList.OptionSelected) -> None:
        """Close, and run it."""
        self.dismiss(self.app.action_of(str(message.option_id)))

    def action_leave(self) -> None:
        """End the search, or else close."""
        if self.query_one(Input).value:
            self.query_one(Input).value = ""
        else:
            self.dismiss(None)

    def action_move(self, way: str) -> None:
        """Move the cursor through what was found, or else the sheet."""
        if self.has_class("-searching"):
            found = self.query_one("#help-found", OptionList)
            way = way if way.startswith("page") else f"cursor_{way}"
            getattr(found, f"action_{way}")()
        else:
            getattr(self.query_one("#help"), f"scroll_{way}")(animate=False)

    def _found(self, words: Sequence[str]) -> list[Option]:
        """The actions that say all of the words, a typed key first; then lines that do nothing."""
        found: list[tuple[bool, int, Option]] = []
        for action in self.app.actions:
            key, title = self.app.keys.shown(action), self._title(action)
            if _says(words, f"{key} {action.group} {title}"):
                option = Option(self._found_line(action, key, title), id=action.id)
                found.append((words[0] not in key.split(), len(found), option))
        options = [option for _is_other_key, _place, option in sorted(found, key=itemgetter(0, 1))]
        lines = [*((sign, text) for sign, text in _SIGNS), *(("", line) for line in _FILTER)]
        lines += [(look.symbol, verdict) for verdict, look in LOOKS.items()]
        for sign, text in lines:
            if _says(words, f"{sign} {text}"):
                options.append(Option(f"{fitted(sign, KEY_WIDTH)}{text}", disabled=True))
        return options or [Option("nothing is called that", disabled=True)]

    def _found_line(self, action: Action, key: str, title: str) -> Content:
        reason = self._why_not(action)
        style = "dim" if reason else ""
        note = f" (not now: {reason})" if reason else ""
        return Content.assemble(
            (fitted(key, KEY_WIDTH), f"bold {style}"),
            (title + note, style),
            (f"  {action.group}", "$text-muted"),
        )

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
            of_group = [action for action in self.app.actions if action.group == group]
            if not of_group:
                continue
            parts += _heading(group)
            parts += [part for each in of_group for part in self._line(each)]
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


def _says(words: Sequence[str], text: str) -> bool:
    folded = text.casefold()
    return all(word.casefold() in folded for word in words)


def _heading(text: str) -> list[tuple[str, str]]:
    return [(f"{text}\n", "bold $text-accent")]
