"""A connection for so many requests and no more, and what a comparison comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from collectors.connection.errors import AzureFailure, Misshapen
from collectors.connection.reading import Reader
from collectors.connection.shapes import Shape, each_whole
from collectors.metrics.shapes import Result, results_of
from collectors.records import FactFinding


class OutOfRequests(AzureFailure):
    """As many requests as were set aside were sent."""

    def __init__(self) -> None:
        """Azure had no part in it."""
        super().__init__("the requests set aside were used up", "OutOfRequests")


class Few:
    """Asks a reader until the requests that were set aside are used up; one page a question."""

    def __init__(self, reader: Reader, most: int) -> None:
        """Set aside `most` requests."""
        self.reader = reader
        self.left = most

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """GET a path of Resource Manager."""
        self._take()
        return self.reader.get(path, **query)

    def batch(
        self, region: str, subscription_id: str, ids: Iterable[str], query: Mapping[str, str]
    ) -> dict[str, Result]:
        """Ask one batch of metrics."""
        self._take()
        body = {"resourceids": list(ids)}
        return self.reader.ask_metrics(region, subscription_id, body, None, results_of, **query)

    def logs(self, workspace_id: str, query: str, timespan: str) -> dict[str, Any]:
        """Ask a Log Analytics workspace."""
        self._take()
        return self.reader.ask_logs(workspace_id, query, timespan)

    def _take(self) -> None:
        if self.left <= 0:
            raise OutOfRequests
        self.left -= 1


def elements_of(answer: Mapping[str, Any], name: str, is_whole: Shape) -> list[dict[str, Any]]:
    """The elements of a list of an answer; raises Misshapen where one of them is odd."""
    found = answer.get(name)
    if not isinstance(found, list):
        raise Misshapen(f"the answer has no list {name!r}")
    return list(each_whole(found, is_whole))


def came_to(fact: str, pairs: Iterable[tuple[str, bool]], why_none: str) -> FactFinding:
    """Confirmed where all pairs (what was compared, whether it agreed) do; none: not testable."""
    compared = list(pairs)
    if not compared:
        return FactFinding(fact, "not testable", why_none)
    different = [name for name, agrees in compared if not agrees]
    if not different:
        return FactFinding(fact, "confirmed", "agree", compared=len(compared))
    evidence = {"different": len(different), "example": different[0]}
    return FactFinding(fact, "contradicted", "differ", evidence, len(compared))


def not_read(fact: str, failure: AzureFailure) -> FactFinding:
    """Not testable, by what Azure said."""
    if isinstance(failure, OutOfRequests):
        return FactFinding(fact, "not testable", "no-requests-left")
    evidence = {"message": f"{failure.message} ({failure.code})"}
    return FactFinding(fact, "not testable", "not-read", evidence)


def together(findings: Iterable[FactFinding]) -> list[FactFinding]:
    """One finding a fact: one that contradicts it, else one that confirms it, else why not."""
    by_fact: dict[str, list[FactFinding]] = {}
    for one in findings:
        by_fact.setdefault(one.fact, []).append(one)
    return [min(several, key=_weight) for several in by_fact.values()]


def _weight(finding: FactFinding) -> tuple[int, int]:
    order = ("contradicted", "confirmed", "not testable")
    return order.index(finding.state), -finding.compared
