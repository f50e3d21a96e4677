"""Waiting as Azure asks for it: every throttle header, POST too, and never behind a stop."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from azure.core.exceptions import (
    AzureError,
    IncompleteReadError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import HTTPPolicy

from collectors.connection.errors import Stopped
from collectors.sources import COST_MANAGEMENT, api_of

# azure-core leaves POST alone on 429 and 529 without Retry-After (azure.md A60), which is
# how Resource Graph, metrics and cost throttle; hence a policy of our own in its place.
PASSING = frozenset({408, 429, 500, 502, 503, 504, 529})
THROTTLED = frozenset({429, 529})
# The option of a request that says how often an answer of 500 may be tried in all.
TRIES_ON_500 = "tries_on_500"
# What the cost API needs at least where it names no time (azure.md A44).
LEAST_COST_WAIT_SECONDS = 30.0
_COST_WAIT = re.compile(r"x-ms-ratelimit-(microsoft\.costmanagement|retailprices).*retry-after")

Wait = Callable[[float], bool]
Waiting = Callable[[str, float], None]


class Stop:
    """A flag that ends long work; waiting on it is how everything here waits."""

    def __init__(self) -> None:
        """Start unset."""
        self._event = threading.Event()

    def set(self) -> None:
        """Ask the work to end."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether the work was asked to end."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait; True at once when the work was asked to end."""
        return self._event.wait(seconds)


class Patience(HTTPPolicy[Any, Any]):
    """Sends again after a passing failure, and keeps quiet as long as the service asks.

    A read or a query may always be repeated, a change of tags only after a 429, which was not
    accepted, and a deletion never: what was checked before it is old by then.
    One object serves all threads: a wait that one of them was reported holds for all that ask the
    same kind of question. What a throttled cost query states is left to the pace, which knows
    whose limit it is.
    """

    def __init__(
        self,
        wait: Wait,
        report: Waiting | None = None,
        attempts: int = 6,
        longest_wait_seconds: float = 180.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`wait` returns True when the work is to stop; `report` hears of each rate limit."""
        super().__init__()
        self._wait = wait
        self._report = report or (lambda _kind, _seconds: None)
        self._attempts = attempts
        self._longest = longest_wait_seconds
        self._clock = clock
        self._quiet_until: dict[str, float] = {}
        self._guard = threading.Lock()

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Send until answered for good; the last failure is handed on as it came."""
        kind = api_of(request.http_request.url).name
        tries_on_500 = request.context.options.pop(TRIES_ON_500, self._attempts)
        repeatable = request.http_request.method in ("GET", "POST")
        for attempt in range(1, self._attempts + 1):
            self._keep_quiet(kind)
            try:
                response = self.next.send(request)
            except (ServiceRequestError, ServiceResponseError, IncompleteReadError) as error:
                if attempt == self._attempts or not repeatable or not _passing(error):
                    raise
                self._pause(_backoff(attempt))
                continue
            answer = response.http_response
            if answer.status_code not in _repeated_on(request.http_request.method):
                self._note_quota(kind, answer.headers)
                return response
            asked = stated_wait(answer.headers)
            attempts = tries_on_500 if answer.status_code == 500 else self._attempts
            if attempt >= attempts or (asked or 0.0) > self._longest:
                return response
            is_limit = answer.status_code in THROTTLED
            if asked is None and not is_limit:
                self._pause(_backoff(attempt))
            elif asked is None or not (is_limit and kind == COST_MANAGEMENT.name):
                self._hold(kind, asked if asked is not None else _backoff_of(kind, attempt))
        raise AssertionError("every attempt ends in an answer or an error")

    def _note_quota(self, kind: str, headers: Any) -> None:
        if str(headers.get("x-ms-user-quota-remaining", "")).strip() == "0":
            self._hold(kind, _clock_time(headers.get("x-ms-user-quota-resets-after")) or 5.0)

    def _hold(self, kind: str, seconds: float) -> None:
        with self._guard:
            until = self._clock() + seconds
            self._quiet_until[kind] = max(until, self._quiet_until.get(kind, 0.0))

    def _keep_quiet(self, kind: str) -> None:
        with self._guard:
            seconds = self._quiet_until.get(kind, 0.0) - self._clock()
        if seconds > 0:
            self._report(kind, seconds)
            self._pause(seconds)

    def _pause(self, seconds: float) -> None:
        if self._wait(seconds):
            raise Stopped


def stated_wait(headers: Any) -> float | None:
    """Seconds that a 429 asks for: the longest of all its headers; None where it says nothing.

    The cost API's headers and Resource Graph's `hh:mm:ss` count beside Retry-After
    (azure.md A5, A44).
    """
    waits = [
        _seconds(headers.get("retry-after")),
        _milliseconds(headers.get("retry-after-ms")),
        _milliseconds(headers.get("x-ms-retry-after-ms")),
        _clock_time(headers.get("x-ms-user-quota-resets-after")),
    ]
    waits += [_seconds(v) for k, v in headers.items() if _COST_WAIT.fullmatch(k.lower())]
    return max((wait for wait in waits if wait is not None), default=None)


def _repeated_on(method: str) -> frozenset[int]:
    if method in ("GET", "POST"):
        return PASSING
    return frozenset() if method == "DELETE" else frozenset({429})


def _passing(error: AzureError) -> bool:
    # A certificate that is not trusted stays so; waiting would only hide it.
    return not getattr(error, "is_over", False)


def _backoff(attempt: int, first: float = 0.5) -> float:
    return float(min(first * 2 ** (attempt - 1), 60.0))


def _backoff_of(kind: str, attempt: int) -> float:
    """Where a service refuses for its limits and does not say for how long."""
    if kind == COST_MANAGEMENT.name:
        return _backoff(attempt, LEAST_COST_WAIT_SECONDS)
    return _backoff(attempt)


def _seconds(text: str | None) -> float | None:
    if not text:
        return None
    try:
        return max(float(text), 0.0)
    except ValueError:
        return _until_date(text)


def _until_date(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - datetime.now(UTC)).total_seconds(), 0.0)


def _milliseconds(text: str | None) -> float | None:
    seconds = _seconds(text)
    return None if seconds is None else seconds / 1000


def _clock_time(text: str | None) -> float | None:
    parts = (text or "").split(":")
    if len(parts) != 3 or not all(part.strip().isdigit() for part in parts):
        return None
    hours, minutes, seconds = (int(part) for part in parts)
    return float(hours * 3600 + minutes * 60 + seconds)
