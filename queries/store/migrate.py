"""Brings a store's tables to this version: numbered SQL files in order, and a ledger of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from queries.store.vocabulary_tables import keep_vocabulary, vocabulary_is_current

MIGRATIONS = Path(__file__).with_name("migrations")


class NewerStore(Exception):
    """The store has a migration that this version does not know."""


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Apply what is missing in one transaction, all of it or nothing; then keep the words."""
    done = applied(connection)
    check(done)
    _apply_all(connection, sorted(known() - done))
    keep_vocabulary(connection)


def is_current(connection: duckdb.DuckDBPyConnection, done: set[str]) -> bool:
    """Whether a store with these migrations has all of them, and the words of this version."""
    return done == known() and vocabulary_is_current(connection)


def _apply_all(connection: duckdb.DuckDBPyConnection, missing: Sequence[str]) -> None:
    if not missing:
        return
    connection.begin()
    try:
        for name in missing:
            _apply(connection, name, (MIGRATIONS / name).read_text(encoding="utf-8"))
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def known() -> set[str]:
    """Names of the migrations of this version."""
    return {path.name for path in MIGRATIONS.glob("*.sql")}


def check(done: set[str]) -> None:
    """Raise NewerStore where a migration was applied that this version does not know."""
    unknown = sorted(done - known())
    if unknown:
        raise NewerStore(
            f"the store was written by a newer version of mothball ({unknown[-1]}): update it"
        )


def applied(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the migrations that the store has; none for an empty file."""
    found = connection.execute(
        "select 1 from duckdb_tables() where table_name = 'migrations'"
    ).fetchone()
    if found is None:
        return set()
    return {str(name) for (name,) in connection.execute("select name from migrations").fetchall()}


def _apply(connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    connection.execute("create table if not exists migrations (name varchar, applied_at timestamp)")
    connection.execute(sql)
    connection.execute("insert into migrations values ($name, now()::timestamp)", {"name": name})
