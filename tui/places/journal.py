"""The journal: every plan, refusal, write and result, and whether its chain of hashes holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from textual.content import Content

from actions.deletion.plan import ASKED_LATER
from queries.store.journal import Entry
from tui.grid.columns import Column, fields_of, money, text_column
from tui.grid.target_columns import restore_command
from tui.grid.targets import OPEN, by_hand_parts
from tui.keys.registry import Action, ActionContext, ByLimits
from tui.places.place import Handler
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
    from queries.estate.rows import DeploymentRow
    from queries.store.file import Store
    from tui.state.estate import Estate

CHECK_WIDTH = 16
LABEL_WIDTH = 15
SAVING = "monthly_saving"
"""The one amount among the evidence."""


@dataclass(frozen=True, slots=True)
class Line(Entry):
    """An entry, and what its target is called among all that is known.

    `undone_by` is the number of the entry that undid it. `lasting` says why it is nothing to undo,
    whatever Azure has now; None: it may be.
    """

    path: str
    undone_by: int | None = None
    lasting: str | None = None


def lines_of(entries: Sequence[Entry], names: Names) -> list[Line]:
    """The entries with the names of their targets, and what there is to know of their undo."""
    from actions.tags.undo import undone_by, why_not

    undone = undone_by(entries)
    return [
        Line(
            **{field.name: getattr(entry, field.name) for field in fields(Entry)},
            path=names.path(entry.target),
            undone_by=undone.get(entry.sequence),
            lasting=why_not(entry),
        )
        for entry in entries
    ]


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
    text_column("target", 30, read="path", priority=8, grows_to=50, never_cut=True),
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
    """Newest first. No entry can be changed, by anybody; an undo is an entry of its own."""

    footer = ("open_row", "back", "filter", "undo", "palette", "help")
    noun, nouns = "entry", "entries"
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
        return lines_of(found, names)

    def make_handlers(self) -> dict[str, Handler]:
        """Those of a table, and the undo of what is marked or under the cursor."""
        return {**super().make_handlers(), "undo": self.undo}

    def situation(self) -> ActionContext:
        """The deployments of what is marked, or else of what is under the cursor."""
        estate = self.app.estate
        return replace(
            super().situation(),
            targets=self._rows_of(self._chosen),
            is_past=estate is not None and estate.past is not None,
        )

    def why_not(self, action: Action) -> str | None:
        """An undo also wants entries that can be undone, one for each deployment."""
        reason = super().why_not(action)
        if action.id != "undo" or isinstance(reason, ByLimits):
            return reason
        chosen = self._chosen
        if (why := why_no_undo(chosen)) is not None:
            return why
        is_missing = len(self._rows_of(chosen)) < len(chosen)
        return "no current snapshot has this deployment" if is_missing else reason

    def undo(self) -> None:
        """Open the dialog that takes back what these entries wrote."""
        from collectors.records import key_of
        from tui.dialogs.undoing import Undoing

        chosen = self._chosen
        hidden = frozenset(key_of(entry.target) for entry in self.grid.hidden_marked)
        dialog = Undoing(self._rows_of(chosen), hidden, {key_of(e.target): e for e in chosen})
        self.app.push_screen(dialog, lambda _result: self.read_again())

    @property
    def _chosen(self) -> Sequence[Line]:
        marked, current = self.grid.marked, self.grid.current
        return marked or ([] if current is None else [current])

    def _rows_of(self, entries: Sequence[Line]) -> list[DeploymentRow]:
        """The deployments as the newest snapshot knows them, as far as it does."""
        from collectors.records import key_of

        if self.app.estate is None:
            return []
        rows = self.app.estate.rows
        keys = (key_of(entry.target) for entry in entries)
        return [rows[rows.places[key]] for key in keys if key in rows.places]

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


def why_no_undo(entries: Sequence[Line]) -> str | None:
    """Why these are not undone, whatever Azure has now; None where they may be."""
    for entry in entries:
        if entry.undone_by is not None:
            return f"entry {entry.sequence} was undone by entry {entry.undone_by}: undo that one"
        if entry.lasting is not None:
            return f"entry {entry.sequence}: {entry.lasting}"
    if len({entry.target.lower() for entry in entries}) < len(entries):
        return "two entries of one deployment are marked: undo the newer one first"
    return None if entries else "no entry is selected"


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
        *((("undone by", f"entry {row.undone_by}"),) if row.undone_by is not None else ()),
    )
    parts += [part for label, value in facts for part in _fact(label, value, width)]
    for label, value in row.evidence.items():
        if label not in ("checks", "by_hand"):
            text = _saving(row) if label == SAVING else plain(value)
            parts += _fact(label.replace("_", " "), text, width)
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


def _saving(row: Entry) -> str | None:
    """What a deletion was to save in a month, as amounts are shown everywhere."""
    value, currency = row.evidence.get(SAVING), row.evidence.get("currency")
    try:
        return None if value is None else money(Decimal(str(value)), currency)
    except InvalidOperation:
        return plain(value)


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
        symbol = STATE_SYMBOLS.get(state, "?")
        if state == "pass" and check.get("age_seconds") is None and name in ASKED_LATER:
            symbol, style = OPEN, TONE_STYLES["quiet"]
        parts.append((f"{symbol} {name:<{CHECK_WIDTH}}", f"bold {style}"))
        parts.append((f"{hanging(harmless(text), width, CHECK_WIDTH + 2)}\n", ""))
    return parts
