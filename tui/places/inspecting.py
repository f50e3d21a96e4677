"""What one can look at of a deployment beyond its row: each opens a sheet, none writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.places.place import Place
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow
    from tui.grid.grid import Grid


class Looks(Place):
    """A place with a deployment under the cursor. Sheets are loaded when they are first opened."""

    @property
    def looked_at(self) -> DeploymentRow:
        """The deployment under the cursor, else the first that an action would take."""
        raise NotImplementedError

    def do_explain(self) -> None:
        """Say where the picked number comes from, how old it is, or why it is unknown."""
        grid: Grid[DeploymentRow] = self.grid_of()
        row = grid.current
        if row is None:
            super().do_explain()
            return
        from tui.dialogs.provenance import Provenance

        self.app.push_screen(Provenance(row, grid.picked_column))

    def do_raw(self) -> None:
        """Show the JSON of deployment and endpoint."""
        from tui.dialogs.raw import Raw

        self.app.push_screen(Raw(self.looked_at))

    def do_callers(self) -> None:
        """Ask who called."""
        from tui.dialogs.callers import Callers

        self.app.push_screen(Callers(self.looked_at))

    def do_logs(self) -> None:
        """Ask what the containers printed."""
        from tui.dialogs.logs import Logs

        self.app.push_screen(Logs(self.looked_at))

    def do_portal(self) -> None:
        """Open the portal's page of the resource, and show its address."""
        url = f"{self.app.operator.cloud.portal}/#resource{self.looked_at.id}"
        self.app.open_url(url)
        self.app.notify(harmless(url), title="opened in the browser", markup=False)

    def do_copy(self) -> None:
        """Copy the resource id, and show it."""
        text = harmless(self.looked_at.id)
        self.app.copy_to_clipboard(text)
        self.app.notify(text, title="copied", markup=False)
