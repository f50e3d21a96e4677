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

from actions.archive import write_archive
from actions.archived import Archive, ArchiveFailure, definitions_in, read_archive
from actions.definitions import Definitions, definitions_of
from actions.operator import Limits, Refusal
from actions.recreate import body_of, differences
from actions.restore import plan_restore, restore
from actions.restoring import RestorePlan, archive_named
from collectors.endpoint import get_resource
from collectors.reading import Reader
from emulator import Clock, Fault, World, sample_tenant
from queries.policy import Policy
from tests.actions.stage import DUE, SECRET, Make, Stage, staged, tenant
from tests.scene import NOW, day

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
    """`fraud/old` archived and deleted, and how Azure told it before."""
    with stage.operator.reader() as reader:
        raw = get_resource(reader, stage.deployment().id)
    target = stage.delete_one()
    assert target.outcome == "deleted", target.message
    (folder,) = stage.archives()
    stage.azure.forget()
    return read_archive(folder), raw


def restored(stage: Stage, archive: Archive) -> RestorePlan:
    plan = plan_restore(stage.operator, archive)
    return restore(stage.operator, plan, plan.phrase, stage.told.append)


def test_it_comes_back_field_by_field_but_for_its_retire_mark(stage: Stage) -> None:
    archive, raw = deleted(stage)
    plan = restored(stage, archive)
    assert plan.outcome == "restored", plan.message
    with stage.operator.reader() as reader:
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
    plan = plan_restore(stage.operator, archive)
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


def test_a_name_that_exists_is_refused(stage: Stage) -> None:
    with stage.operator.reader() as reader:
        endpoint = get_resource(reader, stage.endpoint.id)
        old = get_resource(reader, stage.deployment().id)
        kept = definitions_of(reader, "deployment", endpoint, (old,))
    archive = read_archive(write_archive(stage.operator.archive_folder, kept, {}, NOW))
    with pytest.raises(Refusal, match="a restore never overwrites"):
        restored(stage, archive)
    assert stage.writes == []
    assert stage.journal()[-1].outcome == "refused"


