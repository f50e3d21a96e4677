"""The journal: every plan, refusal, write and result, and whether its chain of hashes holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from textual.content import Content

from queries.store.journal import Entry
from tui.grid.columns import Column, fields_of, text_column
from tui.grid.target_columns import restore_command
from tui.grid.targets import by_hand_parts
from tui.places.table import Table
from tui.views.view import Sort
from tui.words.untrusted import UNKNOWN, harmless
from tui.words.verdicts import (
    JOURNAL_SYMBOLS,
    JOURNAL_TONES,
    STATE_SYMBOLS,
    STATE_TONES,
    TONE_STYLES,
)
from tui.words.wrapping import Parts, hanging

if TYPE_CHECKING:
    from queries.estate.naming import Names
    from queries.store.file import Store
    from tui.state.estate import Estate

CHECK_WIDTH = 16
LABEL_WIDTH = 15


@dataclass(frozen=True, slots=True)
class Line(Entry):
    """An entry, and what its target is called among all that is known."""

    path: str


def line_of(entry: Entry, names: Names) -> Line:
    """The entry with the name of its target."""
    values = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    return Line(**values, path=names.path(entry.target))


JOURNAL: tuple[Column[Line], ...] = (
    Column(
        "at",
        "at (UTC)",
        19,
        lambda entry: f"{entry.at:%Y-%m-%d %H:%M:%S}",
        lambda entry: entry.sequence,
        priority=11,
        frozen=True,
    ),
    Column(
        "outcome",
        "outcome",
        13,
        lambda entry: f"{JOURNAL_SYMBOLS.get(entry.outcome, '·')} {entry.outcome}",
        lambda entry: entry.outcome,
        priority=10,
        tone=lambda entry: JOURNAL_TONES.get(entry.outcome),
    ),
    text_column("action", 15, priority=9),
    text_column("target", 30, read="path", priority=8, grows_to=50),
    text_column("actor", 28, title="who", priority=6, grows_to=50),
    text_column("reason", 40, priority=7, grows_to=100),
    Column(
        "sequence",
        "number",
        7,
        lambda entry: f"{entry.sequence}",
        lambda entry: entry.sequence,
        priority=2,
        is_default=False,
    ),
    text_column("correlation", 36, read="correlation_id", title="correlation id", is_default=False),
)


class Journal(Table[Line]):
    """Newest first. Nothing here can be changed, by anybody."""

    noun = "entry"
    nothing = "the journal is empty: nothing was planned or written yet"
    columns = JOURNAL
    fields = fields_of(JOURNAL)
    first_sort = Sort("at", descending=True)
    needs_estate = False
    _broken: int | None = None
    _length = 0

    def key(self, row: Line) -> str:
        """Its number."""
        return str(row.sequence)

    def read(self, store: Store, estate: Estate | None) -> Sequence[Line]:
        """All of it; and look at the chain."""
        from queries.estate.questions import names_in
        from queries.store.file import NoStore
        from queries.store.journal import entries, first_broken

        try:
            self._broken = first_broken(store)
        except NoStore:
            return ()
        found = entries(store)
        self._length = len(found)
        names = names_in(store, (entry.target for entry in found))
        return [line_of(entry, names) for entry in found]

    def described(self, row: Line, width: int) -> Content:
        """Who did what, when and why, on what evidence."""
        return Content.assemble(*entry_parts(row, width))

    def marks_content(self) -> Content:
        """Whether the chain holds, where nothing is marked."""
        if self.grid.marked:
            return super().marks_content()
        if self._broken is not None:
            text = (
                f" ✗ does not hold from entry {self._broken} on: it was changed outside of mothball"
            )
            return Content.styled(text, "bold $text-error")
        if not self._length:
            return Content("")
        return Content.styled(f" ✓ the chain of {self._length:,} entries is whole", "$text-muted")


def entry_parts(row: Line, width: int) -> Parts:
    """An entry in words: its head, then its evidence."""
    symbol = JOURNAL_SYMBOLS.get(row.outcome, "·")
    style = TONE_STYLES[JOURNAL_TONES.get(row.outcome, "quiet")]
    parts: Parts = [
        (f"{symbol} {harmless(row.outcome)}  ", f"bold {style}"),
        (f"{harmless(row.action)} {harmless(row.path)}\n", "bold"),
    ]
    facts = (
        ("number", str(row.sequence)),
        ("at", f"{row.at:%Y-%m-%d %H:%M:%S} UTC"),
        ("who", row.actor),
        ("reason", row.reason),
        ("correlation", row.correlation_id),
        ("target", row.target),
        ("hash", row.hash),
    )
    parts += [part for label, value in facts for part in _fact(label, value, width)]
    for label, value in row.evidence.items():
        if label not in ("checks", "by_hand"):
            parts += _fact(label.replace("_", " "), plain(value), width)
    parts += _checks(row.evidence.get("checks"), width)
    steps = row.evidence.get("by_hand")
    if isinstance(steps, Mapping):
        parts += by_hand_parts(
            ((str(what), str(command)) for what, command in steps.items()), width
        )
    return parts + _way_back(row)


def _way_back(row: Entry) -> Parts:
    """The command that restores what this entry says was deleted."""
    command = restore_command(row.evidence.get("archive"), row.outcome)
    if command is None or "delete" not in row.action:
        return []
    return [("the way back:\n", "bold"), (f"  {harmless(command)}\n", "")]


def plain(value: Any) -> str | None:
    """A value of the evidence in one line; None: not known."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={inner}" for name, inner in value.items()) or "none"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value)) or "none"
    return str(value)


def _fact(label: str, value: str | None, width: int) -> Parts:
    text = UNKNOWN if value is None else hanging(harmless(value), width, LABEL_WIDTH)
    return [(f"{harmless(label):<{LABEL_WIDTH}}", "$text-muted"), (f"{text}\n", "")]


def _checks(checks: Any, width: int) -> Parts:
    parts: Parts = []
    for check in checks if isinstance(checks, list) else ():
        state = str(check.get("state"))
        style = TONE_STYLES[STATE_TONES.get(state, "doubt")]
        override = check.get("override")
        text = str(check.get("evidence")) + (f" · overridden: {override}" if override else "")
        name = harmless(str(check.get("check")))
        parts.append((f"{STATE_SYMBOLS.get(state, '?')} {name:<{CHECK_WIDTH}}", f"bold {style}"))
        parts.append((f"{hanging(harmless(text), width, CHECK_WIDTH + 2)}\n", ""))
    return parts
