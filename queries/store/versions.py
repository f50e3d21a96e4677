"""What snapshots say, kept once per change: content under a number, and who saw which number.

A table NAME of this kind is a view over `NAME_versions` (the content and its hash) and `NAME_seen`
(snapshot, version, and the columns that move from day to day). Versions are only added; what no
snapshot refers to any more is dropped by `drop_unseen`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Literal, get_args

from queries.store import library
from queries.store.append import Row, columns_of, insert

if TYPE_CHECKING:
    import duckdb

VersionedTable = Literal[
    "workspaces",
    "endpoints",
    "traffic_shares",
    "deployments",
    "tags",
    "judgements",
    "deployment_sizing",
]
VERSIONED: tuple[VersionedTable, ...] = get_args(VersionedTable)
_ROWS_AT_ONCE = 10_000


def keep_versions(
    connection: duckdb.DuckDBPyConnection, table: VersionedTable, rows: Iterable[Row]
) -> None:
    """Keep rows with `snapshot_id`, the content, and what moves; columns that they lack are null.

    A row of `tags` or `traffic_shares` is a resource with the list of all that it has.
    """
    found = iter(rows)
    while part := list(islice(found, _ROWS_AT_ONCE)):
        with staged(connection, table, part) as source:
            keep_versions_from(connection, table, source)


@contextmanager
def staged(
    connection: duckdb.DuckDBPyConnection, table: VersionedTable, rows: Iterable[Row]
) -> Iterator[str]:
    """Rows as `keep_versions` takes them in the temporary table `staged`; yields its name."""
    shape = [*_content(connection, table), *_seen(connection, table)]
    columns = ", ".join(f"{name} {kind}" for name, kind in shape if name != "version")
    connection.execute(f"create temp table staged ({columns})")
    insert(connection, "staged", rows)
    yield "temp.staged"
    connection.execute("drop table temp.staged")


def keep_versions_from(
    connection: duckdb.DuckDBPyConnection, table: VersionedTable, source: str
) -> None:
    """Keep the rows of a relation of ours, as `keep_versions` does."""
    found = _found(connection, table, source)
    connection.execute(
        f"""
        insert into {table}_versions by name
        select
            (select coalesce(max(version), 0) from {table}_versions) + row_number() over ()
                as version,
            content_hash,
            unnest(content)
        from (
            select distinct on (content_hash) content_hash, content
            from ({found}) as found
            anti join {table}_versions as versions using (content_hash)
        )
        """  # noqa: S608
    )
    connection.execute(
        f"""
        insert into {table}_seen by name
        select versions.version, unnest(found.moving)
        from ({found}) as found
        join {table}_versions as versions using (content_hash)
        order by versions.version
        """  # noqa: S608
    )


def forget_seen(
    connection: duckdb.DuckDBPyConnection, table: VersionedTable, snapshot_ids: Sequence[str]
) -> None:
    """Take back what some snapshots said; the versions stay."""
    connection.execute(
        f"delete from {table}_seen"  # noqa: S608
        " where snapshot_id in (select unnest($ids::varchar[]))",
        {"ids": list(snapshot_ids)},
    )


def drop_unseen(connection: duckdb.DuckDBPyConnection, table: VersionedTable) -> None:
    """Drop the versions that no snapshot refers to."""
    connection.execute(
        f"delete from {table}_versions"  # noqa: S608
        f" where version not in (select version from {table}_seen)"
    )


_Columns = Sequence[tuple[str, str]]


def _content(connection: duckdb.DuckDBPyConnection, table: VersionedTable) -> _Columns:
    kept = columns_of(connection, f"{table}_versions")
    return [one for one in kept if one[0] not in ("version", "content_hash")]


def _seen(connection: duckdb.DuckDBPyConnection, table: VersionedTable) -> _Columns:
    return columns_of(connection, f"{table}_seen")


def _found(connection: duckdb.DuckDBPyConnection, table: VersionedTable, source: str) -> str:
    """A SELECT of the content of a relation's rows, its hash, and what moves.

    Every name in it is of a table of ours; half of a SHA-256 tells contents apart.
    """
    given = connection.execute(f"select * from {source} limit 0").description or []  # noqa: S608
    names = {str(column[0]) for column in given}
    content, seen = _content(connection, table), _seen(connection, table)
    unknown = names - {name for name, _kind in (*content, *seen)}
    if unknown:
        raise KeyError(f"{table} has no column {sorted(unknown)[0]}")
    moving = [(name, kind) for name, kind in seen if name != "version"]
    return f"""
        select content, moving, unhex(left(sha256(to_json(content)::varchar), 32)) as content_hash
        from (
            select
                struct_pack({_fields(content, names)}) as content,
                struct_pack({_fields(moving, names)}) as moving
            from {source}
        )
    """  # noqa: S608


def _fields(columns: _Columns, given: set[str]) -> str:
    return ", ".join(
        f"{name} := cast({name if name in given else 'null'} as {kind})" for name, kind in columns
    )


def move_whole(connection: duckdb.DuckDBPyConnection, report: Callable[[str], None]) -> None:
    """Move what a store keeps whole for each snapshot, one after the other; those tables go."""
    for table in VERSIONED:
        ids = connection.execute(
            f"select distinct snapshot_id from {table}_whole order by snapshot_id"  # noqa: S608
        ).fetchall()
        if ids:
            report(f"{table} of {len(ids)} snapshots")
        for (snapshot_id,) in ids:
            _move(connection, table, snapshot_id)
        connection.execute(f"drop table {table}_whole")


def _move(
    connection: duckdb.DuckDBPyConnection, table: VersionedTable, snapshot_id: str | None
) -> None:
    values = {"snapshot_id": snapshot_id}
    name = f"whole_{table}"
    if name not in library.questions():
        name, values = "whole_rows", {"table": f"{table}_whole", **values}
    connection.execute("create temp table moved as\n" + library.question(name), values)
    keep_versions_from(connection, table, "temp.moved")
    connection.execute("drop table temp.moved")
