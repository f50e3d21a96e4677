"""The tenant that is measured against: a process of its own, and what is asked of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.processes import Failed, Surroundings

DAY_SECONDS = 86400
ROWS_OF_A_PAGE = 1000
RESOURCES_OF_A_BATCH = 50
# Asked once for each size of machine and region, whatever lies there; or no question at all.
NOT_COUNTED = ("identity", "prices")


class Azure:
    """A running tenant. `addresses` are its url, profile, ca and environment."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Take a process that has just been started."""
        self._process = process
        self.addresses = self._answer()

    @property
    def profile(self) -> str:
        """The cloud profile that points here and says what time it is."""
        return str(self.addresses["profile"])

    def surroundings(self, home: Path) -> Surroundings:
        """What a program needs to sign in here."""
        return Surroundings(home, tuple(self.addresses["environment"].items()))

    def advance(self, seconds: float) -> None:
        """Move the time on."""
        self._tell(f"advance {seconds}")

    def forget(self) -> None:
        """Begin the record of requests anew."""
        self._tell("forget")

    def keep(self, path: Path) -> int:
        """Write the requests since `forget` to a file; how many of them count."""
        sources = self._tell(f"keep {path}")
        return sum(count for source, count in sources.items() if source not in NOT_COUNTED)

    def tenant(self) -> dict[str, Any]:
        """What there is, and the moment."""
        return self._tell("tenant")

    def floor(self, *, first: bool) -> int:
        """The fewest requests for the same: pages, and batches of each region and subscription.

        Only the first snapshot needs the pages of when each deployment was made.
        """
        tenant = self.tenant()
        deployments, endpoints = tenant["deployments"], tenant["endpoints"]
        rows = len(tenant["workspaces"]) + sum(endpoints) + sum(deployments)
        batches = sum(_parts(count, RESOURCES_OF_A_BATCH) for count in endpoints + deployments)
        pages = _parts(rows, ROWS_OF_A_PAGE) + _parts(tenant["groups"], ROWS_OF_A_PAGE)
        created = _parts(sum(deployments), ROWS_OF_A_PAGE) if first else 0
        # The subscriptions in one page; locks and the Activity Log of each of them in one.
        return batches + pages + created + 1 + 2 * int(tenant["subscriptions"])

    def _tell(self, command: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Failed("the tenant's process ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def serving(size: int, folder: Path, *options: str) -> Iterator[Azure]:
    """A tenant of so many deployments, until the end of the block."""
    directory = ["--directory", str(folder / "azure")]
    command = [sys.executable, "-m", "tests.bench.serving", "--size", str(size), *directory]
    command += options
    environment = Surroundings(folder).environment
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Azure(process)
        finally:
            process.kill()


def _parts(count: int, size: int) -> int:
    return -(-count // size)
