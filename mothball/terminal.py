"""Whether there is a terminal to show the interface on."""

from __future__ import annotations

import sys

import click

from mothball import exits


class NoTerminal(click.ClickException):
    """There is nobody to show the interface to."""

    exit_code = exits.USAGE


def require_terminal(instead: str) -> None:
    """Refuse where keys or screen lead elsewhere; `instead` is the command that prints."""
    streams = (sys.stdin, sys.stdout, sys.stderr)  # Textual draws on the last
    if not all(stream is not None and stream.isatty() for stream in streams):
        raise NoTerminal(f"the interface needs a terminal: `{instead}` prints its table")
