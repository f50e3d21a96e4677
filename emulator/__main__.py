"""`python -m emulator`: serve a tenant until interrupted."""

from __future__ import annotations

import argparse
import shlex
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

from emulator import Clock, Emulator, World, large_tenant, sample_tenant


def main() -> None:
    """Serve the sample tenant, or a large one, and say how to point Mothball at it."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    moment = options.at or datetime.now(UTC)
    clock = Clock(moment) if options.at else Clock.running(moment)
    with Emulator(_world(options, moment), clock, options.directory, options.port) as azure:
        script = azure.directory / "environment"
        lines = [f"export {name}={shlex.quote(text)}" for name, text in azure.environment.items()]
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"Serving {azure.url}. In another terminal:\n")
        print(f"    . {shlex.quote(str(script))}")
        print(f"    mothball --cloud {shlex.quote(str(azure.profile))} --store demo.duckdb\n")
        print("Ctrl+C ends it.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


def _world(options: argparse.Namespace, moment: datetime) -> World:
    if options.large:
        return large_tenant(deployments=options.large, seed=options.seed, now=moment)
    return sample_tenant(moment, seed=options.seed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--directory", type=Path, help="where the profile and ca.pem go")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at", type=_moment, help="freeze the clock at this ISO 8601 time")
    parser.add_argument("--large", type=int, metavar="N", help="serve N deployments instead")
    return parser.parse_args()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
