"""A fact under a verdict, and the rows of the store that facts are made of."""

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
class Subject:
    """What was seen of the deployment at one moment; the columns of `facts_of_deployment`."""

    kind: str
    provisioning_state: str | None
    endpoint_state: str | None
    created_at: datetime | None
    as_of: datetime
    live_percent: float | None
    mirror_percent: float | None
    is_new: bool | None
    locks_known: bool
    lock_names: list[str]
    inherited_lock_names: list[str]
    role: str | None
    exempt_until: str | None
    exemption_in_force: bool
    endpoint_known: bool
    own_tags: int
    locks_code: str | None
    map_code: str | None
    first_day: date
    last_day: date


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
