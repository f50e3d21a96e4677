"""Exit codes, and which of several counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

DONE = 0
FAILED = 1
USAGE = 2
PARTIAL = 3
REFUSED = 4
FOUND = 5
_FIRST_COUNTS = (USAGE, FAILED, REFUSED, FOUND, PARTIAL, DONE)
MEANINGS: Final[Mapping[int, str]] = {
    DONE: "done; a plan was printed, whatever its checks say",
    FAILED: "failed, wholly or for some targets; each is a line on standard error with its fix. "
    "A store without a finished snapshot is a failure for what reads snapshots",
    USAGE: "wrong usage",
    PARTIAL: "partial: something could not be read, in this snapshot or in the data shown; "
    "the worst three are named, all with `--errors`",
    REFUSED: "refused by a check; nothing was changed",
    FOUND: "`list --fail-on` found something",
}


def first_of(codes: Iterable[int]) -> tuple[int, ...]:
    """Codes in the order in which they count."""
    return tuple(sorted(codes, key=_FIRST_COUNTS.index))


def which(codes: Iterable[int]) -> int:
    """The one of several codes that counts; none at all is done."""
    return min(codes, key=_FIRST_COUNTS.index, default=DONE)


def of_deeds(codes: Iterable[int]) -> int:
    """The code of what was done to several: a refusal beside a deed is a failure for some.

    A refusal alone says that nothing was changed, which a script relies on.
    """
    known = set(codes)
    return FAILED if {DONE, REFUSED} <= known else which(known)
