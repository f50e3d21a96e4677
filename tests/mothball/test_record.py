"""`mothball record`, and `python -m emulator --replay` on what it kept."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from emulator import Fault, World, steady
from mothball.cli import run
from tests.mothball.shop import OpenShop, Shop, now
from tests.mothball.test_processes import environment


def small(world: World) -> World:
    workspace = world.subscription("contoso").resource_group("rg").workspace("ws")
    endpoint = workspace.endpoint("fraud", traffic={"blue": 100})
    endpoint.deployment("blue", requests=steady(2.0))
    endpoint.deployment("old", environment_variables={"TOKEN": "hunter2-of-contoso"})
    return world


@pytest.fixture
def contoso(open_shop: OpenShop, world: World) -> Shop:
    world.clock.set(now())
    return open_shop(small(world))


def test_it_says_what_it_keeps_and_then_what_it_wrote(contoso: Shop, tmp_path: Path) -> None:
    ran = contoso.run("record", str(tmp_path / "tape"))
    said, reading = ran.err.split("reading", 1)
    assert [line.split(":")[0] for line in said.splitlines()] == ["kept", "replaced", "dropped"]
    assert re.fullmatch(rf"\d+ answers kept in {tmp_path}/tape\n", ran.out)
    assert (ran.code, contoso.store.exists()) == (0, False)
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "tape").rglob("*.*"))
    assert "contoso" not in text.lower()
    assert "hunter2" not in text


def test_what_could_not_be_read_is_named_and_makes_it_partial(
    contoso: Shop, tmp_path: Path
) -> None:
    contoso.azure.faults.add(Fault("forbid", path="locks"))
    ran = contoso.run("record", str(tmp_path / "tape"))
    assert ran.code == 3
    assert "not read: locks " in ran.err


def test_a_failure_is_recorded_and_still_a_failure(contoso: Shop, tmp_path: Path) -> None:
    contoso.azure.faults.add(Fault("forbid", path=r"/subscriptions\?"))
    ran = contoso.run("record", str(tmp_path / "tape"))
    assert (ran.code, ran.out) == (1, f"1 answer kept in {tmp_path}/tape\n")
    assert "until then is recorded" in ran.err


def test_a_folder_that_is_not_empty_is_refused(contoso: Shop, tmp_path: Path) -> None:
    (tmp_path / "tape").mkdir()
    (tmp_path / "tape" / "mine.txt").touch()
    ran = contoso.run("record", str(tmp_path / "tape"))
    assert (ran.code, ran.out) == (4, "")
    assert "is there already" in ran.err


def test_a_subscription_that_is_no_guid_is_wrong_usage(contoso: Shop, tmp_path: Path) -> None:
    ran = contoso.run("record", str(tmp_path / "tape"), "--subscription", "contoso")
    assert (ran.code, (tmp_path / "tape").exists()) == (2, False)


def test_one_subscription_alone_is_replayed_alone(contoso: Shop, tmp_path: Path) -> None:
    own = contoso.world.subscriptions[0].subscription_id
    contoso.world.subscription("other").resource_group("rg").workspace("elsewhere")
    assert contoso.run("record", str(tmp_path / "tape"), "--subscription", own).code == 0
    settings = (tmp_path / "tape" / "config.toml").read_text("utf-8")
    (asked,) = re.findall(r'subscriptions = \["(.*)"\]', settings)
    assert asked != own
    assert asked in (tmp_path / "tape" / "answers" / "00001-arm.json").read_text("utf-8")


@pytest.mark.journey
def test_the_emulator_replays_it_by_the_commands_that_it_prints(
    contoso: Shop,
    tmp_path: Path,
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tape = tmp_path / "tape"
    assert contoso.run("record", str(tape)).code == 0
    serving = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "emulator",
            "--replay",
            str(tape),
            "--directory",
            str(tmp_path / "e"),
        ],
        env=environment(home),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    try:
        lines = [serving.stdout.readline() for _line in range(6)]
        command = shlex.split(next(line for line in lines if "mothball" in line))
        script = (tmp_path / "e" / "environment").read_text("utf-8")
        for name, value in re.findall(r"export (\w+)=(.*)", script):
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        assert run(command[1:]) == 0
        capsys.readouterr()
        assert run(["list", "--format", "csv", "--store", "replay.duckdb"]) == 0
        assert capsys.readouterr().out.count("serving") == 1
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait()
        serving.stdout.close()


def test_a_folder_that_is_no_recording_is_named(home: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "emulator", "--replay", str(home)],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(f"python -m emulator: {home} is no whole recording")
