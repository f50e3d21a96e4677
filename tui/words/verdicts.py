"""How a verdict looks: a symbol of its own and a tone, in the order of what wants attention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["act", "broken", "doubt", "quiet", "kept", "alive"]


@dataclass(frozen=True, slots=True)
class Look:
    """A one-cell symbol, and the tone that a theme colours."""

    symbol: str
    tone: Tone


TONE_STYLES = {
    "act": "$text-warning",
    "broken": "$text-error",
    "doubt": "$text-primary",
    "quiet": "$text-muted",
    "kept": "$text-secondary",
    "alive": "$text-success",
}

LOOKS: dict[str, Look] = {
    "idle": Look("○", "act"),
    "idle-endpoint": Look("◎", "act"),
    "failed": Look("✗", "broken"),
    "unknown": Look("?", "doubt"),
    "direct": Look("◆", "doubt"),
    "rollback": Look("↺", "kept"),
    "protected": Look("■", "kept"),
    "new": Look("+", "kept"),
    "shadow": Look("◐", "alive"),
    "serving": Look("●", "alive"),
    "pay-per-use": Look("·", "quiet"),
}


def look_of(verdict: str) -> Look:
    """The look of a verdict; one that this version does not know looks doubtful."""
    return LOOKS.get(verdict, Look("?", "doubt"))


STATE_SYMBOLS = {"pass": "✓", "fail": "✗", "unknown": "?"}
STATE_TONES: dict[str, Tone] = {"pass": "alive", "fail": "broken", "unknown": "doubt"}
OUTCOME_SYMBOLS = {
    "planned": "·",
    "refused": "■",
    "deleted": "✓",
    "failed": "✗",
    "raced": "!",
    "unverified": "?",
}
OUTCOME_TONES: dict[str, Tone] = {
    "refused": "doubt",
    "deleted": "alive",
    "failed": "broken",
    "raced": "broken",
    "unverified": "doubt",
}

# What the journal says of an entry; an outcome that this version does not know looks plain.
JOURNAL_SYMBOLS = OUTCOME_SYMBOLS | {"intended": "›", "done": "✓", "interrupted": "!"}
JOURNAL_TONES: dict[str, Tone] = OUTCOME_TONES | {
    "planned": "quiet",
    "intended": "quiet",
    "done": "alive",
    "interrupted": "broken",
}
