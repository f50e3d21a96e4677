"""The archives: what was deleted and can come back; enter opens the plan of its return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tui.grid.columns import Column, fields_of
from tui.places.table import Table
from tui.views.view import Sort
from tui.words.untrusted import harmless
from tui.words.wrapping import hanging

if TYPE_CHECKING:
    from actions.archive.reading import Archive
    from queries.store.file import Store
    from tui.state.estate import Estate


@dataclass(frozen=True, slots=True)
class Shelved:
    """An archive, what its target is called, and whether that stands in the newest snapshot.

    `is_there` is None where that is not known. One that is not whole has no `archive`, and
    `trouble` says why.
    """

    name: str
    path: str
    archive: Archive | None
    is_there: bool | None = None
    trouble: str | None = None


def existence(row: Shelved) -> str | None:
    """What is to be known first of an archive."""
    if row.archive is None:
        return "✗ not whole"
    if row.is_there is None:
        return None
    return "● exists" if row.is_there else "○ gone"


ARCHIVES: tuple[Column[Shelved], ...] = (
    Column(
        "at",
        "archived (UTC)",
        16,
        lambda row: f"{row.archive.archived_at:%Y-%m-%d %H:%M}" if row.archive else None,
        lambda row: row.archive.archived_at if row.archive else None,
        priority=10,
        frozen=True,
        why=lambda row: row.trouble,
    ),
    Column(
        "path",
        "workspace/endpoint/deployment",
        36,
        lambda row: row.path,
        lambda row: row.path.casefold(),
        priority=11,
        frozen=True,
        grows_to=56,
    ),
    Column(
        "now",
        "now",
        12,
        existence,
        existence,
        priority=9,
        tone=lambda row: "broken" if row.archive is None else None,
        why=lambda _row: "no snapshot was taken since",
    ),
    Column(
        "kind",
        "of a whole",
        11,
        lambda row: row.archive.kind if row.archive else None,
        lambda row: row.archive.kind if row.archive else None,
        priority=8,
    ),
    Column("name", "archive", 50, lambda row: row.name, lambda row: row.name, grows_to=80),
    Column(
        "missing",
        "not archived",
        20,
        lambda row: "; ".join(row.archive.not_archived) or "nothing" if row.archive else None,
        lambda row: len(row.archive.not_archived) if row.archive else None,
        priority=4,
        grows_to=60,
        why=lambda row: row.trouble,
    ),
)


class Archives(Table[Shelved]):
    """Newest first, each checked against its manifest."""

    noun, nouns = "archive", "archives"
    nothing = "there is no archive yet: every deletion makes one first"
    columns = ARCHIVES
    fields = fields_of(ARCHIVES)
    first_sort = Sort("at", descending=True)
    needs_estate = False

    def key(self, row: Shelved) -> str:
        """The name of its folder."""
        return row.name

    def read(self, store: Store, estate: Estate | None) -> Sequence[Shelved]:
        """The folder of the archives."""
        from actions.archive.writing import archives_of, names_of_archives
        from collectors.records import key_of
        from queries.estate.packed import counts_of

        found, broken = archives_of(self.app.session)
        names = names_of_archives(self.app.session, found)
        keys: set[str] = set()
        if estate is not None:
            keys |= estate.rows.places.keys()
            keys |= counts_of(estate.rows, "endpoint_key").keys()
        rows = []
        for archive in found:
            is_known = estate is not None and estate.as_of > archive.archived_at
            is_there = key_of(archive.target) in keys if is_known else None
            rows.append(Shelved(archive.name, names.path(archive.target), archive, is_there))
        return [*rows, *(Shelved(name, name, None, trouble=line) for name, line in broken.items())]

    def described(self, row: Shelved, width: int) -> Content:
        """What it holds, and what it does not."""
        archive = row.archive
        if archive is None:
            return Content.styled(hanging(harmless(row.trouble or ""), width, 0), "$text-error")
        parts: list[tuple[str, str]] = [
            (f"{harmless(row.path)}\n", "bold"),
            (f"archived {archive.archived_at:%Y-%m-%d %H:%M:%S} UTC, every file as archived\n", ""),
            (f"in {hanging(harmless(str(archive.folder)), width, 3)}\n", "$text-muted"),
            (f"{hanging(harmless(archive.target), width, 0)}\n\n", "$text-muted"),
        ]
        for line in archive.not_archived:
            parts.append((f"! {hanging(harmless(line), width, 2)}\n", "$text-warning"))
        parts.append(("enter plans its restore; nothing is written by that\n", ""))
        parts.append((f"mothball restore {harmless(archive.name)}", "$text-muted"))
        return Content.assemble(*parts)

    def enter(self, row: Shelved) -> None:
        """Open the plan of a restore."""
        if row.archive is None:
            self.app.notify(harmless(row.trouble or ""), severity="warning", markup=False)
            return
        from tui.dialogs.restoring import Restoring

        self.app.push_screen(Restoring(row.archive, row.path), lambda _outcome: self.read_again())
