"""The verdicts: SQL in files, one question each, asked in order of what they build on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from queries.store.versions import forget_seen, keep_versions_from

_HERE = Path(__file__).parent
# Each question is answered into a temporary table of its name, for the ones after it. These are
# asked once of a whole collection,
OF_ALL = (
    "asked",
    "contradictions",
    "gone",
    "drift",
    "limits",
    "sought",
    "answers",
    "late",
    "parts",
)
# and these of one part of its deployments after the other.
OF_A_PART = (
    "subjects",
    "known_as",
    "carried",
    "since",
    "anew",
    "span",
    "counted",
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
    "verdicts",
    "reasons",
    "findings",
    "conclusions",
    "loads",
    "barriers",
    "sizings",
    "past",
)
QUESTIONS = (*OF_ALL, *OF_A_PART)
EVIDENCE = (
    "asked",
    "contradictions",
    "gone",
    "sought",
    "answers",
    "late",
    "parts",
    "subjects",
    "known_as",
    "carried",
    "since",
    "anew",
    "span",
    "counted",
    "lives",
    "days",
)
# What is read once or twice is worked out there: a table dropped in a transaction keeps its room
# until the end of it, and a row per value or per deployment and day would take most of it.
KINDS = {
    "sought": "variable",
    "since": "variable",
    "span": "variable",
    "counted": "view",
    "days": "view",
}
KINDS_OF_ONE = KINDS | {"counted": "table", "days": "table"}
_STATEMENTS = {
    "table": "create temp table {question} as\n{sql}",
    "view": "create temp view {question} as\n{sql}",
    "variable": "set variable {question} = (\n{sql}\n)",
}
_ENDS = {
    "table": "drop table temp.{question}",
    "view": "drop view temp.{question}",
    "variable": "reset variable {question}",
}
# Deployments that are judged together. A part takes what its hash tables need, and goes on in files
# where that is too much; each part keeps some megabytes to the end of the transaction, which cannot
# go there, and reads the metric values once more.
PART_SIZE = 2500
MOST_PARTS = 8


def judge(
    connection: duckdb.DuckDBPyConnection,
    snapshot_id: str,
    part_size: int = PART_SIZE,
    most_parts: int = MOST_PARTS,
) -> None:
    """Conclude on every deployment of a collection, and keep it in `judgements`.

    What a snapshot says of sizes goes to `deployment_sizing`; no verdict rests on it.

    Judging a collection again replaces what was concluded before.
    """
    values = {"snapshot_id": snapshot_id, "size": part_size, "most": most_parts}
    forget_seen(connection, "judgements", [snapshot_id])
    forget_seen(connection, "deployment_sizing", [snapshot_id])
    with _answered(connection, OF_ALL, values):
        for part in range(_parts(connection)):
            with _answered(connection, OF_A_PART, values | {"part": part}):
                keep_versions_from(connection, "judgements", "conclusions")
                keep_versions_from(connection, "deployment_sizing", "sizings")
                connection.execute(
                    "delete from judged_before where resource in (select resource from past)"
                )
                connection.execute("insert into judged_before by name from past")


@contextmanager
def evidence(
    connection: duckdb.DuckDBPyConnection, snapshot_id: str, deployment_key: str
) -> Iterator[None]:
    """The judge's own questions up to `days` of one deployment, as a snapshot knew it."""
    values = {
        "snapshot_id": snapshot_id,
        "deployment_key": deployment_key,
        "size": 1,
        "most": 1,
        "part": 0,
    }
    with _answered(connection, EVIDENCE, values, KINDS_OF_ONE):
        yield


def _parts(connection: duckdb.DuckDBPyConnection) -> int:
    found = connection.execute("select coalesce(max(part) + 1, 0) from parts").fetchone()
    assert found is not None
    return int(found[0])


@contextmanager
def _answered(
    connection: duckdb.DuckDBPyConnection,
    questions: Sequence[str],
    values: Mapping[str, Any],
    kinds: Mapping[str, str] = KINDS,
) -> Iterator[None]:
    """The answers as what `kinds` says, or as temporary tables."""
    for question in questions:
        _answer(connection, question, values, kinds.get(question, "table"))
    yield
    for question in reversed(questions):
        end = _ENDS[kinds.get(question, "table")]
        connection.execute(end.format(question=question))


def _answer(
    connection: duckdb.DuckDBPyConnection, question: str, values: Mapping[str, Any], kind: str
) -> None:
    """Answer one question into the temporary table (view, variable) of its name."""
    sql = (_HERE / f"{question}.sql").read_text(encoding="utf-8")
    body = sql.split("select", 1)[1]
    named = {"deployment_key": None, **values}
    used = {name: value for name, value in named.items() if f"${name}" in body}
    # The names are of the constants above.
    connection.execute(_STATEMENTS[kind].format(question=question, sql=sql), used)
