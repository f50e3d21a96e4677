"""What changed between two snapshots, as `mothball diff` tells it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from queries.filter import quoted
from tui.grid.columns import Column, fields_of, text_column
from tui.places.table import Table
from tui.state.history import Address
from tui.state.past import finished
from tui.views.view import Sort
from tui.words.untrusted import harmless
from tui.words.wrapping import hanging

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from queries.estate.rows import SnapshotRow
    from queries.reports.diff import Change
    from queries.store.file import Store
    from queries.vocabulary import Tone
    from tui.state.estate import Estate


@dataclass(frozen=True, slots=True)
class Compared:
    """A change with the two snapshots that tell it."""

    change: Change
    before: SnapshotRow
    after: SnapshotRow


# In the order of what wants attention first: the sign and the tone of each kind.
KINDS: dict[str, tuple[str, Tone]] = {
    "vanished": ("−", "broken"),
    "appeared": ("+", "alive"),
    "created anew": ("⟳", "act"),
    "verdict": ("Δ", "act"),
    "role": ("⚑", "act"),
    "traffic": ("⇄", "doubt"),
    "size": ("▣", "doubt"),
    "owner": ("@", "kept"),
    "cost": ("$", "kept"),
    "first read": ("·", "quiet"),
    "not read": ("?", "quiet"),
}
_ORDER = {kind: place for place, kind in enumerate(KINDS)}
_MEANING = {
    "vanished": "the later snapshot read its place and did not find it",
    "appeared": "the earlier snapshot read its place and did not find it",
    "created anew": "another resource of the same name: its history is not this one's",
    "first read": "no snapshot up to the earlier one read its place",
    "not read": "the later snapshot did not read its place: it need not be gone",
    "role": "what its tag says it is for; `retire` with the date of its mark",
    "cost": "a month at the mean of the 7 newest billed days then",
}


def _look(row: Compared) -> tuple[str, Tone]:
    return KINDS.get(row.change.change, ("?", "doubt"))


_ABSENT = "it was not there, or is not known"
_UNNAMED = "the Activity Log does not say"


def _moment(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%m-%d %H:%M}"


CHANGES: tuple[Column[Compared], ...] = (
    Column(
        "change",
        "change",
        15,
        lambda row: f"{_look(row)[0]} {row.change.change}",
        lambda row: _ORDER.get(row.change.change, len(_ORDER)),
        priority=10,
        frozen=True,
        tone=lambda row: _look(row)[1],
        group=lambda row: row.change.change,
    ),
    Column(
        "deployment",
        "workspace/endpoint/deployment",
        28,
        lambda row: row.change.deployment,
        lambda row: row.change.deployment.casefold(),
        priority=11,
        frozen=True,
        grows_to=60,
    ),
    text_column(
        "earlier", 14, read="change.earlier", priority=8, grows_to=40, why=lambda _row: _ABSENT
    ),
    text_column(
        "later", 14, read="change.later", priority=8, grows_to=40, why=lambda _row: _ABSENT
    ),
    text_column(
        "by", 12, read="change.changed_by", priority=7, grows_to=32, why=lambda _row: _UNNAMED
    ),
    Column(
        "at",
        "when",
        11,
        lambda row: _moment(row.change.changed_at),
        lambda row: row.change.changed_at,
        priority=6,
        why=lambda _row: _UNNAMED,
    ),
)


def _doer(change: Change) -> str:
    """Who did it and when, as far as the Activity Log says."""
    who = harmless(change.changed_by) if change.changed_by else "somebody who is not named"
    when = f"{change.changed_at:%Y-%m-%d %H:%M} UTC" if change.changed_at else "a time not known"
    return f"{who}, {when} (Activity Log)"


class Diff(Table[Compared]):
    """All changes from one snapshot to another; without a scope those of the newest two.

    The scope's value is their ids, the earlier one first; None is the newest.
    """

    noun, nouns = "change", "changes"
    nothing = "nothing changed, or there are no two snapshots to compare"
    columns = CHANGES
    fields = fields_of(CHANGES)
    first_sort = Sort("change")

    def key(self, row: Compared) -> str:
        """The deployment and what changed of it."""
        return f"{row.change.id.lower()} {row.change.change}"

    def read(self, store: Store, estate: Estate | None) -> Sequence[Compared]:
        """What the report covers the two."""
        from queries.reports.diff import changes

        known = finished(store)
        if self.address.scope is None:
            chosen = known[1::-1]
        else:
            by_id: dict[str | None, SnapshotRow] = {row.snapshot_id: row for row in known}
            by_id |= {None: known[0]} if known else {}
            chosen = [by_id[each] for each in self.address.scope.value if each in by_id]
        if len(chosen) != 2:
            return ()
        before, after = chosen
        found = changes(store, before.snapshot_id, after.snapshot_id)
        return [Compared(change, before, after) for change in found]

    def described(self, row: Compared, width: int) -> Content:
        """What it was, what it is, and what that means."""
        change = row.change
        meaning = _MEANING.get(change.change, "")
        rows = [
            ("earlier", "–" if change.earlier is None else harmless(change.earlier)),
            ("later", "–" if change.later is None else harmless(change.later)),
            *([("by", _doer(change))] if change.changed_at or change.changed_by else []),
        ]
        lines = [f"{name:<9}{hanging(text, width, 9)}" for name, text in rows]
        return Content.assemble(
            (f"{_look(row)[0]} {harmless(change.change)}  {harmless(change.deployment)}\n", "bold"),
            "\n".join(lines),
            (f"\n\n{hanging(meaning, width, 0)}" if meaning else "", ""),
            (f"\n\n{harmless(change.id)}", "$text-muted"),
        )

    def inside(self, row: Compared) -> Address | None:
        """The deployment as it is, where it is still there."""
        if row.change.change in ("vanished", "not read"):
            return None
        return Address("deployments", filter=f"id={quoted(row.change.id)}")

    def marks_content(self) -> Content:
        """From when to when, how much changed, and what of it rests on a partial snapshot."""
        rows = list(self.grid.by_key.values())
        if not rows or self.grid.marked:
            return super().marks_content()
        counts = Counter(row.change.change for row in rows)
        parts = (f"{KINDS[kind][0]} {kind} {counts[kind]}" for kind in KINDS if counts[kind])
        before, after = rows[0].before, rows[0].after
        partial = [n for n, row in (("earlier", before), ("later", after)) if row.read_errors]
        return Content.assemble(
            (f" {before.started_at:%Y-%m-%d} → {after.started_at:%Y-%m-%d}  ", "bold"),
            ("  ".join(parts), "$text-muted"),
            (f"   partial: the {' and the '.join(partial)} one" if partial else "", "bold"),
        )
