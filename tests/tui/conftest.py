"""The sample tenant, snapshotted once; each test has a copy of the store and its own Azure."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from actions.session import Limits, Session
from emulator import Clock, Emulator, sample_tenant
from tests.tui.demo import NOW, SEEN_AT, fill, session_for, signed_in
from tests.tui.kept_answers import kept_answers
from tests.tui.scenes import AGES_DAYS
from tui.app import MothballApp

MakeApp = Callable[..., MothballApp]


@pytest.fixture(scope="session", autouse=True)
def read_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """Among the quick tests a store that nobody changed is read once; the journeys read it anew."""
    with kept_answers() if request.config.option.markexpr == "not journey" else nullcontext():
        yield


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "store.duckdb"
    fill(path)
    return path


@pytest.fixture(scope="session")
def long_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three snapshots: of 14 October, 3 November and 23 November."""
    path = tmp_path_factory.mktemp("long") / "store.duckdb"
    fill(path, ages_days=AGES_DAYS)
    return path


@pytest.fixture
def session_with_past(azure: Emulator, long_store: Path, tmp_path: Path, clock: Clock) -> Session:
    store = Path(shutil.copy2(long_store, tmp_path / "long.duckdb"))
    return session_for(azure, store, clock)


@pytest.fixture
def app_with_past(session_with_past: Session) -> MothballApp:
    return MothballApp(session_with_past)


@pytest.fixture
def store(sample_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy2(sample_store, tmp_path / "store.duckdb"))


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def azure(clock: Clock) -> Iterator[Emulator]:
    with Emulator(sample_tenant(SEEN_AT), clock=clock) as running, signed_in(running):
        yield running


@pytest.fixture
def session(azure: Emulator, store: Path, clock: Clock) -> Session:
    return session_for(azure, store, clock)


@pytest.fixture
def app(session: Session) -> MothballApp:
    return MothballApp(session)


@pytest.fixture
def app_within(azure: Emulator, store: Path, clock: Clock) -> Callable[[Limits], MothballApp]:
    return lambda limits: MothballApp(session_for(azure, store, clock, limits))


@pytest.fixture
def app_without_store(azure: Emulator, tmp_path: Path, clock: Clock) -> MothballApp:
    return MothballApp(session_for(azure, tmp_path / "none.duckdb", clock))
