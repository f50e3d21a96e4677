"""A fact under a verdict, and what the days of the window come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

State = Literal["zero", "non-zero", "no data", "refused", "not asked"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. Only the state `zero` is a real zero.

    `known` is what is known, in words; None: nothing. `first_day` to `last_day` are the UTC days
    that it is asked about, `days_known` of `days_wanted` those that were answered for; all four
    are None where it is of one moment. `read_at` is when the newest of it came (None: never),
    `code` Azure's word for a refusal.
    """

    fact: str
    state: State
    known: str | None
    source: str
    first_day: date | None
    last_day: date | None
    days_known: int | None
    days_wanted: int | None
    read_at: datetime | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Measured:
    """What the days of the window come to; the columns of `measured_facts`."""

    fact: str
    source: str
    days_wanted: int
    days_known: int
    requests: int | None
    last_day_seen: date | None
    seen_days: int
    zero_days: int
    empty_days: int
    read_at: datetime | None
    code: str | None

    @property
    def is_aliveness(self) -> bool:
        """Whether signs of life were counted, and no requests."""
        return self.fact == "aliveness"

    @property
    def is_incomplete(self) -> bool:
        """Whether a day was not answered for."""
        return self.days_known < self.days_wanted
