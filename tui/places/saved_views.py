"""Saved views in a place with a filter and a table: taking one, leaving it, keeping one."""

from __future__ import annotations

from functools import partialmethod
from typing import TYPE_CHECKING, Any

from textual import work

from tui.grid.grid import Grid, Sort, View
from tui.places.rows import Rows
from tui.state.failures import told_to
from tui.state.history import HOME, Address
from tui.state.messages import PersonKnown, Work
from tui.views.preferences import SavedView
from tui.views.saved_views import filled, needs_me, view_on
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from tui.dialogs.keep_view import Kept


class Viewing(Rows[Any]):
    """A place whose filter, order, group and columns can be taken and kept under a name."""

    first_sort = Sort("verdict")

    def __init__(self, address: Address = HOME) -> None:
        """No saved view is shown."""
        super().__init__(address)
        self._taken: SavedView | None = None
        self._taken_filter = ""
        self._left: tuple[str, View] | None = None
        self._awaited: SavedView | None = None

    def do_view(self, digit: int) -> None:
        """Show the view on a digit."""
        view = view_on(self.app.saved_views, digit)
        if view is None:
            self.app.notify(f"no view lies on {digit}; V keeps one", markup=False)
        else:
            self.take(view)

    do_view_1 = partialmethod(do_view, 1)
    do_view_2 = partialmethod(do_view, 2)
    do_view_3 = partialmethod(do_view, 3)
    do_view_4 = partialmethod(do_view, 4)
    do_view_5 = partialmethod(do_view, 5)
    do_view_6 = partialmethod(do_view, 6)
    do_view_7 = partialmethod(do_view, 7)
    do_view_8 = partialmethod(do_view, 8)
    do_view_9 = partialmethod(do_view, 9)

    def take(self, view: SavedView) -> None:
        """Show a saved view; where it depends on who asks, once that is known."""
        if needs_me(view) and not self.app.me:
            self._awaited = view
            self._ask_who()
            return
        if self._taken is None:
            self._left = (self.filter_bar.text, self.grid_of().view)
        self._taken, self._taken_filter = view, filled(view, self.app.me)
        self._show(self._taken_filter, grid_view_of(view, self.grid_of()))
        # The first row is what a view is sorted for; it is there once the filter has been read.
        self.call_after_refresh(self.grid.action_first)

    def do_plain(self) -> None:
        """Show all, in the first order and columns."""
        self._taken = None
        self._show("", View(self.first_sort))
        self.grid_of().post_message(Grid.ViewChanged())

    def leave_taken(self) -> bool:
        """Go back to what was shown before a saved view was taken; False where none is."""
        if self._left is None or not self.is_as_taken:
            return False
        self._taken = None
        self._show(*self._left)
        return True

    def do_keep_view(self) -> None:
        """Ask for the name of a view of what is shown."""
        from tui.dialogs.keep_view import KeepView

        grid = self.grid_of()
        shown = SavedView(
            "" if self._taken is None else self._taken.name,
            self.filter_bar.text.strip(),
            grid.view.sort.column_id,
            grid.view.sort.descending,
            grid.view.group,
            grid.view.columns,
        )
        own = [view.name for view in self.app.views.saved()]
        self.app.push_screen(KeepView(shown, self.app.saved_views, own), self._keep)

    @property
    def is_as_taken(self) -> bool:
        """Whether a saved view is shown just as it was kept."""
        view = self._taken
        if view is None or self.filter_bar.text != self._taken_filter:
            return False
        return self.grid_of().view == grid_view_of(view, self.grid_of())

    @property
    def view_told(self) -> str:
        """`1 Idle by money`, with `changed` behind it where it is; empty: no saved view."""
        view = self._taken
        if view is None:
            return ""
        name = harmless(view.name) if view.key is None else f"{view.key} {harmless(view.name)}"
        return name if self.is_as_taken else f"{name}, changed"

    def on_person_known(self, message: PersonKnown) -> None:
        """Show the view that waited for it."""
        message.stop()
        view, self._awaited = self._awaited, None
        if message.name is None:
            text = 'the sign-in does not tell who you are: write me = ["…"] into the settings'
            self.app.notify(text, severity="warning", markup=False)
        elif view is not None:
            self.app.me = (message.name,)
            self.take(view)
            text = f"you are {harmless(message.name)!r}, says the sign-in; where owner tags call"
            self.app.notify(
                f'{text} you otherwise, write me = ["…"] into the settings', markup=False
            )

    def _show(self, words: str, view: View) -> None:
        self.grid_of().set_view(view)
        self.filter_bar.set(words)
        self.show_table()
        self.tell_view()

    def tell_view(self) -> None:
        """Name the view that is shown."""
        self.filter_bar.tell_view(self.view_told)

    def _keep(self, kept: Kept | None) -> None:
        if kept is None:
            return
        try:
            if kept.is_removed:
                self.app.views.forget_saved(kept.view.name)
            else:
                self.app.views.keep_saved(kept.view)
        except OSError as error:
            text = f"the view is not kept for the next time: {error}"
            self.app.notify(text, severity="warning", markup=False)
            return
        self.app.read_saved_views()
        name = harmless(kept.view.name)
        done = "removed" if kept.is_removed else "kept"
        self.app.notify(f"view {name!r} is {done}", markup=False)
        self._taken = None if kept.is_removed else self.app.saved_view_named(kept.view.name)
        self._taken_filter = self.filter_bar.text
        self.tell_view()

    @work(thread=True, exclusive=True, exit_on_error=False, group="person")
    def _ask_who(self) -> None:
        with told_to(self, Work.PERSON):
            from collectors.connection.identity import who_is

            operator = self.app.operator
            self.post_message(PersonKnown(who_is(operator.sign_in(), operator.cloud).name))


def grid_view_of(view: SavedView, grid: Grid[Any]) -> View:
    """What a table shows of a saved view; what it has no column for is left out."""
    known = {column.id for column in grid.every_column}
    sort = Sort(view.sort, view.descending) if view.sort in known else grid.sort
    group = view.group if view.group in known else None
    return View(sort, group, view.columns)
