"""The verdicts: SQL in files, one question each, asked in order of what they build on."""

from __future__ import annotations

from pathlib import Path

import duckdb

_HERE = Path(__file__).parent
# Each question is answered into a temporary table of its name, for the ones after it.
QUESTIONS = (
    "asked",
    "subjects",
    "days",
    "silence",
    "labels",
    "holds",
    "history",
    "siblings",
    "ages",
    "facts",
    "rollbacks",
    "drift",
    "verdicts",
    "reasons",
    "findings",
    "conclusions",
    "limits",
    "loads",
    "barriers",
    "sizings",
)


def judge(connection: duckdb.DuckDBPyConnection, snapshot_id: str) -> None:
    """Conclude on every deployment of a collection, and keep it in `judgements`.

    What a snapshot says of sizes goes to `deployment_sizing`; no verdict rests on it.

    Judging a collection again replaces what was concluded before.
    """
    for question in QUESTIONS:
        _answer(connection, question, snapshot_id)
    values = {"snapshot_id": snapshot_id}
    connection.execute("delete from judgements where snapshot_id = $snapshot_id", values)
    connection.execute("insert into judgements by name from conclusions")
    connection.execute("delete from deployment_sizing where snapshot_id = $snapshot_id", values)
    connection.execute("insert into deployment_sizing by name from sizings")
    for question in QUESTIONS:
        connection.execute(f"drop table temp.{question}")


def _answer(connection: duckdb.DuckDBPyConnection, question: str, snapshot_id: str) -> None:
    sql = (_HERE / f"{question}.sql").read_text(encoding="utf-8")
    values = {"snapshot_id": snapshot_id} if "$snapshot_id" in sql.split("select", 1)[1] else {}
    # The name is one of the constants above.
    connection.execute(f"create temp table {question} as\n{sql}", values)
