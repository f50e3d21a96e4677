"""Append-only, one row each, in a chain that shows what was changed behind its back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from actions import journal
from actions.archive.journal_check import lost_entries
from collectors.connection.errors import Unreachable
from collectors.connection.signin import credential_for
from queries.store.journal import first_broken
from tests.actions.stage import Stage


def noted(stage: Stage, count: int = 4) -> None:
    for number in range(count):
        journal.note(stage.session, "tag", f"/target/{number}", "done", evidence={"n": number})


def test_entries_are_numbered_without_a_gap_and_say_what_was_noted(stage: Stage) -> None:
    journal.note(stage.session, "tag", "/x", "done", "because", "c-1", {"set": {"a": "1"}})
    noted(stage, 2)
    first, *rest = stage.journal()
    assert [entry.sequence for entry in (first, *rest)] == [1, 2, 3]
    assert (first.action, first.target, first.outcome) == ("tag", "/x", "done")
    assert (first.reason, first.correlation_id) == ("because", "c-1")
    assert first.evidence == {"set": {"a": "1"}}
    assert first.at == stage.clock.now()


def test_a_whole_chain_holds(stage: Stage) -> None:
    noted(stage)
    assert first_broken(stage.session.store) is None


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("update journal set reason = 'another' where sequence = 2", 2),
        ("update journal set actor = 'somebody else' where sequence = 3", 3),
        ("update journal set evidence = '{}' where sequence = 1", 1),
        ("update journal set happened_at = happened_at + interval 1 second where sequence = 4", 4),
        ("delete from journal where sequence = 2", 2),
        ("delete from journal where sequence = 1", 1),
        ("insert into journal select * replace (5 as sequence) from journal where sequence = 4", 5),
    ],
)
def test_a_change_behind_its_back_shows(stage: Stage, change: str, broken: int) -> None:
    noted(stage)
    with stage.session.store.writing() as connection:
        connection.execute(change)
    assert first_broken(stage.session.store) == broken


def test_what_a_snapshot_noted_shows_that_a_journal_was_cut_or_emptied(stage: Stage) -> None:
    noted(stage)
    stage.snapshot()
    noted(stage, 1)
    assert lost_entries(stage.session) == []
    for cut in ("sequence > 2", "true"):
        with stage.session.store.noting() as connection:
            connection.execute(f"delete from journal where {cut}")  # noqa: S608
        assert first_broken(stage.session.store) is None
        (line,) = lost_entries(stage.session)
        assert "the snapshot of 2026-11-23 18:00 UTC knows entry 4" in line
        assert ".heads" in line


def test_the_note_of_another_store_tells_nothing_of_this_one(stage: Stage) -> None:
    noted(stage, 1)
    stage.session.store.note_head(
        "another",
        '{"sequence": 9, "hash": "ab", "first_hash": "cd", "at": "2026-11-01T00:00:00+00:00",'
        ' "snapshot_id": "another"}',
    )
    stage.session.store.note_head("none", "no note at all")
    assert lost_entries(stage.session) == []


def test_the_chain_goes_on_after_a_break_and_still_tells_the_first(stage: Stage) -> None:
    noted(stage)
    with stage.session.store.writing() as connection:
        connection.execute("update journal set reason = 'x' where sequence = 2")
    noted(stage, 1)
    assert first_broken(stage.session.store) == 2


def test_two_at_once_do_not_tear_the_chain(stage: Stage) -> None:
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(noted, stage, 4) for _worker in range(2)]:
            future.result()
    assert [entry.sequence for entry in stage.journal()] == list(range(1, 9))
    assert first_broken(stage.session.store) is None


def test_without_a_sign_in_a_plan_is_journalled_all_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    wrong = credential_for(stage.session.cloud)
    object.__setattr__(stage.session, "sign_in", lambda: wrong)
    try:
        assert journal.actor_of(stage.session).startswith("not signed in, ")
    except Unreachable:  # pragma: no cover - a plan needs no sign-in
        pytest.fail("a plan needs no sign-in")
