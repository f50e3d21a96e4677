"""Records into tables, whole batches at a time.

Rows travel as one JSON text that DuckDB reads itself: binding them value by value takes a
hundred times as long, and a data frame library would be a dependency for this alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import duckdb

# What a snapshot found, a row for each time: `prune` drops it with its snapshot. Among these are
# scope_reads: a snapshot that kept them would say of every deployment that it was not there.
SnapshotTable = Literal[
    "autoscale_settings",
    "subscriptions",
    "locks",
    "holes",
    "scope_reads",
    "snapshot_tag_names",
]
Table = Literal[
    SnapshotTable,
    "store_identity",
    "snapshots",
    "raw_resources",
    "resources",
    "metric_values",
    "metric_answers",
    "journal",
    "cost_reads",
    "cost_lines",
    "cost_sums",
    "list_prices",
    "price_rules",
    "reviews",
    "money_rules",
    "cost_queries",
    "cost_waits",
    "activity_operations",
    "activity_reads",
    "vocabulary_verdicts",
    "vocabulary_kinds",
    "vocabulary_roles",
    "vocabulary_subscriptions",
    "vocabulary_signs",
    "vocabulary_facts",
    "azure_facts",
    "asked_owners",
    "judged_before",
]
Row = Mapping[str, Any]
ROWS_AT_ONCE = 500


def row_of(record: Any) -> dict[str, Any]:
    """A flat record's fields by name; `asdict` would copy every value and take far longer."""
    return {name: getattr(record, name) for name in _names(record.__class__)}


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def append(connection: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[Row]) -> int:
    """Insert rows by column name; columns that a row lacks are null. How many went in."""
    return insert(connection, table, rows)


def insert(connection: duckdb.DuckDBPyConnection, relation: str, rows: Iterable[Row]) -> int:
    """The same for any table of ours by its name."""
    count = 0
    for part in in_parts(rows):
        source, values = rows_as_json(connection, relation, part)
        # The name is one of the literals above, never a value from outside.
        connection.execute(f"insert into {relation} by name {source}", values)  # noqa: S608
        count += len(part)
    return count


def in_parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Some rows at a time: 10,000 as one JSON take 800 MB and longer than in parts."""
    given = iter(rows)
    while part := list(islice(given, ROWS_AT_ONCE)):
        yield part


def remove(
    connection: duckdb.DuckDBPyConnection, table: SnapshotTable, snapshot_ids: Sequence[str]
) -> None:
    """Delete the rows of some snapshots."""
    connection.execute(
        f"delete from {table} where snapshot_id in (select unnest($ids::varchar[]))",  # noqa: S608
        {"ids": list(snapshot_ids)},
    )


def rows_as_json(
    connection: duckdb.DuckDBPyConnection, relation: str, rows: Sequence[Row]
) -> tuple[str, dict[str, str]]:
    """A SELECT that yields the rows with the table's own columns and types, and its parameters."""
    shape = {str(name): str(kind) for name, kind in columns_of(connection, relation)}
    unknown = {name for row in rows if row.keys() - shape.keys() for name in row} - shape.keys()
    if unknown:
        raise KeyError(f"{relation} has no column {sorted(unknown)[0]}")
    whole = [{name: row.get(name) for name in shape} for row in rows]
    text = json.dumps(whole, default=as_text)
    # The array and its objects are taken apart, lists within them are not.
    select = "select unnest(from_json_strict($rows, $shape), max_depth := 2)"
    return select, {"rows": text, "shape": json.dumps([shape])}


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    """Names and types of the columns of a table or view, in order."""
    found = connection.execute(
        # `duckdb_columns()` would work out every view of the store for the columns of one table.
        "select name, type from pragma_table_info($table) order by cid",
        {"table": relation},
    ).fetchall()
    return [(str(name), str(kind)) for name, kind in found]


def naive_utc(moment: datetime | None) -> datetime | None:
    """The store's form of a time: UTC without a zone."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def aware_utc(moment: datetime | None) -> datetime | None:
    """A time of the store as everyone else holds it."""
    return None if moment is None else moment.replace(tzinfo=UTC)


def fingerprint(value: object) -> str:
    """A hash of a JSON value that does not depend on the order of its keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def as_text(value: Any) -> str:
    """What JSON has no form for, as DuckDB reads it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not for the store")
