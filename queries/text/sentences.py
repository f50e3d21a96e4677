"""The sentence of each conclusion: the one place where codes become words.

Why a deployment has its verdict stands with the verdict (`queries.vocabulary`), all else here.
"""

from __future__ import annotations

from typing import Any

from queries.phrasing import NOT_GIVEN, Count, Parameters, Template, fallback
from queries.vocabulary import VERDICTS


def sentence(code: str, parameters: Parameters) -> str:
    """What a person reads; a code that this version does not know is shown as it is."""
    template = SENTENCES.get(code, code)
    given = _Given(parameters)
    return template.format_map(given) if isinstance(template, str) else template(given)


class _Given(dict[str, Any]):
    """Parameters by name; lists as words, and what is absent or not known as `?`."""

    def __init__(self, parameters: Parameters) -> None:
        super().__init__({name: _shown(value) for name, value in parameters.items()})

    def __missing__(self, name: str) -> str:
        return NOT_GIVEN

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter; None where it is not known."""
        value = super().get(name, default)
        return None if value is NOT_GIVEN else value


def _shown(value: Any) -> Any:
    if value is None:
        return NOT_GIVEN
    if type(value) is int:
        return Count(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _operation_running(given: Parameters) -> str:
    states = (given.get(name) or "unknown" for name in ("deployment_state", "endpoint_state"))
    return "an operation is running: deployment {}, endpoint {}".format(*states)


def _requests_not_proven(given: Parameters) -> str:
    head = f"requests are proven for {given['days_known']} of {given['days_wanted']:day} only: "
    if given.get("days_unanswered"):
        refusal = f" ({given['refusal']})" if given.get("refusal") else ""
        return f"{head}{given['days_unanswered']} not answered{refusal}"
    return f"{head}{given['days_without_value']} without a value or a sign of life"


def _metrics_begin_late(given: Parameters) -> str:
    made = given.get("created_on")
    since = f", though it was created on {made}" if made is not None else ""
    known = f"requests are proven for {given['days_known']} of {given['days_wanted']} days only"
    return f"its metrics begin on {given['on']}{since}: {known}"


def _no_requests(given: Parameters) -> str:
    since = given.get("since")
    proofs = []
    if given.get("zero_days"):
        proofs.append(f"{given['zero_days']:day} with a real zero")
    if given.get("alive_days"):
        proofs.append(f"{given['alive_days']:day} without a request, but with a sign of life")
    head = f"0 requests in {given['days']:day}" + (f" since {since}" if since else "")
    return f"{head} and today so far, proven: {', '.join(proofs)}"


def _tags_lost(given: Parameters) -> str:
    why = ", as it was recreated" if given.get("was_recreated") else ""
    return f"its tags {given['names']} were lost: missing since {given['since']}{why}"


def _barely_used(given: Parameters) -> str:
    return (
        f"barely used: {given['requests']:request} in {given['window_days']:day}"
        f" for {given['cost_per_month']:,.0f} {given['currency']} a month"
    )


def _less_would_do(given: Parameters) -> str:
    ways = []
    if (needed := given.get("instances_needed")) is not None:
        ways.append(f"{needed} of its {given['instances']:instance}")
    if (size := given.get("size_needed")) is not None:
        ways.append(f"{size} in place of {given['size']}")
    text = f"a smaller size would do: {', or '.join(ways)}"
    if (saving := given.get("saving_per_month")) is None or given.get("currency") is None:
        return text
    return f"{text}, saving up to {saving:,.0f} {given['currency']} a month"


def _size_unlisted(given: Parameters) -> str:
    size = given.get("size") or "unknown"
    return f"its size is not in Microsoft's list for managed endpoints: {size}"


def _refuses_writes(given: Parameters) -> str:
    head = f"its subscription is {given['state']}: Azure takes no write there"
    if str(given["state"]).lower() == "deleted":
        return f"{head}, and all that is in it goes with it"
    return (
        f"{head}, so nothing in it can be tagged, retired, deleted or brought back; enable it, then"
        " run `mothball snapshot`"
    )


def _soft_deleted(given: Parameters) -> str:
    until = f" on {given['purged_on']}" if given.get("purged_on") else ""
    return f"its workspace is deleted, and can be recovered until it is purged{until}"


# What is wrong with what a deployment lies in.
_ABOVE: dict[str, Template] = {
    "subscription-refuses-writes": _refuses_writes,
    "subscription-at-risk": (
        "its subscription is {state}: it may soon be disabled, and then takes no write any more"
    ),
    "workspace-soft-deleted": _soft_deleted,
    "workspace-failed": "its workspace is {state}: what is written in it may be refused",
    "workspace-busy": "its workspace is {state}: until that has ended, writes may be refused",
}
REFUSES_WRITES = "subscription-refuses-writes"
ABOVE = tuple(_ABOVE)
# What is true of a deployment beside the reason that decided its verdict.
_BESIDE: dict[str, Template] = {
    "no-requests": _no_requests,
    "shares": "{live_percent:g} % live, {mirror_percent:g} % mirrored",
    "would-be-fallback": fallback("its endpoint would fall back on it"),
    "inherited-lock": "a lock from above covers it: {names}",
    "operation-in-progress": "an operation is running on it or its endpoint",
}
# What the evidence lacks where the verdict is `unknown`.
_MISSING: dict[str, Template] = {
    "not-measured": "runs on Kubernetes, whose metrics Azure Monitor does not hold",
    "operation-running": _operation_running,
    "endpoint-not-read": "its endpoint was not read",
    "state-unknown": "its state is not known",
    "traffic-unknown": "the traffic map of its endpoint is not known",
    "live-traffic-to-gone": "its endpoint gives live traffic to a deployment that is gone: {names}",
    "requests-not-proven": _requests_not_proven,
    "metrics-begin-late": _metrics_begin_late,
    "age-unknown": "its age is not known",
    "locks-unknown": "locks could not be read",
    "azure-fact-contradicted": (
        "its {evidence} rests on a fact of Azure that this tenant contradicted on {on}:"
        " {fact} (azure.md {number})"
    ),
    "sibling-not-proven": "the silence of a sibling is not proven: {names}",
}
_FINDINGS: dict[str, Template] = {
    "production-not-asked": "its role is production, but nobody asks it",
    "production-without-traffic": "its role is production, but it holds no live traffic",
    "retire-in-use": "its role is retire, but it is in use",
    "retire-but-fallback": "its role is retire, but its endpoint falls back on it",
    "retire-without-date": "its role is retire, but no date says from when on",
    "rollback-failed": "its role is rollback, but its provisioning is {state}",
    "rollback-without-instance": "its role is rollback, but it has no instance",
    "rollback-with-traffic": "its role is rollback, but it holds live traffic",
    "test-with-traffic": "its role is test, but it holds live traffic",
    "unknown-role": "its role is not one of production, rollback, test, retire: {role}",
    "expiry-unreadable": "its expiry date cannot be read: {on}",
    "expired": "expired on {on}",
    "exemption-ended": "its exemption ended on {on}",
    "retirement-unreadable": "its retirement date cannot be read: {on}",
    "old-test": "expired: a test that is older than 14 days and was not extended",
    "long-shadow": "a shadow since {since} at least: what was it to show?",
    "live-without-requests": "holds live traffic and gets no requests",
    "request-every-minute": (
        "one request a minute, day after day: it may be asked by a probe alone"
    ),
    "every-request-fails": "every request to it fails (5xx)",
    "never-tested-rollback": (
        "kept as a rollback, but never tested: it never held traffic nor answered"
    ),
    "unneeded-rollback": (
        "kept as a rollback, but neither tested nor needed for a quarter: silent for"
        " {silent_days:day}"
    ),
    "no-rollback": "its endpoint has nothing to fall back on",
    "traffic-to-gone": "its endpoint sends traffic to a deployment that is gone: {names}",
    "tags-lost": _tags_lost,
    "failed-but-asked": "its provisioning is {state}, yet it was asked",
    "barely-used": _barely_used,
    "bill-without-tags": "the bill carries no deployment tags: what it costs is not known",
    "less-would-do": _less_would_do,
    "asset-lost": "{summary}",
}
# What is in the way of running on less.
_BARRIERS: dict[str, Template] = {
    "kept-to-fall-back": "kept to fall back on: it must be able to carry the live load",
    "too-young-to-measure": "too young to be measured",
    "nobody-asks": "nobody asks it: retire it rather than shrink it",
    "silent-but-protected": "nobody asks it, so its load says nothing",
    "requests-unknown": "its requests are not known, so its load says nothing",
    "not-asked": "no request reached it, so its load says nothing",
    "autoscaled": "autoscale is active: {minimum} to {maximum:instance}",
    "instances-unknown": "its number of instances is not known",
    "no-instance": "it has no instance",
    "instances-changed": ("its number of instances changed in the window, from {fewest} to {most}"),
    "hardly-measured": "measured on {days_measured} of {days_wanted:day} only",
    "requests-fail": "{percent} % of its requests fail: fix it first",
    "one-instance": "one instance already",
    "size-unlisted": _size_unlisted,
    "no-smaller-size": "no smaller size in its family: {size}",
    "cpu-bound-instances": "CPU bound: {percent} % at the highest, fewer instances would not do",
    "memory-bound-instances": (
        "memory bound: {percent} % at the highest, fewer instances would not do"
    ),
    "gpu-bound-instances": (
        "GPU bound: {percent} %, its memory {memory_percent} % at the highest, fewer instances"
        " would not do"
    ),
    "cpu-bound-size": "CPU bound: {percent} % at the highest, {size} would not do",
    "memory-bound-size": "memory bound: {percent} % at the highest, {size} would not do",
    "gpu-bound-size": (
        "GPU bound: {percent} %, its memory {memory_percent} % at the highest, {size} would not do"
    ),
}
SENTENCES: dict[str, Template] = {
    **{code: each for verdict in VERDICTS for code, each in verdict.reasons.items()},
    **_BESIDE,
    **_ABOVE,
    **_MISSING,
    **_FINDINGS,
    **_BARRIERS,
    # What a store of an earlier version holds is a sentence already.
    "recorded": "{sentence}",
}
