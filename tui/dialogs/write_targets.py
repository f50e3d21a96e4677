"""The targets of a dialog that writes tags, as rows of a table: what would be written, what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tui.grid.columns import Column
from tui.grid.plan_columns import hidden_column, in_order, name_column, standing_column
from tui.grid.targets import PlanTable
from tui.words.untrusted import harmless
from tui.words.verdicts import TONE_STYLES
from tui.words.wrapping import Parts, hanging

if TYPE_CHECKING:
    from actions.states import WriteState
    from queries.estate.rows import DeploymentRow

LABELS: Mapping[WriteState, tuple[str, str]] = {
    "waiting": ("  waiting", "quiet"),
    "left": ("✗ left", "quiet"),
    "done": ("✓ done", "alive"),
    "refused": ("✗ refused", "broken"),
    "failed": ("✗ failed", "broken"),
    "stopped": ("  not touched", "quiet"),
}
"""What each state is called, and its tone."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of a target, in words; one that is left is not written to."""

    words: str
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How far one target is, and what there is to say of it."""

    state: WriteState
    words: str = ""


@dataclass(frozen=True, slots=True)
class WriteLine:
    """One target. A target that is out was taken from the plan; nothing is written to it.

    `foreseen` is None while the fields mean nothing, `result` before the button is pressed.
    """

    row: DeploymentRow
    name: str
    path: str
    tags: Mapping[str, str]
    foreseen: Foreseen | None = None
    result: Result | None = None
    is_hidden: bool = False
    is_out: bool = False

    @property
    def key(self) -> str:
        """The key of its deployment."""
        return self.row.deployment_key


def standing(line: WriteLine) -> tuple[str, str]:
    """Where a target stands, in two words with their sign, and the tone of them."""
    if line.is_out:
        return "  left out", "quiet"
    if line.result is not None:
        return LABELS[line.result.state]
    if line.foreseen is None:
        return "  not yet", "quiet"
    return LABELS["left"] if line.foreseen.is_left else ("→ write", "act")


def words_of(line: WriteLine) -> str:
    """What would be written, or why not; then what was."""
    if line.is_out:
        return ""
    if line.result is not None:
        return line.result.words
    return "" if line.foreseen is None else line.foreseen.words


WRITE_TARGETS: tuple[Column[WriteLine], ...] = (
    standing_column(standing),
    name_column(40),
    hidden_column(),
    Column("words", "what", 20, words_of, in_order, priority=9, grows_to=120),
)


class WriteTargets(PlanTable[WriteLine]):
    """What is marked is written to."""

    def __init__(self, *, id: str | None = None) -> None:
        """Nothing is foreseen yet."""
        super().__init__(WRITE_TARGETS, lambda line: line.key, id=id)


def write_content(line: WriteLine, width: int) -> Content:
    """All that there is to say of a target: its tags, and what becomes of them."""
    row = line.row
    parts: Parts = [(harmless(line.path), "bold")]
    if line.is_hidden:
        parts.append(("  hidden by the filter", "bold $text-warning"))
    tags = ", ".join(f"{name}={value}" for name, value in line.tags.items()) or "no tags"
    lines = [(f"{row.verdict} · {tags}", "$text-muted")]
    lines += [(f"! {sentence}", "$text-warning") for sentence in row.above]
    lines += _outcome(line)
    parts += [(f"\n  {hanging(harmless(text), width, 2)}", style) for text, style in lines]
    return Content.assemble(*parts)


def _outcome(line: WriteLine) -> Sequence[tuple[str, str]]:
    text, tone = standing(line)
    words = words_of(line)
    if line.is_out:
        return [("left out: nothing is written to it", TONE_STYLES[tone])]
    if line.result is None and line.foreseen is None:
        return []
    if line.result is None and line.foreseen is not None and not line.foreseen.is_left:
        return [(f"→ {words}", "")]
    return [(": ".join(filter(None, (text.strip(), words))), TONE_STYLES[tone])]
