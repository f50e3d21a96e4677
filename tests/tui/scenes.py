"""Screens as text that a person can read in a diff; run it to renew the goldens.

python -m tests.tui.scenes                          renews tests/tui/frames/*.txt
python -m tests.tui.scenes deletion tagging         renews those of some scenes
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from emulator import Clock, Emulator, sample_tenant
from tests.tui.demo import NOW, SEEN_AT, fill, frame_of, session_for, settled, signed_in
from tui.app import MothballApp
from tui.places.deployments import Deployments

FOLDER = Path(__file__).with_name("frames")
SIZES = ((80, 24), (120, 40), (200, 60))
Steps = Callable[[Pilot[None]], Awaitable[None]]


async def go_to(pilot: Pilot[None], name: str) -> None:
    """Put the cursor of the home on a deployment."""
    place = pilot.app.screen
    assert isinstance(place, Deployments)
    place.grid.go_to(next(row.deployment_key for row in place.grid.shown if row.name == name))
    await pilot.pause()


async def home(pilot: Pilot[None]) -> None:
    """As it opens."""


async def filtered(pilot: Pilot[None]) -> None:
    """Two marks, one of them hidden by the filter."""
    await pilot.press("space", "down", "space", "slash", *"lexnlp !idle", "enter")


async def grouped(pilot: Pilot[None]) -> None:
    """Groups by workspace, one of them open and another marked."""
    await pilot.press(*["right"] * 9, "F", "enter", "down", "down", "space", "end", "space")


async def mistaken(pilot: Pilot[None]) -> None:
    """A filter with a mistake."""
    await pilot.press("slash", *"fraud cots>5")


async def columns(pilot: Pilot[None]) -> None:
    """The dialog of columns with one hidden and another moved."""
    await pilot.press("L", *["down"] * 3, "space", "J")


async def details(pilot: Pilot[None]) -> None:
    """The details turned over, of a row with traffic."""
    await pilot.press("slash", *"fraud/blue", "enter", "enter")


async def tagging(pilot: Pilot[None]) -> None:
    """The tag dialog with a change typed."""
    await pilot.press("t", *"owner=law", "enter", *"-role")


async def retiring(pilot: Pilot[None]) -> None:
    """The retire dialog on two marked ones, of which one must not be retired."""
    for name in ("clause-extract/bert-large", "fraud/blue"):
        await go_to(pilot, name)
        await pilot.press("space")
    await pilot.press("R")


async def extending(pilot: Pilot[None]) -> None:
    """The extend dialog, filled in."""
    await go_to(pilot, "fraud/red")
    await pilot.press("x", *"2027-01-31", "enter", *"audit")


async def deletion(pilot: Pilot[None]) -> None:
    """The plan of a deletion: one target is hidden by the filter, one is barred."""
    for name in ("fraud/red", "fraud/blue"):
        await go_to(pilot, name)
        await pilot.press("space")
    await pilot.press("slash", *"blue", "enter")
    await settled(pilot)
    await pilot.press("d")


async def endpoint_deletion(pilot: Pilot[None]) -> None:
    """The plan of a whole endpoint, from its place."""
    await pilot.press("E")
    await settled(pilot)
    await pilot.press("slash", *"demand", "enter")
    await settled(pilot)
    await pilot.press("d")


async def overriding(pilot: Pilot[None]) -> None:
    """A reason typed for a check that stands in the way."""
    await go_to(pilot, "clause-extract/bert-large")
    await pilot.press("d")
    await settled(pilot)
    await pilot.press("o", "enter", *"agreed")


async def help_sheet(pilot: Pilot[None]) -> None:
    """All keys."""
    await pilot.press("question_mark")


async def saved_view(pilot: Pilot[None]) -> None:
    """The view of what is idle, by money."""
    await pilot.press("1")


async def keep_view(pilot: Pilot[None]) -> None:
    """The dialog that keeps a view, with a digit that is taken."""
    await pilot.press("6", "V", "tab", "3")


async def past(pilot: Pilot[None]) -> None:
    """The snapshot before, with what differs from today's."""
    await pilot.press("left_square_bracket")


async def snapshots(pilot: Pilot[None]) -> None:
    """All snapshots, two of them marked."""
    await pilot.press("S")
    await settled(pilot)
    await pilot.press("space", "space")


