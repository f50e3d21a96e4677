"""The first two minutes of an operator as a moving picture, made by the program itself.

python -m tests.tui.walk docs/walk.svg
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from textual.widgets import Input, TextArea

from emulator import Clock, Emulator, sample_tenant
from tests.tui.demo import NOW, fill, frame_of, session_for, settled, signed_in
from tests.tui.film import Shot, film
from tests.tui.pictures import MONTHS
from tui.app import MothballApp

SIZE = (110, 32)
STILL = 2
"""The step that is seen where nothing moves."""

BY_LOT = (
    (re.compile(r"\b(\d{8}-\d{6})-[0-9a-f]{4}\b"), r"\1-0000"),
    (
        re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-"),
        "0" * 8 + "-0000" * 3 + "-",
    ),
    (re.compile(r"(?<![\w.-])[0-9a-f]{12,}(?![\w.-])"), lambda found: "0" * len(found[0])),
)
"""The end of a snapshot's id; correlation ids; and the hashes of entries that hold one."""


@dataclass(frozen=True, slots=True)
class Step:
    """Keys as Textual names them; how the caption names them, what they do, for how long."""

    keys: tuple[str, ...]
    pressed: str
    does: str
    seconds: float = 5.0


def typed(words: str) -> tuple[str, ...]:
    """The keys of a text."""
    return tuple("space" if letter == " " else letter for letter in words)


STEPS: tuple[Step, ...] = (
    Step((), "mothball demo", "every deployment with its verdict, the idle ones first"),
    Step(
        ("slash", *typed("idle or failed"), "enter"),
        "/ idle or failed",
        "only those that serve nobody",
    ),
    Step(
        (*["right"] * 3, "s", "g"),
        "→ → → s",
        "sort by run rate: the costliest first",
    ),
    Step(("J",), "J", "read the proof: what was asked, of what days, and what it answered", 6),
    Step(
        ("colon", *typed("group by owner")),
        ": group by owner",
        "any column sorts and groups by its name",
        4,
    ),
    Step(("enter",), "enter", "a line for each owner, with what it wastes"),
    Step(("g", "enter", "down"), "enter", "open the first owner", 3),
    Step(("space", "space", "space"), "space space space", "mark the three that cost the most"),
    Step(
        ("t", *typed("review=2026-q4")),
        "t review=2026-q4",
        "tag them: what would be written is shown first",
    ),
    Step(("tab", "tab", "enter"), "tab tab enter", "written, and read back from Azure", 4),
    Step(
        ("escape", "R"),
        "esc R",
        "retire them: a mark with a grace of 14 days, nothing is deleted",
    ),
    Step(("tab", "enter"), "tab enter", "the mark is written, and read back from Azure", 4),
    Step(("escape", "u", "r"), "esc u r", "take the marks away, and take a snapshot", 4),
    Step(("8",), "8", "the view of what is retiring, and when each grace ends"),
    Step(("d",), "d", "delete one whose grace is over: the plan, and every check behind it", 7),
    Step(("tab", *typed("fraud/red")), "tab fraud/red", "nothing goes without its phrase", 4),
    Step(
        ("enter", "enter"),
        "enter enter",
        "archived, checked once more, deleted, and read back",
    ),
    Step(("enter", "B"), "enter B", "the journal: every write, by whom, and what came of it"),
    Step(("A",), "A", "the archives: what was deleted can come back", 4),
    Step(("enter",), "enter", "restore: a plan with its checks and a phrase, too", 7),
)


@dataclass(frozen=True, slots=True)
class Walked:
    """A step, with the screen after it as text and as SVG."""

    step: Step
    text: str
    svg: str


async def walk(app: MothballApp, steps: Sequence[Step] = STEPS) -> list[Walked]:
    """Take the steps one after another."""
    taken = []
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for step in steps:
            await pilot.press(*step.keys)
            await settled(pilot)
            hold_still(app)
            await settled(pilot)
            taken.append(Walked(step, frame_of(app), app.export_screenshot(title="")))
    return taken


def hold_still(app: MothballApp) -> None:
    """What comes and goes by the wall clock: notices, and the cursor of a field."""
    app.clear_notifications()
    if isinstance(field := app.focused, Input | TextArea):
        field.cursor_blink = False


def walked() -> list[Walked]:
    """The walk through the sample tenant with its bill, at the time of the pictures.

    Where it is made and by whom does not show: archives are in a folder without a path.
    """
    with (
        tempfile.TemporaryDirectory() as made,
        chdir(made),
        patch.dict(os.environ, LOGNAME="operator"),
    ):
        store, clock = Path(made) / "sample.duckdb", Clock(NOW)
        fill(store, months=MONTHS)
        with Emulator(sample_tenant(NOW), clock=clock) as azure, signed_in(azure):
            session = replace(session_for(azure, store, clock), archive_folder=Path("archives"))
            return asyncio.run(walk(MothballApp(session)))


def drawn(steps: Sequence[Walked]) -> str:
    """The film of a walk, whose words are the same whenever it is made."""
    shots = [
        Shot(without_lots(one.svg), one.step.pressed, one.step.does, one.step.seconds)
        for one in steps
    ]
    return film(shots, SIZE, STILL)


def without_lots(svg: str) -> str:
    """A screenshot with zeros for what is drawn by lot."""
    for pattern, instead in BY_LOT:
        svg = pattern.sub(instead, svg)
    return svg


def main(path: Path) -> None:
    """Draw it."""
    path.write_text(drawn(walked()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
