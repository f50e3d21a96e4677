"""A small tenant with one deployment that may be deleted, and the hands that may do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path

import pytest

from actions.deletion.delete import delete, plan_deletion
from actions.deletion.plan import Check, Plan, PlannedTarget
from actions.session import Limits, Session
from actions.snapshot.take import SnapshotReport
from actions.states import Progress, Remark
from collectors.connection.patience import Stop, Waiting
from collectors.connection.reading import Reader
from emulator import Clock, Deployment, Emulator, Endpoint, Fault, World, Write, steady
from queries.estate.rows import DeploymentRow
from queries.policy import Policy
from queries.store.journal import Entry, entries
from tests.scene import NOW, Bent, Scene, day, noting

DAY = timedelta(days=1)
SECRET = "hunter2-of-the-environment"
OLD = "/onlineEndpoints/fraud/deployments/old"
# The guard lists the deployments and never asks for one alone: the first GET of it is the
# archive's, the second the last read before the DELETE.
ONE_READ = OLD + r"\?"
METRICS = "metrics:getBatch"
LOCKS = "Microsoft.Authorization/locks"
POLLS = "mfeOperation"
NO_ANSWERS = {
    "a page of a proxy": Fault("garble", POLLS),
    "a page of a proxy elsewhere": Fault("answer", POLLS, status=302, body=b"<html></html>"),
    "204": Fault("answer", POLLS, status=204),
    "an empty body": Fault("answer", POLLS),
    "null": Fault("answer", POLLS, body=b"null"),
    "a list": Fault("answer", POLLS, body=[]),
    "a text": Fault("answer", POLLS, body="Succeeded"),
    "an object without a status": Fault("answer", POLLS, body={}),
    "a status that is no text": Fault("answer", POLLS, body={"status": {"code": 5}}),
    "a status that is empty": Fault("answer", POLLS, body={"status": " "}),
    "cut": Fault("answer", POLLS, body=b'{"status": "Succee'),
}
no_answers = pytest.mark.parametrize("fault", NO_ANSWERS.values(), ids=list(NO_ANSWERS))
Change = Callable[[World], object]
# Hour by hour, a week is proof enough for most tests and read in half the time of 35 days.
WEEK = Policy(window_days=7)
DUE = {"role": "retire", "mothball-retire-after": day(0)}


def tenant() -> World:
    """An endpoint with live blue, its rollback green, and old, which is idle and due."""
    world = World(clock=Clock(NOW))
    group = world.subscription("production").resource_group("rg-ML")
    endpoint = group.workspace("ws").endpoint("fraud", traffic={"blue": 100})
    endpoint.deployment("blue", requests=steady(3.0))
    endpoint.deployment("green", tags={"role": "rollback"})
    endpoint.deployment("old", tags=DUE, environment_variables={"API_TOKEN": SECRET})
    return world


@dataclass(frozen=True, slots=True, kw_only=True)
class Hurried(Session):
    """An operator whose connections repeat a question as ever, but do not wait in between."""

    hurry: Callable[[], Reader]

    def reader(self, stop: Stop | None = None, report: Waiting | None = None) -> Reader:
        return self.hurry()


@dataclass
class Stage:
    """A scene and the operator on it, with what a test of a deletion asks again and again.

    `known` are the rows of the newest snapshot and `ready` the plan for `fraud/old` (journalled),
    where a fixture has read and made them before.
    """

    scene: Scene
    session: Session
    stages: list[str] = field(default_factory=list)
    due: dict[str, Change] = field(default_factory=dict)
    known: Mapping[str, DeploymentRow] | None = None
    ready: Plan | None = None

    @property
    def azure(self) -> Emulator:
        return self.scene.azure

    @property
    def clock(self) -> Clock:
        return self.scene.clock

    @property
    def world(self) -> World:
        return self.scene.world

    @property
    def endpoint(self) -> Endpoint:
        found = self.world.find("ws/fraud")
        assert isinstance(found, Endpoint)
        return found

    def deployment(self, path: str = "ws/fraud/old") -> Deployment:
        found = self.world.find(path)
        assert isinstance(found, Deployment)
        return found

    def snapshot(self) -> SnapshotReport:
        self.known = self.ready = None
        return self.scene.snapshot(policy=self.session.policy)

    def rows(self, *names: str) -> list[DeploymentRow]:
        known = self.known or self.scene.rows()
        return [known[name] for name in names or ("fraud/old",)]

    def plan(self, *names: str, overrides: Mapping[str, str] | None = None) -> Plan:
        return plan_deletion(self.session, self.rows(*names), overrides)

    def delete(
        self,
        *names: str,
        overrides: Mapping[str, str] | None = None,
        plan: Plan | None = None,
        phrase: str | None = None,
    ) -> Plan:
        ready = None if names or overrides else self.ready
        planned = plan or ready or self.plan(*names, overrides=overrides)
        result = planned.phrase if phrase is None else phrase
        return delete(self.session, planned, result, overrides or {}, self._report)

    def delete_one(self, *name: str, overrides: Mapping[str, str] | None = None) -> PlannedTarget:
        (target,) = self.delete(*name, overrides=overrides).targets
        return target

    def when(self, stage: str, change: Change) -> None:
        """Change the tenant when a deletion tells that it has come to this stage."""
        self.due[stage] = change

    def journal(self) -> list[Entry]:
        return entries(self.session.store)

    def outcomes(self) -> list[str]:
        return [entry.outcome for entry in self.journal()]

    @property
    def writes(self) -> list[Write]:
        return list(self.azure.writes)

    def archives(self) -> list[Path]:
        root = self.session.archive_folder
        return sorted(root.iterdir()) if root.is_dir() else []

    def _report(self, _target: PlannedTarget, progress: Progress) -> None:
        stage = progress.text if isinstance(progress, Remark) else progress
        self.stages.append(stage)
        change = self.due.pop(stage, None)
        if change is not None:
            with self.azure.lock:
                change(self.world)


Make = Callable[..., Stage]


@contextmanager
def staged(
    folder: Path,
    world: World,
    limits: Limits | None = None,
    policy: Policy | None = None,
) -> Iterator[Stage]:
    """Serve a world, signed in, with a store in `folder`; nothing is read yet."""
    policy = policy or WEEK
    azure = Bent(world)
    with azure, pytest.MonkeyPatch.context() as environment:
        for name, value in azure.environment.items():
            environment.setenv(name, value)
        scene = Scene(azure, folder)
        try:
            given = scene.session(limits, policy)
            values = {one.name: getattr(given, one.name) for one in fields(Session)}
            values["wait"] = noting(scene.waits)
            yield Stage(scene, Hurried(**values, hurry=scene.reader))
        finally:
            scene.close()


def check_of(target: PlannedTarget, name: str) -> Check:
    """One check of a target."""
    return next(check for check in target.checks if check.check == name)


def assert_refused(stage: Stage, target: PlannedTarget, *checks: str) -> None:
    """Refused by these checks alone, nothing sent, and the journal says why."""
    assert target.outcome == "refused", target.message
    assert {found.check for found in target.obstacles} == set(checks)
    assert_nothing_written(stage)
    last = stage.journal()[-1]
    assert last.outcome == "refused"
    assert all(check in (last.reason or "") for check in checks)


def assert_nothing_written(stage: Stage) -> None:
    """Azure got no write."""
    assert stage.writes == []


def recreate(world: World) -> None:
    """Somebody deletes `old` and creates another one of that name."""
    endpoint = world.find("ws/fraud")
    now = world.clock.now()
    endpoint.remove(world.find("ws/fraud/old"), now)
    endpoint.deployment("old", tags=DUE, created_at=now)
