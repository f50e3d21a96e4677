"""What a plan tells beside what the store knows: is the way back open, and by which commands."""

from __future__ import annotations

import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.deletion.by_hand import for_deployment, for_endpoint, traffic_command
from actions.deletion.delete import plan_deletion
from collectors.connection.errors import Stopped
from collectors.connection.patience import Stop
from emulator import Fault
from tests.actions.stage import Stage, check_of

SUBSCRIPTION = "11111111-0000-4000-8000-000000000001"
ENDPOINT = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-ML/providers"
    "/Microsoft.MachineLearningServices/workspaces/ws/onlineEndpoints/fraud"
)
HOME = f"--workspace-name ws --resource-group rg-ML --subscription {SUBSCRIPTION}"
MAPS = {"properties": {"traffic": {"blue": 90, "green": 10}, "mirrorTraffic": {"new": 5}}}
ASSETS = r"/(models|environments|codes)/"


@pytest.mark.parametrize("state", ["gone", "archived"])
def test_a_model_that_is_gone_or_archived_shows_in_the_plan(stage: Stage, state: str) -> None:
    model = stage.deployment().properties["model"]
    (stage.world.remove_asset if state == "gone" else stage.world.archive_asset)(model)
    found = check_of(stage.plan().targets[0], "assets")
    assert (found.state, found.age_seconds) == ("fail", 0)
    assert state in found.evidence


def test_assets_that_are_there_pass_in_the_plan(stage: Stage) -> None:
    assert check_of(stage.plan().targets[0], "assets").state == "pass"


def test_what_the_endpoint_falls_back_on_is_asked_for_too(stage: Stage) -> None:
    green = stage.deployment("ws/fraud/green")
    green.properties["model"] = green.properties["model"].replace("/versions/1", "/versions/7")
    stage.clock.advance(timedelta(minutes=1))
    stage.snapshot()
    stage.world.archive_asset(green.properties["model"])
    text = " ".join(stage.plan().warnings)
    assert "fraud/green, which fraud falls back on: its model is archived" in text


def test_assets_that_may_not_be_read_are_unknown_in_the_plan(stage: Stage) -> None:
    stage.azure.faults.add(Fault("forbid", ASSETS))
    assert check_of(stage.plan().targets[0], "assets").state == "unknown"


def test_an_azure_that_is_not_reached_is_asked_once(stage: Stage) -> None:
    stage.azure.faults.add(Fault("unavailable", ASSETS))
    plan = stage.plan("fraud/old", "fraud/green")
    assert [check_of(one, "assets").state for one in plan.targets] == ["unknown", "unknown"]
    asked = {request.path for request in stage.azure.requests if "/versions/" in request.path}
    assert len(asked) == 1


def test_an_asset_of_many_is_asked_for_once(stage: Stage) -> None:
    stage.plan("fraud/old", "fraud/green", "fraud/blue")
    asked = [request.path for request in stage.azure.requests if "/versions/" in request.path]
    assert len(asked) == len(set(asked))


def test_a_plan_that_is_stopped_is_no_plan(stage: Stage) -> None:
    stop = Stop()
    stop.set()
    rows = stage.rows()
    with pytest.raises(Stopped):
        plan_deletion(stage.scene.session(policy=stage.session.policy), rows, stop=stop)
    assert stage.journal() == []


def test_a_sibling_under_way_is_something_running_on_the_endpoint(stage: Stage) -> None:
    stage.endpoint.deployment("newest", state="Creating")
    target = stage.delete_one()
    assert {check.check for check in target.obstacles} == {"operation"}
    assert "newest Creating" in check_of(target, "operation").evidence
    assert stage.writes == []


def test_the_commands_are_journalled_with_plan_and_end(planned: Stage) -> None:
    assert planned.delete_one().outcome == "deleted"
    first, *_rest, last = planned.journal()
    assert set(first.evidence["by_hand"]) == {"delete", "create old", "traffic back"}
    assert "--file ARCHIVE/deployment.yml" in first.evidence["by_hand"]["create old"]
    (folder,) = planned.archives()
    assert f"--file {folder}/deployment.yml" in last.evidence["by_hand"]["create old"]
    assert "--traffic blue=100" in last.evidence["by_hand"]["traffic back"]


def test_an_id_that_azure_spells_otherwise_at_the_guard_is_the_same(planned: Stage) -> None:
    def folded(body: Any) -> Any:
        for one in body.get("value", []):
            one["id"] = one["id"].replace("/resourceGroups/", "/resourcegroups/")
        return body

    planned.scene.azure.bend(r"/onlineEndpoints/fraud/deployments\?", folded)
    target = planned.delete_one()
    assert target.outcome == "deleted", target.message
    assert "by_hand" in planned.journal()[-1].evidence


def test_a_deployment_goes_and_comes_back_by_these_commands() -> None:
    steps = {
        step.what: step.command for step in for_deployment(f"{ENDPOINT}/deployments/old", MAPS)
    }
    assert steps == {
        "delete": f"az ml online-deployment delete --name old --endpoint-name fraud {HOME}",
        "create old": "az ml online-deployment create --name old --endpoint-name fraud"
        f" --file ARCHIVE/deployment.yml {HOME}",
        "traffic back": "az ml online-endpoint update --name fraud --traffic 'blue=90 green=10'"
        f" --mirror-traffic new=5 {HOME}",
    }


def test_an_endpoint_goes_and_comes_back_by_these_commands(tmp_path: Path) -> None:
    for name in ("endpoint", "deployment-001", "deployment-002"):
        (tmp_path / f"{name}.yml").touch()
    ids = [f"{ENDPOINT}/deployments/{name}" for name in ("blue", "green")]
    steps = for_endpoint(ENDPOINT, ids, MAPS, tmp_path)
    assert [step.what for step in steps] == [
        "delete",
        "create fraud",
        "create blue",
        "create green",
        "traffic back",
    ]
    assert "deployment-002.yml" in steps[3].command


def test_what_has_no_yaml_has_no_command_to_create_it(tmp_path: Path) -> None:
    steps = for_deployment(f"{ENDPOINT}/deployments/old", MAPS, tmp_path)
    assert [step.what for step in steps] == ["delete", "traffic back"]


def test_no_traffic_has_no_command() -> None:
    assert traffic_command(ENDPOINT, {}, {}) is None
    assert traffic_command(ENDPOINT, {"blue": 0}) is None


def test_a_name_that_would_steer_a_shell_is_quoted() -> None:
    command = traffic_command(ENDPOINT, {"$(reboot)": 100}) or ""
    assert shlex.split(command)[7] == "$(reboot)=100"
    assert "'$(reboot)=100'" in command
