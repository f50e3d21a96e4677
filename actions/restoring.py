"""A plan to restore: what is in the way, what it costs, what may not come back. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from actions import journal
from actions.archive import archive_root
from actions.archived import Archive, ArchiveFailure, archives_in, definitions_in, read_archive
from actions.checks import SETTLED, assets_check
from actions.definitions import Definitions
from actions.operator import Operator
from actions.plan import Check, State
from collectors.assets import read_assets
from collectors.endpoint import get_resource
from collectors.errors import AzureFailure, Missing
from collectors.quota import read_quota
from collectors.reading import Reader
from collectors.resources import deployment_from, parent
from queries.sizes import Size, size_in

Outcome = Literal["planned", "refused", "restored", "differs", "failed"]
ACTION = "restore"


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What a restore would do, and the phrase that confirms it.

    `monthly_cost` is the list price of all that would run; None: not known. `differences` are
    what came out otherwise than archived, once it is done.
    """

    archive: Archive
    definitions: Definitions
    api_versions: Mapping[str, str]
    phrase: str
    checks: tuple[Check, ...]
    monthly_cost: Decimal | None
    currency: str | None
    warnings: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    outcome: Outcome = "planned"
    message: str | None = None

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


def archive_named(operator: Operator, name: str) -> Archive:
    """The whole archive of a name (as `mothball archives` lists it) or at a path.

    Raises ArchiveFailure where there is none, or its files are not what was archived.
    """
    found, _broken = archives_in(archive_root(operator))
    for archive in found:
        if archive.name == name:
            return archive
    # A name is a folder of the archives and nothing above; anything else is a path of the user's.
    folder = archive_root(operator) / name if Path(name).name == name else Path(name)
    if not folder.is_dir():
        raise ArchiveFailure(f"there is no archive {name!r}: see `mothball archives`")
    return read_archive(folder)


def plan_restore(operator: Operator, archive: Archive) -> RestorePlan:
    """Look at what exists now, and journal the plan; Azure is only read.

    What could not be read is unknown, which stands in the way like a failure.
    """
    definitions, api_versions = definitions_in(archive.folder)
    sizes = [(_size_of(operator, body, definitions), body) for body in definitions.deployments]
    with operator.reader() as reader:
        checks = tuple(_checks(operator, reader, archive, definitions))
        warnings = (*_warnings(archive, definitions), *_quotas(reader, sizes, definitions))
    cost, currency = _cost(sizes)
    phrase = "/".join(filter(None, (archive.endpoint, archive.deployment)))
    plan = RestorePlan(archive, definitions, api_versions, phrase, checks, cost, currency, warnings)
    note(operator, plan, "planned")
    return plan


def note(
    operator: Operator,
    plan: RestorePlan,
    outcome: str,
    reason: str | None = None,
    correlation_id: str | None = None,
) -> None:
    """A row of the journal for each thing that would be created."""
    evidence = {
        "archive": plan.archive.name,
        "checks": [
            {"check": c.check, "state": c.state, "evidence": c.evidence} for c in plan.checks
        ],
        "monthly_cost": plan.monthly_cost,
        "currency": plan.currency,
        "differences": list(plan.differences),
    }
    rows = dict.fromkeys(plan.ids, evidence)
    journal.note_each(operator, ACTION, rows, outcome, reason, correlation_id)


def _checks(
    operator: Operator, reader: Reader, archive: Archive, definitions: Definitions
) -> Iterator[Check]:
    yield Check("archive", "pass", "every file is what was archived", 0)
    yield _limits(operator, archive)
    yield _free(reader, archive)
    yield _home(reader, archive, definitions)
    yield from _assets(reader, definitions)


def _limits(operator: Operator, archive: Archive) -> Check:
    subscription = archive.target.strip("/").split("/")[1]
    barred = operator.limits.why_not(subscription)
    return Check("limits", "fail" if barred else "pass", barred or "writing is allowed here", 0)


