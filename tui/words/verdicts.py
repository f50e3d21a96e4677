"""How a verdict looks: a symbol of its own and a tone, in the order of what wants attention."""

from __future__ import annotations

from dataclasses import dataclass

from queries.vocabulary import BY_ATTENTION, Tone


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

LOOKS: dict[str, Look] = {each.name: Look(each.symbol, each.tone) for each in BY_ATTENTION}


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
