"""A small panel: where the picked number comes from, how old it is, or why it is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from tui.details.parts import labelled
from tui.details.provenance import Origins, provenance_of
from tui.dialogs.sheet import Sheet
from tui.grid.columns import Column
from tui.words.wrapping import Rendering

if TYPE_CHECKING:
    from collectors.connection.patience import Stop
    from queries.estate.rows import DeploymentRow


class Provenance(Sheet):
    """Closes with escape, `q` or `i`."""

    doing = "reading the store"
    hint = "esc closes   c copies"
    BINDINGS: ClassVar[list[BindingType]] = [("i", "dismiss", "close")]

    def __init__(self, row: DeploymentRow, column: Column[DeploymentRow]) -> None:
        """Keep what was picked."""
        super().__init__()
        self._row = row
        self._column = column
        self.title_text = f"{column.title} of {row.name}"
        self.add_class("-small")

    def fetch(self, stop: Stop) -> Rendering:
        """Read where it comes from."""
        from queries.estate.facts import facts_of
        from queries.money.origins import bill_reads, price_row

        store, row = self.app.session.store, self._row
        with store.reading():
            known = Origins(
                tuple(facts_of(store, row.deployment_key, row.snapshot_id)),
                tuple(bill_reads(store, row.subscription_id)),
                price_row(store, row),
            )
        lines = provenance_of(self._column, row, known, self.app.session.now())
        return lambda width: [
            part
            for label, text in lines
            for part in (labelled(label, text, width) if label else [("\n", "")])
        ]
