"""Read errors: what the data shown lacks, what Azure said, and how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from collectors.sources import fix_of
from tui.grid.columns import Column, fields_of, text_column
from tui.places.table import Table
from tui.views.view import Sort
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.estate.rows import ReadErrorRow
    from queries.store.file import Store
    from tui.state.estate import Estate


def _fix(row: ReadErrorRow) -> str:
    return fix_of(row.source, row.code)


READ_ERRORS: tuple[Column[ReadErrorRow], ...] = (
    text_column("source", 16, frozen=True, priority=9, tone=lambda _row: "broken"),
    text_column("code", 22),
    text_column("scope", 40, grows_to=60),
    text_column("fix", 50, read=_fix, grows_to=90),
    text_column("message", 60, grows_to=120),
)


class ReadErrors(Table["ReadErrorRow"]):
    """Everything that the newest snapshots could not read."""

    noun, nouns = "read error", "read errors"
    nothing = "everything could be read"
    columns = READ_ERRORS
    fields = fields_of(READ_ERRORS)
    first_sort = Sort("source")
    footer = ("open_row", "back", "filter", "snapshot", "go_doctor", "help")

    def key(self, row: ReadErrorRow) -> str:
        """Source, scope and code together."""
        return f"{row.source} {row.scope} {row.code}"

    def read(self, store: Store, estate: Estate | None) -> Sequence[ReadErrorRow]:
        """As they came with the estate."""
        return estate.read_errors if estate is not None else ()

    def described(self, row: ReadErrorRow, width: int) -> Content:
        """What was asked, what came, and what to do."""
        return Content.assemble(
            (f"{harmless(row.source)}: {harmless(row.code)}\n", "bold"),
            (f"{harmless(row.scope)}\n\n", "$text-muted"),
            (f"{harmless(row.message)}\n\n", ""),
            ("to fix it: ", "bold"),
            (harmless(_fix(row)), ""),
        )
