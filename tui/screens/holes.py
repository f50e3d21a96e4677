"""Holes: what the data shown lacks, what Azure said, and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.columns import Column, fields_of
from tui.screens.table import Table
from tui.untrusted import harmless
from tui.widgets.grid import Sort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.rows import HoleRow
    from queries.store import Store
    from tui.estate import Estate


def _text(column_id: str, width: int, grows_to: int = 0) -> Column[HoleRow]:
    def show(row: HoleRow) -> str:
        return str(getattr(row, column_id))

    is_first = column_id == "source"
    return Column(
        column_id,
        column_id,
        width,
        show,
        lambda row: show(row).casefold(),
        frozen=is_first,
        priority=9 if is_first else 5,
        grows_to=grows_to,
        tone=lambda _row: "broken" if is_first else None,
    )


HOLES = (
    _text("source", 16),
    _text("code", 22),
    _text("scope", 40, 60),
    _text("mend", 50, 90),
    _text("message", 60, 120),
)


class Holes(Table["HoleRow"]):
    """Everything that the newest snapshots could not read."""

    noun = "hole"
    nothing = "everything could be read"
    columns = HOLES
    fields = fields_of(HOLES)
    first_sort = Sort("source")

    def key(self, row: HoleRow) -> str:
        """Source, scope and code together."""
        return f"{row.source} {row.scope} {row.code}"

    def read(self, store: Store, estate: Estate | None) -> Sequence[HoleRow]:
        """As they came with the estate."""
        return estate.holes if estate is not None else ()

    def told(self, row: HoleRow, width: int) -> Content:
        """What was asked, what came, and what to do."""
        return Content.assemble(
            (f"{harmless(row.source)}: {harmless(row.code)}\n", "bold"),
            (f"{harmless(row.scope)}\n\n", "$text-muted"),
            (f"{harmless(row.message)}\n\n", ""),
            ("to mend it: ", "bold"),
            (harmless(row.mend), ""),
        )
