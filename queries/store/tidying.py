"""Tidies the files of a shared store: small ones become one, and versions of long ago go.

Each write makes a version and files of its own (DuckLake), which nobody takes away by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from queries.store.append import naive_utc

# Whoever still reads an older version began a week ago, and a file that was merged a day ago.
VERSIONS_KEPT, FILES_KEPT = timedelta(days=7), timedelta(days=1)
_COUNT = "select count(*) from "
_FILES = """
select coalesce(sum(file_count + delete_file_count), 0)::bigint,
    coalesce(sum(file_size_bytes + delete_file_size_bytes), 0)::bigint
from ducklake_table_info($store)
"""
_OLD = "ducklake_expire_snapshots($store, older_than => $before, dry_run => $is_dry)"

_UNNEEDED = "ducklake_cleanup_old_files($store, older_than => $before)"


@dataclass(frozen=True, slots=True)
class Files:
    """What of a shared store lies in its place for data, and the versions in its catalogue."""

    files: int
    size_bytes: int
    versions: int
    old_versions: int


def files_of(connection: duckdb.DuckDBPyConnection, store: str, now: datetime) -> Files:
    """Those of a store that is attached by this name; old versions are what `tidy` drops."""
    named: dict[str, object] = {"store": store}
    files, size_bytes = _row(connection, _FILES, named)
    (versions,) = _row(connection, _COUNT + "ducklake_snapshots($store)", named)
    (old,) = _row(connection, _COUNT + _OLD, named | _before(now, is_dry=True))
    return Files(files, size_bytes, versions, old)


def tidy(connection: duckdb.DuckDBPyConnection, store: str, now: datetime) -> None:
    """Merge small files, drop old versions, and the files that nothing needs since a day ago.

    What few rows a write had stay in the catalogue, where they take less than files of their own.
    What is killed in between leaves a store that is whole, and more for the next time.
    """
    steps: tuple[tuple[str, dict[str, object]], ...] = (
        ("ducklake_rewrite_data_files($store, delete_threshold => 0.1)", {}),
        ("ducklake_merge_adjacent_files($store)", {}),
        (_OLD, _before(now, is_dry=False)),
        (_UNNEEDED, {"before": naive_utc(now - FILES_KEPT)}),
    )
    for step, values in steps:
        _row(connection, _COUNT + step, {"store": store, **values})


def _before(now: datetime, *, is_dry: bool) -> dict[str, object]:
    return {"before": naive_utc(now - VERSIONS_KEPT), "is_dry": is_dry}


def _row(
    connection: duckdb.DuckDBPyConnection, question: str, values: Mapping[str, object]
) -> tuple[int, ...]:
    # To its end: what DuckLake changes is only committed there.
    (found,) = connection.execute(question, values).fetchall()
    return tuple(int(value) for value in found)
