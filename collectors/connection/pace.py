"""Keeps within the cost API's limits before they strike: so many queries a scope and a minute."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import HTTPPolicy

from collectors.connection.errors import Stopped, Throttled
from collectors.connection.patience import (
    LEAST_COST_WAIT_SECONDS,
    THROTTLED,
    Wait,
    Waiting,
    stated_wait,
)
from collectors.sources import COST_MANAGEMENT, api_of

# Queries allowed: of one scope, and of all scopes together, within so many seconds
# (azure.md A44: per scope 4 a minute, per user 20 a minute, 12 units in 10 s). A second more,
# since Azure counts when a query arrives, and one may be faster on its way than another.
PER_SCOPE = ((4, 61.0),)
TOGETHER = ((12, 11.0), (20, 61.0))
# The 429 header that speaks of the asked scope alone.
OWN_LIMIT = "x-ms-ratelimit-microsoft.costmanagement-entity-retry-after"
# The code of a query that would have had to wait for longer than a run waits.
BUDGET_SPENT = "BudgetSpent"
_SCOPE = re.compile(r"(.*?)/providers/microsoft\.costmanagement/", re.IGNORECASE)


class Budget:
    """When the next query of a scope may go out, and how long may be waited in all."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        longest_wait_seconds: float = 600.0,
    ) -> None:
        """Nothing is spent yet; waits may add up to `longest_wait_seconds`."""
        self._clock = clock
        self._left = longest_wait_seconds
        self._waited_until = float("-inf")
        self._quiet_until: dict[str | None, float] = {}
        self._guard = threading.Lock()
        self._spent: deque[tuple[float, str]] = deque(maxlen=1000)
        self._unreported: list[tuple[float, str]] = []

    def take(self, scope: str) -> float:
        """Spend one query now and return 0, or return the seconds to wait and spend nothing."""
        with self._guard:
            now, scope = self._clock(), scope.lower()
            own = sorted(at for at, of in self._spent if of == scope)
            everyone = sorted(at for at, _of in self._spent)
            wait = max(
                *(self._quiet_until.get(of, now) - now for of in (scope, None)),
                *(_until(own, count, seconds, now) for count, seconds in PER_SCOPE),
                *(_until(everyone, count, seconds, now) for count, seconds in TOGETHER),
            )
            if wait <= 0:
                self._spent.append((now, scope))
                self._unreported.append((now, scope))
            return max(wait, 0.0)

    def wait_at_most(self, seconds: float) -> None:
        """Let waits add up to so many seconds from now on, whatever was left."""
        with self._guard:
            self._left = seconds

    def remember(self, scope: str, seconds_ago: float) -> None:
        """Count a query that another run sent so long ago."""
        with self._guard:
            self._spent.append((self._clock() - seconds_ago, scope.lower()))

    def unreported_asks(self) -> list[tuple[str, float]]:
        """The queries that were spent since this was last asked: scope, and seconds ago."""
        with self._guard:
            unreported, self._unreported = self._unreported, []
            return [(scope, self._clock() - at) for at, scope in unreported]

    def waits(self) -> list[tuple[str | None, float]]:
        """The waits that Azure asked for and that are not over: scope (None: any), seconds."""
        with self._guard:
            left = [(scope, until - self._clock()) for scope, until in self._quiet_until.items()]
            return [(scope, seconds) for scope, seconds in left if seconds > 0]

    def keep_quiet(self, scope: str | None, seconds: float) -> None:
        """Let no query of a scope (None: of any) go out for so long, as Azure asked."""
        with self._guard:
            of = scope and scope.lower()
            until = self._clock() + seconds
            self._quiet_until[of] = max(self._quiet_until.get(of, until), until)

    def allow(self, seconds: float) -> None:
        """Spend waiting time; raises Throttled when too little is left.

        What several threads wait at the same time counts once.
        """
        with self._guard:
            until = self._clock() + seconds
            more = min(seconds, max(until - self._waited_until, 0.0))
            if more > self._left:
                raise Throttled(
                    f"Azure allows the next cost query in {seconds:.0f} s, and this run has waited"
                    " enough; the next snapshot goes on here",
                    BUDGET_SPENT,
                )
            self._left -= more
            self._waited_until = max(until, self._waited_until)


class Pace(HTTPPolicy[Any, Any]):
    """Holds a cost query back until the budget has room; gives up where that takes too long."""

    def __init__(self, budget: Budget, wait: Wait, report: Waiting) -> None:
        """`wait` returns True when the work is to stop; `report` hears of each wait."""
        super().__init__()
        self._budget = budget
        self._wait = wait
        self._report = report

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Send when there is room; a wait that a 429 asks for is spent like any other."""
        url = request.http_request.url
        if api_of(url) is not COST_MANAGEMENT:
            return self.next.send(request)
        found = _SCOPE.match(urlsplit(url).path)
        scope = found[1] if found else url
        self._hold(scope)
        response = self.next.send(request)
        if response.http_response.status_code in THROTTLED:
            self._budget.allow(self._keep_quiet(scope, response.http_response.headers))
        return response

    def _keep_quiet(self, scope: str, headers: Mapping[str, str]) -> float:
        """Obey a 429, for its scope alone where only the scope's own limit says so."""
        by_name = {name.lower(): value for name, value in headers.items()}
        asked = stated_wait(by_name)
        if asked is None:
            asked = of_all = LEAST_COST_WAIT_SECONDS
        else:
            by_name.pop(OWN_LIMIT, None)
            of_all = stated_wait(by_name) or 0.0
        self._budget.keep_quiet(scope, asked)
        self._budget.keep_quiet(None, of_all)
        return asked

    def _hold(self, scope: str) -> None:
        while (seconds := self._budget.take(scope)) > 0:
            self._budget.allow(seconds)
            self._report(COST_MANAGEMENT.name, seconds)
            if self._wait(seconds):
                raise Stopped


def _until(spent: list[float], count: int, seconds: float, now: float) -> float:
    """Seconds until one more fits into `count` within `seconds`."""
    recent = [at for at in spent if now - at < seconds]
    return 0.0 if len(recent) < count else recent[-count] + seconds - now
