"""Brings a store's tables to this version: numbered SQL files in order, and a ledger of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import duckdb

from queries.store.versions import move_whole
from queries.store.vocabulary_tables import keep_vocabulary, vocabulary_is_current

MIGRATIONS = Path(__file__).with_name("migrations")
# What a migration has to move that SQL alone would hold in memory.
_THEN: Mapping[str, Callable[[duckdb.DuckDBPyConnection, Callable[[str], None]], None]] = {
    "036_versions.sql": move_whole,
}


class NewerStore(Exception):
    """The store has a migration that this version does not know."""


def migrate(
    connection: duckdb.DuckDBPyConnection, report: Callable[[str], None] = lambda _text: None
) -> None:
    """Apply what is missing, each migration whole or not at all; then keep the words.

    `report` hears what is being brought to this version.
    """
    done = applied(connection)
    check(done)
    apply_missing(connection, done, report)


def apply_missing(
    connection: duckdb.DuckDBPyConnection,
    done: set[str],
    report: Callable[[str], None] = lambda _text: None,
) -> None:
    """The same of a store of which it is known what it has; a new one gets all of them at once."""
    missing = sorted(known() - done)
    for names in [[name] for name in missing] if done else [missing]:
        _apply(connection, names, report)
    keep_vocabulary(connection)


def is_current(connection: duckdb.DuckDBPyConnection, done: set[str]) -> bool:
    """Whether a store with these migrations has all of them, and the words of this version."""
    return done == known() and vocabulary_is_current(connection)


def known() -> frozenset[str]:
    """Names of the migrations of this version."""
    return _named_in(MIGRATIONS)


@cache
def _named_in(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.glob("*.sql"))


def check(done: set[str]) -> None:
    """Raise NewerStore where a migration was applied that this version does not know."""
    unknown = sorted(done - known())
    if unknown:
        raise NewerStore(
            f"the store was written by a newer version of mothball ({unknown[-1]}): update it"
        )


def applied(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the migrations that the store has; none for an empty file."""
    try:
        # Looking for the table in the catalogue first would work out all of it.
        rows = connection.execute("select name from migrations").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return set()
    return {str(name) for (name,) in rows}


def _apply(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], report: Callable[[str], None]
) -> None:
    connection.begin()
    try:
        connection.execute(
            "create table if not exists migrations (name varchar, applied_at timestamp)"
        )
        for name in names:
            report(f"step {name.partition('_')[0]} of {max(known()).partition('_')[0]}")
            connection.execute((MIGRATIONS / name).read_text(encoding="utf-8"))
            if name in _THEN:
                _THEN[name](connection, report)
            connection.execute(
                "insert into migrations values ($name, now()::timestamp)", {"name": name}
            )
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
