"""One small tenant played by the emulator, with a sign-in, a store and an operator on it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from actions.session import Limits, Session
from actions.snapshot.request import SnapshotRequest
from actions.snapshot.take import SnapshotReport, take_snapshot
from collectors.connection.cloud import Cloud
from collectors.connection.patience import Patience, Stop
from collectors.connection.reading import Reader
from collectors.connection.signin import credential_for
from collectors.inventory.scope import Scope
from emulator import Clock, Emulator, Fault, Received, Workspace, World
from emulator.apis.wire import Answer
from mothball.profiles import cloud_named
from queries.estate.questions import current_deployments
from queries.estate.rows import DeploymentRow
from queries.policy import Policy
from queries.store.file import Store
from tests.stores import new_store

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def ago(days: float, hours: float = 0) -> datetime:
    """A moment before NOW."""
    return NOW - timedelta(days=days, hours=hours)


def day(days: int) -> str:
    """The UTC date so many days after NOW, as a tag holds it; negative: before."""
    return (NOW.date() + timedelta(days=days)).isoformat()


Change = Callable[[Any], Any]


class Bent(Emulator):
    """An emulator whose answers can be bent on their way out, for what no state of it makes."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Bend nothing yet. `audiences` are the paths asked, each with whom its token was for."""
        super().__init__(*given, **named)
        self.audiences: list[tuple[str, str]] = []
        self._bends: list[tuple[re.Pattern[str], Change]] = []

    def bend(self, path: str, change: Change) -> None:
        """Let `change` have the JSON body of each answer to a matching path; it returns the new."""
        self._bends.append((re.compile(path, re.IGNORECASE), change))

    def straighten(self) -> None:
        """Bend no more."""
        self._bends.clear()

    def answer(
        self, method: str, target: str, headers: dict[str, str], content: bytes
    ) -> tuple[Answer | None, Fault | None]:
        """The emulator's own answer, bent."""
        if "authorization" in headers:
            self.audiences.append((target, _audience(headers["authorization"])))
        answer, fault = super().answer(method, target, headers, content)
        for path, change in self._bends:
            if answer is not None and path.search(target):
                answer.body = change(json.loads(answer.content()))
        return answer, fault


class Scene:
    """A tenant that answers on this machine. Waits are noted in `waits` and never waited."""

    def __init__(self, azure: Bent, folder: Path) -> None:
        """Take a running emulator whose environment is set."""
        self.azure = azure
        self.world: World = azure.world
        self.clock: Clock = azure.world.clock
        self.cloud: Cloud = cloud_named(str(azure.profile))
        self.folder = folder
        self.store = new_store(folder / "store.duckdb")
        self.waits: list[float] = []
        self.progress_made: list[tuple[str, int, int | None]] = []
        self._credential: TokenCredential | None = None

    @property
    def credential(self) -> TokenCredential:
        """The default sign-in of the environment against this tenant."""
        if self._credential is None:
            self._credential = credential_for(self.cloud)
        return self._credential

    def close(self) -> None:
        """Let go of the sign-in's connections."""
        close = getattr(self._credential, "close", None)
        if close is not None:
            close()

    def reader(self, stop: Stop | None = None, attempts: int = 6) -> Reader:
        """A reading connection whose waits end at once (or at a stop)."""
        asked = stop or Stop()
        time = [0.0]

        def wait(seconds: float) -> bool:
            self.waits.append(seconds)
            time[0] += seconds
            return asked.is_set()

        patience = Patience(wait, attempts=attempts, clock=lambda: time[0])
        return Reader(self.cloud, self.credential, asked, patience=patience)

    def snapshot(
        self,
        *,
        scope: Scope | None = None,
        policy: Policy | None = None,
        kind: str = "snapshot",
        resume: bool = False,
        stop: Stop | None = None,
        tenant_id: str | None = None,
        attempts: int = 6,
    ) -> SnapshotReport:
        """Collect and judge."""
        snapshot_request = SnapshotRequest(
            self.cloud.name, tenant_id, scope or Scope(), policy or Policy(), kind, resume
        )
        with self.reader(stop, attempts) as reader:
            return take_snapshot(self.store, reader, snapshot_request, self.clock.now, self._note)

    def rows(self) -> dict[str, DeploymentRow]:
        """The current rows by `endpoint/deployment` (a serverless one by its endpoint)."""
        found = current_deployments(self.store)
        return {"/".join(filter(None, (row.endpoint, row.deployment))): row for row in found}

    def verdicts(self) -> dict[str, str]:
        """The current verdicts by `endpoint/deployment`."""
        return {name: row.verdict for name, row in self.rows().items()}

    def judged(self, **options: Any) -> dict[str, DeploymentRow]:
        """The rows after one snapshot more."""
        self.snapshot(**options)
        return self.rows()

    def sql(self, question: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What the store answers to a trusted question."""
        with self.store.reading() as connection:
            return connection.execute(question, list(values)).fetchall()

    def session(
        self,
        limits: Limits | None = None,
        policy: Policy | None = None,
        store: Store | None = None,
    ) -> Session:
        """Somebody who acts on this tenant and its store."""
        return Session(
            store=store or self.store,
            cloud=self.cloud,
            sign_in=lambda: self.credential,
            policy=policy or Policy(),
            limits=limits or Limits(),
            archive_folder=self.folder / "archives",
            now=self.clock.now,
        )

    def asked(self, source: str) -> list[Received]:
        """The requests that came in for a source (graph, metrics, locks, arm, …)."""
        return [one for one in self.azure.requests if one.source == source]

    def _note(self, what: str, done: int, total: int | None) -> None:
        self.progress_made.append((what, done, total))


SceneOf = Callable[[World], Scene]
AzureOf = Callable[[World], Bent]
Builder = Callable[[Workspace], None]


class Gallery:
    """Many small endpoints that stand side by side in one workspace and are judged at once.

    Each test of a module adds what it speaks of; all of them look at one snapshot.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._builders: list[Builder] = []

    def shows(self, builder: Builder) -> Builder:
        """A decorator for a function that fills the workspace."""
        self._builders.append(builder)
        return builder

    def world(self) -> World:
        """The tenant with everything in it."""
        world = World(clock=Clock(NOW))
        group = world.subscription("production").resource_group("rg-ml")
        for builder in self._builders:
            builder(group.workspace("ws-" + builder.__name__.strip("_").replace("_", "-")))
        return world


@contextmanager
def playing(world: World, folder: Path) -> Iterator[Scene]:
    """A scene that lasts longer than a test, such as for a module."""
    azure = Bent(world)
    with azure, pytest.MonkeyPatch.context() as patch:
        for name, value in azure.environment.items():
            patch.setenv(name, value)
        scene = Scene(azure, folder)
        yield scene
        scene.close()


def _audience(authorization: str) -> str:
    claims = authorization.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["aud"])


def noting(waits: list[float]) -> Callable[[float], bool]:
    """A way to wait that only notes how long it was to be, and is never stopped."""

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return False

    return wait


def body_of(request: Received) -> dict[str, Any]:
    """The JSON body of a received request."""
    assert isinstance(request.body, dict)
    return request.body


def query_of(request: Received) -> dict[str, str]:
    """The query of a received request, names in lower case."""
    pairs = (part.partition("=") for part in request.query.split("&") if part)
    return {name.lower(): value for name, _, value in pairs}
