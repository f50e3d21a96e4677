"""What was deleted comes back as it was, but for what only the service makes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from actions.archive.definitions import Definitions, definitions_of
from actions.archive.reading import Archive, ArchiveFailure, definitions_in, read_archive
from actions.archive.recreation import body_of
from actions.archive.writing import write_archive
from actions.lock import hold_lock
from actions.restore.definition import differences
from actions.restore.planning import RestorePlan, archive_named, note
from actions.restore.restore import plan_restore, restore
from actions.secrecy import without_secrets
from actions.session import Limits, Refusal
from actions.tags.tag import tag
from collectors.connection.reading import Reader
from collectors.inventory.endpoint import get_resource
from collectors.records import key_of
from emulator import Deployment, Endpoint, Fault, World, sample_tenant
from emulator.tenant.resources import Workspace
from queries.estate.tag_ledger import tag_drift
from queries.policy import Policy
from tests.actions.stage import DUE, POLLS, SECRET, Make, Stage, no_answers, staged, tenant
from tests.scene import NOW, day

pytestmark = pytest.mark.journey

OLD = "/onlineEndpoints/fraud/deployments/old"
RICH: dict[str, Any] = {
    "requestSettings": {"maxQueueWait": "PT0.5S", "requestTimeout": "PT1M30S"},
    "startupProbe": {"initialDelay": "PT30S", "period": "PT5S", "failureThreshold": 60},
    "dataCollector": {
        "rollingRate": "Hour",
        "collections": {"model_inputs": {"dataCollectionMode": "Enabled", "samplingRate": 0.5}},
    },
    "modelMountPath": "/var/models",
    "privateNetworkConnection": True,
    "egressPublicNetworkAccess": "Disabled",
    "fieldOfTheFuture": {"deep": [1, {"x": None}], "flag": False},
}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    world = tenant()
    old = world.find("ws/fraud/old")
    old.properties |= RICH
    old.identity = {"type": "UserAssigned", "userAssignedIdentities": {"/subscriptions/s/u": {}}}
    old.tags = {"owner": "ann", **DUE}
    with staged(tmp_path, world) as made:
        made.snapshot()
        made.azure.forget()
        yield made


def deleted(stage: Stage) -> tuple[Archive, dict[str, Any]]:
    """`fraud/old` archived and deleted, and how Azure reported it before."""
    with stage.session.reader() as reader:
        raw = get_resource(reader, stage.deployment().id)
    target = stage.delete_one()
    assert target.outcome == "deleted", target.message
    (folder,) = stage.archives()
    stage.azure.forget()
    return read_archive(folder), raw


def restored(stage: Stage, archive: Archive) -> RestorePlan:
    plan = plan_restore(stage.session, archive)
    return restore(stage.session, plan, plan.phrase, stage.stages.append)


def test_it_comes_back_field_by_field_but_for_its_retire_mark(stage: Stage) -> None:
    archive, raw = deleted(stage)
    plan = restored(stage, archive)
    assert plan.outcome == "restored", plan.message
    with stage.session.reader() as reader:
        found = get_resource(reader, archive.target)
    assert differences(raw, found, Policy()) == ()
    assert found["tags"] == {"owner": "ann"}
    assert found["properties"]["fieldOfTheFuture"] == RICH["fieldOfTheFuture"]
    assert found["properties"]["requestSettings"]["maxQueueWait"] == "PT0.5S"
    assert found["properties"]["environmentVariables"] == {"API_TOKEN": SECRET}
    assert [w.method for w in stage.writes] == ["PUT"]


def test_it_never_touches_traffic(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    before = dict(stage.endpoint.traffic or {})
    restored(stage, archive)
    assert dict(stage.endpoint.traffic or {}) == before
    assert all("/deployments/" in write.path.lower() for write in stage.writes)


def test_the_plan_writes_nothing_and_is_journalled(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    plan = plan_restore(stage.session, archive)
    assert plan.phrase == "fraud/old"
    assert plan.outcome == "planned"
    assert plan.obstacles == ()
    assert stage.writes == []
    last = stage.journal()[-1]
    assert (last.action, last.outcome, last.target) == ("restore", "planned", archive.target)


def test_the_journal_tells_intent_and_end(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    restored(stage, archive)
    rows = [e for e in stage.journal() if e.action == "restore"]
    assert [e.outcome for e in rows] == ["planned", "planned", "intended", "done"]
    assert rows[-1].correlation_id
    assert SECRET not in json.dumps([dict(e.evidence) for e in rows])


def test_its_mark_is_not_missed_afterwards(stage: Stage) -> None:
    mark(stage)
    archive, _raw = deleted(stage)
    assert restored(stage, archive).outcome == "restored"
    stage.clock.advance(timedelta(hours=1))
    stage.snapshot()
    assert tag_drift(stage.session.store) == []
    assert not [value for value in stage.rows()[0].findings.sentences if "lost" in value]


def mark(stage: Stage) -> None:
    """Have the mark written by the product itself, so that its ledger knows of it."""
    (row,) = stage.rows()
    tag(stage.session, row, DUE, ())
    stage.snapshot()


def test_a_name_that_exists_is_refused(stage: Stage) -> None:
    with stage.session.reader() as reader:
        endpoint = get_resource(reader, stage.endpoint.id)
        old = get_resource(reader, stage.deployment().id)
        kept = definitions_of(reader, "deployment", endpoint, (old,))
    archive = read_archive(write_archive(stage.session.archive_folder, kept, {}, NOW))
    with pytest.raises(Refusal, match="a restore never overwrites"):
        restored(stage, archive)
    assert stage.writes == []
    assert stage.journal()[-1].outcome == "refused"


def test_the_plan_tells_what_is_otherwise_than_archived(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    assert plan_restore(stage.session, archive).changes == ()
    stage.endpoint.properties["publicNetworkAccess"] = "Disabled"
    stage.endpoint.traffic = {"blue": 60, "green": 40}
    changes = plan_restore(stage.session, archive).changes
    assert "fraud as it is: properties.traffic.green was added" in changes
    assert "fraud as it is: properties.traffic.blue differs" in changes
    assert any("properties.publicNetworkAccess" in line for line in changes)


def test_the_plan_tells_the_commands_that_do_the_same(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    (step,) = plan_restore(stage.session, archive).by_hand
    assert step.command.startswith(
        "az ml online-deployment create --name old --endpoint-name fraud"
    )
    assert f"--file {archive.folder}/deployment.yml" in step.command


def test_a_restore_that_is_stopped_before_its_first_step_creates_nothing(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    plan = plan_restore(stage.session, archive)
    ended = restore(stage.session, plan, plan.phrase, stage.stages.append, lambda: True)
    assert ended.outcome == "stopped"
    assert stage.writes == []
    assert stage.journal()[-1].outcome == "stopped"


def test_a_deletion_and_a_restore_take_turns(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    plan = plan_restore(stage.session, archive)
    with hold_lock(stage.session.archive_folder.parent), pytest.raises(Refusal, match="under way"):
        restore(stage.session, plan, plan.phrase, stage.stages.append)
    assert stage.writes == []


def test_a_run_that_was_killed_while_azure_created_it_is_brought_to_its_end(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    note(stage.session, plan_restore(stage.session, archive), (archive.target,), "intended")
    assert restored(stage, archive).outcome == "restored"
    # The end of that run is missing in the journal of whoever was killed.
    note(stage.session, plan_restore(stage.session, archive), (archive.target,), "intended")
    stage.azure.forget()
    plan = restored(stage, archive)
    assert plan.outcome == "restored", plan.message
    assert stage.writes == []
    assert "interrupted" in (stage.journal()[-1].reason or "")
    with pytest.raises(Refusal, match="a restore never overwrites"):
        restored(stage, archive)


def test_another_phrase_is_refused(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    plan = plan_restore(stage.session, archive)
    with pytest.raises(Refusal, match="the phrase to confirm is 'fraud/old'"):
        restore(stage.session, plan, "fraud", stage.stages.append)
    assert stage.writes == []


def test_read_only_mode_refuses(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    session = replace(stage.session, limits=Limits(read_only=True))
    plan = plan_restore(session, archive)
    with pytest.raises(Refusal, match="read-only mode"):
        restore(session, plan, plan.phrase, stage.stages.append)
    assert stage.writes == []


@pytest.mark.parametrize("state", ["gone", "archived"])
def test_a_model_that_is_gone_stands_in_the_way(stage: Stage, state: str) -> None:
    archive, raw = deleted(stage)
    model = raw["properties"]["model"]
    (stage.world.remove_asset if state == "gone" else stage.world.archive_asset)(model)
    with pytest.raises(Refusal, match=f"assets fail: .*{state}"):
        restored(stage, archive)
    assert stage.writes == []


def test_an_endpoint_that_is_gone_names_the_fix(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    stage.world.find("ws").remove(stage.endpoint, NOW)
    plan = plan_restore(stage.session, archive)
    fields = {check.check: check.evidence for check in plan.obstacles}
    assert "the archive of a whole endpoint restores both" in fields["endpoint"]


@pytest.mark.parametrize("path", [OLD + r"\?", r"/onlineEndpoints/fraud\?", "/models/"])
def test_what_cannot_be_read_stands_in_the_way(stage: Stage, path: str) -> None:
    archive, _raw = deleted(stage)
    stage.azure.faults.add(Fault("forbid", path, method="GET"))
    with pytest.raises(Refusal, match="unknown"):
        restored(stage, archive)
    assert stage.writes == []


def test_a_file_that_was_altered_is_no_archive(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    path = archive.folder / "deployment.json"
    path.write_text(path.read_text().replace('"old"', '"new"'))
    with pytest.raises(ArchiveFailure, match="not what was archived"):
        archive_named(stage.session, str(archive.folder))


@pytest.mark.parametrize("name", ["../archives", "nothing", "..", "/etc", ""])
def test_what_is_no_archive_is_named(stage: Stage, name: str) -> None:
    deleted(stage)
    with pytest.raises(ArchiveFailure):
        archive_named(stage.session, name)


def test_it_is_found_by_name_and_by_path(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    assert archive_named(stage.session, archive.name) == archive
    assert archive_named(stage.session, str(archive.folder)) == archive


def test_an_operation_that_fails_is_reported_and_journalled(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    stage.world.will_end(OLD, method="PUT", code="Scarce", message="no machine of it is left")
    plan = restored(stage, archive)
    assert plan.outcome == "failed"
    assert "no machine of it is left" in (plan.message or "")
    assert stage.journal()[-1].outcome == "failed"


def test_a_value_that_azure_echoes_in_an_error_is_not_reported(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    stage.world.will_end(OLD, method="PUT", message=f"API_TOKEN value '{SECRET}' is too long")
    plan = restored(stage, archive)
    assert "API_TOKEN value '(masked)' is too long" in (plan.message or "")
    assert SECRET not in json.dumps([str(entry) for entry in stage.journal()])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no abcdefgh here, nor abcdefgh", "no (masked) here, nor (masked)"),
        ("it ends in abcdef…", "it ends in (masked)…"),
        ("it ends in abc…", "it ends in abc…"),
        ("a value of two lines: one two", "a value of two lines: (masked)"),
        (r'{"B": "one\n two"}', '{"B": "(masked)"}'),
        ("?b=one%0A%20two", "?b=(masked)"),
        ("8 cores, true", "8 cores, true"),
        ("abcdefghij", "(masked)"),
    ],
)
def test_no_value_of_the_environment_is_left_in_a_text(text: str, message: str) -> None:
    values = {"A": "abcdefgh", "B": "one\n two", "C": 8, "D": None, "E": "abcdefghij", "F": "tru"}
    raws = [{"properties": {"nested": [{"environmentVariables": values}]}}]
    assert without_secrets(text, raws) == message


def test_what_comes_out_otherwise_is_named_without_its_value(stage: Stage) -> None:
    archive, _raw = deleted(stage)

    def bent(body: Any) -> Any:
        if isinstance(body, dict) and "environmentVariables" in (body.get("properties") or {}):
            body["properties"]["environmentVariables"] = {"API_TOKEN": "other"}
            body["properties"]["added"] = 1
        return body

    stage.scene.azure.bend(OLD, bent)
    plan = restored(stage, archive)
    assert plan.outcome == "differs"
    assert plan.differences == (
        "old: properties.added was added",
        "old: properties.environmentVariables.API_TOKEN differs",
    )
    assert SECRET not in str(plan.message)


def test_the_price_of_what_comes_back_is_reported_where_it_is_known(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    assert plan_restore(stage.session, archive).monthly_cost is None
    with stage.scene.store.writing() as connection:
        connection.execute(
            "insert into list_prices (region, instance_type, currency, per_hour, read_at) values"
            " ('westeurope', 'standard_ds3_v2', 'EUR', 0.5, timestamp '2026-11-23')"
        )
    plan = plan_restore(stage.session, archive)
    assert (plan.monthly_cost, plan.currency) == (Decimal("365.0"), "EUR")


def test_quota_is_reported_where_azure_tells_it(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    text = " ".join(plan_restore(stage.session, archive).warnings)
    assert "needs 8 cores" in text
    assert "of 100 cores of standardDSv2Family are left" in text


def test_quota_that_azure_refuses_to_tell_is_not_known(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    stage.azure.faults.add(Fault("forbid", r".*/locations/westeurope/usages", method="GET"))
    text = " ".join(plan_restore(stage.session, archive).warnings)
    assert "needs 8 cores" in text
    assert "not known" in text


def test_a_marked_role_alone_goes_and_another_stays() -> None:
    raw = {"tags": {"Role": "Retire", "ROLE2": "x", "mothball-retire-after": day(0), "owner": "a"}}
    assert body_of(raw, Policy())["tags"] == {"ROLE2": "x", "owner": "a"}
    assert body_of({"tags": {"role": "production"}}, Policy())["tags"] == {"role": "production"}


def test_every_managed_shape_of_the_sample_goes_and_comes_back_as_it_was(tmp_path: Path) -> None:
    """Endpoint by endpoint, archived whole: the raw definitions are equal afterwards."""
    world = sample_tenant(NOW)
    world.locks.clear()
    world.missing_assets.clear()
    world.archived_assets.clear()
    with staged(tmp_path, world) as stage:
        for endpoint in managed_endpoints(world):
            _settle(endpoint)
            before, archive = _archived(stage, endpoint)
            _home(endpoint).remove(endpoint, stage.clock.now())
            plan = restored(stage, archive)
            assert plan.outcome == "restored", (archive.path, plan.message)
            _assert_equal(stage, before)


def managed_endpoints(world: World) -> list[Endpoint]:
    found = [
        one
        for one in world.resources()
        if isinstance(one, Endpoint) and any(map(is_managed, one.deployments))
    ]
    assert sum(is_managed(d) for one in found for d in one.deployments) > 20
    return found


def is_managed(deployment: Deployment) -> bool:
    return deployment.properties.get("endpointComputeType") == "Managed"


def _settle(endpoint: Endpoint) -> None:
    """Nothing under way, and a map that Azure would take of a new endpoint."""
    endpoint.state = "Succeeded"
    there = {one.name.lower() for one in endpoint.deployments}
    for deployment in endpoint.deployments:
        deployment.state = "Succeeded"
    if any(name.lower() not in there for name in endpoint.traffic_now() or {}):
        endpoint.traffic = {endpoint.deployments[0].name: 100}


def _home(endpoint: Endpoint) -> Workspace:
    assert isinstance(endpoint.parent, Workspace)
    return endpoint.parent


def _archived(stage: Stage, endpoint: Endpoint) -> tuple[list[dict[str, Any]], Archive]:
    with stage.session.reader() as reader:
        raw = get_resource(reader, endpoint.id)
        inside = [get_resource(reader, one.id) for one in endpoint.deployments]
        kept = definitions_of(reader, "endpoint", raw, inside)
    folder = write_archive(stage.session.archive_folder, kept, {}, stage.clock.now())
    return [raw, *inside], read_archive(folder)


def _assert_equal(stage: Stage, before: list[dict[str, Any]]) -> None:
    with stage.session.reader() as reader:
        for raw in before:
            found = get_resource(reader, raw["id"])
            assert differences(raw, found, Policy()) == ()
            assert _comparable(raw) == _comparable(found)


def _comparable(raw: dict[str, Any]) -> dict[str, Any]:
    """What a PUT sends, flat, without what is null or empty: Azure answers either."""
    body = body_of(raw, Policy())
    return {name: value for name, value in (body | body["properties"]).items() if value}


def whole(world: World) -> None:
    quiet = world.find("ws").endpoint("quiet", traffic={"main": 90, "spare": 10})
    quiet.properties["description"] = "asked by nobody"
    quiet.deployment("main", tags=DUE, environment_variables={"API_TOKEN": SECRET})
    quiet.deployment("spare")


def archived_endpoint(stage: Stage, reader: Reader) -> tuple[Archive, Definitions]:
    endpoint = get_resource(reader, stage.world.find("ws/quiet").id)
    bodies = [get_resource(reader, stage.world.find(f"ws/quiet/{n}").id) for n in ("main", "spare")]
    kept = definitions_of(reader, "endpoint", endpoint, bodies)
    folder = write_archive(stage.session.archive_folder, kept, {}, NOW)
    stage.world.find("ws").remove(stage.world.find("ws/quiet"), NOW)
    return read_archive(folder), kept


def test_a_whole_endpoint_ends_with_its_archived_map(stage: Stage) -> None:
    whole(stage.world)
    with stage.session.reader() as reader:
        archive, kept = archived_endpoint(stage, reader)
    stage.azure.forget()
    plan = restored(stage, archive)
    assert plan.phrase == "quiet"
    assert plan.outcome == "restored", plan.message
    assert stage.world.find("ws/quiet").traffic == {"main": 90, "spare": 10}
    assert [w.path.rsplit("/", 1)[-1] for w in stage.writes] == ["quiet", "main", "spare", "quiet"]
    with stage.session.reader() as reader:
        found = get_resource(reader, archive.target)
    assert differences(kept.endpoint, found, Policy()) == ()
    ends = [e.target for e in stage.journal() if (e.action, e.outcome) == ("restore", "done")]
    assert len(ends) == 3


def test_a_deployment_without_a_share_is_left_out_of_its_endpoint(stage: Stage) -> None:
    whole(stage.world)
    stage.world.find("ws/quiet").traffic = {"main": 100, "spare": 0}
    with stage.session.reader() as reader:
        archive, kept = archived_endpoint(stage, reader)
    stage.azure.forget()
    spare = str(kept.deployments[1]["id"])
    plan = plan_restore(stage.session, archive, left_out=frozenset({key_of(spare)}))
    assert "spare is left out: it is not created, and stays in the archive" in plan.warnings
    assert spare not in plan.ids
    done = restore(stage.session, plan, plan.phrase, lambda _text: None)
    assert done.outcome == "restored", done.message
    assert [w.path.rsplit("/", 1)[-1] for w in stage.writes] == ["quiet", "main", "quiet"]
    assert stage.writes[-1].body["properties"]["traffic"] == {"main": 100}
    assert stage.journal()[-1].evidence["left_out"] == [key_of(spare)]
    assert len(definitions_in(archive.folder)[0].deployments) == 2


def test_a_deployment_with_a_share_is_not_left_out(stage: Stage) -> None:
    whole(stage.world)
    with stage.session.reader() as reader:
        archive, kept = archived_endpoint(stage, reader)
    spare = key_of(str(kept.deployments[1]["id"]))
    with pytest.raises(Refusal, match="spare holds 10 % of the archived live traffic"):
        plan_restore(stage.session, archive, left_out=frozenset({spare}))


def test_its_map_is_left_where_somebody_changed_the_endpoint_meanwhile(stage: Stage) -> None:
    whole(stage.world)
    with stage.session.reader() as reader:
        archive, _kept = archived_endpoint(stage, reader)

    def meddle(world: World) -> None:
        world.find("ws/quiet").traffic = {"main": 100}

    stage.azure.after("PUT", "/deployments/spare", do=meddle)
    plan = restored(stage, archive)
    assert plan.outcome == "failed"
    assert "somebody changed the endpoint meanwhile" in (plan.message or "")
    assert stage.world.find("ws/quiet").traffic == {"main": 100}


def test_what_is_missing_of_an_endpoint_comes_back_by_the_next_run(stage: Stage) -> None:
    whole(stage.world)
    with stage.session.reader() as reader:
        archive, _kept = archived_endpoint(stage, reader)
    stage.world.will_end("quiet/deployments/spare", method="PUT", message="too few cores")
    assert restored(stage, archive).outcome == "failed"
    plan = plan_restore(stage.session, archive)
    assert any("delete it first" in check.evidence for check in plan.obstacles)
    stage.world.find("ws/quiet").remove(stage.world.find("ws/quiet/spare"), NOW)
    stage.azure.forget()
    ended = restored(stage, archive)
    assert [w.path.rsplit("/", 1)[-1] for w in stage.writes] == ["spare"]
    assert ended.outcome == "differs"
    assert "only the run that creates an endpoint sets its map" in (ended.message or "")
    traffic = [step.command for step in ended.by_hand if step.what == "traffic back"]
    assert len(traffic) == 1
    assert "--traffic 'main=90 spare=10'" in traffic[0]


def test_each_part_has_its_own_end_in_the_journal(stage: Stage) -> None:
    whole(stage.world)
    with stage.session.reader() as reader:
        archive, _kept = archived_endpoint(stage, reader)
    stage.world.will_end("quiet/deployments/spare", method="PUT", message="too few cores")
    restored(stage, archive)
    ends = [(e.target.rsplit("/", 1)[-1], e.outcome) for e in stage.journal()[-4:]]
    assert ends == [
        ("quiet", "created"),
        ("main", "done"),
        ("spare", "failed"),
        ("quiet", "stopped"),
    ]


def test_an_endpoint_that_exists_is_refused(stage: Stage) -> None:
    whole(stage.world)
    with stage.session.reader() as reader:
        archive, _kept = archived_endpoint(stage, reader)
    stage.world.find("ws").endpoint("quiet")
    with pytest.raises(Refusal, match="a restore never overwrites"):
        restored(stage, archive)
    assert stage.writes == []


def test_a_part_that_fails_tells_what_was_done_before(stage: Stage) -> None:
    whole(stage.world)
    with stage.session.reader() as reader:
        archive, _kept = archived_endpoint(stage, reader)
    stage.world.will_end("quiet/deployments/spare", method="PUT", message="too few cores")
    plan = restored(stage, archive)
    assert plan.outcome == "failed"
    assert "done before it: creating the endpoint, creating main" in (plan.message or "")
    assert not stage.world.find("ws/quiet").traffic


def test_an_archive_is_read_by_its_own_api_version(stage: Stage, make_stage: Make) -> None:
    archive, _raw = deleted(stage)
    _definitions, versions = definitions_in(archive.folder)
    stage.clock.advance(timedelta(days=1))
    restored(stage, archive)
    (put,) = [one for one in stage.azure.requests if one.method == "PUT"]
    assert f"api-version={versions['deployment.json']}" in put.query


@no_answers
def test_where_no_azure_answers_the_polls_a_look_tells_that_it_stands(
    stage: Stage, fault: Fault
) -> None:
    archive, _raw = deleted(stage)
    stage.world.polls_until_done = -1
    stage.azure.faults.add(replace(fault))
    plan = restored(stage, archive)
    assert plan.outcome == "restored", plan.message
    assert len(stage.writes) == 1


def test_a_restore_that_nobody_can_tell_the_end_of_is_settled_by_the_next_one(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    stage.world.polls_until_done = -1
    stage.azure.faults.add(Fault("garble", POLLS))
    one = OLD + r"\?"
    stage.azure.after("PUT", do=lambda _world: stage.azure.faults.add(Fault("garble", one)))
    plan = restored(stage, archive)
    assert plan.outcome == "unverified"
    assert stage.journal()[-1].outcome == "unverified"
    stage.azure.faults.clear()
    assert restored(stage, archive).outcome == "restored"
    assert len(stage.writes) == 1


def test_a_creation_that_failed_unseen_is_reported_as_failed(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    stage.azure.faults.add(Fault("garble", POLLS))

    def fail(world: World) -> None:
        world.find("ws/fraud/old").state = "Failed"

    stage.azure.after("PUT", do=fail)
    assert restored(stage, archive).outcome == "failed"
