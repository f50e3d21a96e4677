"""What changed between two snapshots; what one of them did not read is never shown as gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queries.estate.questions import need_finished
from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one deployment: `change` names what, the texts how it was and is.

    `changed_at`, `changed_by` are those of the Activity Log; None where it does not say.
    """

    change: str
    id: str
    deployment: str
    earlier: str | None
    later: str | None
    changed_at: datetime | None = None
    changed_by: str | None = None


def changes(store: Store, before: str, after: str) -> list[Change]:
    """All changes from one snapshot to another; NoSnapshot where one of them is not finished."""
    with store.reading() as connection:
        need_finished(connection, before, after)
        values = {"before": before, "after": after}
        rows = library.ask(connection, "changes_between", values)
    return [Change(**row | {"changed_at": aware_utc(row["changed_at"])}) for row in rows]
