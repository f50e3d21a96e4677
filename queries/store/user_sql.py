"""A user's own SQL on the store: reads the tables and views, and nothing else in the world."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from queries.store.file import Store, StoreFailure
from queries.store.interrupting import Interrupted, interrupted_by

TIME_LIMIT_SECONDS = 30.0
MOST_ROWS = 1_000_000
_ROWS_AT_ONCE = 10_000
# A SELECT may call these, and then does something (DuckDB 1.5): it writes to the log or the file,
# changes what other questions do, waits, or hides another statement in a text.
ACTS = frozenset(
    {
        "add_parquet_key",
        "checkpoint",
        "disable_logging",
        "disable_profile",
        "disable_profiling",
        "enable_logging",
        "enable_profile",
        "enable_profiling",
        "force_checkpoint",
        "json_execute_serialized_sql",
        "parse_duckdb_log_message",
        "pg_sleep",
        "query",
        "query_table",
        "set_log_level",
        "sleep_ms",
        "truncate_duckdb_logs",
        "write_log",
    }
)
_NAME = re.compile(r'"((?:[^"]|"")+)"|(\w+)')
_ZONED = "WITH TIME ZONE"


class BadQuestion(StoreFailure):
    """DuckDB does not understand or does not allow the SQL; the text is its first line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows, as DuckDB gives them."""

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def answer(store: Store, sql: str, limit_seconds: float = TIME_LIMIT_SECONDS) -> Answer:
    """The rows of one SELECT, with times in UTC.

    Files, network, extensions and settings are closed to it, and it ends at the time limit.
    """
    given_up_at = time.monotonic() + limit_seconds

    def within(connection: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
        return _limited(connection, given_up_at, limit_seconds)

    with _as_bad_questions():
        names = _names_of_question(sql)
    with store.untrusted(names, within) as connection, _as_bad_questions():
        return _rows(connection, sql)


@contextmanager
def _as_bad_questions() -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        line = str(error).strip().splitlines()[0]
        raise BadQuestion(line) from error


def _rows(connection: duckdb.DuckDBPyConnection, question: str) -> Answer:
    relation = connection.sql(question)
    # Python has zones of its own, which DuckDB hands over by way of a library that is not there.
    columns = [_without_zone(place, str(of)) for place, of in enumerate(relation.types, start=1)]
    result = relation.project(", ".join(columns))
    rows: list[tuple[Any, ...]] = []
    while more := result.fetchmany(_ROWS_AT_ONCE):
        rows += more
        if len(rows) > MOST_ROWS:
            raise BadQuestion(f"the answer has more than {MOST_ROWS:,} rows: add a LIMIT")
    return Answer(tuple(map(str, relation.columns)), tuple(rows))


def _without_zone(place: int, of: str) -> str:
    if _ZONED not in of:
        return f"#{place}"
    return f"cast(#{place} as {'timestamp' if of == f'TIMESTAMP {_ZONED}' else 'varchar'})"


@contextmanager
def _limited(
    connection: duckdb.DuckDBPyConnection, given_up_at: float, seconds: float
) -> Iterator[None]:
    """Interrupt what runs from the limit on; BadQuestion then."""
    try:
        with interrupted_by(connection, lambda: time.monotonic() >= given_up_at):
            yield
    except (Interrupted, duckdb.Error, BadQuestion) as error:
        if time.monotonic() >= given_up_at:
            text = f"no answer within {seconds:g} s: ask for less, or raise --time-limit"
            raise BadQuestion(text) from error
        if isinstance(error, Interrupted):
            raise KeyboardInterrupt from error
        raise


def _names_of_question(sql: str) -> set[str]:
    """Every name in a question, of whatever it may be; BadQuestion where it is not one question."""
    with duckdb.connect() as parser:
        statements = parser.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise BadQuestion("only one SELECT at a time is answered")
    names = _called(sql)
    if not names or names[0][0] == "pragma":
        # DuckDB makes a SELECT of most of them.
        raise BadQuestion("only one SELECT at a time is answered, and PRAGMA is none")
    for name, is_called in names:
        if is_called and name in ACTS:
            raise BadQuestion(f"{name} is not allowed: it does more than to answer")
    return {name for name, _is_called in names}


def _called(sql: str) -> list[tuple[str, bool]]:
    """The words of a statement, texts and comments aside, and whether each is called."""
    starts = [place for place, _kind in duckdb.tokenize(sql)]
    words = [sql[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    following = [*words[1:], ""]
    found = ((_NAME.match(word), after) for word, after in zip(words, following, strict=True))
    return [
        ((name[1] or name[2]).replace('""', '"').lower(), after.startswith("("))
        for name, after in found
        if name
    ]
