"""What exists: Resource Graph for the estate, Resource Manager where it leaves a doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from collectors.connection.errors import AzureFailure, NotUnderstood, Refused
from collectors.connection.reading import Reader
from collectors.connection.shapes import each_whole, is_resource
from collectors.connection.splitting import ask_apart, may_be_one_of_many
from collectors.inventory import resources as shape
from collectors.inventory.graph import Pages, RowsMissing, came_nearly_all, is_too_large
from collectors.inventory.raw import PackedResources
from collectors.inventory.row_shapes import is_group, is_row, is_setting, odd_parts
from collectors.inventory.scope import Scope, visible_subscriptions
from collectors.records import (
    ONLINE_KINDS,
    AutoscaleSetting,
    Deployment,
    Endpoint,
    Inventory,
    Progress,
    ReadError,
    ResourceGroup,
    ScopeRead,
    Subscription,
    Workspace,
    counted,
    key_of,
)
from collectors.sources import AUTOSCALE, ENDPOINTS, IN_PART, INVENTORY, RESOURCE_GROUPS

ML_API = "2025-09-01"
GROUPS_API = "2021-04-01"
GROUP_OF_SUBSCRIPTIONS = 100
_TYPES = (*shape.TYPES, shape.AUTOSCALE)
# Readings of the same rows, where some were missing the first time.
READINGS = 2
_COLUMNS = "id, name, type, kind, location, subscriptionId, resourceGroup, tags, sku, identity"


@dataclass
class _Found:
    """What a collection has gathered so far, by key, so that a row read twice counts once."""

    workspaces: dict[str, Workspace] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    deployments: dict[str, Deployment] = field(default_factory=dict)
    groups: dict[str, ResourceGroup] = field(default_factory=dict)
    autoscale: dict[str, AutoscaleSetting] = field(default_factory=dict)
    raw: PackedResources = field(default_factory=PackedResources)
    reads: list[ScopeRead] = field(default_factory=list)
    read_errors: list[ReadError] = field(default_factory=list)

    def add(self, other: _Found) -> None:
        """Take over what another holds; of a row that both have, the other's is the newer."""
        self.workspaces |= other.workspaces
        self.endpoints |= other.endpoints
        self.deployments |= other.deployments
        self.groups |= other.groups
        self.autoscale |= other.autoscale
        self.raw.take(other.raw)
        self.reads += other.reads
        self.read_errors += other.read_errors


@dataclass
class GraphColumns:
    """Whether this cloud's Resource Graph has the column systemData; None: not seen yet."""

    has_system_data: bool | None = None


@dataclass
class _Reading:
    """What the parts of a collection share."""

    reader: Reader
    found: _Found
    columns: GraphColumns = field(default_factory=GraphColumns)


def read_inventory(reader: Reader, scope: Scope, progress: Progress) -> Inventory:
    """Everything that can serve, in the subscriptions of the scope, and the read errors met."""
    subscriptions, read_errors = visible_subscriptions(reader, scope)
    found = _Found(read_errors=list(read_errors))
    reading = _Reading(reader, found)
    for group in _groups_of(subscriptions, GROUP_OF_SUBSCRIPTIONS):
        _read_group(reading, group, scope, progress)
    for workspace_key in _workspaces_with_unknown_traffic(found):
        _reread_traffic(reader, found, workspace_key)
    _read_containers(reader, subscriptions, found)
    found.raw.close()
    return Inventory(
        subscriptions=subscriptions,
        resource_groups=tuple(found.groups.values()),
        workspaces=tuple(found.workspaces.values()),
        endpoints=tuple(found.endpoints.values()),
        deployments=tuple(_with_kinds_and_regions(found)),
        autoscale=tuple(found.autoscale.values()),
        raw=found.raw,
        reads=tuple(found.reads),
        read_errors=tuple(dict.fromkeys(found.read_errors)),
    )


