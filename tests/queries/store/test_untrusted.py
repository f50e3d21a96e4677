"""A user's SQL reads tables and views, and neither reads nor writes anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.store.file import NoStore, Store
from queries.store.user_sql import BadQuestion, answer


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("store")
    store = Store(folder / "s.duckdb")
    with store.writing():
        pass
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    (folder / "secret.json").write_text('{"a": 1}', encoding="utf-8")
    return store


def test_tables_and_views_are_read(store: Store) -> None:
    found = answer(store, "select count(*) as n from current_deployments")
    assert found.names == ("n",)
    assert found.rows == ((0,),)


REFUSED = [
    "select * from read_text('{folder}/secret.txt')",
    "select * from read_blob('{folder}/secret.txt')",
    "select * from read_csv('{folder}/secret.csv')",
    "select * from read_json('{folder}/secret.json')",
    "select * from read_parquet('{folder}/x.parquet')",
    "select * from '{folder}/secret.csv'",
    "select * from glob('{folder}/*')",
    "copy (select 1) to '{folder}/out.csv'",
    "copy snapshots to '{folder}/out.parquet' (format parquet)",
    "copy snapshots from '{folder}/secret.csv'",
    "attach '{folder}/other.duckdb'",
    "attach '{folder}/s.duckdb' as again",
    "export database '{folder}/out'",
    "import database '{folder}/out'",
    "install httpfs",
    "load httpfs",
    "load '{folder}/x.duckdb_extension'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset enable_external_access",
    "set allowed_directories = ['{folder}']",
    "pragma enable_profiling = 'json'; pragma profiling_output = '{folder}/out'; select 1",
    "set temp_directory = '{folder}/out'",
    "set python_enable_replacements = true",
    "create table t as select 1",
    "insert into snapshots (snapshot_id) values ('x')",
    "update snapshots set status = 'x'",
    "delete from journal",
    "drop table journal",
    "select * from read_text('https://localhost:1/')",
    "select 1; copy (select 2) to '{folder}/out.csv'",
    "select getenv('HOME')",
    "create or replace temp macro m() as table select * from read_text('{folder}/secret.txt');"
    " from m()",
    "call dbgen(sf = 1)",
    "select * from store",
    "select * from sql",
    "checkpoint",
    "not sql at all",
    "",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_everything_else_is_refused_in_one_line(store: Store, sql: str) -> None:
    folder = store.path.parent
    before = sorted(path.name for path in folder.rglob("*"))
    content = store.path.read_bytes()
    with pytest.raises(BadQuestion) as caught:
        answer(store, sql.replace("{folder}", str(folder)))
    assert "\n" not in str(caught.value)
    assert str(caught.value)
    assert sorted(path.name for path in folder.rglob("*")) == before
    assert store.path.read_bytes() == content


def test_variables_of_the_program_are_no_tables(store: Store) -> None:
    secrets = [{"a": "local"}]
    with pytest.raises(BadQuestion, match="secrets"):
        answer(store, "select * from secrets")
    assert secrets


def test_a_question_without_a_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoStore):
        answer(Store(tmp_path / "none.duckdb"), "select 1")
