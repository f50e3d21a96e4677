"""`mothball store`: check, copy and prune by the command line."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.mothball.shop import VERDICTS, Shop


def test_a_store_in_order_exits_with_zero(shop: Shop) -> None:
    result = shop.run("store", "check", "--format", "json")
    assert result.code == 0
    assert all(list(row) == ["check", "state", "message"] for row in result.json)
    assert {row["state"] for row in result.json} == {"pass"}
    assert "journal" in shop.run("store", "check").out


def test_a_store_that_is_not_in_order_exits_with_one(shop: Shop) -> None:
    with duckdb.connect(str(shop.store)) as connection:
        connection.execute("delete from judgements_seen")
    result = shop.run("store", "check", "--format", "json")
    assert result.code == 1
    assert "judgement" in result.err
    assert [row["check"] for row in result.json if row["state"] == "fail"] == ["rows"]


def test_what_is_no_store_is_one_line(shop: Shop) -> None:
    shop.store.write_bytes(b"spoilt" * 5000)
    result = shop.run("store", "check")
    assert result.code == 1
    assert "store" in result.one_line()


def test_a_copy_answers_as_the_store_does(shop: Shop, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    assert shop.run("store", "copy", str(copy)).code == 0
    shop.store = copy
    assert {name: row["verdict"] for name, row in shop.rows().items()} == VERDICTS


@pytest.mark.parametrize(("name", "code"), [("store.duckdb", 1), (".", 2)])
def test_a_copy_onto_something_is_one_line(
    shop: Shop, tmp_path: Path, name: str, code: int
) -> None:
    result = shop.run("store", "copy", str(tmp_path / name))
    assert result.code == code
    assert result.out == ""


def test_pruning_counts_first_and_drops_when_told(own: Shop) -> None:
    assert own.run("snapshot").code == 0
    rows, listed = own.run("sql", "from snapshots", "--format", "json").json, own.rows()
    result = own.run("store", "prune", "--older-than", "0d", "--format", "json")
    assert result.code == 0
    counted = {row["name"]: row["rows"] for row in result.json}
    assert counted["judgements"] == len(VERDICTS)
    assert own.run("sql", "from snapshots", "--format", "json").json == rows
    result = own.run("store", "prune", "--older-than", "0d", "--apply", "--format", "json")
    assert {row["name"]: row["rows"] for row in result.json} == counted
    assert re.search(r"written anew: [\d,]+ bytes before, [\d,]+ bytes after", result.err)
    assert own.rows() == listed
    assert own.run("store", "check").code == 0
    assert own.run("store", "prune", "--older-than", "0d", "--format", "json").json == []


def test_an_age_is_needed(shop: Shop) -> None:
    assert shop.run("store", "prune").code == 2
    assert shop.run("store", "prune", "--older-than", "soon").code == 2


def test_a_store_of_the_settings_is_named(shop: Shop, tmp_path: Path) -> None:
    pytest.importorskip("duckdb_extension_ducklake", reason="DuckDB's extension is not installed")
    config = tmp_path / "config.toml"
    catalogue, data = tmp_path / "team.ducklake", tmp_path / "data"
    config.write_text(f"[stores.team]\ncatalogue = '{catalogue}'\ndata = '{data}'\n")
    given = ["--config", str(config)]
    assert shop.run("store", "copy", "team", *given).code == 0
    result = shop.bare("list", "--store", "team", "--format", "json", *given)
    assert result.code == 0
    assert len(result.json) == len(VERDICTS)
    assert shop.bare("store", "check", "--store", "team", *given).code == 0