def _read_group(
    reading: _Reading, group: Sequence[Subscription], scope: Scope, progress: Progress
) -> None:
    """One Resource Graph question for many subscriptions; whichever spoils it goes without."""
    reader, found = reading.reader, reading.found

    def read(part: Sequence[Subscription], tries: int | None) -> set[str]:
        return _read_part(reading, [one.subscription_id for one in part], scope, progress, tries)

    split = ask_apart(group, read, reader.splitting, _may_be_one_subscription)
    for part, seen in split.answered:
        for subscription in part:
            _settle(
                reader, subscription, scope, subscription.subscription_id.lower() in seen, found
            )
    for part, failure in split.refused:
        for one in part:
            read_error = ReadError(
                INVENTORY.name, one.subscription_id, failure.code, failure.message
            )
            found.read_errors.append(read_error)
            if came_nearly_all(failure):
                _note_read(IN_PART, one, scope, found)


def _may_be_one_subscription(failure: AzureFailure) -> bool:
    return isinstance(failure, Refused | RowsMissing) or may_be_one_of_many(failure)


def _read_part(
    reading: _Reading, ids: Sequence[str], scope: Scope, progress: Progress, tries: int | None
) -> set[str]:
    """The subscriptions (lower case) of which there were rows.

    Rows that are missing are asked for once more, all together, since the pages have moved. What
    was read is kept, also of a reading that failed.
    """
    before = reading.found
    parts: list[_Found] = []
    try:
        while True:
            parts.append(_Found())
            rows = graph_rows(reading.reader, ids, "resources", _TYPES, reading.columns, tries)
            try:
                seen = _take_rows(rows, scope, parts[-1], before, progress)
            except RowsMissing:
                if len(parts) == READINGS:
                    raise
                continue
            parts = parts[-1:]
            return seen
    finally:
        for part in parts:
            before.add(part)


def _take_rows(
    rows: Iterator[dict[str, Any]],
    scope: Scope,
    found: _Found,
    before: _Found,
    progress: Progress,
) -> set[str]:
    seen: set[str] = set()
    for row in rows:
        if str(row.get("type", "")).lower() == shape.AUTOSCALE:
            _take_autoscale(found, row, scope)
            continue
        seen.add(str(row.get("subscriptionId") or shape.part(str(row["id"]), "subscriptions")))
        if scope.covers(str(row["id"])):
            _take(found, row)
        progress(INVENTORY.name, len(before.raw) + len(found.raw), None)
    return {name.lower() for name in seen}


def _settle(
    reader: Reader, subscription: Subscription, scope: Scope, had_rows: bool, found: _Found
) -> None:
    """Note a subscription as read, but not on Resource Graph's silence alone.

    It drops what the sign-in may not read without a word (azure.md A3), so a subscription
    without a row is empty only where Resource Manager says so too.
    """
    if not had_rows:
        read_error = _why_empty(reader, subscription.subscription_id)
        if read_error is not None:
            found.read_errors.append(read_error)
            return
    _note_read(INVENTORY.name, subscription, scope, found)


def _note_read(source: str, subscription: Subscription, scope: Scope, found: _Found) -> None:
    for key in scope.narrowed_to or (subscription.key,):
        if key == subscription.key or key.startswith(subscription.key + "/"):
            found.reads.append(ScopeRead(source, key, subscription.subscription_id))


def _why_empty(reader: Reader, subscription_id: str) -> ReadError | None:
    path = f"/subscriptions/{subscription_id}/providers/{shape.WORKSPACE}"
    try:
        listed = list(reader.pages(path, **{"api-version": ML_API}))
    except AzureFailure as failure:
        return ReadError(INVENTORY.name, subscription_id, failure.code, failure.message)
    if not listed:
        return None
    text = f"Resource Manager lists {counted(len(listed), 'workspace')}, Resource Graph none yet"
    return ReadError(INVENTORY.name, subscription_id, "GraphIsBehind", text)


