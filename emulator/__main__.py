"""`python -m emulator`: serve a tenant, or a recording of one, until interrupted."""

from __future__ import annotations

import argparse
import shlex
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

from emulator import BadRecording, Clock, Emulator, Replay, World, large_tenant, sample_tenant


def main() -> None:
    """Serve the sample tenant, a large one or a recording, and say how to point Mothball at it."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _azure(options) as azure:
        script = azure.directory / "environment"
        lines = [f"export {name}={shlex.quote(text)}" for name, text in azure.environment.items()]
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"Serving {azure.url}. In another terminal:\n")
        print(f"    . {shlex.quote(str(script))}")
        print(f"    mothball --cloud {shlex.quote(str(azure.profile))} {_rest(azure)}\n")
        print("Ctrl+C ends it.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


def _azure(options: argparse.Namespace) -> Emulator:
    if options.replay:
        try:
            return Replay(options.replay, options.directory, options.port)
        except BadRecording as error:
            raise SystemExit(f"python -m emulator: {error}") from error
    moment = options.at or datetime.now(UTC)
    clock = Clock(moment) if options.at else Clock.running(moment)
    return Emulator(_world(options, moment), clock, options.directory, options.port)


def _rest(azure: Emulator) -> str:
    """The rest of the command line: a recording has settings and a snapshot of its own."""
    if isinstance(azure, Replay):
        return f"--config {shlex.quote(str(azure.settings))} --store replay.duckdb snapshot"
    return "--store demo.duckdb"


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
    parser.add_argument(
        "--replay", type=Path, metavar="DIR", help="answer from what `mothball record DIR` kept"
    )
    return parser.parse_args()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
