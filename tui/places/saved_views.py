"""Saved views in a place with a filter and a table: taking one, leaving it, keeping one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tui.grid.grid import Grid
from tui.state.failures import report_failures_to
from tui.state.messages import PersonKnown, Work
from tui.state.workers import in_thread
from tui.views.preferences import SavedView
from tui.views.saved_views import DIGITS, filled, needs_me, view_on
from tui.views.view import Sort, View
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from tui.dialogs.keep_view import Kept
    from tui.places.place import Handler
    from tui.places.rows import Rows


class SavedViews:
    """Of a place whose filter, order, group and columns can be taken and kept under a name."""

    def __init__(self, place: Rows[Any], first_sort: Sort) -> None:
        """No saved view is shown; `first_sort` is the order that no view asked for."""
        self._place = place
        self._first_sort = first_sort
        self._taken: SavedView | None = None
        self._taken_filter = ""
        self._left: tuple[str, View] | None = None
        self._awaited: SavedView | None = None

    def handlers(self) -> dict[str, Handler]:
        """A view on each digit, all as it was at first, and keeping what is shown."""
        return {
            **{f"view_{digit}": partial(self.take_digit, digit) for digit in DIGITS},
            "plain": self.show_plain,
            "keep_view": self.ask_name,
        }

    def take_digit(self, digit: int) -> None:
        """Show the view on a digit."""
        view = view_on(self._place.app.saved_views, digit)
        if view is None:
            self._place.app.notify(f"no view lies on {digit}; V keeps one", markup=False)
        else:
            self.take(view)

    def take(self, view: SavedView) -> None:
        """Show a saved view; where it depends on who asks, once that is known."""
        if needs_me(view) and not self._place.app.me:
            self._awaited = view
            in_thread(self._place, self._ask_who, "person")
            return
        if self._taken is None:
            self._left = (self._place.filter_bar.text, self._place.grid.view)
        self._taken, self._taken_filter = view, filled(view, self._place.app.me)
        self._show(self._taken_filter, grid_view_of(view, self._place.grid))
        # The first row is what a view is sorted for; it is there once the filter has been read.
        self._place.call_after_refresh(self._place.grid.action_first)

    def show_plain(self) -> None:
        """Show all, in the first order and columns."""
        self._taken = None
        self._show("", View(self._first_sort))
        self._place.grid.post_message(Grid.ViewChanged())

    def leave(self) -> bool:
        """Go back to what was shown before a saved view was taken; False where none is."""
        if self._left is None or not self.is_as_taken:
            return False
        self._taken = None
        self._show(*self._left)
        return True

    def ask_name(self) -> None:
        """Ask for the name of a view of what is shown."""
        from tui.dialogs.keep_view import KeepView

        view = self._place.grid.view
        then = view.sort.then
        shown = SavedView(
            "" if self._taken is None else self._taken.name,
            self._place.filter_bar.text.strip(),
            view.sort.column_id,
            view.sort.descending,
            view.group,
            view.columns,
            then=None if then is None else then.column_id,
            then_descending=then is not None and then.descending,
        )
        own = [view.name for view in self._place.app.views.saved()]
        self._place.app.push_screen(KeepView(shown, self._place.app.saved_views, own), self._keep)

    @property
    def is_as_taken(self) -> bool:
        """Whether a saved view is shown just as it was kept."""
        view = self._taken
        if view is None or self._place.filter_bar.text != self._taken_filter:
            return False
        return self._place.grid.view == grid_view_of(view, self._place.grid)

    @property
    def view_text(self) -> str:
        """`1 Idle by money`, with `changed` behind it where it is; empty: no saved view."""
        view = self._taken
        if view is None:
            return ""
        name = harmless(view.name) if view.key is None else f"{view.key} {harmless(view.name)}"
        return name if self.is_as_taken else f"{name}, changed"

    def take_awaited(self, message: PersonKnown) -> None:
        """Show the view that waited for who is asking."""
        view, self._awaited = self._awaited, None
        if message.name is None:
            text = 'the sign-in does not report who you are: write me = ["…"] into the settings'
            self._place.app.notify(text, severity="warning", markup=False)
        elif view is not None:
            self._place.app.me = (message.name,)
            self.take(view)
            text = f"you are {harmless(message.name)!r}, says the sign-in; where owner tags call"
            self._place.app.notify(
                f'{text} you otherwise, write me = ["…"] into the settings', markup=False
            )

    def _show(self, words: str, view: View) -> None:
        self._place.grid.set_view(view)
        self._place.filter_bar.set(words)
        self._place.show_table()
        self.show_view()

    def show_view(self) -> None:
        """Name the view that is shown."""
        self._place.filter_bar.show_view(self.view_text)

    def _keep(self, kept: Kept | None) -> None:
        if kept is None:
            return
        try:
            if kept.is_removed:
                self._place.app.views.forget_saved(kept.view.name)
            else:
                self._place.app.views.keep_saved(kept.view)
        except OSError as error:
            text = f"the view is not kept for the next time: {error}"
            self._place.app.notify(text, severity="warning", markup=False)
            return
        self._place.app.read_saved_views()
        name = harmless(kept.view.name)
        done = "removed" if kept.is_removed else "kept"
        self._place.app.notify(f"view {name!r} is {done}", markup=False)
        self._taken = None if kept.is_removed else self._place.app.saved_view_named(kept.view.name)
        self._taken_filter = self._place.filter_bar.text
        self.show_view()

    def _ask_who(self) -> None:
        with report_failures_to(self._place, Work.PERSON):
            from collectors.connection.identity import who_is

            session = self._place.app.session
            self._place.post_message(PersonKnown(who_is(session.sign_in(), session.cloud).name))


def grid_view_of(view: SavedView, grid: Grid[Any]) -> View:
    """What a table shows of a saved view; what it has no column for is left out."""
    known = {column.id for column in grid.every_column}
    then = Sort(view.then, view.then_descending) if view.then in known else None
    sort = Sort(view.sort, view.descending, then) if view.sort in known else grid.sort
    group = view.group if view.group in known else None
    return View(sort, group, view.columns, grid.view.widened)