def graph_rows(
    reader: Reader,
    subscription_ids: Sequence[str],
    table: str,
    types: Sequence[str],
    columns: GraphColumns | None = None,
    tries: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Rows of a Resource Graph table by type, every page; Misshapen where one is not whole.

    `systemData` is asked for and done without where the service does not know the column.
    """
    known = columns or GraphColumns()
    is_whole = is_row if table == "resources" else is_group
    for names, has_system_data in _columns_to_try(table, known):
        pages = Pages(reader, subscription_ids, _question(table, types, names), tries)
        try:
            for row in each_whole(pages.rows(), is_whole):
                known.has_system_data = has_system_data
                yield row
            return
        except NotUnderstood as failure:
            is_column = failure.status == 400 and not is_too_large(failure)
            if not has_system_data or known.has_system_data or not is_column:
                raise


def _columns_to_try(table: str, known: GraphColumns) -> Iterator[tuple[str, bool]]:
    """The columns to ask for, and whether they are more than every cloud must have."""
    if table != "resources":
        yield "id, name, tags", False
        return
    if known.has_system_data is not False:
        yield f"{_COLUMNS}, systemData, properties", True
    if not known.has_system_data:
        yield f"{_COLUMNS}, properties", False


def _question(table: str, types: Sequence[str], columns: str) -> str:
    names = ", ".join(f"'{name}'" for name in types)
    named = columns if "type" in columns else columns.replace("name,", "name, type,")
    return f"{table} | where type in~ ({names}) | project {named} | order by id asc"


def _take(found: _Found, row: Mapping[str, Any]) -> None:
    """Sort one row into what was found."""
    kind = str(row.get("type", "")).lower()
    key = key_of(str(row["id"]))
    if kind not in shape.TYPES:
        return
    if kind == shape.WORKSPACE:
        found.workspaces[key] = shape.workspace_from(row)
    elif kind == shape.ONLINE_ENDPOINT:
        found.endpoints[key] = shape.endpoint_from(row, shape.online_kind(row) or "managed")
    elif kind == shape.ONLINE_DEPLOYMENT:
        found.deployments[key] = shape.deployment_from(row, shape.online_kind(row) or "")
    elif kind == shape.BATCH_ENDPOINT:
        found.endpoints[key] = shape.endpoint_from(row, "batch")
    elif kind == shape.BATCH_DEPLOYMENT:
        found.deployments[key] = shape.deployment_from(row, "batch")
    else:
        found.endpoints[key] = shape.endpoint_from(row, "serverless")
        found.deployments[key] = shape.serverless_from(row)
    found.raw.add(key, shape.raw_from(row))
    odd = odd_parts(row)
    if odd:
        text = f"not what Azure promises, and so unknown: {', '.join(odd)}"
        found.read_errors.append(ReadError(INVENTORY.name, str(row["id"]), "WrongShape", text))


def _take_autoscale(found: _Found, row: Mapping[str, Any], scope: Scope) -> None:
    """Keep a setting whose target is in the scope; it may lie in any group itself.

    That a subscription shows settings does not say that its workspaces can be read.
    """
    if not is_setting(row):
        place = shape.part(str(row["id"]), "subscriptions") or "tenant"
        found.read_errors.append(
            ReadError(AUTOSCALE.name, place, "WrongShape", "a setting cannot be read")
        )
        return
    setting = shape.autoscale_from(row)
    if setting is not None and scope.covers(setting.target_id):
        found.autoscale[key_of(setting.id)] = setting


def _with_kinds_and_regions(found: _Found) -> Iterator[Deployment]:
    """Deployments with what they leave to their endpoint or workspace to say."""
    for deployment in found.deployments.values():
        endpoint = found.endpoints.get(key_of(deployment.endpoint_id))
        workspace = found.workspaces.get(key_of(deployment.workspace_id))
        region = deployment.region or (endpoint and endpoint.region)
        region = region or (workspace.region if workspace else None)
        kind = deployment.kind or (endpoint.kind if endpoint else "managed")
        is_as_found = (region or None, kind) == (deployment.region, deployment.kind)
        yield deployment if is_as_found else replace(deployment, region=region or None, kind=kind)


def _workspaces_with_unknown_traffic(found: _Found) -> list[str]:
    online = (e for e in found.endpoints.values() if e.kind in ONLINE_KINDS)
    return sorted({key_of(e.workspace_id) for e in online if e.traffic is None})


def _reread_traffic(reader: Reader, found: _Found, workspace_key: str) -> None:
    """Ask Resource Manager for a workspace's endpoints where Resource Graph left out a map.

    One question a workspace. A refusal leaves the map unknown, which the verdicts respect; so does
    a null, which is an answer, while a map that is none of numbers is a read error.
    """
    path = f"{workspace_key}/onlineEndpoints"
    odd: list[str] = []
    try:
        for body in reader.pages(path, is_resource, **{"api-version": ML_API}):
            key = key_of(str(body.get("id")))
            known = found.endpoints.get(key)
            reported = shape.endpoint_from(body, known.kind if known else "managed")
            if known and known.traffic is None and reported.traffic is not None:
                found.endpoints[key] = replace(
                    known, traffic=reported.traffic, mirror=reported.mirror
                )
            if known and shape.has_odd_map(body):
                odd.append(known.name)
    except AzureFailure as failure:
        found.read_errors.append(
            ReadError(ENDPOINTS.name, workspace_key, failure.code, failure.message)
        )
    if odd:
        text = f"a map of traffic is no map of numbers: {', '.join(sorted(odd))}"
        found.read_errors.append(ReadError(ENDPOINTS.name, workspace_key, "WrongShape", text))


def _read_containers(reader: Reader, subscriptions: Sequence[Subscription], found: _Found) -> None:
    """Tags of the resource groups that hold something; owners are inherited from them."""
    wanted = {
        key_of(f"subscriptions/{w.subscription_id}/resourceGroups/{w.resource_group}")
        for w in found.workspaces.values()
    }
    if not wanted:
        return
    holders = {key.split("/")[2] for key in wanted}
    _groups_by_graph(
        reader, [s for s in subscriptions if s.subscription_id.lower() in holders], found
    )
    left = {key.split("/")[2] for key in wanted - found.groups.keys()}
    for subscription_id in sorted(left):
        _groups_by_manager(reader, subscription_id, found)


def _groups_by_graph(reader: Reader, subscriptions: Sequence[Subscription], found: _Found) -> None:
    kind = "microsoft.resources/subscriptions/resourcegroups"
    for group in _groups_of(subscriptions, GROUP_OF_SUBSCRIPTIONS):
        ids = [subscription.subscription_id for subscription in group]
        try:
            for row in graph_rows(reader, ids, "resourcecontainers", (kind,)):
                if str(row.get("type", "")).lower() == kind:
                    _take_group(found, row)
        except AzureFailure:
            continue  # Resource Manager is asked next, and its refusal is the read error


def _groups_by_manager(reader: Reader, subscription_id: str, found: _Found) -> None:
    path = f"/subscriptions/{subscription_id}/resourcegroups"
    try:
        for body in reader.pages(path, is_group, **{"api-version": GROUPS_API}):
            _take_group(found, body)
    except AzureFailure as failure:
        read_error = ReadError(RESOURCE_GROUPS.name, subscription_id, failure.code, failure.message)
        found.read_errors.append(read_error)


def _take_group(found: _Found, body: Mapping[str, Any]) -> None:
    spelt = str(body.get("id"))
    group = ResourceGroup(
        subscription_id=shape.part(spelt, "subscriptions") or "",
        name=shape.part(spelt, "resourceGroups") or str(body.get("name")),
        tags=shape.tags_of(body.get("tags")),
    )
    found.groups[group.key] = group


def _groups_of(items: Sequence[Subscription], size: int) -> Iterable[Sequence[Subscription]]:
    return (items[at : at + size] for at in range(0, len(items), size))
