"""Details that were read before, for as long as nobody writes to the store."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from typing import TYPE_CHECKING

from tui.state import estate

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow
    from queries.store.file import Mark, Store
    from tui.state.estate import Details

MOST_KEPT = 100


class KeptDetails:
    """The newest of them, so that a row that one comes back to asks the store nothing."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._mark: Mark = None
        self._kept: dict[tuple[object, ...], Details] = {}

    def read(
        self, store: Store, row: DeploymentRow, span_days: int
    ) -> Generator[tuple[Details, bool]]:
        """What is drawn first, then all of it, each with whether it is that. StoreFailure."""
        mark = store.mark_of_change()
        if mark is None or mark != self._mark:
            self._mark, self._kept = mark, {}
        kept, key = self._kept, (row.deployment_key, row.snapshot_id, row.as_of, span_days)
        if key in kept:
            yield kept[key], True
            return
        with closing(estate.read_details(store, row, span_days)) as parts:
            yield next(parts), False
            if len(kept) >= MOST_KEPT:
                kept.pop(next(iter(kept)))
            kept[key] = next(parts)
            yield kept[key], True
