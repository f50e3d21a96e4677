"""Whether a DuckDB file is somebody else's, so that nothing of ours is written into it."""

from __future__ import annotations

import duckdb

from queries.store import library

# The first migration of every store.
FIRST = "001_snapshots.sql"


def is_foreign(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether it holds tables or views, and none of them is a store's own ledger."""
    (found,) = library.ask(connection, "what_a_file_holds")
    if not found["has_ledger"]:
        return bool(found["relations"])
    names = connection.execute("select name from migrations").fetchall()
    return bool(names) and (FIRST,) not in names
