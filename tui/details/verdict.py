"""The verdict, why, and what else was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.details.parts import WARNING, lines, signed
from tui.words.untrusted import harmless
from tui.words.verdicts import TONE_STYLES, look_of
from tui.words.wrapping import Parts, hanging

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow


def verdict(row: DeploymentRow, width: int) -> Parts:
    """The verdict with its symbol, then its reasons and the findings beside it."""
    look = look_of(row.verdict)
    text = f"{look.symbol} {harmless(row.verdict)}  "
    parts: Parts = [
        (text, f"bold {TONE_STYLES[look.tone]}"),
        (f"{hanging(harmless(row.name), width, cell_len(text))}\n", "bold"),
        *lines(row.reasons.sentences, width),
    ]
    for finding in row.findings.sentences:
        parts += signed("!", finding, width, WARNING)
    return parts
