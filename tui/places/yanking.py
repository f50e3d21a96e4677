"""What can be copied of a row: its name, its id, a cell, the row, the way to it elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.words.untrusted import harmless
from tui.words.yanks import Yank

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from queries.estate.rows import DeploymentRow
    from tui.grid.grid import Grid
    from tui.places.place import Place


def row_as_text(grid: Grid[Any], row: Any) -> str:
    """A cell for each column that is shown, parted by tabs."""
    return "\t".join(column.text(row) for column in grid.columns)


def of_table(grid: Grid[Any], row: Any) -> list[Yank]:
    """What the row of any table offers."""
    picked = grid.picked_column
    return [
        Yank("c", f"cell: {picked.title}", picked.text(row)),
        Yank("r", "row, by tabs", row_as_text(grid, row)),
    ]


def of_deployment(row: DeploymentRow, portal: str | None) -> list[Yank]:
    """What a deployment offers beside its row; a cloud without a portal has no page."""
    from actions.deletion.by_hand import show_command

    found = [
        Yank("n", "name", harmless(row.path)),
        Yank("i", "resource id", harmless(row.id)),
        Yank("a", "az line", harmless(show_command(row.id))),
    ]
    if portal is not None:
        found.append(Yank("p", "portal page", harmless(page_of(row, portal))))
    return found


def page_of(row: DeploymentRow, portal: str) -> str:
    """The address of a deployment's page in the portal."""
    return f"{portal}/#resource{row.id}"


def copy(place: Place, text: str, what: str) -> None:
    """Put a text on the clipboard, and show what it is."""
    place.app.copy_to_clipboard(text)
    place.app.notify(text.replace("\t", "  "), title=f"copied: {what}", markup=False)


def offer(place: Place, yanks: Callable[[Any], Sequence[Yank]]) -> None:
    """Open the menu on the row under the cursor."""
    row = place.grid_of().current
    if row is None:
        place.app.notify("no row is under the cursor", markup=False)
        return

    from tui.dialogs.yank import YankMenu

    def take(chosen: Yank | None) -> None:
        if chosen is not None:
            copy(place, chosen.text, chosen.title)

    place.app.push_screen(YankMenu(yanks(row)), take)
