"""The journal: appended to in order, chained by hashes, and a break in the chain is found."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest

from queries.store.file import Store
from queries.store.journal import Happening, entries, first_broken, write
from tests.scene import NOW


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "s.duckdb")
    for number in range(1, 5):
        write(store, [_happening(number)])
    return store


def _happening(number: int) -> Happening:
    return Happening(
        at=NOW + timedelta(minutes=number),
        actor="operator (object id)",
        action="delete",
        target=f"/subscriptions/s/deployments/{number}",
        outcome="planned",
        reason=f"because {number}",
        correlation_id=None,
        evidence={"checks": [{"check": "lock", "state": "pass"}], "number": number},
    )


def test_a_journal_that_nobody_wrote_is_empty(tmp_path: Path) -> None:
    assert entries(Store(tmp_path / "none.duckdb")) == []


def test_entries_come_back_as_they_were_written_in_order(store: Store) -> None:
    found = entries(store)
    assert [entry.sequence for entry in found] == [1, 2, 3, 4]
    assert found[2].at == NOW + timedelta(minutes=3)
    assert found[2].evidence == {"checks": [{"check": "lock", "state": "pass"}], "number": 3}
    assert found[2].reason == "because 3"


def test_half_a_character_and_a_nul_stop_no_entry_and_break_no_chain(store: Store) -> None:
    harm, kept = "a\udcff\0b\ud83d", "a\ufffd\ufffdb\ufffd"
    evidence = {harm: [harm, r"\u0000"]}
    write(store, [Happening(NOW, harm, "tag", harm, "done", harm, None, evidence)])
    entry = entries(store)[-1]
    assert (entry.actor, entry.target, entry.reason) == (kept, kept, kept)
    assert entry.evidence == {kept: [kept, r"\u0000"]}
    assert first_broken(store) is None


def test_many_at_once_are_chained_too(store: Store) -> None:
    write(store, [_happening(5), _happening(6)])
    assert [entry.sequence for entry in entries(store)] == [1, 2, 3, 4, 5, 6]
    assert first_broken(store) is None


def test_a_whole_chain_holds(store: Store) -> None:
    assert first_broken(store) is None
    hashes = [entry.hash for entry in entries(store)]
    assert all(one != other for one, other in itertools.pairwise(hashes))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "somebody else"),
        ("action", "tag"),
        ("target", "/subscriptions/other"),
        ("outcome", "deleted"),
        ("reason", "because I said so"),
        ("correlation_id", "0"),
        ("evidence", "{}"),
        ("happened_at", "2020-01-01"),
        ("hash", "0"),
    ],
)
def test_an_altered_entry_is_found(store: Store, column: str, value: str) -> None:
    with store.writing() as connection:
        connection.execute(
            f"update journal set {column} = $value where sequence = 2",  # noqa: S608
            {"value": value},
        )
    assert first_broken(store) == 2


def test_a_removed_entry_is_found(store: Store) -> None:
    with store.writing() as connection:
        connection.execute("delete from journal where sequence = 2")
    assert first_broken(store) == 2


def test_a_removed_entry_is_found_though_the_rest_was_numbered_anew(store: Store) -> None:
    with store.writing() as connection:
        connection.execute("delete from journal where sequence = 2")
        connection.execute("update journal set sequence = sequence - 1 where sequence > 2")
    assert first_broken(store) == 2


def test_exchanged_entries_are_found(store: Store) -> None:
    with store.writing() as connection:
        connection.execute("update journal set sequence = 5 - sequence where sequence in (2, 3)")
    assert first_broken(store) == 2


def test_a_journal_that_cannot_be_written_raises(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    path.write_bytes(b"no store" * 2000)
    with pytest.raises(Exception, match="is no store"):
        write(Store(path), [_happening(1)])
