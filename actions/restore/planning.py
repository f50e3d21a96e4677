"""A plan to restore: what is in the way, what it costs, what may not come back. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from actions import journal
from actions.archive.definitions import Definitions
from actions.archive.reading import (
    Archive,
    ArchiveFailure,
    definitions_in,
    read_archive,
)
from actions.archive.writing import archive_root, archives_of, names_of_archives
from actions.deletion import by_hand
from actions.deletion.by_hand import ByHand
from actions.deletion.plan import Check
from actions.deletion.restorable import objections_to_deployment, objections_to_endpoint
from actions.restore.checks import look
from actions.restore.left_out import left_out_words, without
from actions.restore.price import cost_of, quotas_of, sizes_of
from actions.session import Session
from actions.states import RestoreOutcome
from collectors.connection.patience import Stop
from queries.estate.naming import Names

ACTION = "restore"


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What a restore would do, and the phrase that confirms it.

    `monthly_cost` is the list price of all that would run; None: not known. `changes` are what is
    otherwise now than archived, `differences` what came out otherwise, once it is done: names of
    fields, never values. `standing` are keys of what an interrupted restore created already,
    `left_out` those of deployments that are archived and not to be created.
    `names` tell the target apart from all that the store knows and all that is archived.
    """

    archive: Archive
    definitions: Definitions
    api_versions: Mapping[str, str]
    phrase: str
    checks: tuple[Check, ...]
    monthly_cost: Decimal | None
    currency: str | None
    warnings: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    standing: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    by_hand: tuple[ByHand, ...] = ()
    differences: tuple[str, ...] = ()
    outcome: RestoreOutcome = "planned"
    message: str | None = None
    names: Names = field(default_factory=Names, repr=False, compare=False)

    @property
    def path(self) -> str:
        """`workspace/endpoint/deployment` or `workspace/endpoint`; more where that has a twin."""
        return self.names.path(self.archive.target)

    @property
    def obstacles(self) -> tuple[Check, ...]:
        """The checks that stand in the way."""
        return tuple(check for check in self.checks if check.state != "pass")

    @property
    def ids(self) -> tuple[str, ...]:
        """What would be created, in its order."""
        deployments = tuple(str(body["id"]) for body in self.definitions.deployments)
        if self.archive.kind == "endpoint":
            return (self.archive.target, *deployments)
        return deployments


def archive_named(session: Session, name: str) -> Archive:
    """The whole archive of a name (as `mothball archives` lists it) or at a path.

    Raises ArchiveFailure where there is none, or its files are not what was archived.
    """
    found, _broken = archives_of(session)
    for archive in found:
        if archive.name == name:
            return archive
    # A name is a folder of the archives and nothing above; anything else is a path of the user's.
    folder = archive_root(session) / name if Path(name).name == name else Path(name)
    if not folder.is_dir():
        raise ArchiveFailure(f"there is no archive {name!r}: see `mothball archives`")
    return read_archive(folder)


def plan_restore(
    session: Session,
    archive: Archive,
    stop: Stop | None = None,
    left_out: frozenset[str] = frozenset(),
) -> RestorePlan:
    """Look at what exists now, and journal the plan; Azure is only read.

    `left_out` are keys of deployments of an endpoint that are not to be created. What could not be
    read is unknown, which stands in the way like a failure. Raises Stopped where that is wanted,
    Refusal where one that is left out holds a share of the archived traffic.
    """
    archived_whole, api_versions = definitions_in(archive.folder)
    definitions = without(archived_whole, left_out)
    sizes = sizes_of(session, definitions)
    archived, _broken = archives_of(session)
    names = names_of_archives(session, archived)
    with session.reader(stop) as reader:
        looked = look(session, reader, archive, definitions, names)
        quotas = tuple(quotas_of(reader, sizes, names))
    cost, currency = cost_of(sizes)
    plan = RestorePlan(
        archive=archive,
        definitions=definitions,
        api_versions=api_versions,
        phrase=names.of(archive.target),
        checks=looked.checks,
        monthly_cost=cost,
        currency=currency,
        warnings=(
            *left_out_words(archived_whole, left_out),
            *_warnings(archive, definitions, looked.standing),
            *_what_may_be_refused(session, definitions, names),
            *quotas,
        ),
        changes=looked.changes,
        standing=looked.standing,
        left_out=left_out,
        by_hand=_by_hand(archive, definitions),
        names=names,
    )
    note(session, plan, plan.ids, "planned")
    return plan


def note(
    session: Session,
    plan: RestorePlan,
    ids: tuple[str, ...],
    outcome: str,
    reason: str | None = None,
    correlation_id: str | None = None,
    **more: Any,
) -> None:
    """A row of the journal for each of these ids."""
    evidence = {
        "archive": plan.archive.name,
        "checks": [
            {"check": c.check, "state": c.state, "evidence": c.evidence} for c in plan.checks
        ],
        "monthly_cost": plan.monthly_cost,
        "currency": plan.currency,
        "changes": list(plan.changes),
        "by_hand": {step.what: step.command for step in plan.by_hand},
    }
    more |= {"left_out": sorted(plan.left_out)} if plan.left_out else {}
    rows = dict.fromkeys(ids, evidence | more)
    journal.note_each(session, ACTION, rows, outcome, reason, correlation_id)


def _by_hand(archive: Archive, definitions: Definitions) -> tuple[ByHand, ...]:
    """The commands that create it; what deletes it again is of no use here."""
    endpoint, folder = definitions.endpoint, archive.folder
    if archive.kind == "deployment":
        steps = by_hand.for_deployment(archive.target, endpoint, folder)
        return tuple(step for step in steps if step.verb == "create")
    ids = [str(body["id"]) for body in definitions.deployments]
    steps = by_hand.for_endpoint(archive.target, ids, endpoint, folder)
    return tuple(step for step in steps if step.verb != "delete")


def _what_may_be_refused(session: Session, definitions: Definitions, names: Names) -> Iterator[str]:
    """What the check `restorable` said when it was deleted all the same."""
    inside = [str(body["id"]).rsplit("/", 1)[-1] for body in definitions.deployments]
    bodies = {str(body["id"]): body for body in definitions.deployments}
    found = {name: objections_to_deployment(bodies[name], session.policy) for name in bodies}
    if definitions.kind == "endpoint":
        raw = definitions.endpoint
        found[str(raw["id"])] = objections_to_endpoint(raw, inside, session.policy)
    for resource_id, objections in found.items():
        for objection in objections:
            yield f"Azure may refuse {names.of(resource_id)}: {objection}"


def _warnings(
    archive: Archive, definitions: Definitions, standing: frozenset[str]
) -> Iterator[str]:
    yield "a scarce size or its quota may not come back"
    if archive.kind == "deployment":
        yield "it comes back without traffic; the endpoint's map is left as it is"
    elif standing:
        yield "its endpoint stands already: its traffic is left as it is"
    else:
        yield "it gets new keys and a new system identity, and perhaps another address"
        yield "its archived traffic map is set at the end"
    for setting in definitions.autoscale or ():
        yield f"its autoscale setting {setting.get('name')} is not restored: see autoscale.json"
    if archive.kind == "endpoint":
        for setting in definitions.diagnostics or ():
            name = setting.get("name")
            yield f"its diagnostic setting {name} is not restored: see diagnostics.json"
    yield from definitions.not_archived
