"""A store that version 0.1.0 wrote before its conclusions had codes: it opens, and says the same.

`version_before.duckdb.xz` was written by that version: two snapshots of the sample tenant, ten days
apart, and one retire mark.
"""

from __future__ import annotations

import lzma
from collections import Counter
from pathlib import Path

import pytest

from queries.estate.questions import current_deployments, snapshots
from queries.store.file import Store
from queries.store.journal import entries, first_broken
from queries.store.maintenance import check_store
from tests.scene import NOW

KEPT = Path(__file__).with_name("version_before.duckdb.xz")
VERDICTS = {
    "idle": 9,
    "serving": 9,
    "unknown": 6,
    "rollback": 3,
    "protected": 3,
    "shadow": 2,
    "failed": 2,
    "direct": 2,
    "idle-endpoint": 2,
    "new": 2,
    "pay-per-use": 2,
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    path = tmp_path / "store.duckdb"
    path.write_bytes(lzma.decompress(KEPT.read_bytes()))
    return Store(path)


def test_its_verdicts_and_their_reasons_are_as_they_were_written(store: Store) -> None:
    rows = current_deployments(store)
    assert Counter(row.verdict for row in rows) == VERDICTS
    (row,) = (row for row in rows if row.name == "clause-extract/distil")
    assert row.requests_in_window == 0
    assert list(row.reasons.sentences) == [
        "silent, without a share of traffic, and nothing falls back on it",
        "0 requests in 35 days and today so far, proven: 35 days with a real zero",
        "0 % live, 0 % mirrored",
    ]
    assert set(row.reasons.codes) == {"recorded"}


def test_its_journal_is_whole_and_keeps_the_retire_mark(store: Store) -> None:
    written = entries(store)
    assert [(one.action, one.outcome) for one in written][-1] == ("retire", "done")
    assert first_broken(store) is None


def test_it_is_migrated_by_the_first_write_and_loses_no_snapshot(store: Store) -> None:
    before = [(one.snapshot_id, one.deployments) for one in snapshots(store)]
    with store.writing():
        pass
    assert [(one.snapshot_id, one.deployments) for one in snapshots(store)] == before
    assert all(one.is_well for one in check_store(store, NOW))