def test_another_phrase_is_refused(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    plan = plan_restore(stage.operator, archive)
    with pytest.raises(Refusal, match="the phrase to confirm is 'fraud/old'"):
        restore(stage.operator, plan, "fraud", stage.told.append)
    assert stage.writes == []


def test_read_only_mode_refuses(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    operator = replace(stage.operator, limits=Limits(read_only=True))
    plan = plan_restore(operator, archive)
    with pytest.raises(Refusal, match="read-only mode"):
        restore(operator, plan, plan.phrase, stage.told.append)
    assert stage.writes == []


@pytest.mark.parametrize("state", ["gone", "archived"])
def test_a_model_that_is_gone_stands_in_the_way(stage: Stage, state: str) -> None:
    archive, raw = deleted(stage)
    model = raw["properties"]["model"]
    (stage.world.remove_asset if state == "gone" else stage.world.archive_asset)(model)
    with pytest.raises(Refusal, match=f"assets fail: .*{state}"):
        restored(stage, archive)
    assert stage.writes == []


def test_an_endpoint_that_is_gone_names_the_mend(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    stage.world.find("ws").remove(stage.endpoint, NOW)
    plan = plan_restore(stage.operator, archive)
    told = {check.check: check.evidence for check in plan.obstacles}
    assert "the archive of a whole endpoint restores both" in told["endpoint"]


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
        archive_named(stage.operator, str(archive.folder))


@pytest.mark.parametrize("name", ["../archives", "nothing", "..", "/etc", ""])
def test_what_is_no_archive_is_named(stage: Stage, name: str) -> None:
    deleted(stage)
    with pytest.raises(ArchiveFailure):
        archive_named(stage.operator, name)


def test_it_is_found_by_name_and_by_path(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    assert archive_named(stage.operator, archive.name) == archive
    assert archive_named(stage.operator, str(archive.folder)) == archive


def test_an_operation_that_fails_is_told_and_journalled(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    stage.world.will_end(OLD, method="PUT", code="Scarce", message="no machine of it is left")
    plan = restored(stage, archive)
    assert plan.outcome == "failed"
    assert "no machine of it is left" in (plan.message or "")
    assert stage.journal()[-1].outcome == "failed"


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


def test_the_price_of_what_comes_back_is_told_where_it_is_known(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    assert plan_restore(stage.operator, archive).monthly_cost is None
    with stage.scene.store.writing() as connection:
        connection.execute(
            "insert into list_prices (region, instance_type, currency, per_hour, read_at) values"
            " ('westeurope', 'standard_ds3_v2', 'EUR', 0.5, timestamp '2026-11-23')"
        )
    plan = plan_restore(stage.operator, archive)
    assert (plan.monthly_cost, plan.currency) == (Decimal("365.0"), "EUR")


def test_quota_is_told_where_azure_tells_it(stage: Stage) -> None:
    archive, _raw = deleted(stage)
    told = " ".join(plan_restore(stage.operator, archive).warnings)
    assert "needs 8 cores" in told
    assert "not known" in told


def test_a_marked_role_alone_goes_and_another_stays() -> None:
    raw = {"tags": {"Role": "Retire", "ROLE2": "x", "mothball-retire-after": day(0), "owner": "a"}}
    assert body_of(raw, Policy())["tags"] == {"ROLE2": "x", "owner": "a"}
    assert body_of({"tags": {"role": "production"}}, Policy())["tags"] == {"role": "production"}


def shapes() -> list[str]:
    """Every managed deployment of the sample tenant, by workspace/endpoint/deployment."""
    world = sample_tenant(NOW)
    return [
        "/".join(d.id.split("/")[-5::2])
        for d in world.resources()
        if d.type.lower().endswith("onlineendpoints/deployments")
        and d.properties.get("endpointComputeType") == "Managed"
    ]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    world = sample_tenant(NOW)
    world.clock = Clock(NOW) if world.clock is None else world.clock
    with staged(tmp_path_factory.mktemp("sample"), world) as made:
        yield made


@pytest.mark.parametrize("path", shapes())
def test_every_managed_shape_of_the_sample_comes_back_as_it_was(sample: Stage, path: str) -> None:
    world, operator = sample.world, sample.operator
    deployment = world.find(path)
    with operator.reader() as reader:
        raw = get_resource(reader, deployment.id)
        endpoint = get_resource(reader, deployment.parent.id)
        kept = definitions_of(reader, "deployment", endpoint, (raw,))
    if raw["properties"]["provisioningState"] not in ("Succeeded", "Failed"):
        pytest.skip("an operation is under way on it")
    folder = write_archive(operator.archive_folder, kept, {}, NOW)
    world.locks.clear()
    world.missing_assets.clear()
    world.archived_assets.clear()
    deployment.parent.state = "Succeeded"
    deployment.parent.remove(deployment, world.clock.now())
    plan = restored(sample, read_archive(folder))
    assert plan.outcome == "restored", plan.message
    with operator.reader() as reader:
        found = get_resource(reader, raw["id"])
    assert differences(raw, found, Policy()) == ()


def whole(world: World) -> None:
    quiet = world.find("ws").endpoint("quiet", traffic={"main": 90, "spare": 10})
    quiet.properties["description"] = "asked by nobody"
    quiet.deployment("main", tags=DUE, environment_variables={"API_TOKEN": SECRET})
    quiet.deployment("spare")


def archived_endpoint(stage: Stage, reader: Reader) -> tuple[Archive, Definitions]:
    endpoint = get_resource(reader, stage.world.find("ws/quiet").id)
    bodies = [get_resource(reader, stage.world.find(f"ws/quiet/{n}").id) for n in ("main", "spare")]
    kept = definitions_of(reader, "endpoint", endpoint, bodies)
    folder = write_archive(stage.operator.archive_folder, kept, {}, NOW)
    stage.world.find("ws").remove(stage.world.find("ws/quiet"), NOW)
    return read_archive(folder), kept


def test_a_whole_endpoint_ends_with_its_archived_map(stage: Stage) -> None:
    whole(stage.world)
    with stage.operator.reader() as reader:
        archive, kept = archived_endpoint(stage, reader)
    stage.azure.forget()
    plan = restored(stage, archive)
    assert plan.phrase == "quiet"
    assert plan.outcome == "restored", plan.message
    assert stage.world.find("ws/quiet").traffic == {"main": 90, "spare": 10}
    assert [w.path.rsplit("/", 1)[-1] for w in stage.writes] == ["quiet", "main", "spare", "quiet"]
    with stage.operator.reader() as reader:
        found = get_resource(reader, archive.target)
    assert differences(kept.endpoint, found, Policy()) == ()
    ends = [e.target for e in stage.journal() if (e.action, e.outcome) == ("restore", "done")]
    assert len(ends) == 3


def test_an_endpoint_that_exists_is_refused(stage: Stage) -> None:
    whole(stage.world)
    with stage.operator.reader() as reader:
        archive, _kept = archived_endpoint(stage, reader)
    stage.world.find("ws").endpoint("quiet")
    with pytest.raises(Refusal, match="a restore never overwrites"):
        restored(stage, archive)
    assert stage.writes == []


def test_a_part_that_fails_tells_what_was_done_before(stage: Stage) -> None:
    whole(stage.world)
    with stage.operator.reader() as reader:
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
