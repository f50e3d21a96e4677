"""How far an act is and what became of it, as codes; a face makes the words of them.

What is journalled and what `--format json` writes are these codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

CheckState = Literal["pass", "fail", "unknown"]

Stage = Literal["waiting", "guarding", "archiving", "rereading", "deleting", "verifying"]
"""How far the deletion of one target is."""

Outcome = Literal["planned", "refused", "deleted", "failed", "raced", "unverified"]
"""What became of a deletion; `planned` also where a stop came before it."""

RestoreOutcome = Literal[
    "planned", "refused", "restored", "differs", "stopped", "failed", "unverified"
]

WORDS: Mapping[str, str] = {"rereading": "reading once more"}
"""What is not called as its code is, for whoever watches."""

TagOutcome = Literal["planned", "left", "restored", "refused", "failed"]
"""A tag that was lost."""

DecisionOutcome = Literal["would change", "nothing to change", "done", "wrong", "refused", "failed"]
"""An owner's answer."""

WriteState = Literal["waiting", "left", "done", "refused", "failed", "stopped"]
"""One of several targets: `left` is not to be written to, `stopped` was not come to."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What there is to know of a target beside its stage, in one line."""

    text: str


Progress: TypeAlias = Stage | Outcome | Remark


def progress_words(progress: Progress) -> str:
    """For whoever watches: a stage in words, an outcome as it is called everywhere."""
    if isinstance(progress, Remark):
        return progress.text
    return WORDS.get(progress, progress)
