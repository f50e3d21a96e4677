"""Follows the store while the interface is open, so that it shows what others write to it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual.widgets import Input, TextArea

from queries.estate.rows import Newest
from tui.places.place import Place
from tui.places.rows import Rows
from tui.state.messages import StoreChanged
from tui.state.news import is_of_journal_alone, news_between
from tui.state.workers import in_thread

if TYPE_CHECKING:
    from queries.store.file import Mark
    from tui.state.estate import Estate
    from tui.state.interface import Interface
    from tui.state.messages import EstateRead

LOOK_SECONDS = 2.0


class Following:
    """Looks at the store every few seconds for an app, whose `news` is what is not shown yet.

    A look compares the store's mark; only where that is another than what was read by, and has
    been so for a look, the store is asked what is newest. What the app writes to the journal
    itself is no news.
    """

    def __init__(self, app: Interface, *, by_itself: bool) -> None:
        """Nothing is shown yet. `by_itself`: news is taken over where nothing is in the way."""
        self._app = app
        self._by_itself = by_itself
        self._is_reading = True
        self._is_asked = False
        self._read_by: Mark = None
        self._seen: Mark = None
        self._writes = 0
        self._shown = Newest()
        self._tried = Newest()
        self._newest = Newest()

    def look(self) -> None:
        """Look whether there is anything newer, unless the app itself reads or writes."""
        app = self._app
        if self._is_reading or app.is_writing or app.snapshot_progress is not None:
            return
        if self._newest not in (self._shown, self._tried) and self._may_take_over:
            self._take_over()
        else:
            in_thread(app, self._ask, "change")

    def reload(self) -> None:
        """Read the store because a person asked for it; say so where nothing is newer."""
        self._is_asked = True
        self._app.read_store()

    def reading(self) -> None:
        """The store is being read as it is now."""
        self._is_reading = True

    def failed(self) -> None:
        """The store could not be read; what is known of it stays."""
        self._is_reading = self._is_asked = False

    def changed(self, message: StoreChanged) -> None:
        """Say what is newer, and take it over where nothing is in the way."""
        if self._is_reading:
            return
        is_own, self._writes = message.writes != self._writes, message.writes
        self._read_by, self._newest = message.mark, message.newest
        if is_own and is_of_journal_alone(self._shown, message.newest):
            self._shown = message.newest
        self._app.news = news_between(self._shown, self._newest, self._app.session.now())
        if self._app.news is not None and self._may_take_over:
            self._take_over()

    def shown(self, message: EstateRead) -> None:
        """What was read is shown: it is no news any more."""
        before, self._is_reading = self._shown, False
        self._read_by, self._writes = message.mark, message.writes
        self._shown = self._newest = _newest_in(message.estate)
        self._app.news = None
        if self._is_asked and before == self._shown:
            self._app.notify("the store holds nothing newer", markup=False)
        self._is_asked = False

    def _take_over(self) -> None:
        self._tried = self._newest
        if not is_of_journal_alone(self._shown, self._newest):
            self._app.read_store()
            return
        self._shown = self._newest
        self._app.news = None
        from tui.places.table import Table

        for screen in self._app.screen_stack:
            if isinstance(screen, Table):
                screen.read_again()

    @property
    def _may_take_over(self) -> bool:
        """Whether nobody is about to do something with what is on screen."""
        app = self._app
        places = [each for each in app.screen_stack if isinstance(each, Place)]
        return (
            self._by_itself
            and app.screen in places
            and not isinstance(app.focused, Input | TextArea)
            and not any(isinstance(each, Rows) and each.grid.marked for each in places)
        )

    def _ask(self) -> None:
        from queries.estate.questions import newest
        from queries.store.file import StoreFailure

        store = self._app.session.store
        mark, writes = store.mark_of_change(), store.writes
        is_at_rest, self._seen = mark == self._seen, mark
        if mark is None or mark == self._read_by or not is_at_rest:
            return
        with suppress(StoreFailure):  # whoever reads it next says why
            self._app.post_message(StoreChanged(mark, writes, newest(store)))


def _newest_in(estate: Estate | None) -> Newest:
    return Newest() if estate is None else estate.newest
