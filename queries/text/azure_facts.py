"""What the facts of Azure are, and what their comparison on a tenant came to, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What the code takes for granted, by the fact's name.
TITLES: Mapping[str, str] = {
    "graph-rows": "Resource Graph has every deployment that Resource Manager lists",
    "graph-traffic": "Resource Graph has the traffic maps that Resource Manager has",
    "graph-creation": "Resource Graph has the creation times that Resource Manager has",
    "graph-tags": "Resource Graph has the tags that Resource Manager has",
    "list-creation": "the list of a subscription has the creation times of its deployments",
    "metrics-batch": "a batch of metrics answers what one resource answers alone",
    "both-namespaces": "a deployment's own requests are those of its endpoint's split",
    "average-hides-none": "no request is missing from average × minutes",
    "average-counts": "average × minutes is the number of requests",
    "bill-tags": "the bill names endpoints and deployments by tags",
    "silent-capacity": "a silent deployment emits its capacity",
    "locks-inherited": "a lock holds for all that lies below it",
    "log-columns": "the traffic log has the columns that name a caller",
}
# What was seen, or why nothing was compared.
_EVIDENCE: Mapping[str, str] = {
    "agree": "{compared} compared",
    "differ": "{different} of {compared} differ, such as {example}",
    "untagged": "none of {compared} lines names a deployment, in {example}",
    "none-emits": "none of {compared} emits it, such as {example}",
    "columns-lack": "it lacks {example}",
    "no-deployment": "there is no managed deployment",
    "changed-lately": "all of them were changed within the last hour",
    "no-creation": "Resource Graph tells no creation time here",
    "not-listed": "the first page of the list tells no creation time of the sample",
    "no-requests": "no deployment of the sample had a request on the days compared",
    "no-silence": "no deployment of the sample was silent on the days compared",
    "no-total": "Azure gives no Total of requests",
    "no-lock": "no lock lies above a deployment",
    "no-log": "no endpoint of the sample sends its traffic log to Log Analytics",
    "no-bill": "no bill was read that managed deployments would be on for three days",
    "not-read": "it could not be read: {message}",
    "no-requests-left": "the requests set aside for it were used up",
}


def title_of(fact: str) -> str:
    """What is taken for granted; a fact that this version does not know is shown as it is."""
    return TITLES.get(fact, fact)


def evidence_of(code: str, parameters: Mapping[str, Any]) -> str:
    """What a comparison showed."""
    return _EVIDENCE.get(code, code).format_map(_Given(parameters))


class _Given(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "?"
