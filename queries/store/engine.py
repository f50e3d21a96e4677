"""One DuckDB with its extensions, of which each short read and write of a shared store is a part.

Loading the extensions takes ten times as long as attaching a catalogue, since DuckDB checks their
signatures each time. So they stay loaded, while nothing stays attached: no connection to a server
outlives the read or write that it was made for.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from contextlib import ExitStack, suppress

import duckdb

from queries.store.extensions import load
from queries.store.limits import DatabaseLimits


class Engine:
    """A DuckDB in memory, with a folder of its own for what does not fit."""

    def __init__(self, limits: DatabaseLimits, extensions: Sequence[str]) -> None:
        """OSError: there is no place for the folder. NoExtension."""
        until_closed = ExitStack()
        folder = until_closed.enter_context(limits.folder(None))
        self._whole = duckdb.connect(config=dict(limits.settings(folder)))
        weakref.finalize(self, until_closed.close)
        for extension in extensions:
            load(self._whole, extension)

    def part(self) -> duckdb.DuckDBPyConnection:
        """A connection to it; what one attaches, all see."""
        return self._whole.cursor()


def let_go(part: duckdb.DuckDBPyConnection, attached: str) -> bool:
    """End a part and what it attached; whether the engine is as it was before."""
    try:
        with suppress(duckdb.Error):
            part.rollback()
        part.execute("use memory")
        part.execute("detach database if exists " + attached)
        return True
    except duckdb.Error:
        return False
    finally:
        part.close()
