"""Writes a store's file anew: what was dropped leaves no room behind, values lie in order.

DuckDB gives room within a file to other rows, and never back to the disk.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from queries.store.beside import NoRoom, check_room
from queries.store.quoting import name, text

# By what a table is asked for is how its rows lie, so that one answer is one read; all others stay
# in the order in which they came.
_ORDER: Mapping[str, str] = {
    "metric_values": " order by resource, source, metric, status_class, starts_at"
}


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a store took before and after; `versions_dropped` None: it has none, being one file."""

    bytes_before: int
    bytes_after: int
    files_before: int = 1
    files_after: int = 1
    versions_dropped: int | None = None


def write_anew(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Put a compact copy in the place of the file that a connection has for itself.

    Both files stay locked until the connection is closed, which the caller does next. Raises
    NoRoom; the file is as it was then.
    """
    partial = path.with_name(f"{path.name}.compact.partial")
    check_room(path.parent, path.stat().st_size)
    try:
        partial.unlink(missing_ok=True)
        connection.execute("attach " + text(str(partial)) + " as compact")
        _copy(connection)
        shutil.copymode(path, partial)
        os.replace(partial, path)
    except (OSError, duckdb.IOException) as error:
        raise NoRoom(f"{path} cannot be written anew: {error}") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _copy(connection: duckdb.DuckDBPyConnection) -> None:
    own = connection.execute("select current_database()").fetchone()
    assert own is not None
    connection.execute("checkpoint")
    connection.execute("copy from database " + name(own[0]) + " to compact (schema)")
    tables = connection.execute(
        "select table_name from duckdb_tables() where database_name = $own order by table_oid",
        {"own": own[0]},
    ).fetchall()
    for (table,) in tables:
        # The name is of a table of ours.
        connection.execute(f"insert into compact.{table} from main.{table}" + _ORDER.get(table, ""))
    connection.execute("checkpoint compact")
