"""Records a scene and plays it back: the two snapshots of one tenant, side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from actions.recording.record import Recorded, Wanted, record
from actions.session import Limits, Session
from actions.snapshot.collect import collect
from actions.snapshot.request import request_by_settings
from actions.snapshot.take import SnapshotReport
from collectors.connection.exchanges import Exchange
from collectors.connection.pace import Budget
from collectors.connection.patience import Patience, Stop, Waiting
from collectors.connection.reading import Reader
from collectors.connection.signin import credential_for
from collectors.records import key_of
from emulator import Replay
from mothball.profiles import cloud_named
from queries.estate.questions import current_deployments
from queries.estate.rows import DeploymentRow
from queries.policy import Policy
from queries.store.file import Store
from tests.scene import Scene


class Hurried(Stop):
    """Waits that end at once; `time` is what they would have taken."""

    def __init__(self) -> None:
        """Begin at nought."""
        super().__init__()
        self.time = 0.0

    def wait(self, seconds: float) -> bool:
        """Let the time be over."""
        self.time += seconds
        return self.is_set()


class HurriedSession(Session):
    """A session whose readers wait by a time of their own."""

    def reader(self, stop: Stop | None = None, report: Waiting | None = None) -> Reader:
        """A reader that waits as `stop` does, if that is hurried."""
        assert isinstance(stop, Hurried)
        hurried = stop
        budget = Budget(lambda: hurried.time)
        patience = Patience(hurried.wait, report, clock=lambda: hurried.time)
        cloud, hearing = self.cloud, self.hearing
        return Reader(cloud, self.sign_in(), hurried, report, patience, budget, hearing)


def session_of(scene: Scene, policy: Policy | None = None) -> HurriedSession:
    """Somebody on the scene's tenant who never waits."""
    own = scene.session(policy=policy)
    return HurriedSession(**{one.name: getattr(own, one.name) for one in fields(own)})


def taped(scene: Scene, policy: Policy | None = None, stop: Hurried | None = None) -> Recorded:
    """The scene's tenant, recorded into the folder `tape` of the scene."""
    session = session_of(scene, policy)
    quiet = (lambda _what, _done, _of: None), (lambda _kind, _seconds: None)
    return record(session, scene.folder / "tape", Wanted(), "a test", stop or Hurried(), *quiet)


def seen_by(session: Session) -> tuple[SnapshotReport, list[Exchange]]:
    """A snapshot with its money, and every exchange that it was made of."""
    heard: list[Exchange] = []
    session = replace(session, hearing=heard.append)
    wanted = request_by_settings(session)
    report = collect(
        session, wanted, Hurried(), lambda _what, _done, _of: None, lambda _kind, _seconds: None
    )
    return report, heard


@contextmanager
def replayed(folder: Path, at: Path) -> Iterator[tuple[Session, Replay]]:
    """Somebody who has nothing but the recording in `folder`; what they make goes into `at`."""
    with Replay(folder) as azure, pytest.MonkeyPatch.context() as environment:
        for name, value in azure.environment.items():
            environment.setenv(name, value)
        cloud = cloud_named(str(azure.profile))
        assert cloud.now is not None
        credential, now = credential_for(cloud), cloud.now
        session = HurriedSession(
            store=Store(at / "replayed.duckdb"),
            cloud=cloud,
            sign_in=lambda: credential,
            policy=Policy(),
            limits=Limits(),
            archive_folder=at / "archives",
            now=lambda: now,
        )
        yield session, azure
        credential.close()  # type: ignore[attr-defined]


def rows_of(store: Store) -> dict[str, DeploymentRow]:
    """The current rows by key."""
    return {key_of(row.id): row for row in current_deployments(store)}


def text_of(folder: Path) -> str:
    """All that stands in a recording."""
    return "\n".join(
        path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.is_file()
    )


def exchanges_of(folder: Path) -> list[dict[str, Any]]:
    """The recorded exchanges in their order."""
    return [json.loads(path.read_text("utf-8")) for path in sorted((folder / "answers").iterdir())]


def graph_ids(bodies: list[Any]) -> list[str]:
    """The ids of Resource Graph's rows, in the order in which they came."""
    return [key_of(row["id"]) for body in bodies for row in body["data"]]
