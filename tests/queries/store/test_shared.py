"""A team's store: DuckLake with a catalogue in a file, or in PostgreSQL where there is one."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from actions.tags.retire import retire
from collectors.records import ActivityEvent
from emulator import Workspace, steady
from queries.estate.history import traffic_periods_of
from queries.estate.questions import current_deployments, newest
from queries.estate.tag_ledger import tag_drift
from queries.intake.activity import keep_activity
from queries.store.file import NoStore, Store, StoreFailure
from queries.store.journal import Happening, entries, first_broken, write
from queries.store.maintenance import check_store, prune
from queries.store.shared import SharedStore
from queries.store.user_sql import BadQuestion, answer
from tests.scene import NOW, Scene
from tests.team.stores import new_database

pytest.importorskip("duckdb_extension_ducklake", reason="DuckDB's extension is not installed")
pytestmark = pytest.mark.journey  # a database server is slow to start and to speak to
DAY = timedelta(days=1)


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.team)])
def team(request: pytest.FixtureRequest, scene: Scene, tmp_path: Path) -> SharedStore:
    """The scene's store, shared."""
    if request.param == "file":
        catalogue = str(tmp_path / "catalogue.ducklake")
    else:
        catalogue = new_database(request.getfixturevalue("postgres"), tmp_path).catalogue()
    shared = SharedStore("team", catalogue, str(tmp_path / "data"))
    scene.store = shared
    return shared


def _fill(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e", traffic={"live": 100})
    endpoint.deployment("live", requests=steady(1))
    endpoint.deployment("kept")
    for number in range(30):
        endpoint.deployment(f"idle-{number:02}")


def test_a_shared_store_concludes_what_a_file_does(
    team: SharedStore, scene: Scene, workspace: Workspace, tmp_path: Path
) -> None:
    _fill(workspace)
    shared = scene.judged()
    scene.store = Store(tmp_path / "own.duckdb")
    own = scene.judged()
    assert {n: (r.verdict, r.reasons.sentences) for n, r in shared.items()} == {
        n: (r.verdict, r.reasons.sentences) for n, r in own.items()
    }
    assert any(path.suffix == ".parquet" for path in (tmp_path / "data").rglob("*"))


def test_its_life_goes_on_as_in_a_file(
    team: SharedStore, scene: Scene, workspace: Workspace
) -> None:
    _fill(workspace)
    assert team.mark_of_change() is None
    scene.snapshot()
    before = team.mark_of_change()
    retire(scene.session(), scene.rows()["e/idle-03"], 14)
    written = team.mark_of_change()
    assert before is not None
    assert before != written
    assert newest(team).journal_entries > 0
    assert team.mark_of_change() == written
    scene.world.find("ws/e/idle-03").tags = {}
    scene.clock.advance(DAY)
    scene.snapshot()
    assert {drift.name for drift in tag_drift(team)} == {"role", "mothball-retire-after"}
    assert len(traffic_periods_of(team, scene.rows()["e/live"].endpoint_key)) == 32
    assert all(one.is_well for one in check_store(team, scene.clock.now()))
    assert len(prune(team, scene.clock.now()).snapshot_ids) == 1
    assert len(scene.rows()) == 32
    assert all(one.is_well for one in check_store(team, scene.clock.now()))


def test_a_file_is_copied_to_a_shared_store_and_back(
    team: SharedStore, scene: Scene, workspace: Workspace, tmp_path: Path
) -> None:
    _fill(workspace)
    scene.store = own = Store(tmp_path / "own.duckdb")
    scene.snapshot()
    write(own, [Happening(NOW, "jo", "tag", "/x", "done")])
    own.copy_to(team)
    back = Store(tmp_path / "back.duckdb")
    team.copy_to(back)
    for store in (team, back):
        assert current_deployments(store) == current_deployments(own)
        assert entries(store) == entries(own)
        assert all(one.is_well for one in check_store(store, scene.clock.now()))
        with store.reading() as connection:  # a view with a cross join and another one after it
            connection.execute("from hourly_prices").fetchall()
    with pytest.raises(StoreFailure, match="holds something"):
        own.copy_to(team)


def test_writers_of_several_processes_keep_the_journal_one_chain(
    team: SharedStore, tmp_path: Path
) -> None:
    write(team, [Happening(NOW, "first", "tag", "/x", "done")])
    code = (
        "import sys\n"
        "from datetime import datetime, timezone\n"
        "from queries.store.journal import Happening, write\n"
        "from queries.store.shared import SharedStore\n"
        "store = SharedStore(*sys.argv[1:4])\n"
        "for number in range(3):\n"
        "    write(store, [Happening(datetime.now(timezone.utc), 'jo', 'tag', '/x', 'done')])\n"
    )
    given = [sys.executable, "-c", code, "team", team._catalogue.place, team._place.path]
    root = Path(__file__).parents[3]
    paths = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    writers = [
        subprocess.Popen(given, cwd=tmp_path, env={**os.environ, "PYTHONPATH": paths})
        for _writer in range(3)
    ]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    assert [entry.sequence for entry in entries(team)] == list(range(1, 11))
    assert first_broken(team) is None


def test_an_empty_one_says_so(team: SharedStore) -> None:
    with pytest.raises(NoStore, match="team"):
        current_deployments(team)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_text('{file}')",
        "select * from read_csv('{file}')",
        "select * from postgres_scan('host=127.0.0.1', 'public', 'x')",
        "delete from store.journal",
        "delete from __ducklake_metadata_store.ducklake_table",
    ],
)
def test_a_question_of_ones_own_reaches_nothing_but_the_store(
    team: SharedStore, scene: Scene, workspace: Workspace, tmp_path: Path, statement: str
) -> None:
    _fill(workspace)
    scene.snapshot()
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadQuestion):
        answer(team, statement.format(file=tmp_path / "file"))
    counted = answer(team, "select count(*) from current_deployments where verdict = 'idle'")
    assert counted.rows == ((30,),)


