"""What the tests of the rooms stand on: a clock, a tenant to fill, and a scene that plays it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from collectors.connection.cloud import Cloud
from collectors.connection.reading import Reader
from emulator import Clock, Workspace, World
from queries.store.file import Store
from tests.scene import NOW, AzureOf, Bent, Scene, SceneOf
from tests.stores import KIND, KINDS
from tests.team.server import Server, add_people, missing, serving

# Where no bytecode may be written, each worker and each program that a test starts compiles
# the product and its libraries anew, which takes longer than most tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# An example's time by the clock says how busy the machine is, and nothing of the product.
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which kind of store scenes, stages and shops have."""
    parser.addoption("--store", choices=KINDS, default=KINDS[0], help="The kind of every store.")
    parser.addoption("--crowd-seconds", type=int, default=20, help="How long many work at once.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever asks for a PostgreSQL is a test of a team's store; what is of a file is none."""
    for item in items:
        if {"postgres", "mortal"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.team)
    if config.getoption("--store") == "shared":
        of_a_file = [item for item in items if item.get_closest_marker("of_a_file")]
        config.hook.pytest_deselected(items=of_a_file)
        items[:] = [item for item in items if item not in of_a_file]


@pytest.fixture(scope="session", autouse=True)
def kind_of_stores(pytestconfig: pytest.Config) -> Iterator[None]:
    """Files, or with `--store=shared` what a team shares, on a server of its own."""
    with ExitStack() as running:
        if pytestconfig.getoption("--store") == "shared":
            KIND.start = lambda: running.enter_context(serving())
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL in which some people may sign in, by libpq's password file."""
    lacking = missing()
    if lacking is not None:
        pytest.skip(lacking)
    with serving() as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv("PGPASSFILE", str(server.password_file))
        add_people(server)
        yield server


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still at NOW until it is moved."""
    return Clock(NOW)


@pytest.fixture
def world(clock: Clock) -> World:
    """An empty tenant; fill it before (or while) a scene plays it."""
    return World(clock=clock)


@pytest.fixture
def workspace(world: World) -> Workspace:
    """A workspace in a group of a subscription, none of them tagged."""
    return world.subscription("production").resource_group("rg-ml").workspace("ws")


@pytest.fixture
def azure_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[AzureOf]:
    """Starts an emulator on a tenant and sets the environment that signs in to it."""
    with ExitStack() as running:

        def start(world: World) -> Bent:
            azure = Bent(world)
            running.enter_context(azure)
            for name, value in azure.environment.items():
                monkeypatch.setenv(name, value)
            return azure

        yield start


@pytest.fixture
def scene_of(azure_of: AzureOf, tmp_path: Path) -> Iterator[SceneOf]:
    """Plays a tenant: emulator, sign-in, store and operator in one."""
    with ExitStack() as running:

        def play(world: World) -> Scene:
            scene = Scene(azure_of(world), tmp_path)
            running.callback(scene.close)
            return scene

        yield play


@pytest.fixture
def scene(scene_of: SceneOf, world: World) -> Scene:
    """The scene of `world`."""
    return scene_of(world)


@pytest.fixture
def azure(scene: Scene) -> Bent:
    """The emulator that plays `world`."""
    return scene.azure


@pytest.fixture
def cloud(scene: Scene) -> Cloud:
    """The profile that points at `world`."""
    return scene.cloud


@pytest.fixture
def reader(scene: Scene) -> Iterator[Reader]:
    """A reading connection to `world` whose waits are noted in `scene.waits`."""
    with scene.reader() as reading:
        yield reading


@pytest.fixture
def store(scene: Scene) -> Store:
    """The (still missing) store of the scene."""
    return scene.store
