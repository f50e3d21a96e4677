"""What one can look at of a deployment beyond its row: each opens a sheet, none writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.places.yanking import copy, page_of
from tui.terminal.browser import opened_in_browser
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from collections.abc import Callable

    from queries.estate.rows import DeploymentRow
    from tui.grid.grid import Grid
    from tui.places.place import Handler, Place


class Inspecting:
    """Looks at `subject()` of a place. Sheets are loaded when they are first opened."""

    def __init__(self, place: Place, subject: Callable[[], DeploymentRow]) -> None:
        """Nothing is opened yet."""
        self._place, self._subject = place, subject

    def handlers(self) -> dict[str, Handler]:
        """The actions that only look."""
        return {
            "explain": self.explain,
            "raw": self.show_raw,
            "callers": self.ask_callers,
            "logs": self.ask_logs,
            "side_by_side": self.compare,
            "portal": self.open_portal,
            "copy": self.copy_id,
        }

    def explain(self) -> None:
        """Say where the picked number comes from, how old it is, or why it is unknown."""
        grid: Grid[DeploymentRow] = self._place.grid_of()
        row = grid.current
        if row is None:
            self._place.explain()
            return
        from tui.dialogs.provenance import Provenance

        self._place.app.push_screen(Provenance(row, grid.picked_column))

    def show_raw(self) -> None:
        """Show the JSON of deployment and endpoint."""
        from tui.dialogs.raw import Raw

        self._place.app.push_screen(Raw(self._subject()))

    def ask_callers(self) -> None:
        """Ask who called."""
        from tui.dialogs.callers import CallersSheet

        self._place.app.push_screen(CallersSheet(self._subject()))

    def ask_logs(self) -> None:
        """Ask what the containers printed."""
        from tui.dialogs.logs import Logs

        self._place.app.push_screen(Logs(self._subject()))

    def compare(self) -> None:
        """Show two marked deployments side by side."""
        from tui.dialogs.comparing import Comparing

        left, right = self._place.situation().targets
        self._place.app.push_screen(Comparing(left, right))

    def open_portal(self) -> None:
        """Open the portal's page of the resource; without a browser its address is copied."""
        app = self._place.app
        url = page_of(self._subject(), str(app.session.cloud.portal))
        if opened_in_browser(url):
            app.notify(harmless(url), title="handed to the browser", markup=False)
            return
        app.copy_to_clipboard(harmless(url))
        title = "no browser is here: the address was copied"
        app.notify(harmless(url), title=title, markup=False)

    def copy_id(self) -> None:
        """Copy the resource id, and show it."""
        copy(self._place, harmless(self._subject().id), "resource id")
