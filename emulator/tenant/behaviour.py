"""What deployments do over time: requests and signs of life, as pure functions of the time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

DAY = timedelta(days=1)
Emission = Literal["zeros", "nothing"]


@dataclass(frozen=True)
class Rate:
    """A steady stream of requests between two moments; None is open."""

    per_minute: float
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Burst:
    """A number of requests within one minute."""

    at: datetime
    count: float


@dataclass(frozen=True)
class Monthly:
    """A number of requests within one minute of one day of each month."""

    day: int
    count: float
    hour: int = 9


@dataclass(frozen=True)
class Total:
    """What happened in a period of time: requests, minutes that hold a point, busiest minute."""

    requests: float = 0.0
    minutes: float = 0.0
    busiest_minute: float = 0.0

    def __add__(self, other: Total) -> Total:
        """Both taken together, as if their minutes did not overlap."""
        return Total(
            self.requests + other.requests,
            self.minutes + other.minutes,
            max(self.busiest_minute, other.busiest_minute),
        )


NOTHING = Total()


@dataclass(frozen=True)
class Requests:
    """The requests that a deployment gets, and what it emits in the minutes without any.

    `shares` splits them by status class; `varies` lets the rate change from day to day by
    up to that part of it, always the same way for one `seed`.
    """

    rates: tuple[Rate, ...] = ()
    bursts: tuple[Burst, ...] = ()
    monthly: tuple[Monthly, ...] = ()
    emits: Emission = "zeros"
    shares: tuple[tuple[str, float], ...] = (("2xx", 1.0),)
    latency_ms: float = 40.0
    varies: float = 0.0
    seed: int = 0

    def __add__(self, other: Requests) -> Requests:
        """The requests of both; everything else as in the first."""
        return replace(
            self,
            rates=self.rates + other.rates,
            bursts=self.bursts + other.bursts,
            monthly=self.monthly + other.monthly,
        )

    def emitting(self, emits: Emission) -> Requests:
        """These requests, with zeros or nothing in the silent minutes."""
        return replace(self, emits=emits)

    def split(self, shares: Mapping[str, float]) -> Requests:
        """These requests with other status classes, such as {"2xx": 0.9, "5xx": 0.1}."""
        return replace(self, shares=tuple(sorted(shares.items())))

    def varying(self, part: float, seed: int = 0) -> Requests:
        """These requests, their rate differing from day to day by up to `part` of it."""
        return replace(self, varies=part, seed=seed)

    def with_latency(self, milliseconds: float) -> Requests:
        """These requests, answered in `milliseconds`."""
        return replace(self, latency_ms=milliseconds)

    @property
    def is_silent(self) -> bool:
        """Whether there is never a request."""
        return not (self.rates or self.bursts or self.monthly)

    def total(self, start: datetime, end: datetime) -> Total:
        """The requests in [start, end) and the minutes in which there were any."""
        return _total(self, start, end)


@dataclass(frozen=True)
class Life:
    """When a deployment emits its capacity and its load: always, but for the gaps."""

    gaps: tuple[tuple[datetime, datetime], ...] = ()

    def minutes(self, start: datetime, end: datetime) -> float:
        """The minutes of [start, end) in which it emits."""
        if not self.gaps:
            return _minutes(end - start)
        lost = sum(_overlap_minutes(start, end, gap[0], gap[1]) for gap in self.gaps)
        return max(0.0, _minutes(end - start) - lost)


def steady(per_minute: float) -> Requests:
    """A constant stream of requests."""
    return Requests(rates=(Rate(per_minute),))


def until(end: datetime, per_minute: float) -> Requests:
    """A stream of requests that stops at `end`."""
    return Requests(rates=(Rate(per_minute, end=end),))


def since(start: datetime, per_minute: float) -> Requests:
    """A stream of requests that begins at `start`."""
    return Requests(rates=(Rate(per_minute, start=start),))


def between(start: datetime, end: datetime, per_minute: float) -> Requests:
    """A stream of requests from `start` up to `end`."""
    return Requests(rates=(Rate(per_minute, start, end),))


def at(moment: datetime, count: float) -> Requests:
    """`count` requests within the minute that begins at `moment`."""
    return Requests(bursts=(Burst(moment, count),))


def once_a_month(day: int, count: float, hour: int = 9) -> Requests:
    """`count` requests within one minute of the given day of each month (1 to 28)."""
    return Requests(monthly=(Monthly(day, count, hour),))


def silent(emits: Emission = "zeros") -> Requests:
    """No request ever."""
    return Requests(emits=emits)


def alive() -> Life:
    """Signs of life at all times."""
    return Life()


def alive_until(end: datetime) -> Life:
    """Signs of life until `end`, none later."""
    return Life(((end, datetime.max.replace(tzinfo=UTC)),))


def alive_since(start: datetime) -> Life:
    """No sign of life before `start`."""
    return Life(((datetime.min.replace(tzinfo=UTC), start),))


def alive_except(*days: datetime) -> Life:
    """Signs of life at all times but on the UTC days of the given moments."""
    starts = [_midnight(day) for day in days]
    return Life(tuple((start, start + DAY) for start in starts))


def dead() -> Life:
    """No sign of life ever."""
    low, high = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return Life(((low, high),))


def wobble(seed: int, day: datetime) -> float:
    """A number from -1 to 1 that is always the same for one seed and UTC day."""
    return WAVE[place(seed, day)]


def place(seed: int, day: datetime) -> int:
    """Where on the wave a seed is on a UTC day."""
    return (seed * 31 + day.toordinal() * 17) % len(WAVE)


WAVE = [zlib.crc32(bytes([number, 1])) % 2001 / 1000 - 1 for number in range(251)]


def _total(requests: Requests, start: datetime, end: datetime) -> Total:
    if requests.is_silent:
        return NOTHING
    total = NOTHING
    for rate in requests.rates:
        for day, minutes in _days_of(rate, start, end):
            per_minute = rate.per_minute * (1 + requests.varies * wobble(requests.seed, day))
            total += _stream(per_minute, minutes)
    for burst in _bursts_of(requests, start, end):
        total += Total(burst.count, 1.0, burst.count)
    minutes = min(total.minutes, _minutes(end - start))
    return Total(total.requests, minutes, total.busiest_minute)


def _stream(per_minute: float, minutes: float) -> Total:
    if per_minute <= 0 or minutes <= 0:
        return Total()
    with_request = max(1.0, minutes * min(1.0, per_minute))
    return Total(per_minute * minutes, with_request, max(1.0, per_minute))


def _days_of(rate: Rate, start: datetime, end: datetime) -> Iterator[tuple[datetime, float]]:
    if rate.start is not None:
        start = max(start, rate.start)
    if rate.end is not None:
        end = min(end, rate.end)
    while start < end:
        stop = min(end, _midnight(start) + DAY)
        yield _midnight(start), _minutes(stop - start)
        start = stop


def _bursts_of(requests: Requests, start: datetime, end: datetime) -> Iterator[Burst]:
    yield from (burst for burst in requests.bursts if start <= burst.at < end)
    for monthly in requests.monthly:
        day = _midnight(start)
        while day < end:
            moment = day + timedelta(hours=monthly.hour)
            if day.day == monthly.day and start <= moment < end:
                yield Burst(moment, monthly.count)
            day += DAY


def _overlap_minutes(start: datetime, end: datetime, low: datetime, high: datetime) -> float:
    return max(0.0, _minutes(min(end, high) - max(start, low)))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60
