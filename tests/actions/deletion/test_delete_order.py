"""Guard, archive, journal, re-read, delete, verify, journal: in this order, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from actions.archive.reading import verify_archive
from emulator import World
from queries.store.journal import first_broken
from tests.actions.stage import DAY, OLD, ONE_READ, SECRET, Stage


def test_a_proven_idle_deployment_is_deleted_with_one_write(stage: Stage) -> None:
    target = stage.delete_one()
    assert target.outcome == "deleted"
    (write,) = stage.writes
    assert (write.method, write.query) == ("DELETE", "api-version=2025-09-01")
    assert write.path.lower() == target.row.id.lower()


def test_the_steps_are_reported_in_the_order_of_the_contract(stage: Stage) -> None:
    stage.delete_one()
    assert stage.stages == [
        "guarding",
        "archiving",
        "rereading",
        "deleting",
        "verifying",
        "deleted",
    ]


def test_the_guard_asks_for_all_its_evidence_first(stage: Stage) -> None:
    stage.delete_one()
    paths = [request.path.lower() for request in stage.azure.requests]
    reads = [at for at, path in enumerate(paths) if path.endswith(OLD.lower())]
    guarded = paths[reads[0] : reads[1]]
    assert any(path.endswith("/onlineendpoints/fraud/deployments") for path in guarded)
    assert any(path.endswith("/locks") for path in guarded)
    assert sum("metrics:getbatch" in path for path in guarded) == 2


def test_archive_and_intent_are_there_before_the_last_read(stage: Stage) -> None:
    seen: list[tuple[int, list[str]]] = []

    def look(_world: World) -> None:
        seen.append((len(stage.archives()), stage.outcomes()))

    stage.azure.before("GET", ONE_READ, look, times=3)
    stage.delete_one()
    assert seen == [(0, ["planned"]), (0, ["planned"]), (1, ["planned", "intended"])]


def test_the_archive_is_whole_when_the_delete_arrives(stage: Stage) -> None:
    seen: list[Path] = []

    def look(_world: World) -> None:
        (folder,) = stage.archives()
        verify_archive(folder)
        seen.append(folder)

    stage.azure.before("DELETE", do=look)
    stage.delete_one()
    assert [folder.name for folder in seen] == [stage.journal()[1].evidence["archive"]]


def test_deployment_endpoint_and_locks_are_read_right_before_the_delete(stage: Stage) -> None:
    stage.delete_one()
    asked = [(r.method, r.path.lower().rsplit("/", 1)[-1]) for r in stage.azure.requests]
    at = next(at for at, (method, _name) in enumerate(asked) if method == "DELETE")
    assert {"fraud", "locks", "old"} <= {name for _method, name in asked[at - 7 : at]}


def test_the_end_is_verified_by_a_404_and_the_endpoint_once_more(stage: Stage) -> None:
    stage.delete_one()
    asked = stage.azure.requests
    at = next(at for at, request in enumerate(asked) if request.method == "DELETE")
    after = [(r.path.rsplit("/", 1)[-1], r.status) for r in asked[at + 1 :]]
    assert any("mfeOperationsStatus" in r.path for r in asked[at + 1 :])
    assert after.index(("old", 404)) < after.index(("fraud", 200))


def test_the_journal_has_a_row_for_plan_intent_and_result(stage: Stage) -> None:
    target = stage.delete_one()
    rows = stage.journal()
    assert [row.outcome for row in rows] == ["planned", "intended", "deleted"]
    assert {row.action for row in rows} == {"delete"}
    assert {row.target.lower() for row in rows} == {target.row.id.lower()}
    assert rows[-1].correlation_id
    assert first_broken(stage.session.store) is None


def test_the_journal_names_the_person_by_name_object_id_and_account(stage: Stage) -> None:
    stage.plan()
    actor = stage.journal()[0].actor
    name, rest = actor.split(" (")
    object_id, account = rest.split("), ")
    assert name == "mothball-operator"
    assert len(object_id) == 36
    assert account


def test_the_evidence_of_the_intent_is_the_guards_not_the_plans(stage: Stage) -> None:
    stage.clock.advance(DAY / 24)
    stage.delete_one()
    planned, intended, _deleted = stage.journal()
    ages = {check["check"]: check["age_seconds"] for check in planned.evidence["checks"]}
    assert (ages.pop("assets"), ages.pop("callers")) == (0, None)
    assert set(ages.values()) == {3600}
    assert max(check["age_seconds"] or 0 for check in intended.evidence["checks"]) < 60
    assert intended.evidence["snapshot_id"] != planned.evidence["snapshot_id"]


def test_a_guard_never_becomes_the_latest_snapshot(stage: Stage) -> None:
    before = stage.rows()[0].snapshot_id
    stage.clock.advance(DAY / 24)
    stage.delete_one()
    assert stage.scene.rows()["fraud/old"].snapshot_id == before


def test_a_plan_asks_azure_for_the_assets_alone_and_is_journalled(stage: Stage) -> None:
    plan = stage.plan()
    assert plan.targets[0].outcome == "planned"
    assert plan.phrase == "fraud/old"
    asked = [request for request in stage.azure.requests if request.source != "identity"]
    assert {request.method for request in asked} == {"GET"}
    assert all("/versions/" in request.path for request in asked)
    assert stage.outcomes() == ["planned"]


def test_the_checks_are_those_of_the_contract_with_the_age_of_the_snapshot(stage: Stage) -> None:
    stage.clock.advance(DAY)
    checks = stage.plan().targets[0].checks
    assert [check.check for check in checks] == [
        "same-resource",
        "live-traffic",
        "mirror-traffic",
        "requests",
        "callers",
        "rollback",
        "lock",
        "exemption",
        "retire-mark",
        "operation",
        "assets",
        "restorable",
    ]
    ages = {check.check: check.age_seconds for check in checks}
    assert (ages.pop("assets"), ages.pop("callers")) == (0, None)
    assert set(ages.values()) == {86400}


def test_an_environment_value_is_in_the_archive_and_nowhere_else(
    stage: Stage, tmp_path: Path
) -> None:
    stage.snapshot()
    stage.delete_one()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    held = [path for path in files if SECRET.encode() in path.read_bytes()]
    assert [path.name for path in held] == ["deployment.json"]
    assert held[0].is_relative_to(stage.session.archive_folder)
    assert SECRET not in json.dumps([dict(row.evidence) for row in stage.journal()])
    with stage.scene.store.reading() as connection:
        bodies = connection.execute("select body from raw_resources").fetchall()
    assert any("API_TOKEN" in body for (body,) in bodies)
    assert not any(SECRET in body for (body,) in bodies)
