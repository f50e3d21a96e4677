"""One DuckDB with its extensions, of which each short read and write of a shared store is a part.

Reading what a catalogue holds takes ten times as long as a question, so what is attached stays so.
Connections to a server do not: DuckDB lends each from a pool, looks whether it still answers, and
ends one that nobody used for a minute.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress

import duckdb

from queries.store.extensions import load, load_packed
from queries.store.limits import DatabaseLimits


class Engine:
    """A DuckDB in memory, with a folder of its own for what does not fit."""

    def __init__(
        self,
        limits: DatabaseLimits,
        extensions: Sequence[str],
        prepare: Callable[[duckdb.DuckDBPyConnection], None],
    ) -> None:
        """`prepare` has it once, whole. OSError: there is no place for the folder. NoExtension."""
        until_closed = ExitStack()
        folder = until_closed.enter_context(limits.folder(None))
        # Checking the signatures of 80 MB takes longer than all else that a short command does, and
        # what a package brings lies beside DuckDB itself, which nobody checks either.
        settings = {**limits.settings(folder), "allow_unsigned_extensions": "true"}
        self._whole = duckdb.connect(config=dict(settings))
        weakref.finalize(self, until_closed.close)
        lacking = [name for name in extensions if not load_packed(self._whole, name)]
        self._whole.execute("set allow_unsigned_extensions = false")  # for as long as it lives
        for name in lacking:
            load(self._whole, name)
        prepare(self._whole)

    def part(self) -> duckdb.DuckDBPyConnection:
        """A connection to it; what one attaches, all see."""
        return self._whole.cursor()


def let_go(part: duckdb.DuckDBPyConnection, detached: Sequence[str] = ()) -> bool:
    """End a part, and what it attached if that shall not stay; whether the engine is of use."""
    try:
        with suppress(duckdb.Error):
            part.rollback()
        part.execute("use memory")
        for name in detached:
            part.execute("detach database if exists " + name)
    except duckdb.FatalException:
        _leave(part)
        return False
    except duckdb.Error:
        part.close()
        return False
    part.close()
    return True


def _leave(part: duckdb.DuckDBPyConnection) -> None:
    """Never end it: where a server goes at the wrong moment DuckDB gives up its instance, and to
    end a transaction there aborts the process.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(part))
