"""What the newest views say is what the views of every snapshot say of the newest ones."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from queries.estate.questions import current_deployments
from queries.store.file import Store

KEPT = Path(__file__).with_name("whole_snapshots.duckdb.xz")
PAIRS = {"judged_deployments": "current_deployments", "listed_deployments": "listed_now"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    path = tmp_path / "store.duckdb"
    path.write_bytes(lzma.decompress(KEPT.read_bytes()))
    with Store(path).writing():
        pass
    return Store(path)


@pytest.mark.parametrize(("of_all", "of_the_newest"), PAIRS.items())
def test_they_say_the_same_of_the_newest(store: Store, of_all: str, of_the_newest: str) -> None:
    with store.reading() as connection:
        whole = connection.execute(
            "select listed.* from query_table(?) as listed"
            " semi join newest_reads using (workspace_key, snapshot_id) order by all",
            [of_all],
        )
        wanted = [tuple(column[:2]) for column in whole.description or []], whole.fetchall()
        newest = connection.execute("from query_table(?) order by all", [of_the_newest])
        found = [tuple(column[:2]) for column in newest.description or []], newest.fetchall()
    assert found == wanted
    assert len(current_deployments(store)) == len(wanted[1]) > 30
