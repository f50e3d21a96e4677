"""A tenant of some size in a process of its own, which does what standard input says.

python -m tests.bench.serving --size 1000 --directory DIR

Each line in is a command and each line out its answer as JSON. `advance SECONDS` moves the time,
`forget` empties the record of requests, `keep FILE` writes it to a file, `tenant` counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from emulator import (
    Clock,
    Deployment,
    Emulator,
    Endpoint,
    Fault,
    Resource,
    ResourceGroup,
    Subscription,
    Workspace,
    large_tenant,
)
from emulator.apis.wire import Answer

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
DEPLOYMENTS_OF_AN_ENDPOINT = 5
DEPLOYMENTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"


class Keeping(Emulator):
    """An emulator that keeps each request as it was sent, but for what signs in."""

    kept: list[tuple[str, str, dict[str, str], str]]

    def answer(
        self, method: str, target: str, headers: dict[str, str], content: bytes
    ) -> tuple[Answer | None, Fault | None]:
        """The emulator's own answer."""
        asked = {name: text for name, text in headers.items() if name in ("accept", "content-type")}
        self.kept.append((method, target, asked, content.decode()))
        return super().answer(method, _filtered(target), headers, content)

    def stand_still(self) -> None:
        """Have the product live by this clock: its profile says what time it is."""
        lines = self.profile.read_text(encoding="utf-8").splitlines()
        lines = [line for line in lines if not line.startswith("now = ")]
        lines.append(f"now = {self.world.clock.now().isoformat()}")
        self.profile.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _filtered(target: str) -> str:
    """A list of a subscription's resources with a filter: the stand-in answers no other.

    Other programs ask for all of them. They are given the deployments.
    """
    path, _, query = target.partition("?")
    if not path.endswith("/resources") or "filter" in query or "/subscriptions/" not in path:
        return target
    return f"{path}?{query}&$filter=" + quote(f"resourceType eq '{DEPLOYMENTS}'")


def main() -> None:
    """Serve until standard input ends."""
    options = _options()
    now = datetime.now(UTC).replace(microsecond=0) if options.today else NOW
    endpoints = max(options.size // DEPLOYMENTS_OF_AN_ENDPOINT, 1)
    world = large_tenant(deployments=options.size, endpoints=endpoints, now=now)
    azure = Keeping(world, Clock(now), options.directory)
    azure.kept = []
    with azure:
        azure.stand_still()
        addresses = {"url": azure.url, "profile": str(azure.profile), "ca": str(azure.ca_bundle)}
        _say({**addresses, "environment": azure.environment})
        for line in sys.stdin:
            _say(_do(azure, *line.split(maxsplit=1)))


def _do(azure: Keeping, command: str, value: str = "") -> dict[str, Any]:
    with azure.lock:
        if command == "advance":
            azure.world.clock.advance(timedelta(seconds=float(value)))
            azure.stand_still()
        elif command == "forget":
            azure.kept.clear()
            azure.forget()
        elif command == "keep":
            lines = [json.dumps(one) + "\n" for one in azure.kept]
            Path(value.strip()).write_text("".join(lines), encoding="utf-8")
            return dict(Counter(one.source for one in azure.requests))
        elif command == "tenant":
            return _tenant(azure)
    return {}


def _tenant(azure: Keeping) -> dict[str, Any]:
    """How many there are of each kind; endpoints and deployments by their place."""
    there = list(azure.world.resources())
    return {
        "subscriptions": sum(isinstance(one, Subscription) for one in there),
        "groups": sum(isinstance(one, ResourceGroup) for one in there),
        "workspaces": [one.id for one in there if isinstance(one, Workspace)],
        "moment": azure.world.clock.now().isoformat(),
        "endpoints": _by_place(one for one in there if isinstance(one, Endpoint)),
        "deployments": _by_place(one for one in there if isinstance(one, Deployment)),
    }


def _by_place(resources: Iterable[Resource]) -> list[int]:
    """How many lie in each region of each subscription; a batch holds those of one place."""
    return list(Counter((one.id.split("/")[2], _region(one)) for one in resources).values())


def _region(resource: Resource | None) -> str | None:
    while resource is not None and resource.location is None:
        resource = resource.parent
    return None if resource is None else resource.location


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--today", action="store_true", help="begin now, not on a day of its own")
    return parser.parse_args()


if __name__ == "__main__":
    main()
