"""Ctrl+c ends every stage within a second, and leaves the store and the journal whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from emulator import Fault
from tests.mothball.shop import Result, Shop
from tests.mothball.test_processes import environment

FOR_GOOD = 600
# A second is what a person waits for; the rest is what a busy machine needs to end a program.
AT_ONCE_SECONDS = 6.0
METRICS, TAIL = "metrics:getBatch", "/deployments/old"
LONG = (
    "select sum(a.range * b.range) from range(100000000) a, range(100000000) b"
    " where a.range % 7 = b.range % 11"
)


class Run:
    """The command line in a process of its own."""

    def __init__(self, shop: Shop, home: Path, *words: str) -> None:
        """Start it; `words` are the command."""
        self.shop = shop
        shop.azure.faults.taken.clear()
        options = ["--store", str(shop.store), "--cloud", str(shop.azure.profile)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mothball", *words, *options],
            env=environment(home, shop.azure.environment),
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def press(self, times: int = 1) -> Result:
        """Press ctrl+c, and wait for the end."""
        pressed_at = time.monotonic()
        for time_of_it in range(times):
            if time_of_it:
                self._wait_for(0.2)  # two at the same instant are one to the system
            self.process.send_signal(signal.SIGINT)
        try:
            out, err = self.process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        assert time.monotonic() - pressed_at < AT_ONCE_SECONDS, err
        assert "Traceback" not in err
        return Result(self.process.returncode, out, err)

    def _wait_for(self, seconds: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)

    def press_when_it_hangs(self) -> Result:
        """Press once Azure has the request that it does not answer."""
        assert self.shop.azure.faults.taken.wait(120)
        return self.press()


@pytest.mark.journey
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/oauth2/", ["snapshot"]),
        ("/oauth2/", ["doctor"]),
        ("Microsoft.ResourceGraph", ["snapshot"]),
        (METRICS, ["snapshot", "--cost-months", "0"]),
        ("CostManagement/query", ["snapshot"]),
        ("Microsoft.ResourceGraph", ["doctor"]),
        ("^/subscriptions/", ["delete", "ws/fraud/old"]),
    ],
)
def test_ctrl_c_ends_what_waits_for_an_answer_that_never_comes(
    own: Shop, home: Path, path: str, words: list[str]
) -> None:
    own.azure.faults.add(Fault("slow", path, delay_seconds=FOR_GOOD))
    result = Run(own, home, *words).press_when_it_hangs()
    assert result.code == 1
    assert "stopped" in result.err.strip().splitlines()[-1]
    assert own.azure.writes == []
    own.azure.faults.clear()
    assert own.run("list").code in (0, 3)


@pytest.mark.journey
def test_ctrl_c_ends_the_wait_of_the_cost_queries(own: Shop, home: Path) -> None:
    own.azure.faults.add(Fault("throttle", "CostManagement/query", retry_after=120))
    result = Run(own, home, "snapshot").press_when_it_hangs()
    assert result.code == 1
    assert "--resume" in result.err.strip().splitlines()[-1]


@pytest.mark.journey
def test_ctrl_c_before_the_delete_leaves_everything(own: Shop, home: Path) -> None:
    words = ["delete", "ws/fraud/old", "--confirm", "ws/fraud/old"]
    own.azure.faults.add(Fault("slow", METRICS, delay_seconds=FOR_GOOD))
    result = Run(own, home, *words).press_when_it_hangs()
    assert result.code == 1
    assert own.azure.writes == []
    own.azure.faults.clear()
    assert own.run(*words).code == 0


@pytest.mark.journey
@pytest.mark.parametrize("is_taken", [True, False], ids=["polled", "not answered"])
def test_ctrl_c_after_the_delete_leaves_it_to_the_next_run(
    own: Shop, home: Path, is_taken: bool
) -> None:
    own.world.polls_until_done = 10**6
    fault = Fault("slow", "operationsStatus|operations/|" + TAIL, delay_seconds=FOR_GOOD)
    fault.method = "GET" if is_taken else "DELETE"
    own.azure.before("DELETE", TAIL, lambda _world: own.azure.faults.add(fault))
    if not is_taken:
        own.azure.faults.add(fault)
    words = ["delete", "ws/fraud/old", "--confirm", "ws/fraud/old", "--format", "json"]
    result = Run(own, home, *words).press_when_it_hangs()
    assert result.code == 1
    assert [target["outcome"] for target in json.loads(result.out)["targets"]] == ["unverified"]
    own.azure.faults.clear()
    own.world.polls_until_done = 1
    with own.azure.lock:
        for operation in own.world.operations.values():
            own.world.end(operation)
    assert own.run(*words).code == 0
    assert [row["outcome"] for row in own.journal()].count("deleted") == 1
    assert own.run("journal", "verify").code == 0


@pytest.mark.journey
def test_ctrl_c_ends_a_restore_and_the_next_one_goes_on(own: Shop, home: Path) -> None:
    assert own.run("delete", "ws/fraud/old", "--confirm", "ws/fraud/old").code == 0
    (archive,) = own.run("archives", "--format", "json").json
    words = ["restore", archive["name"], "--confirm", "ws/fraud/old", "--format", "json"]
    fault = Fault("slow", TAIL, method="PUT", delay_seconds=FOR_GOOD)
    own.azure.faults.add(fault)
    result = Run(own, home, *words).press_when_it_hangs()
    assert result.code == 1, result.err
    assert json.loads(result.out)["outcome"] == "unverified"
    own.azure.faults.clear()
    assert own.run("journal", "verify").code == 0


@pytest.mark.journey
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_ends_a_query_that_has_no_end(shop: Shop, home: Path, times: int) -> None:
    run = Run(shop, home, "sql", LONG)
    while not _is_at_work(run.process.pid):
        assert run.process.poll() is None
        time.sleep(0.1)
    result = run.press(times)
    assert result.code == 1
    assert result.err.strip().splitlines()[-1] == "stopped"
    assert shop.run("list").code in (0, 3)


def _is_at_work(process: int) -> bool:
    """Whether it has spent more of the processor than a start needs."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") > 3
