"""Two deployments side by side: what differs first, then the definitions, then what is the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from queries.estate.rows import asset_name
from tui.details.parts import MUTED, STRONG, section
from tui.dialogs.sheet import Sheet
from tui.grid.columns import Column
from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS
from tui.words.untrusted import UNKNOWN, fitted, harmless
from tui.words.wrapping import Parts, Rendering, hanging, wrapped

if TYPE_CHECKING:
    from collectors.connection.patience import Stop
    from queries.estate.facts import Fact
    from queries.estate.rows import DeploymentRow

COMPARED = ("verdict", "size", "run_rate", "cost", "idle", "owner", "region", "kind")
"""The columns whose cells are compared, in this order; more is among the facts."""

SPELT_OUT = "tags"
"""The fact that is compared tag by tag."""

APART = frozenset({"id", "name", "type", "tags", "systemData"})
"""What of a definition is compared elsewhere, or differs between any two."""

NO_TAG = "none"
LABEL_WIDTH = 25
CONTEXT_LINES = 2
DIFFERENT, SAME = "≠", " "
STYLES = {"-": "$text-error", "+": "$text-success", "@": MUTED}


@dataclass(frozen=True, slots=True)
class Side:
    """What is known of one deployment; `definition` is None where it is not kept."""

    row: DeploymentRow
    facts: Sequence[Fact]
    definition: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing of both; None: it is not known."""

    label: str
    left: str | None
    right: str | None

    @property
    def differs(self) -> bool:
        """Whether the two are otherwise."""
        return self.left != self.right


class Comparing(Sheet):
    """By the store alone: nothing is asked of Azure."""

    doing = "reading the store"

    def __init__(self, left: DeploymentRow, right: DeploymentRow) -> None:
        """Keep which."""
        super().__init__()
        self._rows = (left, right)
        self.title_text = f"{left.name} beside {right.name}"

    def fetch(self, stop: Stop) -> Rendering:
        """Facts and definition of both."""
        from queries.estate.facts import facts_of
        from queries.estate.questions import raw_of

        store = self.app.session.store
        with store.reading():
            left, right = (
                Side(
                    row,
                    facts_of(store, row.deployment_key, row.snapshot_id),
                    raw_of(store, row.deployment_key),
                )
                for row in self._rows
            )
        return lambda width: comparison_parts(left, right, width)


def comparison_parts(left: Side, right: Side, width: int) -> Parts:
    """What differs in one line, then the pairs that do, the definitions, and what is the same."""
    pairs = list(pairs_of(left, right))
    differing = [pair for pair in pairs if pair.differs]
    lines = definition_lines(left, right)
    names = [pair.label for pair in differing]
    if lines is None or lines:
        names.append("definition")
    words = f"differs: {', '.join(names)}" if names else "nothing that is known differs"
    parts: Parts = [(f"{hanging(harmless(words), width, 2)}\n", STRONG)]
    parts += section("what differs", _table(left, right, differing, width), width)
    parts += section("the definition", _definition(left, right, lines), width)
    same = [pair for pair in pairs if not pair.differs]
    return parts + section("what is the same", _table(left, right, same, width), width)


def pairs_of(left: Side, right: Side) -> Iterator[Pair]:
    """Cells, then the facts under the verdicts, then the deployments' own tags."""
    columns: dict[str, Column[DeploymentRow]] = {each.id: each for each in DEPLOYMENT_COLUMNS}
    for column in (columns[name] for name in COMPARED):
        yield Pair(column.title, column.show(left.row), column.show(right.row))
    yield Pair("model", asset_name(left.row.model), asset_name(right.row.model))
    yield Pair("environment", asset_name(left.row.environment), asset_name(right.row.environment))
    facts = _facts(left.facts), _facts(right.facts)
    for label in dict.fromkeys((*facts[0], *facts[1])):
        yield Pair(label, *(each.get(label) for each in facts))
    tags = _tags(left.row), _tags(right.row)
    for label in dict.fromkeys((*tags[0], *tags[1])):
        yield Pair(label, *(each.get(label, NO_TAG) for each in tags))


def definition_lines(left: Side, right: Side) -> list[str] | None:
    """The definitions as a diff; empty where they are the same, None where one is not kept."""
    if left.definition is None or right.definition is None:
        return None
    texts = (_json_lines(left.definition), _json_lines(right.definition))
    return list(unified_diff(*texts, lineterm="", n=CONTEXT_LINES))[2:]


def _facts(facts: Sequence[Fact]) -> dict[str, str]:
    """What each fact says, by its name; by its source too, where two have that name."""
    counts = Counter(fact.fact for fact in facts)
    return {
        fact.fact if counts[fact.fact] == 1 else f"{fact.fact} ({fact.source})": _said(fact)
        for fact in facts
        if fact.fact != SPELT_OUT
    }


def _said(fact: Fact) -> str:
    said = fact.state if fact.known is None else fact.known
    return said if fact.code is None else f"{said} ({fact.code})"


def _tags(row: DeploymentRow) -> dict[str, str]:
    return {f"tag {name}": value for name, value in row.tags.items()}


def _json_lines(definition: Mapping[str, Any]) -> list[str]:
    kept = {name: value for name, value in definition.items() if name not in APART}
    text = json.dumps(kept, indent=2, ensure_ascii=False, sort_keys=True)
    return [harmless(line) for line in text.split("\n")]


def _table(left: Side, right: Side, pairs: Sequence[Pair], width: int) -> Parts:
    """Two columns of words with the names of the deployments above them; nothing without pairs."""
    if not pairs:
        return []
    room = max((width - LABEL_WIDTH - 4) // 2, 10)
    head = f"  {'':<{LABEL_WIDTH}}{fitted(left.row.name, room)}  {fitted(right.row.name, room)}"
    parts: Parts = [(f"{head.rstrip()}\n", MUTED)]
    for pair in pairs:
        parts += _pair(pair, room)
    return parts


def _pair(pair: Pair, room: int) -> Parts:
    left, right = (
        wrapped(UNKNOWN if text is None else harmless(text), room)
        for text in (pair.left, pair.right)
    )
    parts: Parts = []
    labels = wrapped(harmless(pair.label), LABEL_WIDTH - 1)
    for label, one, other in zip_longest(labels, left, right, fillvalue=""):
        sign = (DIFFERENT if pair.differs else SAME) if not parts else " "
        parts.append((f"{sign} {_padded(label, LABEL_WIDTH)}", MUTED))
        style = STRONG if pair.differs else ""
        parts.append((f"{_padded(one, room)}  {other}".rstrip() + "\n", style))
    return parts


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - cell_len(text), 0)


def _definition(left: Side, right: Side, lines: Sequence[str] | None) -> Parts:
    if lines is None:
        missing = left.row if left.definition is None else right.row
        return [(f"that of {harmless(missing.name)} is not kept\n", MUTED)]
    if not lines:
        return [("both are the same\n", "")]
    names = [
        (f"- {harmless(left.row.name)}\n", STYLES["-"]),
        (f"+ {harmless(right.row.name)}\n", STYLES["+"]),
    ]
    return [*names, *((f"{line}\n", STYLES.get(line[:1], "")) for line in lines)]
