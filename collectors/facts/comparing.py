"""All facts of Azure, compared on samples of what an inventory found, within so many requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from collectors.connection.errors import AzureFailure
from collectors.connection.reading import Reader
from collectors.facts.asking import Few, not_read, together
from collectors.facts.beside import compare_locks, compare_log
from collectors.facts.graph import GRAPH_FACTS, compare_graph
from collectors.facts.measured import compare_metrics
from collectors.facts.sample import Extent, samples_of
from collectors.records import FactFinding, Inventory

METRIC_FACTS = (
    "metrics-batch",
    "both-namespaces",
    "average-hides-none",
    "average-counts",
    "silent-capacity",
)


def compare_all(
    reader: Reader, found: Inventory, extent: Extent, now: datetime
) -> list[FactFinding]:
    """Every fact but that of the bill, once.

    A refusal makes what it is about not testable; Stopped is raised.
    """
    few = Few(reader, extent.requests)
    findings: list[FactFinding] = []
    samples = samples_of(found, extent)
    for sample in samples:
        findings += _tested(GRAPH_FACTS, partial(compare_graph, few, sample, now))
        findings += _tested(METRIC_FACTS, partial(compare_metrics, few, sample, now))
    if not samples:
        facts = (*GRAPH_FACTS, *METRIC_FACTS)
        findings += [FactFinding(fact, "not testable", "no-deployment") for fact in facts]
    findings.append(compare_locks(few, found))
    findings.append(compare_log(few, [e for one in samples for e in one.endpoints], now))
    return together(findings)


def _tested(facts: Iterable[str], compare: Callable[[], list[FactFinding]]) -> list[FactFinding]:
    try:
        return compare()
    except AzureFailure as failure:
        return [not_read(fact, failure) for fact in facts]
