"""Which cost counts: the basis that the settings name, kept so that every view knows it."""

from __future__ import annotations

import duckdb

from queries.store import library
from queries.store.append import append


def count_by(connection: duckdb.DuckDBPyConnection, basis: str, currency: str | None) -> None:
    """Let this basis count, and this currency of the list where no bill names one."""
    library.do(connection, "forget_money_rules")
    append(connection, "money_rules", [{"basis": basis, "currency": currency}])


def count_basis(connection: duckdb.DuckDBPyConnection, basis: str) -> None:
    """Let this basis count; the currency stays."""
    rules = library.ask(connection, "money_rules")
    count_by(connection, basis, rules[0]["currency"] if rules else None)


def basis_that_counts(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The basis of every sum that is shown; None where nothing was read."""
    rows = library.ask(connection, "basis_that_counts")
    return rows[0]["basis"] if rows else None
