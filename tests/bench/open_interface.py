"""The interface on a store, which reads it again for each line of standard input.

python -m tests.bench.open_interface STORE

Answers each line with the megabytes that the process holds, and the most that it ever held.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path

from queries.store.file import Store
from tests.bench.pauses import session_on
from tui.app import TURN_SECONDS, MothballApp

KILO = 1024


def main() -> None:
    """Stay open until standard input ends."""
    sys.setswitchinterval(TURN_SECONDS)
    asyncio.run(_open(Store(Path(sys.argv[1]))))


async def _open(store: Store) -> None:
    app = MothballApp(session_on(store))
    async with app.run_test(size=(120, 40)) as pilot:
        while app.is_reading:
            await pilot.pause()
        while await asyncio.to_thread(sys.stdin.readline):
            before = app.estate
            app.read_store()
            while app.estate is before or app.workers:
                await pilot.pause()
            # The app takes what is printed for itself.
            print(json.dumps(_megabytes()), file=sys.__stdout__, flush=True)


def _megabytes() -> dict[str, float]:
    text = Path("/proc/self/status").read_text(encoding="ascii")
    held, most = (re.search(rf"{name}:\s+(\d+)", text) for name in ("VmRSS", "VmHWM"))
    assert held
    assert most
    return {"held": int(held[1]) / KILO, "most": int(most[1]) / KILO}


if __name__ == "__main__":
    main()