async def changes(pilot: Pilot[None]) -> None:
    """What changed between the newest two."""
    await pilot.press("equals_sign")


async def doctor(pilot: Pilot[None]) -> None:
    """What each source answers."""
    await pilot.press("D")


async def signing_in(pilot: Pilot[None]) -> None:
    """The first choice of a first start."""
    await pilot.press("enter")


async def endpoints(pilot: Pilot[None]) -> None:
    """Every endpoint with its traffic, on one that has two deployments."""
    await pilot.press("E")
    await settled(pilot)
    await pilot.press(*["down"] * 3)


async def owners(pilot: Pilot[None]) -> None:
    """What the deployments of each owner come to."""
    await pilot.press("O")


async def money(pilot: Pilot[None]) -> None:
    """The sums by endpoint, opened."""
    await pilot.press("M")
    await settled(pilot)
    await pilot.press("enter", "down")


async def findings(pilot: Pilot[None]) -> None:
    """Every finding."""
    await pilot.press("N")


async def raw(pilot: Pilot[None]) -> None:
    """The JSON of a deployment and its endpoint, with a word searched."""
    await pilot.press("slash", *"fraud/green", "enter", "I")
    await settled(pilot)
    await pilot.press("slash", *"instance", "enter", "n")


async def callers(pilot: Pilot[None]) -> None:
    """Who called a deployment without a share, and what it was made from."""
    await pilot.press("slash", *"chargeback/v2", "enter", "w")


async def provenance(pilot: Pilot[None]) -> None:
    """Where the number of requests of a deployment comes from."""
    await pilot.press("slash", *"fraud/green", "enter", *["right"] * 4, "i")


SCENES: dict[str, Steps] = {
    "deployments": home,
    "filtered": filtered,
    "grouped": grouped,
    "mistaken": mistaken,
    "columns": columns,
    "details": details,
    "raw": raw,
    "callers": callers,
    "provenance": provenance,
    "tagging": tagging,
    "retiring": retiring,
    "extending": extending,
    "deletion": deletion,
    "endpoint-deletion": endpoint_deletion,
    "overriding": overriding,
    "help": help_sheet,
    "endpoints": endpoints,
    "owners": owners,
    "money": money,
    "findings": findings,
    "saved-view": saved_view,
    "keep-view": keep_view,
    "past": past,
    "snapshots": snapshots,
    "changes": changes,
    "doctor": doctor,
    "first-run": home,
    "signing-in": signing_in,
}
WITHOUT_STORE = {"first-run", "signing-in"}
WITH_HISTORY = {"past", "snapshots", "changes"}
NO_STORE = Path("/nowhere/mothball.duckdb")
AGES_DAYS = (40, 20, 0)


async def frame_at(app: MothballApp, steps: Steps, size: tuple[int, int]) -> str:
    """The frame of an app after some steps."""
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await steps(pilot)
        await settled(pilot)
        # The end of a snapshot's id is drawn by lot.
        return re.sub(r"\b(\d{8}-\d{6})-[0-9a-f]{4}\b", r"\1-0000", frame_of(app))


def main(arguments: list[str]) -> None:
    """Renew the goldens, of some scenes or of all."""
    with tempfile.TemporaryDirectory() as folder:
        store, long = Path(folder) / "sample.duckdb", Path(folder) / "long" / "sample.duckdb"
        fill(store)
        long.parent.mkdir()
        fill(long, ages_days=AGES_DAYS)
        clock = Clock(NOW)
        with Emulator(sample_tenant(SEEN_AT), clock=clock) as azure, signed_in(azure):
            session = session_for(azure, store, clock)
            with_history = session_for(azure, long, clock)
            for name, steps in SCENES.items():
                if arguments and name not in arguments:
                    continue
                used = with_history if name in WITH_HISTORY else session
                if name in WITHOUT_STORE:
                    used = session_for(azure, NO_STORE, clock)
                for size in SIZES:
                    text = asyncio.run(frame_at(MothballApp(used), steps, size))
                    (FOLDER / f"{name}-{size[0]}x{size[1]}.txt").write_text(text)


if __name__ == "__main__":
    main(sys.argv[1:])
