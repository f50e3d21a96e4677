"""The verdicts: SQL in files, one question each, asked in order of what they build on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

_HERE = Path(__file__).parent
# Each question is answered into a temporary table of its name, for the ones after it.
QUESTIONS = (
    "asked",
    "contradictions",
    "subjects",
    "known_as",
    "lives",
    "days",
    "silence",
    "changers",
    "labels",
    "holds",
    "above",
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
EVIDENCE = ("asked", "contradictions", "subjects", "known_as", "lives", "days")


def judge(connection: duckdb.DuckDBPyConnection, snapshot_id: str) -> None:
    """Conclude on every deployment of a collection, and keep it in `judgements`.

    What a snapshot says of sizes goes to `deployment_sizing`; no verdict rests on it.

    Judging a collection again replaces what was concluded before.
    """
    with _answered(connection, QUESTIONS, snapshot_id):
        values = {"snapshot_id": snapshot_id}
        connection.execute("delete from judgements where snapshot_id = $snapshot_id", values)
        connection.execute("insert into judgements by name from conclusions")
        connection.execute("delete from deployment_sizing where snapshot_id = $snapshot_id", values)
        connection.execute("insert into deployment_sizing by name from sizings")


@contextmanager
def evidence(
    connection: duckdb.DuckDBPyConnection, snapshot_id: str, deployment_key: str
) -> Iterator[None]:
    """The judge's own questions up to `days` of one deployment, as a snapshot knew it."""
    with _answered(connection, EVIDENCE, snapshot_id, deployment_key):
        yield


@contextmanager
def _answered(
    connection: duckdb.DuckDBPyConnection,
    questions: tuple[str, ...],
    snapshot_id: str,
    deployment_key: str | None = None,
) -> Iterator[None]:
    """The answers as temporary tables, of all deployments or of one."""
    values = {"snapshot_id": snapshot_id, "deployment_key": deployment_key}
    for question in questions:
        _answer(connection, question, values)
    yield
    for question in questions:
        connection.execute(f"drop table temp.{question}")


def _answer(
    connection: duckdb.DuckDBPyConnection, question: str, values: Mapping[str, str | None]
) -> None:
    """Answer one question into the temporary table of its name."""
    sql = (_HERE / f"{question}.sql").read_text(encoding="utf-8")
    body = sql.split("select", 1)[1]
    used = {name: value for name, value in values.items() if f"${name}" in body}
    # The name is one of the constants above.
    connection.execute(f"create temp table {question} as\n{sql}", used)
