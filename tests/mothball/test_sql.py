"""`mothball sql`: reads the store and nothing else in the world."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mothball.shop import FORMULA, VERDICTS, Shop

VIEWS = [
    "current_deployments",
    "current_endpoints",
    "current_workspaces",
    "judged_deployments",
    "daily_requests",
    "traffic_history",
    "tag_ledger",
    "tag_drift",
    "deployment_money",
    "right_sizing",
    "autoscale",
    "quota_returned",
    "machine_sizes",
    "holes",
    "snapshots",
    "journal",
]


def test_a_question_is_answered_in_all_three_formats(shop: Shop) -> None:
    question = "select verdict, count(*) as n from current_deployments group by 1 order by 1"
    rows = shop.run("sql", question, "--format", "json").json
    assert {row["verdict"]: row["n"] for row in rows}["idle"] == 4
    assert sum(row["n"] for row in rows) == len(VERDICTS)
    csv = shop.run("sql", question, "--format", "csv").csv
    assert [row["verdict"] for row in csv] == [row["verdict"] for row in rows]
    assert "idle" in shop.run("sql", question).out


@pytest.mark.parametrize("view", VIEWS)
def test_the_documented_views_are_there(shop: Shop, view: str) -> None:
    assert shop.run("sql", f"from {view} limit 2", "--format", "json").code == 0


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_text('{file}')",
        "select * from read_csv('{file}')",
        "select * from read_blob('{file}')",
        "select * from '{file}'",
        "select * from glob('{folder}/*')",
        "copy (select 1) to '{folder}/out.csv'",
        "copy snapshots to '{folder}/out.parquet' (format parquet)",
        "export database '{folder}/out'",
        "attach '{folder}/other.duckdb'",
        "install httpfs",
        "load httpfs",
        "load '{folder}/x.duckdb_extension'",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "reset lock_configuration",
        "pragma enable_profiling = 'json'",
        "create secret s (type s3)",
        "select getenv('HOME')",
        "delete from snapshots",
        "drop table journal",
        "update journal set actor = 'x'",
        "insert into holes select * from holes",
        "create table t as select 1",
        "checkpoint",
        "select 1; select * from read_text('{file}')",
        "select * from nothing",
        "selekt 1",
        "",
        ";",
    ],
)
def test_what_is_no_question_about_the_store_is_refused_in_one_line(
    shop: Shop, tmp_path: Path, statement: str
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    file = folder / "secret.csv"
    file.write_text("a\nthe-secret\n")
    before = shop.store.read_bytes()
    result = shop.run("sql", statement.format(file=file, folder=folder))
    assert result.code in (1, 2)
    assert result.one_line()
    assert "the-secret" not in result.err
    assert [path.name for path in folder.iterdir()] == ["secret.csv"]
    assert shop.store.read_bytes() == before


def test_a_formula_is_neutralised_here_too(shop: Shop) -> None:
    result = shop.run("sql", "select owner from current_deployments", "--format", "csv")
    owners = {row["owner"] for row in result.csv}
    assert f"'{FORMULA}" in owners
    assert FORMULA not in owners


def test_every_type_has_a_form_in_json(shop: Shop) -> None:
    question = (
        "select 1::hugeint as a, 1.50::decimal(9,2) as b, date '2026-01-02' as c,"
        " timestamp '2026-01-02 03:04:05' as d, [1, null] as e, {'x': date '2026-01-02'} as f,"
        " interval 1 day as g, time '01:02:03' as h, uuid() as i, 'x'::blob as j,"
        " map {'k': 1} as k, null as l, true as m, 'nan'::double as n"
    )
    result = shop.run("sql", question, "--format", "json")
    assert result.code == 0, result.err
    row = result.json[0]
    assert (row["a"], row["b"], row["c"], row["l"], row["m"]) == (1, 1.5, "2026-01-02", None, True)
    assert "NaN" not in result.out
    assert shop.run("sql", question).code == 0
    assert shop.run("sql", question, "--format", "csv").code == 0


def test_a_name_of_a_column_steers_nothing(shop: Shop) -> None:
    question = 'select 1 as "a\x1b[31m", 2 as "=1+1"'
    table, csv = shop.run("sql", question).out, shop.run("sql", question, "--format", "csv").out
    assert "\x1b" not in table + csv
    assert csv.splitlines()[0].endswith(",'=1+1")


def test_two_columns_of_one_name_are_both_there(shop: Shop) -> None:
    rows = shop.run("sql", "select 1 as a, 2 as a", "--format", "csv").out.splitlines()
    assert rows[1] == "1,2"
