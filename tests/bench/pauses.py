"""How long the interface's loop stands still while its rows are read again.

python -m tests.bench.pauses STORE

Prints the seconds of the longest pause with nothing to do and while reading, medians of 5.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from actions.session import Limits, Session
from collectors.connection.signin import credential_for
from mothball.profiles import cloud_named
from queries.policy import Policy
from queries.store.file import Store
from tui.app import TURN_SECONDS, MothballApp

TIMES = 5


def main() -> None:
    """Open the interface five times."""
    pauses = [asyncio.run(_pauses(Store(Path(sys.argv[1])))) for _time in range(TIMES)]
    quiet, reading = (median(both) for both in zip(*pauses, strict=True))
    print(json.dumps({"quiet": quiet, "reading": reading}))


async def _pauses(store: Store) -> tuple[float, float]:
    """The longest time between two turns of the loop, at rest and during a refresh."""
    sys.setswitchinterval(TURN_SECONDS)
    app = MothballApp(session_on(store))
    async with app.run_test(size=(120, 40)) as pilot:
        while app.is_reading:
            await pilot.pause()
        started = time.monotonic()
        quiet = await _longest(lambda: time.monotonic() < started + 0.5)
        before = app.estate
        app.read_store()
        return quiet, await _longest(lambda: app.estate is before or bool(app.workers))


def session_on(store: Store) -> Session:
    """Somebody who looks at a store."""
    cloud = cloud_named("AzureCloud")
    return Session(
        store=store,
        cloud=cloud,
        sign_in=lambda: credential_for(cloud),
        policy=Policy(),
        limits=Limits(),
        archive_folder=store.path.parent / "archives",
        now=lambda: datetime.now(UTC),
    )


async def _longest(goes_on: Callable[[], bool]) -> float:
    longest, last = 0.0, time.perf_counter()
    while goes_on():
        await asyncio.sleep(0.001)
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    return longest


if __name__ == "__main__":
    main()
