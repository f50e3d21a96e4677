"""The SQL files themselves: a head each, nothing pasted, only what a shared store can do too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args

import duckdb
import pytest

import queries
from queries.estate.rows import DeploymentRow
from queries.store.append import Table
from queries.store.library import questions
from queries.store.migrate import MIGRATIONS, migrate
from queries.store.versions import VERSIONED

ROOM = Path(queries.__file__).parent
JUDGE = ROOM / "judge"
QUESTIONS = sorted(questions().values())
FILES = sorted([*QUESTIONS, *JUDGE.rglob("*.sql")])
KEPT = sorted(MIGRATIONS.glob("*.sql"))
LIMIT = 400
# The ledger of what was applied is older than every table; signs are no rows.
LEDGER = {"migrations", "listing_signs"}


@pytest.fixture(scope="module")
def migrated() -> Iterator[duckdb.DuckDBPyConnection]:
    """A store without rows."""
    with duckdb.connect() as connection:
        migrate(connection)
        yield connection


def _name(path: Path) -> str:
    return str(path.relative_to(ROOM))


def _head(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = []
    for line in lines:
        if not line.startswith("--"):
            break
        head.append(line.removeprefix("--").strip())
    return " ".join(head)


def _body(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line.split("--", 1)[0] for line in lines)


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_every_file_says_what_it_asks(path: Path) -> None:
    head = _head(path)
    assert head.startswith("Question: ")
    assert "Columns: " in head
    assert "?" in head
    assert len(path.read_text(encoding="utf-8").splitlines()) < LIMIT


@pytest.mark.parametrize("path", QUESTIONS, ids=_name)
def test_every_question_names_its_parameters_and_no_others(path: Path) -> None:
    head = _head(path)
    reported = head.split("Parameters: ", 1)[1].split("Columns: ", 1)[0]
    named = set(re.findall(r"\$(\w+)", reported))
    used = set(re.findall(r"\$(\w+)", _body(path)))
    assert named == used
    assert used or reported.startswith("none.")


@pytest.mark.parametrize("path", KEPT, ids=_name)
def test_a_migration_uses_only_what_a_shared_store_can_do(path: Path) -> None:
    body = _body(path).lower()
    for word in (
        r"primary\s+key",
        r"foreign\s+key",
        r"references\s",
        r"\bunique\b",
        r"\bcheck\s*\(",
        r"\bcreate\s+(unique\s+)?index\b",
        r"\bsequence\s+\w+\s*(start|increment|;)",
        r"\bcreate\s+sequence\b",
        r"\bnextval\b",
        r"\benum\b",
        r"\bgenerated\b",
        r"\bdefault\b",
        r"\bcreate\s+macro\b",
        r"\bcreate\s+type\b",
    ):
        assert not re.search(word, body), word


@pytest.mark.parametrize("path", [*FILES, *KEPT], ids=_name)
def test_whatever_a_column_is_taken_from_is_named_in_the_file(path: Path) -> None:
    body = re.sub(r"'[^']*'", "''", _body(path))
    used = set(re.findall(r"(?<![\w.$\"])([a-z_]\w*)\.[a-z_*\"]", body))
    named = re.findall(r"\b(?:as|from|join|using|into|update|lambda)\s+(?:\w+\.)?([a-z_]\w*)", body)
    listed = re.findall(r",\s*(?:\w+\s+as\s+)?([a-z_]\w*)\s*$", body, re.MULTILINE)
    tables = re.findall(r"\b([a-z_]\w*)\s+as\s+(?:materialized\s+)?\(", body)
    assert used - {*named, *listed, *tables, "temp"} == set()  # the schema of temporary tables


def test_the_tables_that_rows_are_written_to_are_those_of_the_store(
    migrated: duckdb.DuckDBPyConnection,
) -> None:
    found = migrated.execute("select table_name from duckdb_tables()").fetchall()
    written = {name for (name,) in found} - LEDGER
    versioned = {f"{name}_{part}" for name in VERSIONED for part in ("versions", "seen")}
    assert written == {*get_args(Table), *versioned}, "Table in queries/store/append.py"


def test_every_field_of_a_row_is_a_column_of_the_list(migrated: duckdb.DuckDBPyConnection) -> None:
    columns = migrated.sql("select * from listed_deployments").columns
    wanted = {field.name for field in fields(DeploymentRow)}
    assert wanted - set(columns) == set(), "no view of queries/store/migrations/ has these"


def test_no_two_questions_have_one_name() -> None:
    assert len(QUESTIONS) == len(list(ROOM.glob("*/sql/*.sql")))


def test_no_two_migrations_have_one_number() -> None:
    numbers = [int(path.name.split("_", 1)[0]) for path in KEPT]
    assert numbers == sorted(set(numbers))


def test_no_value_is_pasted_into_sql_in_python() -> None:
    """A formatted string that reaches DuckDB holds a name of ours, said in a literal type."""
    allowed = {
        ("append.py", "table"),
        ("append.py", "relation"),
        ("__init__.py", "question"),
        ("__init__.py", "sql"),
        ("compact.py", "table"),
        *(("versions.py", name) for name in ("table", "source", "found", "columns")),
    }
    pasted = set()
    for path in sorted(ROOM.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_execute = isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "execute"
            if not is_execute:
                continue
            assert isinstance(call, ast.Call)
            for part in ast.walk(call.args[0]):
                if isinstance(part, ast.FormattedValue):
                    pasted.add((path.name, ast.unparse(part.value)))
                assert not (isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mod))
    assert pasted <= allowed | {("append.py", "source")}


@pytest.mark.parametrize("path", QUESTIONS, ids=_name)
def test_every_question_is_one_statement(path: Path, migrated: duckdb.DuckDBPyConnection) -> None:
    assert len(migrated.extract_statements(path.read_text(encoding="utf-8"))) == 1


def test_the_views_that_users_may_ask_are_there(migrated: duckdb.DuckDBPyConnection) -> None:
    rows = migrated.execute("select view_name from duckdb_views() where not internal").fetchall()
    assert {name for (name,) in rows} >= {
        "current_deployments",
        "current_endpoints",
        "current_workspaces",
        "daily_requests",
        "traffic_history",
    }
