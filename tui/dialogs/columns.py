"""The dialog that chooses the columns of a table and their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.grid.columns import Column

ALWAYS = "the first column is always shown"
KEYS = "space shows or hides   J K move   0 as at first   enter takes   esc leaves"


@dataclass(frozen=True, slots=True)
class Choice:
    """The columns to show, in order; None: those shown by default."""

    column_ids: tuple[str, ...] | None


class ChooseColumns(ModalScreen[Choice | None]):
    """A list of all columns: the chosen ones first, in their order. Frozen ones stay in front."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "leave"),
        Binding("enter", "take", "take", priority=True),
        Binding("space", "turn", "show or hide"),
        Binding("J,shift+down", "move(1)", "down"),
        Binding("K,shift+up", "move(-1)", "up"),
        Binding("0", "first", "default"),
        Binding("j", "step(1)", show=False),
        Binding("k", "step(-1)", show=False),
    ]

    def __init__(self, columns: Sequence[Column[Any]], chosen: Sequence[str]) -> None:
        """`chosen` are the ids that are shown."""
        super().__init__()
        self._columns = {column.id: column for column in columns}
        self._chosen = set(chosen)
        self._order = [*chosen, *(each for each in self._columns if each not in self._chosen)]

    def compose(self) -> ComposeResult:
        """The list, and its keys."""
        with Vertical(classes="dialog"):
            yield Static("Columns", classes="dialog-title", markup=False)
            yield OptionList(*self._options(), id="columns")
            yield Static(KEYS, classes="hint", markup=False)

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """A click shows or hides."""
        message.stop()
        self.action_turn()

    def action_take(self) -> None:
        """Show the columns that are chosen, in their order."""
        self.dismiss(Choice(tuple(each for each in self._order if each in self._chosen)))

    def action_turn(self) -> None:
        """Show or hide a column; the first one always shows."""
        here = self._here
        if here is not None and here == self._always:
            self.notify(ALWAYS, severity="warning", markup=False)
        elif here is not None:
            self._chosen ^= {here}
            self._update_option(self._order.index(here))

    def action_move(self, by: int) -> None:
        """Move a column down or up in the order."""
        here = self._here
        if here is None:
            return
        place = self._order.index(here)
        other = place + by
        if 0 <= other < len(self._order):
            self._order[place], self._order[other] = self._order[other], self._order[place]
            self._update_option(other)

    def action_step(self, by: int) -> None:
        """Go down or up."""
        listed = self.query_one(OptionList)
        (listed.action_cursor_down if by > 0 else listed.action_cursor_up)()

    def action_first(self) -> None:
        """Take the columns that are shown by default."""
        self.dismiss(Choice(None))

    @property
    def _always(self) -> str:
        return next(iter(self._columns))

    @property
    def _here(self) -> str | None:
        place = self.query_one(OptionList).highlighted
        return None if place is None else self._order[place]

    def _options(self) -> list[Option]:
        return [Option(self._line(each), id=each) for each in self._order]

    def _line(self, column_id: str) -> Content:
        column = self._columns[column_id]
        is_shown = column_id in self._chosen
        note = "  always in front" if column.frozen else ""
        return Content.assemble(
            ("✓ " if is_shown else "  ", "bold"),
            (column.title, "bold" if is_shown else ""),
            (note, "$text-muted"),
        )

    def _update_option(self, place: int) -> None:
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options(self._options())
        listed.highlighted = place