def _free(reader: Reader, archive: Archive) -> Check:
    """Whether nothing has its name: a restore never overwrites."""
    try:
        get_resource(reader, archive.target)
    except Missing:
        return Check("name-free", "pass", "nothing is called so", 0)
    except AzureFailure as failure:
        return _unread("name-free", failure)
    return Check("name-free", "fail", f"{archive.path} exists: a restore never overwrites", 0)


def _home(reader: Reader, archive: Archive, definitions: Definitions) -> Check:
    """Whether what it lies in is there, as the same thing and at rest."""
    is_endpoint = archive.kind == "endpoint"
    name = "workspace" if is_endpoint else "endpoint"
    try:
        found = get_resource(reader, parent(archive.target))
    except Missing:
        hint = "" if is_endpoint else "; the archive of a whole endpoint restores both"
        return Check(name, "fail", f"its {name} is gone{hint}", 0)
    except AzureFailure as failure:
        return _unread(name, failure)
    if is_endpoint:
        return Check(name, "pass", "it is there", 0)
    state = str((found.get("properties") or {}).get("provisioningState") or "unknown")
    told, passes = f"it is there: {state}", state.lower() in SETTLED
    if _created(found) != _created(definitions.endpoint):
        told += "; it was created anew since the archive"
    return Check(name, "pass" if passes else "fail", told, 0)


def _assets(reader: Reader, definitions: Definitions) -> Iterator[Check]:
    for body in definitions.deployments:
        row = deployment_from(body, "managed")
        check = assets_check(read_assets(reader, row.id, row.model, row.environment, row.code))
        state: State = check.state
        yield Check("assets", state, f"{row.name}: {check.evidence}", 0)


def _unread(name: str, failure: AzureFailure) -> Check:
    return Check(name, "unknown", f"could not be read: {failure.message} ({failure.code})", 0)


def _size_of(operator: Operator, body: Mapping[str, Any], definitions: Definitions) -> Size:
    row = deployment_from(body, "managed")
    region = str(body.get("location") or definitions.endpoint.get("location") or "")
    return size_in(operator.store, region.lower().replace(" ", ""), row.instance_type or "")


def _cost(
    sizes: list[tuple[Size, Mapping[str, Any]]],
) -> tuple[Decimal | None, str | None]:
    """The list price of all of it; unknown where one is, or where currencies differ."""
    amounts = []
    for size, body in sizes:
        count = deployment_from(body, "managed").instance_count
        if size.per_month is None or count is None:
            return None, None
        amounts.append(size.per_month * count)
    currencies = {size.currency for size, _body in sizes}
    if len(currencies) != 1:
        return None, None
    return sum(amounts, Decimal(0)), currencies.pop()


def _quotas(
    reader: Reader, sizes: list[tuple[Size, Mapping[str, Any]]], definitions: Definitions
) -> Iterator[str]:
    """A line for each size: whether its quota is there, as far as Azure tells."""
    for size, body in sizes:
        row = deployment_from(body, "managed")
        region = str(body.get("location") or definitions.endpoint.get("location") or "")
        needed = None if row.instance_count is None else size.cores_for(row.instance_count)
        if size.family is None or needed is None:
            yield f"{row.name}: its quota is not known: {row.instance_type} is in no list of sizes"
            continue
        quota = read_quota(reader, row.subscription_id, region, size.family)
        short = quota.left is not None and quota.left < needed
        yield f"{row.name}: needs {needed} cores; {quota.told}" + (": too few" if short else "")


def _warnings(archive: Archive, definitions: Definitions) -> Iterator[str]:
    yield "a scarce size or its quota may not come back"
    if archive.kind == "endpoint":
        yield "it gets new keys and a new system identity, and perhaps another address"
        yield "its archived traffic map is set at the end"
    else:
        yield "it comes back without traffic; the endpoint's map is left as it is"
    for setting in definitions.autoscale or ():
        yield f"its autoscale setting {setting.get('name')} is not restored: see autoscale.json"
    yield from definitions.not_archived


def _created(body: Mapping[str, Any]) -> Any:
    return (body.get("systemData") or {}).get("createdAt")
