"""The vocabulary as tables: what SQL reads of the records of `queries.vocabulary`.

They are written where a store is opened for writing and holds other words than this version. A
sign tells by one small read which words it holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import duckdb

from queries import vocabulary
from queries.store.append import Table, append

_Row = Mapping[str, Any]


def keep_vocabulary(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the words of this version, in one transaction, where the store holds others."""
    if vocabulary_is_current(connection):
        return
    connection.begin()
    try:
        connection.execute("delete from vocabulary_verdicts")
        connection.execute("delete from vocabulary_kinds")
        connection.execute("delete from vocabulary_roles")
        connection.execute("delete from vocabulary_subscriptions")
        connection.execute("delete from vocabulary_facts")
        connection.execute("delete from vocabulary_signs")
        for table, rows in words().items():
            append(connection, table, rows)
        append(connection, "vocabulary_signs", [{"sign": sign()}])
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def vocabulary_is_current(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a store with all migrations holds the words of this version."""
    return connection.execute("select sign from vocabulary_signs").fetchall() == [(sign(),)]


@cache
def sign() -> str:
    """What tells these words from others."""
    return hashlib.sha256(repr(words()).encode()).hexdigest()


@cache
def words() -> Mapping[Table, Sequence[_Row]]:
    """The rows of each table."""
    return {
        "vocabulary_verdicts": [*_verdicts(), *_billed_as()],
        "vocabulary_kinds": [_placed(place, asdict(kind), "kind") for place, kind in _numbered()],
        "vocabulary_roles": [
            {"role": role, "place": place} for place, role in enumerate(vocabulary.ROLES, 1)
        ],
        "vocabulary_subscriptions": [
            _placed(place, asdict(one), "state")
            for place, one in enumerate(vocabulary.SUBSCRIPTION_STATES, 1)
        ],
        "vocabulary_facts": _facts(),
    }


def _numbered() -> Sequence[tuple[int, vocabulary.Kind]]:
    return list(enumerate(vocabulary.KINDS, 1))


def _placed(place: int, values: dict[str, Any], name: str) -> _Row:
    return {name: values.pop("name"), "place": place, **values}


def _verdicts() -> list[_Row]:
    return [
        {
            "verdict": verdict.name,
            "place": place,
            "attention": verdict.attention,
            "verdict_group": verdict.group,
            "may_be_retired": verdict.may_be_retired,
            "load_barrier": verdict.load_barrier,
        }
        for place, verdict in enumerate(vocabulary.VERDICTS, 1)
    ]


def _facts() -> list[_Row]:
    return [
        {
            "fact": fact.name,
            "place": place,
            "number": fact.number,
            "evidence": evidence,
            "of_the_graph": fact.of_the_graph,
        }
        for place, fact in enumerate(vocabulary.AZURE_FACTS, 1)
        for evidence in fact.rests_on_it
    ]


def _billed_as() -> list[_Row]:
    return [
        {
            "verdict": name,
            "place": None,
            "attention": None,
            "verdict_group": group,
            "may_be_retired": False,
            "load_barrier": None,
        }
        for name, group in vocabulary.BILLED_AS.items()
    ]
