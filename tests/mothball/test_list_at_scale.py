"""`mothball list` of a large tenant: memory that hardly grows, and a store that is let go of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from queries.estate.fields import FIELDS
from queries.estate.questions import current_deployments
from queries.store.file import Store
from tests.mothball.shop import VERDICTS, Shop

ROOT = Path(__file__).parents[2]
FEW, MANY = 2_000, 20_000
MOST_GROWTH = 1.6


def grown(store: Path, rows: int) -> None:
    """So many deployments in the listing of a store, each under a name of its own."""
    with duckdb.connect(str(store)) as connection:
        connection.execute(
            "create table more as select listing.* replace ("
            " id || '-' || n as id, deployment || '-' || n as deployment,"
            " deployment_key || '-' || n as deployment_key,"
            " cast(n * $kept + place as bigint) as place)"
            " from listing, range($times) as copies(n)",
            {"kept": len(VERDICTS), "times": rows // len(VERDICTS)},
        )
        connection.execute("drop table listing")
        connection.execute("alter table more rename to listing")


def started(store: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "mothball", "--store", str(store), "list", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ
    )


def peak_bytes(store: Path, *arguments: str) -> int:
    """The highest resident memory of a list whose output is read at once."""
    running = started(store, *arguments)
    assert running.stdout is not None
    while running.stdout.read(1 << 20):
        pass
    running.stdout.close()
    _pid, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0
    return used.ru_maxrss * 1024


@pytest.mark.journey
@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "json"),
        ("--format", "csv"),
        (),
        ("--where", "!zzz"),
        ("--sort", "run-rate", "--format", "json"),
    ],
)
def test_ten_times_the_deployments_take_little_more_memory(
    shop: Shop, arguments: tuple[str, ...]
) -> None:
    grown(shop.store, FEW)
    few = peak_bytes(shop.store, *arguments)
    grown(shop.store, MANY // FEW * len(VERDICTS))
    assert peak_bytes(shop.store, *arguments) < few * MOST_GROWTH


@pytest.mark.journey
def test_somebody_who_reads_a_list_slowly_keeps_nobody_from_writing_to_the_store(
    shop: Shop,
) -> None:
    grown(shop.store, FEW)
    running = started(shop.store, "--format", "json")
    assert running.stdout is not None
    with running.stdout as slow:
        assert slow.read(1)
        with Store(shop.store, busy_seconds=0).noting():
            assert running.poll() is None
        rows = json.loads(b"[" + slow.read())
    assert running.wait() == 0
    assert len(rows) == FEW // len(VERDICTS) * len(VERDICTS)


@pytest.mark.journey
def test_a_reader_that_goes_away_ends_a_list_quietly(shop: Shop) -> None:
    grown(shop.store, FEW)
    running = started(shop.store, "--format", "json")
    assert running.stdout is not None
    assert running.stdout.read(1)
    running.stdout.close()
    assert running.wait() == 0


def test_json_has_a_deployment_a_line_with_the_fields_in_their_order(shop: Shop) -> None:
    first, *lines, last = shop.run("list", "--format", "json").out.splitlines()
    assert (first, last) == ("[", "]")
    assert [list(json.loads(line.rstrip(","))) for line in lines] == [list(FIELDS)] * len(VERDICTS)


def test_rows_are_in_their_order_however_many_parts_the_listing_is_read_in(shop: Shop) -> None:
    grown(shop.store, MANY)
    keys = [row.deployment_key for row in current_deployments(Store(shop.store))]
    with duckdb.connect(str(shop.store), read_only=True) as connection:
        ordered = connection.execute("select deployment_key from listing order by place").fetchall()
    assert keys == [key for (key,) in ordered]
