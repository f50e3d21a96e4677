"""Whether a definition could be sent again as an archive holds it: asked before it is deleted.

It is looked at as the body that a restore sends, so what a restore strips stands in nobody's way.
Whether the assets that it names still exist is the check `assets`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from actions.archive.recreation import body_of
from actions.deletion.plan import Check
from actions.session import Session
from actions.tags.tag import MOST_TAGS
from actions.tags.tag import objection as objection_to_tags
from collectors.inventory.resources import deployment_from, online_kind, shares, tags_of
from collectors.records import counted
from queries.money.sizes import size_in
from queries.policy import Policy

Raw = Mapping[str, Any]
CHECK = "restorable"


def restorable_checks(
    session: Session, definitions: Mapping[str, Raw | None], endpoint: Raw | None = None
) -> dict[str, Check]:
    """The check of each deployment, by key; a definition that is None is not known.

    `endpoint` is the definition of their endpoint where that goes too; None: it stays.
    """
    names = [key.rsplit("/", 1)[-1] for key in definitions]
    shared = [] if endpoint is None else list(_of_whole(endpoint, names, session.policy))
    return {key: _check(session, raw, shared) for key, raw in definitions.items()}


def objections_to_deployment(raw: Raw, policy: Policy) -> Iterator[str]:
    """Why Azure would not take a deployment's definition, or would make another one of it."""
    body = body_of(raw, policy)
    yield from _common(body)
    properties = _map(body.get("properties"))
    if not properties.get("endpointComputeType"):
        yield "its compute type is not in the definition"
    known = deployment_from(raw, "managed")
    if known.instance_count is None:
        yield "its instance count is not in the definition"
    if known.instance_type is None and not _is_kubernetes(raw):
        yield "its size is not in the definition"
    if not properties.get("model") and not properties.get("environmentId"):
        yield "it names neither a model nor an environment"


def objections_to_endpoint(raw: Raw, deployments: Sequence[str], policy: Policy) -> Iterator[str]:
    """The same of an endpoint that comes back with these deployments."""
    body = body_of(raw, policy)
    yield from _common(body)
    properties = _map(body.get("properties"))
    if not properties.get("authMode"):
        yield "its authMode is not in the definition"
    traffic = {
        name.lower(): share for name, share in (shares(properties.get("traffic")) or {}).items()
    }
    if (total := sum(traffic.values())) not in (0, 100):
        yield f"its shares of traffic add up to {total:g} %, and not to 0 or 100"
    there = {name.lower() for name in deployments}
    if gone := sorted(name for name, share in traffic.items() if share and name not in there):
        yield f"its traffic goes to what is not archived with it: {', '.join(gone)}"


def _check(session: Session, raw: Raw | None, shared: Sequence[str]) -> Check:
    if raw is None:
        return Check(CHECK, "unknown", "no definition of it is kept")
    found = [*objections_to_deployment(raw, session.policy), *shared]
    if found:
        return Check(CHECK, "fail", "; ".join(found))
    if _is_kubernetes(raw):
        return Check(CHECK, "pass", "its cluster has its own quota")
    row = deployment_from(raw, "managed")
    size, count = row.instance_type or "", row.instance_count or 0
    family = size_in(session.store, row.region or "", size).family
    if family is None:
        return Check(CHECK, "unknown", f"its quota is not known: {size} is in no list of sizes")
    return Check(CHECK, "pass", f"{counted(count, 'instance')} of {size}, quota {family}")


def _of_whole(endpoint: Raw, names: Sequence[str], policy: Policy) -> Iterator[str]:
    if not endpoint:
        yield "its endpoint: no definition of it is kept"
        return
    for objection in objections_to_endpoint(endpoint, names, policy):
        yield f"its endpoint: {objection}"


def _common(body: Raw) -> Iterator[str]:
    if not body.get("location"):
        yield "its location is not in the definition"
    tags = tags_of(body.get("tags"))
    if len(tags) > MOST_TAGS:
        yield f"it has {counted(len(tags), 'tag')}, and a resource at most {MOST_TAGS}"
    if (trouble := objection_to_tags(tags)) is not None:
        yield trouble


def _is_kubernetes(raw: Raw) -> bool:
    return online_kind(raw) == "kubernetes"


def _map(value: Any) -> Raw:
    return value if isinstance(value, Mapping) else {}
