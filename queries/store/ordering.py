"""Puts the values of a month that is over in the order in which they are asked for.

Each day adds a little to each deployment, so that the history of one lies all over the file. In
order it is one read of each month.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from queries.store import library


def order_month(connection: duckdb.DuckDBPyConnection, at: datetime) -> bool:
    """Do so with the month before a snapshot that is finished, where it is due."""
    for month in library.ask(connection, "month_to_order", {"at": at.replace(tzinfo=None)}):
        library.do(connection, "values_of_month", month)
        library.do(connection, "forget_values_of_month", month)
        library.do(connection, "values_in_order")
        connection.execute("drop table temp.moved")
        return True
    return False
