"""Names that differ only in case are one: owners, teams and cost centres are typed by people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping


def spellings(names: Iterable[str | None]) -> Mapping[str, str]:
    """How each name is written: as most rows have it, and of equally many the first in order.

    The view `spellings` of the store and the question `review_spent` go by the same rule.
    """
    counts = Counter(name for name in names if name is not None)
    spelt: dict[str, str] = {}
    for name, _count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        spelt.setdefault(name.casefold(), name)
    return {name: spelt[name.casefold()] for name in counts}
