"""What changed between two snapshots; what one of them did not read is never shown as gone."""

from __future__ import annotations

from dataclasses import dataclass

from queries.estate.questions import need_finished
from queries.store import library
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one deployment: `change` names what, the texts how it was and is."""

    change: str
    id: str
    deployment: str
    earlier: str | None
    later: str | None


def changes(store: Store, before: str, after: str) -> list[Change]:
    """All changes from one snapshot to another; NoSnapshot where one of them is not finished."""
    with store.reading() as connection:
        need_finished(connection, before, after)
        values = {"before": before, "after": after}
        return [Change(**row) for row in library.ask(connection, "changes_between", values)]
