"""What served an endpoint at one moment, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from queries.estate.activity import Activity, Operation, activity_of, newest
from queries.estate.history import TrafficPeriod, traffic_periods_of
from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import Store

# exact: a look at that very time, or the same before and after it and nothing done in between, by a
#   log that was read whole. by-event: nothing was done between it and one of the looks, or what was
#   done holds the map. same-around: the same before and after; the log does not say what happened
#   in between. event-between: the same before and after, but something was done in between.
# differs: the looks before and after it differ, and nothing says when it changed. last-seen: as it
#   was seen last; there is no look after it yet.
Certainty = Literal["exact", "by-event", "same-around", "event-between", "differs", "last-seen"]
Source = Literal["before", "after", "both", "event"]


class NotSeenYet(Exception):
    """The moment lies before the first look at the endpoint, which the text names."""


@dataclass(frozen=True, slots=True)
class Held:
    """A deployment and what it held; `source` names the look (or the event) that says so."""

    period: TrafficPeriod
    source: Source


@dataclass(frozen=True, slots=True)
class Moment:
    """What an endpoint was served by at a time.

    `seen_before` and `seen_after` are the looks around it (None: none yet), `event` what was done
    nearest to it between the two. Where `certainty` is `differs`, both looks are in `held`.
    """

    at: datetime
    certainty: Certainty
    held: tuple[Held, ...]
    seen_before: datetime
    seen_after: datetime | None
    event: Operation | None = None


@dataclass(frozen=True, slots=True)
class _Around:
    """The looks around a moment, what each saw, and what was done between them."""

    at: datetime
    before: datetime
    after: datetime
    then: tuple[TrafficPeriod, ...]
    later: tuple[TrafficPeriod, ...]
    operations: tuple[Operation, ...]
    is_covered: bool

    @property
    def is_same(self) -> bool:
        """Whether the two looks saw the same."""
        return _seen(self.then) == _seen(self.later)

    @property
    def past(self) -> list[Operation]:
        """What had ended by then."""
        return [one for one in self.operations if one.happened_at <= self.at]

    @property
    def event(self) -> Operation | None:
        """The last that had ended by then, else the first after it."""
        rest = [one for one in self.operations if one.happened_at > self.at]
        first = min(rest, key=lambda one: one.started_at, default=None)
        return newest(self.past) or first


def served_at(store: Store, endpoint_key: str, at: datetime) -> Moment:
    """What is known of that moment; NotSeenYet before the first look."""
    periods = traffic_periods_of(store, endpoint_key)
    with store.reading() as connection:
        rows = library.ask(connection, "looks_at_endpoint", {"endpoint_key": endpoint_key})
        activity = activity_of(connection, endpoint_key)
    looks = [look for row in rows if (look := aware_utc(row["seen_at"])) is not None]
    if not looks or looks[0] > at:
        first = (
            f"the first snapshot that read it is of {looks[0]:%Y-%m-%d %H:%M} UTC" if looks else ""
        )
        raise NotSeenYet(first or "no snapshot that is kept read it")
    before = max(look for look in looks if look <= at)
    after = min((look for look in looks if look >= at), default=None)
    then = _held_at(periods, before)
    if after is None:
        return Moment(at, "last-seen", _from(then, "before"), before, None)
    if before == after:
        return Moment(at, "exact", _from(then, "both"), before, after)
    return _between(_around(at, before, after, periods, activity))


def _around(
    at: datetime,
    before: datetime,
    after: datetime,
    periods: Sequence[TrafficPeriod],
    activity: Activity,
) -> _Around:
    return _Around(
        at,
        before,
        after,
        _held_at(periods, before),
        _held_at(periods, after),
        tuple(activity.between(before, after)),
        activity.covers(before, after),
    )


def _between(around: _Around) -> Moment:
    """By the two looks alone, or by what was done between them where the log was read whole."""
    held: tuple[Held, ...] | None = None
    certainty: Certainty
    if around.is_same and not around.operations:
        certainty = "exact" if around.is_covered else "same-around"
        return _moment(around, certainty, _from(around.then, "both"))
    if around.is_covered and around.operations:
        held = _by_events(around)
    if held is not None:
        return _moment(around, "by-event", held)
    if around.is_same:
        certainty = "event-between" if around.is_covered else "same-around"
        return _moment(around, certainty, _from(around.then, "both"))
    both = (*_from(around.then, "before"), *_from(around.later, "after"))
    return _moment(around, "differs", both)


def _by_events(around: _Around) -> tuple[Held, ...] | None:
    """What was there by the deployments' events, its shares by the endpoint's; None: not known."""
    of_deployments = [one for one in around.operations if one.deployment or one.is_of_all]
    of_endpoint = [one for one in around.operations if one.deployment is None]
    there = _side(around, of_deployments)
    shares = _side(around, of_endpoint)
    if there is None:
        return None
    things = around.then if there == "before" else around.later
    if shares == there:
        return _from(things, there)
    if shares is not None:
        seen = around.then if shares == "before" else around.later
        live = {one.deployment.lower(): one.live_percent for one in seen}
        mirror = {one.deployment.lower(): one.mirror_percent for one in seen}
        return _with_shares(things, live, mirror, shares)
    last = newest(one for one in of_endpoint if one.happened_at <= around.at)
    is_running = any(one.started_at <= around.at < one.happened_at for one in of_endpoint)
    if last is None or last.traffic is None or is_running:
        return None
    folded = {name.lower(): percent for name, percent in last.traffic.items()}
    mirrored = {name.lower(): percent for name, percent in (last.mirror or {}).items()}
    return _with_shares(things, folded, mirrored, "event")


def _side(around: _Around, operations: Sequence[Operation]) -> Literal["before", "after"] | None:
    """The look from which to the moment none of these was done."""
    if all(one.started_at > around.at for one in operations):
        return "before"
    if all(one.happened_at <= around.at for one in operations):
        return "after"
    return None


def _with_shares(
    things: Sequence[TrafficPeriod],
    live: Mapping[str, float | None],
    mirror: Mapping[str, float | None],
    source: Source,
) -> tuple[Held, ...]:
    return tuple(
        Held(
            replace(
                one,
                live_percent=live.get(one.deployment.lower(), 0.0),
                mirror_percent=mirror.get(one.deployment.lower(), 0.0),
            ),
            source,
        )
        for one in things
    )


def _held_at(periods: Sequence[TrafficPeriod], look: datetime) -> tuple[TrafficPeriod, ...]:
    return tuple(one for one in periods if one.seen_from <= look <= one.seen_until)


def _from(periods: Sequence[TrafficPeriod], source: Source) -> tuple[Held, ...]:
    return tuple(Held(one, source) for one in periods)


def _moment(around: _Around, certainty: Certainty, held: tuple[Held, ...]) -> Moment:
    return Moment(around.at, certainty, held, around.before, around.after, around.event)


def _seen(periods: Sequence[TrafficPeriod]) -> set[tuple[object, ...]]:
    """What counts when two looks are compared."""
    return {
        (
            one.deployment.lower(),
            one.is_there,
            one.model,
            one.environment,
            one.instance_type,
            one.instance_count,
            one.created_at,
            one.live_percent,
            one.mirror_percent,
        )
        for one in periods
    }
