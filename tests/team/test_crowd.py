"""Many at once, and a server that is killed at any moment."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic

import pytest

from emulator import Workspace, World
from queries.estate.questions import current_deployments
from queries.store.file import StoreFailure
from queries.store.journal import entries, first_broken
from queries.store.maintenance import check_store
from tests.scene import SceneOf
from tests.team.server import Server
from tests.team.stores import new_database

WRITERS, READERS = 10, 10
LONGEST_WAIT_SECONDS = 10
KILLS = 10
# What may be said of a server that is gone, wherever it was just needed.
SAID = ("cannot be reached", "ended the connection", "does not answer")


def test_ten_write_and_ten_read_without_an_error_and_nobody_waits_long(
    scene_of: SceneOf,
    world: World,
    workspace: Workspace,
    postgres: Server,
    tmp_path: Path,
    pytestconfig: pytest.Config,
) -> None:
    database = new_database(postgres, tmp_path)
    endpoint = workspace.endpoint("e")
    endpoint.deployment("d")
    scene = scene_of(world)
    scene.store = database.store()
    scene.snapshot()
    seconds = pytestconfig.getoption("--crowd-seconds")
    parts = ["writes"] * WRITERS + ["reads"] * READERS
    people = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.team.crowd", part, f"{part}-{number}", str(seconds)]
            + [database.catalogue(), str(database.data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number, part in enumerate(parts)
    ]
    for one in people:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n", one.communicate()[1]
    for one in people:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    ended = [one.communicate(timeout=seconds + 120) for one in people]
    assert [error for _said, error in ended if error] == []
    found = [json.loads(said) for said, _error in ended]
    writes = sum(one["times"] for one in found if one["part"] == "writes")
    longest = {
        part: max(one["longest_seconds"] for one in found if one["part"] == part) for part in parts
    }
    print(f"{seconds} s: {writes} writes, {sum(one['times'] for one in found) - writes} reads")
    print(f"longest, in seconds: {longest}")
    assert max(longest.values()) < LONGEST_WAIT_SECONDS
    assert all(one["times"] for one in found)
    assert len(entries(scene.store)) == writes + WRITERS
    assert first_broken(scene.store) is None


def test_a_server_killed_at_any_moment_of_a_snapshot_leaves_it_whole_or_not_there(
    scene_of: SceneOf, world: World, workspace: Workspace, mortal: Server, tmp_path: Path
) -> None:
    endpoint = workspace.endpoint("e", traffic={"d-00": 100})
    for number in range(12):
        endpoint.deployment(f"d-{number:02}")
    scene = scene_of(world)
    scene.store = new_database(mortal, tmp_path).store()
    scene.snapshot()
    began = monotonic()
    scene.snapshot()
    lasts = monotonic() - began
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for kill in range(KILLS):
        endpoint.deployment(f"new-{kill}")
        before = set(scene.rows())
        killer = threading.Timer(chance.uniform(0.05, 0.95) * lasts, mortal.stop)
        killer.start()
        try:
            scene.snapshot()
            said, is_there = "all was well", True
        except StoreFailure as error:
            said, is_there = str(error), False
        killer.join()
        mortal.start()
        print(f"seed {seed}, kill {kill}: {said}")
        assert is_there or any(words in said for words in SAID)
        assert "\n" not in said
        now = set(scene.rows())
        whole = before | {f"e/new-{number}" for number in range(kill + 1)}
        assert now in ([whole] if is_there else [before, whole])
    assert scene.snapshot(resume=True).status == "complete"
    assert len(current_deployments(scene.store)) == 12 + KILLS
    assert first_broken(scene.store) is None
    assert all(one.is_well for one in check_store(scene.store, scene.clock.now()))
