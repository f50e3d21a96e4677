"""The listing: the answer to the question `current_deployments`, kept so that it is read at once.

The views work it out anew from every snapshot and bill; at 10,000 deployments that takes more than
a second. `Store.writing` keeps the listing in the transaction of each write, and whoever writes
what it does not show says so with `Store.noting`. A sign tells by which SQL, migrations and
vocabulary it was made: a listing with another sign, or none, is not read, and the views answer
instead. A second sign stays with the table, which is used again as long as the same SQL fills it.
"""

from __future__ import annotations

import hashlib

import duckdb

from queries.store import library
from queries.store.migrate import known
from queries.store.vocabulary_tables import sign as vocabulary_sign

QUESTION = "current_deployments"
ROWS_AT_ONCE = 10_000


def refresh_listing(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the listing anew from the views, within the transaction that is open."""
    has_shape = _shape() in _signs(connection)
    forget_listing(connection)
    if has_shape:
        library.do(connection, "empty_listing")
    else:
        library.do(connection, "drop_listing")
        connection.execute(
            "create table listing as from (" + library.question(QUESTION) + ") limit 0"
        )
        library.do(connection, "sign_listing", {"sign": _shape()})
    _fill(connection)
    library.do(connection, "sign_listing", {"sign": _sign()})


def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the rows into their order, some at a time: to sort 100,000 whole rows takes 200 MB."""
    # In the place of the view, which the question then reads for the places alone.
    connection.execute("create temp table listed_now as from listed_now")
    places = "create temp table places as select deployment_key, place from ("
    connection.execute(places + library.question(QUESTION) + ")")
    found = connection.execute("select count(*) from temp.places").fetchone()
    assert found is not None
    for after in range(0, found[0], ROWS_AT_ONCE):
        part = {"after": after, "through": after + ROWS_AT_ONCE}
        library.do(connection, "part_of_listing", part)
    connection.execute("drop table temp.places")
    connection.execute("drop table temp.listed_now")


def keep_listing(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the listing only where there is none: what was written is nothing that it shows."""
    if not listing_is_current(connection):
        refresh_listing(connection)


def forget_listing(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the views answer until the listing is made again: what it rests on is being changed."""
    library.do(connection, "forget_listing", {"shape": _shape()})


def listing_is_current(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the listing may be read in place of the views."""
    return _sign() in _signs(connection)


def _signs(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {row["sign"] for row in library.ask(connection, "signs_of_listing")}


def _shape() -> str:
    return f"shape {_sign()}"


def _sign() -> str:
    made_by = "\n".join([library.question(QUESTION), *sorted(known()), vocabulary_sign()])
    return hashlib.sha256(made_by.encode()).hexdigest()
