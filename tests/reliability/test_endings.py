"""Ended at each stage, Mothball leaves the terminal as it was, and a store that opens."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no such terminal", allow_module_level=True)

from emulator import Emulator
from tests.reliability.endings import MEANS, STAGES, Place, Stage, end
from tests.reliability.kills import estate

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A tenant, and the store of a snapshot of it."""
    with Emulator(estate()) as azure:
        place = Place(azure, tmp_path_factory.mktemp("seen"))
        program = place.program("snapshot", "--cost-months", "0")
        assert program.end() == 0
        program.close()
        yield place


@pytest.fixture
def place(seen: Place, tmp_path: Path) -> Iterator[Place]:
    """The same with a store of its own; what was deleted comes back."""
    place = Place(seen.azure, tmp_path)
    shutil.copy(seen.store, place.store)
    seen.azure.forget()
    yield place
    place.settle()
    world = seen.azure.world
    if world.lookup(world.find("ws/endpoint-0").id + "/deployments/old") is None:
        tags = world.find("ws/endpoint-1/old").tags
        world.find("ws/endpoint-0").deployment("old", tags=dict(tags))


@pytest.mark.parametrize("means", MEANS)
@pytest.mark.parametrize("stage", STAGES, ids=[stage.what for stage in STAGES])
def test_the_terminal_is_as_it_was_and_the_store_is_whole(
    place: Place, stage: Stage, means: str
) -> None:
    with stage.reached(place) as program:
        try:
            code = end(program, stage, means)
            assert program.left_behind() == []
        finally:
            program.close()
    assert code == (stage.by_sigterm if means == "SIGTERM" else stage.by_ctrl_c), program.written
    assert b"Traceback" not in program.written
    place.settle()
    place.assert_whole()
    assert len(place.azure.writes) <= 1
    assert not list(place.folder.glob(".mothball-*"))
