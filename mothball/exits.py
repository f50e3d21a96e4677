"""Exit codes, and which of several counts."""

from __future__ import annotations

from collections.abc import Iterable

DONE = 0
FAILED = 1
USAGE = 2
PARTIAL = 3
REFUSED = 4
FOUND = 5
_FIRST_COUNTS = (USAGE, FAILED, REFUSED, FOUND, PARTIAL, DONE)


def which(codes: Iterable[int]) -> int:
    """The one of several codes that counts; none at all is done."""
    return min(codes, key=_FIRST_COUNTS.index, default=DONE)


def of_deeds(codes: Iterable[int]) -> int:
    """The code of what was done to several: a refusal beside a deed is a failure for some.

    A refusal alone says that nothing was changed, which a script relies on.
    """
    told = set(codes)
    return FAILED if {DONE, REFUSED} <= told else which(told)
