"""A run that is killed again and again: each deletion is done once, and nothing else goes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from emulator import Clock, World, steady
from tests.mothball.shop import OpenShop, Shop, now
from tests.mothball.test_processes import environment

BATCH = 10
KILLS = 20
SETTINGS = """\
window_days = 7

[brakes]
targets = 10
share_of_endpoint = 1.0
share_of_tenant = 1.0
share_of_money = 1.0
"""


def estate() -> World:
    """Ten endpoints, each with one deployment that is asked, its rollback, and one that is due."""
    at = now()
    world = World(clock=Clock.running(at))
    workspace = world.subscription("production").resource_group("rg").workspace("ws")
    due = (at - timedelta(days=1)).date().isoformat()
    for number in range(BATCH):
        endpoint = workspace.endpoint(f"endpoint-{number}", traffic={"live": 100})
        endpoint.deployment("live", requests=steady(3.0))
        endpoint.deployment("fallback", tags={"role": "rollback"})
        endpoint.deployment("old", tags={"role": "retire", "mothball-retire-after": due})
    return world


class Victim:
    """The command line in a process of its own, which may be killed at or soon after a request."""

    def __init__(self, shop: Shop, home: Path) -> None:
        self._shop = shop
        self._home = home
        self._settings = home / "settings.toml"
        self._settings.write_text(SETTINGS)
        self._process: subprocess.Popen[str] | None = None
        self._left = 0
        self._delay = 0.0
        shop.azure.before(do=self._count, times=None)

    def run(
        self, *words: str, killed_at: int = 0, after_seconds: float = 0.0
    ) -> subprocess.CompletedProcess[str]:
        """Run it; kill it so long after Azure got its request of that number (0: never).

        Archive and journal are written between two requests: a delay meets them too.
        """
        shop = self._shop
        shop.azure.forget()
        with shop.azure.lock:
            # Azure goes on by itself with what a killed run does not ask for any more.
            for operation in shop.world.operations.values():
                shop.world.end(operation)
        options = ["--store", str(shop.store), "--cloud", str(shop.azure.profile)]
        self._left, self._delay = killed_at, after_seconds
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mothball", *words, *options, "--config", str(self._settings)],
            env=environment(self._home, shop.azure.environment),
            cwd=self._home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        out, err = self._process.communicate(timeout=240)
        self._left = 0
        return subprocess.CompletedProcess(words, self._process.returncode, out, err)

    def _count(self, _world: World) -> None:
        self._left -= 1
        if self._left == 0 and self._process is not None:
            if self._delay:
                threading.Timer(self._delay, self._process.send_signal, [signal.SIGKILL]).start()
            else:
                os.kill(self._process.pid, signal.SIGKILL)


@pytest.mark.journey
def test_a_batch_that_is_killed_twenty_times_does_each_deletion_once(
    open_shop: OpenShop, home: Path
) -> None:
    shop = open_shop(estate())
    victim = Victim(shop, home)
    assert victim.run("snapshot", "--cost-months", "0").returncode == 0
    targets = [f"ws/endpoint-{number}/old" for number in range(BATCH)]
    plan = json.loads(victim.run("delete", *targets, "--format", "json").stdout)
    confirmed = ["delete", *targets, "--confirm", plan["phrase"], "--format", "json"]
    chance, sent, codes = random.Random(7), Counter[str](), list[int]()
    for _kill in range(KILLS):
        # Signing in and one target take about thirty requests: any stage of one may be met.
        delay = chance.choice((0.0, chance.uniform(0.0, 0.2)))
        ended = victim.run(*confirmed, killed_at=chance.randint(1, 65), after_seconds=delay)
        sent.update(write.path.lower() for write in shop.azure.writes)
        codes.append(ended.returncode)
        assert "Traceback" not in ended.stderr, ended.stderr
    assert codes.count(-signal.SIGKILL) == KILLS, codes
    last = victim.run(*confirmed)
    sent.update(write.path.lower() for write in shop.azure.writes)
    assert last.returncode == 0, last.stderr
    assert [t["outcome"] for t in json.loads(last.stdout)["targets"]] == ["deleted"] * BATCH
    _assert_done_once(shop, sent)


def _assert_done_once(shop: Shop, sent: Counter[str]) -> None:
    assert len(sent) == BATCH
    assert set(sent.values()) == {1}
    assert all(path.endswith("/deployments/old") for path in sent)
    for number in range(BATCH):
        with pytest.raises(KeyError):
            shop.world.find(f"ws/endpoint-{number}/old")
        assert shop.world.find(f"ws/endpoint-{number}/live")
        assert shop.world.find(f"ws/endpoint-{number}/fallback")
    assert shop.run("journal", "verify").code == 0
    ends = Counter(row["target"] for row in shop.journal() if row["outcome"] == "deleted")
    assert len(ends) == BATCH
    assert set(ends.values()) == {1}
    result = shop.run("archives", "--format", "json")
    assert result.code == 0, result.err
    assert {archive["endpoint"] for archive in result.json} == {
        f"endpoint-{number}" for number in range(BATCH)
    }
    text = " ".join(str(row["reason"]) for row in shop.journal())
    assert "found gone after a run that was interrupted" in text
    assert "still there after a run that was interrupted" in text
