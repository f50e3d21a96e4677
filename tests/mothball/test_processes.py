"""Whole programs: the demo leaves nothing behind, and ctrl+c ends a snapshot in good order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from emulator import World, large_tenant, steady
from queries.intake.snapshots import abandon_snapshot, begin_snapshot
from queries.policy import Policy
from queries.store.file import Store
from queries.vocabulary import NAMES
from tests.mothball.shop import OpenShop, Shop, now

# The batches of the large tenant below, and at which of them it is killed.
WHOLE, KILLED_AT = 72, 66
REGIONS = ("westeurope", "northeurope", "eastus", "swedencentral", "uksouth", "centralindia")


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    root = str(Path(__file__).parents[2])
    return {**kept, "HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": root, **(more or {})}


@pytest.mark.journey
def test_the_demo_prints_its_findings_and_leaves_nothing_behind(home: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "mothball", "demo", "--no-tui"],
        env=environment(home),
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    assert set(NAMES) <= set(ran.stdout.split()), "emulator/samples/ shows not every verdict"
    assert "serve nobody" in ran.stdout
    assert [path for path in home.rglob("*") if path.is_file()] == []
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "instead"), [([], "mothball list"), (["demo"], "mothball demo --no-tui")]
)
def test_the_interface_without_a_terminal_ends_at_once_with_one_sentence(
    home: Path, arguments: list[str], instead: str
) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "mothball", *arguments],
        env=environment(home),
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 2
    assert ran.stdout == ""
    text = f"mothball: the interface needs a terminal: `{instead}` prints its table\n"
    assert ran.stderr == text


def six_regions() -> World:
    world = World()
    group = world.subscription("production").resource_group("rg")
    for region in REGIONS:
        endpoint = group.workspace(f"ws-{region}", region=region).endpoint(
            "e", traffic={"live": 100}
        )
        endpoint.deployment("live", requests=steady(1.0))
        endpoint.deployment("idle")
    world.clock.set(now())
    return world


def metrics_asked(shop: Shop) -> int:
    return sum("metrics:getBatch" in request.path for request in shop.azure.requests)


def snapshot(shop: Shop, home: Path) -> subprocess.Popen[str]:
    options = ["--store", str(shop.store), "--cloud", str(shop.azure.profile)]
    return subprocess.Popen(
        [sys.executable, "-m", "mothball", "snapshot", "--cost-months", "0", *options],
        env=environment(home, shop.azure.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def errors_of(process: subprocess.Popen[str]) -> str:
    """The next line of what it says of errors and progress; empty at the end."""
    assert process.stderr is not None
    return process.stderr.readline()


def test_a_sign_in_that_fails_shows_no_log_line_of_a_library(
    open_shop: OpenShop, home: Path
) -> None:
    shop = open_shop(World())
    ran = subprocess.run(
        [sys.executable, "-m", "mothball", "doctor", "--cloud", str(shop.azure.profile)],
        env=environment(home, shop.azure.environment | {"AZURE_CLIENT_SECRET": "wrong"}),
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "sign-in" in ran.stdout
    assert ran.stderr == ""


@pytest.mark.journey
def test_ctrl_c_stops_a_snapshot_cleanly_and_resume_asks_less(
    open_shop: OpenShop, home: Path
) -> None:
    shop = open_shop(six_regions())
    assert shop.run("snapshot").code == 0
    whole = metrics_asked(shop)
    shop.store.unlink()
    shop.azure.forget()
    running: list[subprocess.Popen[str]] = []
    heard: list[str] = []
    asked = [0]

    def interrupt(_world: World) -> None:
        """Nothing more is answered until the program says that it has heard."""
        asked[0] += 1
        if asked[0] == whole // 2:
            running[0].send_signal(signal.SIGINT)
            while "ctrl+c again" not in "".join(heard) and (line := errors_of(running[0])):
                heard.append(line)
            has_heard.set()

    has_heard = threading.Event()
    shop.azure.before("POST", "metrics:getBatch", interrupt, times=None)
    with shop.azure.lock:
        running.append(snapshot(shop, home))
    assert has_heard.wait(60)
    with running[0] as process:
        assert process.stdout is not None
        assert process.stderr is not None
        err, out = "".join(heard) + process.stderr.read(), process.stdout.read()
    assert process.returncode == 1, err
    assert out == ""
    assert "Traceback" not in err
    assert "--resume" in err.strip().splitlines()[-1]
    assert metrics_asked(shop) < whole
    assert shop.run("list").code in (0, 1)
    shop.azure.forget()
    result = shop.run("snapshot", "--resume", "--format", "json")
    assert (result.code, result.json["status"]) == (0, "complete")
    assert 0 < metrics_asked(shop) < whole
    rows = shop.rows()
    assert {row["verdict"] for row in rows.values()} >= {"serving"}
    assert len(rows) == 2 * len(REGIONS)
    assert not any(row["verdict"] == "unknown" for row in rows.values())


def test_the_program_by_its_module_exits_with_its_code(shop: Shop, home: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "mothball", "list", "--store", str(shop.store), "--fail-on", "idle"],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 5
    assert "idle" in ran.stdout
    assert ran.stderr == ""


@pytest.mark.journey
def test_a_snapshot_that_was_killed_is_told_apart_and_resumed_by_what_it_left(
    open_shop: OpenShop, home: Path
) -> None:
    shop = open_shop(large_tenant(3_000, workspaces=6, endpoints=600, regions=2, now=now()))
    running: list[subprocess.Popen[str]] = []
    asked = [0]

    def kill(_world: World) -> None:
        """Let it have all but a few answers."""
        asked[0] += 1
        if asked[0] == KILLED_AT:
            running[0].kill()

    shop.azure.before("POST", "metrics:getBatch", kill, times=None)
    with shop.azure.lock:
        running.append(snapshot(shop, home))
    with running[0] as process:
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    refused = shop.run("list")
    assert (refused.code, refused.out) == (1, "")
    assert "no finished snapshot" in refused.err
    assert "mothball snapshot --resume" in refused.err
    assert "the newest is not finished" in shop.run("store", "check").out
    shop.azure.forget()
    result = shop.run("snapshot", "--format", "json", "--cost-months", "0", "--resume")
    assert (result.code, result.json["status"]) == (0, "complete")
    assert result.json["deployments"] == 3_000
    # What came last may not have been kept yet.
    assert WHOLE - KILLED_AT <= metrics_asked(shop) < WHOLE
    assert "not finished" not in shop.run("store", "check").out
    assert "was cut off" not in shop.run("list").err


def test_what_is_listed_says_that_a_later_snapshot_was_not_finished(shop: Shop) -> None:
    before = shop.run("list")
    assert "nothing of it is shown" not in before.err
    begun = begin_snapshot(Store(shop.store), "emulator", None, Policy(), "snapshot", now())
    assert "was cut off: nothing of it is shown" in shop.run("list").err
    abandon_snapshot(Store(shop.store), begun.snapshot_id)
    after = shop.run("list")
    assert "was stopped before its end: nothing of it is shown" in after.err
    assert after.out == before.out
