"""A stage for each test; snapshot and plan of the usual tenant are made once and copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from actions.deletion.plan import Plan
from actions.session import Limits
from emulator import World
from queries.estate.rows import DeploymentRow
from queries.policy import Policy
from tests.actions.stage import Make, Stage, staged, tenant
from tests.stores import copy_store


@dataclass(frozen=True)
class Seen:
    """What one look at the usual tenant left: a store, and the same store with a plan in it."""

    store: Path
    rows: Mapping[str, DeploymentRow]
    planned_store: Path
    plan: Plan


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """One snapshot of the usual tenant, and a plan to delete what is idle in it."""
    folder = tmp_path_factory.mktemp("seen")
    store = folder / "store.duckdb"
    with staged(folder, tenant()) as stage:
        assert stage.snapshot().status == "complete"
        copy_store(store, folder / "seen.duckdb")
        return Seen(folder / "seen.duckdb", stage.scene.rows(), store, stage.plan())


@pytest.fixture
def stage(tmp_path: Path, seen: Seen) -> Iterator[Stage]:
    """The usual tenant, seen by a snapshot; nothing was asked since."""
    copy_store(seen.store, tmp_path / "store.duckdb")
    with staged(tmp_path, tenant()) as made:
        made.known = seen.rows
        yield made


@pytest.fixture
def planned(tmp_path: Path, seen: Seen) -> Iterator[Stage]:
    """A stage with the plan to delete `fraud/old` made and journalled."""
    copy_store(seen.planned_store, tmp_path / "store.duckdb")
    with staged(tmp_path, tenant()) as made:
        made.known, made.ready = seen.rows, seen.plan
        yield made


@pytest.fixture
def make_stage(tmp_path: Path) -> Iterator[Make]:
    """Stages of other worlds, limits and policies, seen once."""
    with ExitStack() as running:

        def make(world: World, limits: Limits | None = None, policy: Policy | None = None) -> Stage:
            made = running.enter_context(staged(tmp_path, world, limits, policy))
            made.snapshot()
            made.azure.forget()
            return made

        yield make
