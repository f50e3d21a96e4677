"""DuckDB instances that stay: starting one takes as long as attaching a store to it.

What is attached is detached at the end of each short read or write, so no lock on a file outlives
it. An instance serves one of them at a time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from queries.store.quoting import name, text

# What an attached store is called in its instance.
ATTACHED = "store"
# Whoever worked as long with an instance read much, of whose memory DuckDB keeps some: the next one
# starts anew, which is little beside that.
LONG_SECONDS = 0.5
_guard = threading.Lock()


@dataclass(slots=True)
class _Instance:
    whole: duckdb.DuckDBPyConnection
    settings: Mapping[str, str]
    attached_at: float = 0.0

    def take(self, settings: Mapping[str, str]) -> None:
        """Set what is another than it was; setting a limit anew takes as long as a small read."""
        for setting, value in settings.items():
            if self.settings.get(setting) != value:
                self.whole.execute("set global " + setting + " = " + text(value))
        self.settings = settings


_idle: list[_Instance] = []
_lent: dict[int, _Instance] = {}


def attach(
    path: Path, *, read_only: bool, settings: Mapping[str, str]
) -> duckdb.DuckDBPyConnection:
    """A connection to an instance with these settings, to which the store is attached."""
    instance = _instance_with(settings)
    part = instance.whole.cursor()
    try:
        options = " (type duckdb, read_only)" if read_only else " (type duckdb, read_write)"
        part.execute("attach " + text(str(path)) + " as " + ATTACHED + options)
    except BaseException:
        part.close()
        _keep(instance)
        raise
    instance.attached_at = time.monotonic()
    with _guard:
        _lent[id(part)] = instance
    return part


def detach(part: duckdb.DuckDBPyConnection) -> None:
    """End what `attach` began; what was not committed is undone."""
    with _guard:
        instance = _lent.pop(id(part))
    try:
        with suppress(duckdb.Error):
            part.rollback()
        part.execute("use memory")
        # First the store: what a longer work attached beside it stays locked as long.
        for attached in [ATTACHED, *_attached_beside(part)]:
            part.execute("detach " + name(attached))
    except duckdb.Error:
        instance.whole.close()  # and the file with it
    else:
        if time.monotonic() - instance.attached_at < LONG_SECONDS:
            _keep(instance)
    finally:
        part.close()


def _attached_beside(part: duckdb.DuckDBPyConnection) -> list[str]:
    rows = part.execute(
        "select database_name from duckdb_databases()"
        " where not internal and database_name not in ('memory', $store)",
        {"store": ATTACHED},
    ).fetchall()
    return [attached for (attached,) in rows]


def _instance_with(settings: Mapping[str, str]) -> _Instance:
    """An idle instance, else a new one.

    One whose settings were locked, or that has used its folder for what did not fit, takes no
    other settings any more and is not used again.
    """
    with _guard:
        instance = _idle.pop() if _idle else None
    if instance is not None:
        try:
            instance.take(settings)
        except duckdb.Error:
            instance.whole.close()
        else:
            return instance
    return _Instance(duckdb.connect(config=dict(settings)), settings)


def _keep(instance: _Instance) -> None:
    with _guard:
        _idle.append(instance)
