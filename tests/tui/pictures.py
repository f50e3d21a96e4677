"""The README's pictures of the main places, made by the program itself, with a bill.

python -m tests.tui.pictures docs/
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from datetime import date
from pathlib import Path

from textual.pilot import Pilot

from emulator import Clock, Emulator, sample_tenant
from tests.tui.demo import NOW, fill, session_for, settled, signed_in
from tests.tui.scenes import Steps, go_to
from tui.app import MothballApp

SIZE = (132, 38)
MONTHS = (date(2026, 10, 1), date(2026, 11, 1))


async def deployments(pilot: Pilot[None]) -> None:
    """The home, on a deployment that was asked until lately."""
    await go_to(pilot, "fraud/green")


async def endpoints(pilot: Pilot[None]) -> None:
    """Traffic as bars."""
    await pilot.press("E", *["down"] * 3)


async def money(pilot: Pilot[None]) -> None:
    """What it costs by owner, and what of the bill is nobody's."""
    await pilot.press("M")
    await settled(pilot)
    await pilot.press("slash", *"by:owner,unallocated", "enter", "down")


async def deletion(pilot: Pilot[None]) -> None:
    """The plan of a deletion with its phrase typed."""
    for name in ("clause-extract/distil", "fraud/red"):
        await go_to(pilot, name)
        await pilot.press("space")
    await pilot.press("d")


PICTURES: dict[str, Steps] = {
    "deployments": deployments,
    "endpoints": endpoints,
    "money": money,
    "deletion": deletion,
}


async def picture_of(app: MothballApp, steps: Steps) -> str:
    """What is on screen after some steps, as SVG without fonts from elsewhere."""
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await steps(pilot)
        await settled(pilot)
        svg = app.export_screenshot(title="mothball demo")
        return re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def main(folder: Path) -> None:
    """Draw all of them."""
    with tempfile.TemporaryDirectory() as made:
        store = Path(made) / "sample.duckdb"
        fill(store, months=MONTHS)
        clock = Clock(NOW)
        with Emulator(sample_tenant(NOW), clock=clock) as azure, signed_in(azure):
            session = session_for(azure, store, clock)
            for name, steps in PICTURES.items():
                svg = asyncio.run(picture_of(MothballApp(session), steps))
                (folder / f"{name}.svg").write_text(svg)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
