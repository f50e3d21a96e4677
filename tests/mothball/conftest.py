"""A home of its own for every test, and a shop whose snapshot is taken once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from emulator import Emulator, World
from mothball.cli import run
from tests.mothball.shop import OpenShop, Shop, estate, now
from tests.stores import copy_store, options_for

VARIABLES = ("STORE", "CONFIG", "CLOUD", "READ_ONLY", "DEBUG")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the user's is read or written."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in VARIABLES:
        monkeypatch.delenv(f"MOTHBALL_{name}", raising=False)
    return folder


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Emulator, Path]]:
    """An estate that no test changes, and the store of one snapshot of it."""
    folder = tmp_path_factory.mktemp("shop")
    with Emulator(estate(now())) as azure, pytest.MonkeyPatch.context() as environment:
        sign_in(environment, azure)
        store = folder / "seen.duckdb"
        given = [*options_for(store), "--cloud", str(azure.profile), "--cost-months", "0"]
        assert run(["snapshot", *given]) == 0
        yield azure, store


@pytest.fixture
def shop(
    seen: tuple[Emulator, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shop:
    """The estate that no test changes, with a copy of its store."""
    azure, store = seen
    sign_in(monkeypatch, azure)
    azure.forget()
    copy_store(store, tmp_path / "store.duckdb")
    return Shop(azure, tmp_path / "store.duckdb", capsys)


@pytest.fixture
def open_shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[OpenShop]:
    """Opens a shop of one's own on a world; no snapshot was taken yet."""
    with ExitStack() as running:

        def start(world: World) -> Shop:
            azure = running.enter_context(Emulator(world))
            sign_in(monkeypatch, azure)
            return Shop(azure, tmp_path / "own.duckdb", capsys)

        yield start


@pytest.fixture
def own(open_shop: OpenShop, seen: tuple[Emulator, Path]) -> Shop:
    """An estate that the test may change, already seen by a snapshot."""
    made = open_shop(estate(now()))
    # The same tenant, so the snapshot of the other one covers this one too.
    copy_store(seen[1], made.store)
    return made


def sign_in(environment: pytest.MonkeyPatch, azure: Emulator) -> None:
    """The variables by which the real credential signs in."""
    for name, value in azure.environment.items():
        environment.setenv(name, value)