@pytest.mark.parametrize(
    ("data", "account", "said"),
    [
        ("s3://b/c", None, "data in s3:// is not supported"),
        ("az://mothball/data", None, "need `account`, or AZURE_STORAGE_CONNECTION_STRING"),
        ("az://mothball", "st", "name az://CONTAINER/PATH"),
        ("az://mothball/data?sig=hunter2", "stteam", "no credential"),
        ("az://mothball/da*ta", "stteam", "name az://CONTAINER/PATH"),
        ("az://mothball/data", "AccountKey=hunter2", "the name of a storage account"),
        ("/mnt/team", "stteam", "`account` goes with data in az://"),
    ],
)
def test_what_is_no_place_for_data_is_refused_in_one_line(
    data: str, account: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING", raising=False)
    with pytest.raises(ValueError, match="the store 'team': ") as caught:
        SharedStore("team", "postgres:host=db", data, account=account)
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_read_within_a_read_of_a_shared_store_sees_its_tables(
    scene: Scene, workspace: Workspace, team: SharedStore
) -> None:
    workspace.endpoint("fraud").deployment("old")
    scene.snapshot()
    with team.reading():
        assert [row.deployment for row in current_deployments(team)] == ["old"]


def test_what_the_activity_log_says_later_is_folded_into_what_was_kept(team: SharedStore) -> None:
    with team.writing():
        pass
    begun = ActivityEvent(
        "s", "/subscriptions/s/x", "c", "write", "started", NOW, "ann", None, None
    )
    other = replace(begun, correlation_id="d")
    for events in ([begun], [replace(begun, status="succeeded", happened_at=NOW + DAY), other]):
        keep_activity(team, events)
    with team.reading() as connection:
        asked = "select correlation_id, status from activity_operations order by all"
        assert connection.execute(asked).fetchall() == [("c", "succeeded"), ("d", "started")]
