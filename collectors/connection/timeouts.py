"""How long an answer of Azure is waited for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for a connection, for the next part of an answer, and for silence in all.

    `total_seconds` is what one request may take, and for how long one source may stay silent
    before it is asked nothing more: with all else that a command does, two minutes.
    `sign_in_seconds` is how long `az` may take for a token.
    """

    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    total_seconds: float = 110.0
    sign_in_seconds: float = 10.0


# A wait as long between two tries belongs to the silence; in a longer one nothing was asked.
LONGEST_PAUSE_SECONDS = 2.0
# What a silent source may cost beside answers, in totals: silence between answers adds up too.
TOTALS_IN_ALL = 3.0


class Silences:
    """What silence has cost so far, by source; threads share one, and count a time only once."""

    def __init__(self, total_seconds: float) -> None:
        """Nothing was silent yet."""
        self._total = total_seconds
        self._since_answer: dict[object, float] = {}
        self._in_all: dict[object, float] = {}
        self._counted_until: dict[object, float] = {}

    def left(self, source: object, now: float) -> float:
        """For how many seconds more it may stay silent; 0 or less: it is asked nothing more."""
        return min(
            self._total - self._since_answer.get(source, 0.0) - self._paused(source, now),
            self._total * TOTALS_IN_ALL - self._in_all.get(source, 0.0),
        )

    def add(self, source: object, start: float, end: float) -> None:
        """Count a request that stayed without an answer, by the times of a clock."""
        seconds = max(end - max(start, self._counted_until.get(source, start)), 0.0)
        seconds += self._paused(source, start)
        self._counted_until[source] = max(end, self._counted_until.get(source, end))
        self._since_answer[source] = self._since_answer.get(source, 0.0) + seconds
        self._in_all[source] = self._in_all.get(source, 0.0) + seconds

    def answered(self, source: object) -> None:
        """Forget the silence before an answer, but for the sum."""
        self._since_answer.pop(source, None)

    def _paused(self, source: object, now: float) -> float:
        """How long ago a silence ended that goes on now."""
        if source not in self._since_answer:
            return 0.0
        pause = now - self._counted_until[source]
        return pause if 0 < pause <= LONGEST_PAUSE_SECONDS else 0.0
