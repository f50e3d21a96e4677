"""A log that is asked again and again: what is new in each answer, and when the last one came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from tui.details.parts import MUTED
from tui.words.untrusted import harmless
from tui.words.wrapping import Parts

if TYPE_CHECKING:
    from collectors.logs.container_logs import ContainerLog

MOST_LINES = 10_000
"""Older lines than so many are let go."""

ERROR, STAMP = "$text-error", "%H:%M:%S UTC"
GAP = "… lines between these were not seen, or the log began anew"


@dataclass(frozen=True, slots=True)
class Followed:
    """All that was seen of a log. `last` are the lines of the newest answer, `failure` is why there
    was none since; `answered_at` is None before the first.
    """

    parts: tuple[tuple[str, str], ...] = ()
    last: tuple[str, ...] = ()
    answered_at: datetime | None = None
    failure: str | None = None

    def answered(self, log: ContainerLog, at: datetime) -> Followed:
        """With what is new in an answer."""
        added: Parts = []
        fresh = new_lines(self.last, log.lines)
        if fresh is None:
            added.append((f"{GAP}\n", MUTED))
            fresh = log.lines
        added += [(f"{harmless(line)}\n", "") for line in fresh]
        parts = (*self.parts, *added)[-MOST_LINES:]
        return replace(self, parts=parts, last=log.lines, answered_at=at, failure=None)

    def failed(self, text: str, at: datetime) -> Followed:
        """With a failure in a line, which the same failure does not repeat."""
        if text == self.failure:
            return self
        line = f"✗ {at.strftime(STAMP)}: {harmless(text)}\n"
        return replace(self, parts=(*self.parts, (line, ERROR)), failure=text)


def new_lines(known: Sequence[str], now: Sequence[str]) -> tuple[str, ...] | None:
    """What a newer answer has after the end of the older one; None where they do not meet.

    Each answer holds the last lines of a log, so the newer one begins somewhere in the older one.
    """
    if not known:
        return tuple(now)
    for start in range(len(known)):
        rest = len(known) - start
        if rest <= len(now) and tuple(known[start:]) == tuple(now[:rest]):
            return tuple(now[rest:])
    return None


def following_hint(followed: Followed, seconds: float, wait: str) -> str:
    """How often it is asked, when the last answer came, and how it ends."""
    at = followed.answered_at
    words = [f"following, asked every {seconds:.0f} s"]
    words.append("no answer yet" if at is None else f"last answer {at.strftime(STAMP)}")
    words += ["the newest question failed"] if followed.failure is not None else []
    return f"{' · '.join(words)}{wait}   f stops   esc closes"
