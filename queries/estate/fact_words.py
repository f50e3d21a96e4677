"""What was seen of one deployment, as facts in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from collectors.records import counted
from queries.estate.fact_rows import Fact, Measured, State
from queries.store.append import aware_utc
from queries.vocabulary import ONLINE

INVENTORY = "inventory"


@dataclass(frozen=True, slots=True)
class Subject:
    """What was seen of the deployment at one moment; the columns of `facts_of_deployment`."""

    kind: str
    provisioning_state: str | None
    endpoint_state: str | None
    workspace_state: str | None
    subscription_state: str | None
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
    creation_code: str | None
    first_day: date
    last_day: date


def facts_from(subject: Subject, days: Sequence[Measured]) -> Iterator[Fact]:
    """In the order in which the verdicts ask for them."""
    yield _state(subject)
    yield _share(subject, "live traffic", subject.live_percent)
    yield _share(subject, "mirrored traffic", subject.mirror_percent)
    yield _creation(subject)
    yield _tags(subject)
    for measured in days:
        is_measured = subject.kind == "managed"
        yield _counted(subject, measured) if is_measured else _unmeasured(subject, measured)
    yield _locks(subject)
    known = "a snapshot does not ask who called"
    yield Fact("callers", "not asked", known, "traffic log", None, None, None, None, None, None)


def _of_the_moment(
    subject: Subject,
    fact: str,
    state: State,
    known: str | None,
    code: str | None = None,
    source: str = INVENTORY,
) -> Fact:
    at = aware_utc(subject.as_of)
    return Fact(fact, state, known, source, None, None, None, None, at, code)


def _state(subject: Subject) -> Fact:
    known, of_endpoint = subject.provisioning_state, subject.endpoint_state
    if known is None:
        return _of_the_moment(subject, "state", "no data", None)
    if of_endpoint is not None and of_endpoint != known:
        known += f", its endpoint {of_endpoint}"
    if (subject.workspace_state or "succeeded").lower() != "succeeded":
        known += f", its workspace {subject.workspace_state}"
    if (subject.subscription_state or "enabled").lower() != "enabled":
        known += f", its subscription {subject.subscription_state}"
    return _of_the_moment(subject, "state", "non-zero", known)


def _share(subject: Subject, fact: str, percent: float | None) -> Fact:
    """The share of live or of mirrored traffic."""
    if subject.kind not in ONLINE:
        known = f"{subject.kind} endpoints have no map of traffic"
        code = subject.map_code if percent is None else None
        return _of_the_moment(subject, fact, "not asked", known, code)
    if percent is not None:
        state: State = "non-zero" if percent > 0 else "zero"
        return _of_the_moment(subject, fact, state, f"{percent:g} %")
    is_refused = not subject.endpoint_known and subject.map_code is not None
    is_live = fact == "live traffic"
    known = "Azure did not report the endpoint's map" if is_live else "the endpoint was not read"
    state = "refused" if is_refused else "no data"
    return _of_the_moment(subject, fact, state, known, subject.map_code)


def _creation(subject: Subject) -> Fact:
    if subject.created_at is not None:
        return _of_the_moment(subject, "creation", "non-zero", f"{subject.created_at:%Y-%m-%d}")
    known = f"not reported{', but young' if subject.is_new else ''}"
    state: State = "no data" if subject.creation_code is None else "refused"
    return _of_the_moment(
        subject, "creation", state, known, subject.creation_code, "creation times"
    )


def _tags(subject: Subject) -> Fact:
    known = [f"{counted(subject.own_tags, 'tag') if subject.own_tags else 'no tags'} of its own"]
    if subject.role is not None:
        known.append(f"role {subject.role}")
    if subject.exempt_until is not None:
        over = "" if subject.exemption_in_force else " (over)"
        known.append(f"exempt until {subject.exempt_until}{over}")
    state: State = "non-zero" if subject.own_tags else "zero"
    return _of_the_moment(subject, "tags", state, ", ".join(known))


def _locks(subject: Subject) -> Fact:
    code, at = subject.locks_code, aware_utc(subject.as_of)
    state: State = "refused" if code is not None else "not asked"
    known = None
    if subject.locks_known:
        names = [*subject.lock_names, *(f"{n} (from above)" for n in subject.inherited_lock_names)]
        state, known, code = "non-zero" if names else "zero", ", ".join(names) or "none", None
    elif code is None:
        at = None
    source = "locks of the subscription"
    return Fact("locks", state, known, source, None, None, None, None, at, code)


def _unmeasured(subject: Subject, days: Measured) -> Fact:
    known = f"Azure Monitor holds nothing of {subject.kind} endpoints"
    source = f"metrics of the {days.source}"
    return Fact(days.fact, "not asked", known, source, None, None, None, None, None, None)


def _counted(subject: Subject, days: Measured) -> Fact:
    return Fact(
        days.fact,
        _state_of(days),
        _alive(days) if days.is_aliveness else _requests(days),
        f"metrics of the {days.source}",
        subject.first_day,
        subject.last_day,
        days.days_known,
        days.days_wanted,
        aware_utc(days.read_at),
        days.code if days.is_incomplete else None,
    )


def _state_of(days: Measured) -> State:
    """A zero only where every whole day has a real zero; a silence without values has no data."""
    if days.seen_days:
        return "non-zero"
    if days.code is not None and days.is_incomplete:
        return "refused"
    if not days.days_known:
        return "not asked"
    is_zero = days.zero_days and not days.empty_days and not days.is_incomplete
    return "zero" if is_zero else "no data"


def _alive(days: Measured) -> str:
    return f"a sign of life on {days.seen_days} of {counted(days.days_wanted, 'day')}"


def _requests(days: Measured) -> str | None:
    if days.requests is not None:
        return f"{days.requests:,}, the last on {days.last_day_seen}"
    if not days.days_known:
        return None
    if not days.zero_days:
        return "no value on any day"
    zeros = f"0 on {counted(days.zero_days, 'day')}"
    return f"{zeros}, no value on {days.empty_days}" if days.empty_days else zeros
