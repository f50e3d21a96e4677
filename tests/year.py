"""A store's history of many days, made from its newest snapshot by SQL through the real tables.

Each day one in a hundred deployments changes, and the values of those that serve move a little:
`python -m tests.year STORE DAYS`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import duckdb

from queries.store.append import SnapshotTable
from queries.store.file import Store
from queries.store.limits import DatabaseLimits
from queries.store.versions import VERSIONED, keep_versions_from

DAYS_A_WRITE = 10

# The newest snapshot's rows as they are kept, to move on from day to day.
_LISTED = {
    "tags": "select snapshot_id, resource_key, list({name: name, value: value}) as tags",
    "traffic_shares": "select snapshot_id, endpoint_key, list({deployment_name: deployment_name,"
    " spelt: spelt, live_percent: live_percent, mirror_percent: mirror_percent}) as shares",
}

# What moves in a day; `chance(key)` is a number from 0 to 9,999 by key and day.
_MOVES = (
    "update day_snapshots set started_at = started_at + interval 1 day,"
    " finished_at = finished_at + interval 1 day",
    "update day_deployments set environment = 'environment-of-day-' || $day"
    " where chance(deployment_key, $day) < 100",
    "update day_endpoints set identity_kind = 'identity-of-day-' || $day"
    " where chance(endpoint_key, $day) < 10",
    "update day_tags set tags = list_append(tags[:-2], {name: 'touched', value: $day::varchar})"
    " where chance(resource_key, $day) < 30",
    "update day_traffic_shares set shares = list_transform(shares, lambda one: struct_update(one,"
    " live_percent := abs(one.live_percent - 1))) where chance(endpoint_key, $day) < 30",
    "update day_judgements set last_request_at = last_request_at + interval 1 day,"
    " requests_in_window = (requests_in_window * noise(deployment_key, $day))::bigint + 1,"
    " reasons = list_transform(reasons, lambda one: replace(one, last_request_at::date::varchar,"
    " (last_request_at::date + 1)::varchar)) where last_request_at is not null",
    "update day_judgements set idle_days = idle_days + 1 where last_request_at is null",
    "update day_judgements set newest_life_until = newest_life_until + interval 1 day",
    "update day_judgements set owner = 'owner-of-day-' || $day"
    " where chance(deployment_key, $day) < 30",
    "update day_deployment_sizing set cpu_mean = round(cpu_mean * noise(deployment_key, $day), 3),"
    " cpu_highest = round(cpu_highest * noise(deployment_key, $day + 1), 3),"
    " memory_mean = round(memory_mean * noise(deployment_key, $day + 2), 3),"
    " memory_highest = round(memory_highest * noise(deployment_key, $day + 3), 3),"
    " latency_p95_ms = round(latency_p95_ms * noise(deployment_key, $day + 4), 3),"
    " latency_p95_highest_ms = round(latency_p95_highest_ms * noise(deployment_key, $day + 5), 3)"
    " where chance(deployment_key, 0) < 5000",
    "insert into raw_resources select raw.resource_key, sha256(raw.content_hash || $day),"
    " (select snapshot_id from day_snapshots), (select started_at from day_snapshots),"
    " replace(raw.body, '\"tags\"', '\"day\": ' || $day || ', \"tags\"') from day_raw as raw"
    " where chance(raw.resource_key, $day) < 100",
)
_VALUES = """
insert into metric_values by name
select * replace (
    starts_at + to_days($day::integer) as starts_at,
    read_at + to_days($day::integer) as read_at,
    case when resource % 2 = 0 then average else average * noise(resource::varchar, $day) end
        as average
)
from day_values
"""
_ANSWERS = """
insert into metric_answers by name
select * replace (
    (select snapshot_id from day_snapshots) as snapshot_id,
    last_day + $day::integer - 1 as first_day,
    last_day + $day::integer as last_day,
    read_at + to_days($day::integer) as read_at
)
from day_answers
"""


def year(store: Store, days: int) -> None:
    """Add daily snapshots to a store that holds a real one; the last is `days` later."""
    for first in range(1, days + 1, DAYS_A_WRITE):
        with store.writing() if first + DAYS_A_WRITE > days else store.noting() as connection:
            _begin(connection, first - 1)
            for day in range(first, min(first + DAYS_A_WRITE, days + 1)):
                _add(connection, day)


def _begin(connection: duckdb.DuckDBPyConnection, day: int) -> None:
    """Temporary tables of the newest snapshot, and the functions that move them."""
    connection.execute(
        "create temp macro chance(key, day) as hash(key || '/' || day) % 10000;"
        "create temp macro noise(key, day) as 0.95 + chance(key, day + 1000) / 100000"
    )
    connection.execute(
        "create temp table day_snapshots as from snapshots where kind = 'snapshot'"
        " order by started_at desc limit 1"
    )
    for table in (*VERSIONED, *get_args(SnapshotTable)):
        columns = _LISTED.get(table, "select *")
        grouped = " group by all" if table in _LISTED else ""
        connection.execute(
            f"create temp table day_{table} as {columns} from {table}"  # noqa: S608
            f" where snapshot_id = (select snapshot_id from day_snapshots){grouped}"  # noqa: S608
        )
    connection.execute(
        "create temp table day_raw as from raw_resources where not ends_with(snapshot_id, '-year')"
    )
    _begin_metrics(connection)


def _begin_metrics(connection: duckdb.DuckDBPyConnection) -> None:
    """What the newest real snapshot was answered, and the values of its last whole day.

    Those of its own day were read before that day had ended; the first day more has them whole.
    """
    connection.execute(
        "create temp table day_real as from snapshots where not ends_with(snapshot_id, '-year')"
        " order by started_at desc limit 1;"
        "create temp table day_answers as from metric_answers where asked_minutes = 1440"
        " and snapshot_id in (select snapshot_id from day_real)"
        " and last_day in (select started_at::date from day_real);"
        "create temp table day_values as from metric_values where asked_minutes = 1440"
        " and starts_at::date in (select started_at::date - 1 from day_real);"
        "delete from metric_values where read_at < starts_at + to_minutes(grain_minutes)"
    )


def _add(connection: duckdb.DuckDBPyConnection, day: int) -> None:
    connection.execute(
        "update day_snapshots set snapshot_id = strftime(started_at + interval 1 day,"
        " '%Y%m%d-%H%M%S') || '-year'"
    )
    for table in (*VERSIONED, *get_args(SnapshotTable)):
        connection.execute(
            f"update day_{table} set snapshot_id = (select snapshot_id from day_snapshots)"  # noqa: S608
        )
    for move in (*_MOVES, _VALUES, _ANSWERS):
        connection.execute(move, {"day": day} if "$day" in move else {})
    connection.execute("insert into snapshots by name from day_snapshots")
    for table in VERSIONED:
        keep_versions_from(connection, table, f"temp.day_{table}")
    for table in get_args(SnapshotTable):
        connection.execute(f"insert into {table} by name from day_{table}")


if __name__ == "__main__":
    year(Store(Path(sys.argv[1]), limits=DatabaseLimits(memory_mb=1024)), int(sys.argv[2]))
