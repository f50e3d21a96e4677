"""A row that one comes back to asks the store nothing, unless somebody wrote to it."""

from __future__ import annotations

from pathlib import Path

from queries.estate.questions import current_deployments
from queries.store.file import Store
from tui.state.estate import SHORT_DAYS
from tui.state.kept_details import KeptDetails


def test_details_are_kept_until_the_store_changes(store: Path) -> None:
    file = Store(store)
    row = current_deployments(file)[0]
    kept = KeptDetails()
    first, whole = kept.read(file, row, SHORT_DAYS)
    assert [is_whole for _details, is_whole in (first, whole)] == [False, True]
    assert list(kept.read(file, row, SHORT_DAYS)) == [whole]
    assert len(list(kept.read(file, row, SHORT_DAYS + 1))) == 2
    with file.noting() as connection:
        connection.execute("insert into journal (sequence) values (1)")
    assert len(list(kept.read(file, row, SHORT_DAYS))) == 2
