"""Which cost counts: the basis that the settings name, kept so that every view knows it."""

from __future__ import annotations

import duckdb

from queries.store import library
from queries.store.append import append


def count_by(
    connection: duckdb.DuckDBPyConnection,
    basis: str,
    currency: str | None,
    fiscal_year_start: int | None,
) -> None:
    """Let this basis count, this currency of the list where no bill names one, and these quarters.

    `fiscal_year_start` is the month in which the fiscal year begins; None is January.
    """
    rule = {"basis": basis, "currency": currency, "fiscal_year_start": fiscal_year_start}
    library.do(connection, "forget_money_rules")
    append(connection, "money_rules", [rule])


def count_basis(connection: duckdb.DuckDBPyConnection, basis: str) -> None:
    """Let this basis count; the other rules stay."""
    rules = library.ask(connection, "money_rules")
    kept = rules[0] if rules else {}
    count_by(connection, basis, kept.get("currency"), kept.get("fiscal_year_start"))


def basis_that_counts(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The basis of every sum that is shown; None where nothing was read."""
    rows = library.ask(connection, "basis_that_counts")
    return rows[0]["basis"] if rows else None
