"""A tenant with every verdict by name, and a shell that runs the command line on it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from emulator import Clock, Emulator, World, dead, silent, steady
from mothball.cli import run
from tests.stores import options_for

SECRET = "hunter2-of-the-environment"
FORMULA = '=HYPERLINK("http://attacker.example";"x")'
CONTROL = "red\x1b[31m\x07\x9b2J\r\u202e"
VERDICTS = {
    "ws/fraud/blue": "serving",
    "ws/fraud/green": "rollback",
    "ws/fraud/old": "idle",
    "ws/fraud/spare": "idle",
    "ws/fraud/broken": "failed",
    "ws/fraud/fresh": "new",
    "ws/fraud/pinned": "direct",
    "ws/fraud/kept": "protected",
    "ws/vision/main": "serving",
    "ws/vision/shadow": "shadow",
    "ws/quiet/only": "idle-endpoint",
    "ws/nulled/main": "unknown",
    "lab/fraud/old": "idle",
    "lab/hostile/tags": "idle",
    "lab/hostile/dates": "protected",
    "lab/llama": "pay-per-use",
}


def estate(now: datetime) -> World:
    """Two workspaces; `old` is idle and its grace is over, those of `hostile` have nasty tags."""
    world = World(clock=Clock.running(now))
    sub = world.subscription("production", tags={"Owner": "platform@contoso.example"})
    group = sub.resource_group("rg-ML")
    world.management_group("contoso", [sub])
    ws, lab = group.workspace("ws"), group.workspace("lab", region="northeurope")
    fraud = ws.endpoint("fraud", traffic={"blue": 100}, tags={"purpose": "card payments"})
    fraud.deployment(
        "blue", instances=2, requests=steady(3.0), tags={"owner": "Fraud-Team@contoso.example"}
    )
    fraud.deployment("green", tags={"role": "rollback"})
    yesterday = (now - timedelta(days=1)).date().isoformat()
    fraud.deployment(
        "old",
        tags={"role": "retire", "mothball-retire-after": yesterday},
        environment_variables={"API_TOKEN": SECRET},
    )
    fraud.deployment("spare")
    fraud.deployment("broken", state="Failed", requests=silent("nothing"), life=dead())
    fraud.deployment("fresh", created_at=now - timedelta(days=2))
    fraud.deployment("pinned", requests=steady(0.5))
    world.lock(fraud.deployment("kept"))
    vision = ws.endpoint("vision", traffic={"main": 100}, mirror={"shadow": 10})
    vision.deployment("main", requests=steady(1.0))
    vision.deployment("shadow")
    ws.endpoint("quiet", traffic={"only": 100}).deployment("only")
    ws.endpoint("nulled", traffic=None).deployment("main")
    lab.endpoint("fraud").deployment("old")
    hostile = lab.endpoint("hostile")
    hostile.deployment("tags", tags={"owner": FORMULA, "purpose": CONTROL, "[bold]x": "[/]"})
    dates = {"owner": CONTROL, "role": CONTROL, "mothball-exempt-until": CONTROL}
    hostile.deployment("dates", tags=dates)
    lab.serverless_endpoint("llama")
    return world


@dataclass(frozen=True)
class Result:
    """What a command came to: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def csv(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))

    def one_line(self) -> str:
        """The single line of an error; nothing else was said."""
        assert self.out == ""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


@dataclass
class Shop:
    """A serving estate, the store of its snapshot, and the command line on both."""

    azure: Emulator
    store: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def world(self) -> World:
        return self.azure.world

    def run(self, *arguments: str) -> Result:
        """A command against this cloud and store; a snapshot asks no costs unless it is told to.

        Cost queries keep to a pace of their own, which a second snapshot would wait for.
        """
        if arguments[0] == "snapshot" and "--cost-months" not in arguments:
            arguments = (*arguments, "--cost-months", "0")
        given = options_for(self.store)
        return self.bare(*arguments, *given, "--cloud", str(self.azure.profile))

    def bare(self, *arguments: str) -> Result:
        """A command as it stands."""
        self.capsys.readouterr()
        code = run(list(arguments))
        reported = self.capsys.readouterr()
        assert "Traceback" not in reported.err
        return Result(code, reported.out, reported.err)

    def rows(self, *arguments: str) -> dict[str, dict[str, Any]]:
        """The rows of `list --format json` by workspace/endpoint/deployment."""
        rows = self.run("list", "--format", "json", *arguments).json
        return {path_of(row): row for row in rows}

    def journal(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.run("journal", "--format", "json").json
        return found

    @property
    def archives(self) -> Path:
        return self.store.parent / "archives"


OpenShop = Callable[[World], Shop]


def path_of(row: dict[str, Any]) -> str:
    """`workspace/endpoint/deployment` of a row."""
    return "/".join(filter(None, (row["workspace"], row["endpoint"], row["deployment"])))


def now() -> datetime:
    """The real time: the command line has no other clock."""
    return datetime.now(UTC)
