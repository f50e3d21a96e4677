"""What stands in the way of a restore, and what is otherwise now than it was archived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.archive.definitions import Definitions, Raw
from actions.archive.reading import Archive
from actions.deletion.checks import SETTLED, assets_check
from actions.deletion.plan import Check
from actions.restore.definition import differences
from actions.session import Session
from collectors.connection.errors import AzureFailure, Missing
from collectors.connection.reading import Reader
from collectors.inventory.assets import read_assets
from collectors.inventory.endpoint import get_resource
from collectors.inventory.resources import deployment_from, moment, parent
from collectors.records import key_of
from queries.estate.naming import Names
from queries.estate.questions import refusal_of_subscription
from queries.store.journal import restores_open

# How far the clock of this machine may be ahead of Azure's.
SKEW = timedelta(minutes=5)
MOST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found: the checks, what differs from the archive, and what stands already.

    `standing` are keys of what an interrupted restore of the same archive created.
    """

    checks: tuple[Check, ...]
    changes: tuple[str, ...]
    standing: frozenset[str]


def look(
    session: Session, reader: Reader, archive: Archive, definitions: Definitions, names: Names
) -> Looked:
    """Read what exists now; what could not be read is unknown, which no restore goes past."""
    looking = _Looking(session, reader, archive, definitions, names)
    checks = tuple(looking.checks())
    return Looked(checks, tuple(looking.changes[:MOST_CHANGES]), frozenset(looking.standing))


class _Looking:
    def __init__(
        self,
        session: Session,
        reader: Reader,
        archive: Archive,
        definitions: Definitions,
        names: Names,
    ) -> None:
        self._session, self._reader, self._known = session, reader, names
        self._archive, self._definitions = archive, definitions
        self._begun = restores_open(session.store, archive.name).get(archive.target.lower())
        self.changes: list[str] = []
        self.standing: set[str] = set()

    def checks(self) -> Iterator[Check]:
        yield Check("archive", "pass", "every file is what was archived", 0)
        yield self._limits()
        yield from self._names()
        yield self._home()
        yield from self._assets()

    def _limits(self) -> Check:
        subscription = self._archive.target.strip("/").split("/")[1]
        barred = self._session.limits.why_not(subscription)
        barred = barred or refusal_of_subscription(self._session.store, subscription)
        return Check("limits", "fail" if barred else "pass", barred or "writing is allowed here", 0)

    def _names(self) -> Iterator[Check]:
        """Whether nothing has these names: a restore never overwrites.

        Deployments of an endpoint are asked for only where the endpoint is there.
        """
        definitions = self._definitions
        bodies: list[Raw] = list(definitions.deployments)
        if self._archive.kind == "endpoint":
            yield self._free(definitions.endpoint)
            bodies = bodies if self.standing else []
        for body in bodies:
            yield self._free(body)

    def _free(self, archived: Raw) -> Check:
        resource_id = str(archived["id"])
        name = self._known.of(resource_id)
        try:
            found = get_resource(self._reader, resource_id)
        except Missing:
            return Check("name-free", "pass", f"nothing is called {name}", 0)
        except AzureFailure as failure:
            return _unread("name-free", failure)
        is_endpoint = resource_id == str(self._definitions.endpoint["id"])
        differing = self._compare(archived, found, name)
        if not self._is_ours(found):
            return Check("name-free", "fail", f"{name} exists: a restore never overwrites", 0)
        state = _state(found)
        if state.lower() != "succeeded" or (differing and not is_endpoint):
            evidence = f"{name} stands after an interrupted restore, but not as archived: {state}"
            return Check("name-free", "fail", f"{evidence}: delete it first", 0)
        self.standing.add(key_of(resource_id))
        evidence = f"{name} was created by a restore of this archive that was interrupted"
        return Check("name-free", "pass", evidence, 0)

    def _is_ours(self, found: Raw) -> bool:
        """Whether a restore of this archive that has not come to its end can have created it."""
        begun, created = self._begun, _created(found)
        return begun is not None and created is not None and created >= begun - SKEW

    def _home(self) -> Check:
        """Whether what it lies in is there, as the same thing and at rest."""
        is_endpoint = self._archive.kind == "endpoint"
        name = "workspace" if is_endpoint else "endpoint"
        try:
            found = get_resource(self._reader, parent(self._archive.target))
        except Missing:
            hint = "" if is_endpoint else "; the archive of a whole endpoint restores both"
            return Check(name, "fail", f"its {name} is gone{hint}", 0)
        except AzureFailure as failure:
            return _unread(name, failure)
        if is_endpoint:
            return Check(name, "pass", "it is there", 0)
        archived = self._definitions.endpoint
        self._compare(archived, found, self._known.of(str(archived["id"])))
        evidence, passes = f"it is there: {_state(found)}", _state(found).lower() in SETTLED
        if _created(found) != _created(archived):
            evidence += "; it was created anew since the archive"
        return Check(name, "pass" if passes else "fail", evidence, 0)

    def _assets(self) -> Iterator[Check]:
        for body in self._definitions.deployments:
            row = deployment_from(body, "managed")
            named = (row.model, row.environment, row.code)
            check = assets_check(read_assets(self._reader, row.id, *named))
            yield Check("assets", check.state, f"{self._known.of(row.id)}: {check.evidence}", 0)

    def _compare(self, archived: Raw, found: Raw, name: str) -> bool:
        differing = differences(archived, found, self._session.policy)
        self.changes += [f"{name} as it is: {line}" for line in differing]
        return bool(differing)


def _unread(name: str, failure: AzureFailure) -> Check:
    return Check(name, "unknown", f"could not be read: {failure.message} ({failure.code})", 0)


def _state(body: Raw) -> str:
    return str((body.get("properties") or {}).get("provisioningState") or "state unknown")


def _created(body: Raw) -> datetime | None:
    return moment((body.get("systemData") or {}).get("createdAt"))
