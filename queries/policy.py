"""The settings that a judgement rests on; stored with each snapshot, so that it can be reread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

# Which cost counts: what the settings and the command line call it, and Azure's own name.
BASES: Mapping[str, str] = {"actual": "ActualCost", "amortized": "AmortizedCost"}
# The part of a month's known cost by which an export may be lower: bills are settled for days.
LARGEST_FALL = Decimal("0.02")

DEFAULT_TAGS: Mapping[str, tuple[str, ...]] = {
    "role": ("role",),
    "owner": ("owner",),
    "purpose": ("purpose",),
    "team": ("team",),
    "cost_center": ("cost-center", "CostCenter"),
    "expires_on": ("expires-on",),
    "exempt_until": ("mothball-exempt-until",),
    "retire_after": ("mothball-retire-after",),
    "rehearsed_on": ("mothball-rehearsed-on",),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """How long the window is, how young is new, how many rollbacks stay, what tags are called."""

    window_days: int = 35
    minimum_age_days: int = 14
    rollbacks_kept: int = 1
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(DEFAULT_TAGS))

    def tag_name(self, meaning: str) -> str:
        """The name to write for a meaning: the first of its names."""
        return self.tags[meaning][0]
