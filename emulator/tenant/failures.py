"""What fails in a tenant by arrangement: refused sources, metrics with errors, operations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from emulator.tenant.resources import Subscription
from emulator.tenant.state import Ending, MetricError


@dataclass
class Failures:
    """Switches of failure; `forbidden` are refused sources by the id of a subscription."""

    forbidden: dict[str, set[str]] = field(default_factory=dict)
    metric_errors: list[MetricError] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)

    def forbid(self, subscription: str | Subscription, sources: Iterable[str]) -> None:
        """Refuse the sign-in's reads of a subscription: arm, metrics, graph, locks, tags, …."""
        identifier = subscription if isinstance(subscription, str) else subscription.subscription_id
        self.forbidden.setdefault(identifier.casefold(), set()).update(sources)

    def allow(self, subscription: str | Subscription) -> None:
        """Take back what `forbid` did for a subscription."""
        identifier = subscription if isinstance(subscription, str) else subscription.subscription_id
        self.forbidden.pop(identifier.casefold(), None)

    def is_forbidden(self, subscription_id: str, source: str) -> bool:
        """Whether a source refuses this subscription."""
        return source in self.forbidden.get(subscription_id.casefold(), set())

    def metric_error(
        self, metric: str, code: str, aggregation: str | None = None, resource: str = ""
    ) -> None:
        """Let a metric answer `code`; only when asked by `aggregation`, if one is given.

        `resource` narrows it to ids that contain this text.
        """
        self.metric_errors.append(MetricError(metric, code, aggregation, resource))

    def will_end(
        self,
        path: str = ".*",
        status: Literal["Succeeded", "Failed", "Canceled", "InProgress"] = "Failed",
        *,
        method: str = "DELETE",
        code: str = "InternalServerError",
        message: str = "The service could not finish the operation.",
        polls: int | None = None,
        times: int = 1,
    ) -> None:
        """Decide how the next operation on a matching path ends; InProgress: never.

        `polls` is how many answers say InProgress before, None as `polls_until_done`.
        """
        self.endings.append(Ending(path, status, method, code, message, polls, times))

    def take_ending(self, method: str, path: str) -> Ending | None:
        """The ending decided for this request, counted as used."""
        for ending in self.endings:
            if ending.times and ending.method == method and re.search(ending.path, path, re.I):
                ending.times -= 1
                return ending
        return None
