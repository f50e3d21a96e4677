"""One of many who use a team's store at the same time; a program of its own.

python -m tests.team.crowd writes|reads NAME SECONDS CATALOGUE DATA

Waits for a line of standard input, does its work again and again for so long, and prints as JSON
how often it did, and the longest time that one of them took.
"""

from __future__ import annotations

import json
import sys
import time

from queries.estate.questions import current_deployments
from queries.store.file import Store
from queries.store.journal import Happening, entries, write
from queries.store.shared import SharedStore
from tests.scene import NOW

# Between two pieces of work: a person's interface waits longer. Without it, twenty programs that
# never rest tell how many cores the machine has, and nothing of the store.
THINKING_SECONDS = 0.5


def main() -> None:
    """Work until the time is over."""
    part, name, seconds, catalogue, data = sys.argv[1:]
    store = SharedStore("team", catalogue, data)
    work = _write if part == "writes" else _read
    work(store, name)
    print("ready", flush=True)
    sys.stdin.readline()
    ends_at, longest, times = time.monotonic() + float(seconds), 0.0, 0
    while (began := time.monotonic()) < ends_at:
        work(store, name)
        longest, times = max(longest, time.monotonic() - began), times + 1
        time.sleep(THINKING_SECONDS)
    print(json.dumps({"part": part, "times": times, "longest_seconds": longest}))


def _write(store: Store, name: str) -> None:
    write(store, [Happening(NOW, name, "tag", f"/{name}", "done")])


def _read(store: Store, name: str) -> None:
    with store.reading():
        found = entries(store)
        assert [entry.sequence for entry in found] == list(range(1, len(found) + 1)), name
        assert current_deployments(store)


if __name__ == "__main__":
    main()
