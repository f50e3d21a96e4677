"""Evidence that is missing, refused or cut is no evidence: refused, nothing sent, journalled."""

from __future__ import annotations

from typing import Literal

import pytest

from emulator import Fault, alive_except, dead, silent
from tests.actions.stage import METRICS, Make, Stage, assert_refused, check_of, tenant
from tests.scene import ago

pytestmark = pytest.mark.journey


@pytest.fixture
def stage(planned: Stage) -> Stage:
    """The plan is made; what happens after it is what is tested here."""
    return planned


FAULTS = {
    "403": Fault("forbid", METRICS, shape="flat"),
    "429 to the end": Fault("throttle", METRICS),
    "429 that asks for longer than anybody waits": Fault("throttle", METRICS, retry_after=86400),
    "cut in the middle": Fault("truncate", METRICS),
    "not JSON": Fault("garble", METRICS),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_metrics_that_do_not_answer_refuse(stage: Stage, fault: Fault) -> None:
    stage.azure.faults.add(fault)
    assert_refused(stage, stage.delete_one(), "requests")


def test_one_namespace_alone_proves_nothing(stage: Stage) -> None:
    stage.azure.faults.add(Fault("forbid", METRICS + r".*onlineEndpoints&"))
    assert_refused(stage, stage.delete_one(), "requests")


def test_an_empty_series_without_a_sign_of_life_refuses(stage: Stage) -> None:
    deployment = stage.deployment()
    deployment.requests, deployment.life = silent("nothing"), dead()
    assert_refused(stage, stage.delete_one(), "requests")


def test_a_day_without_a_value_or_a_sign_of_life_refuses(stage: Stage) -> None:
    deployment = stage.deployment()
    deployment.requests, deployment.life = silent("nothing"), alive_except(ago(3))
    target = stage.delete_one()
    assert_refused(stage, target, "requests")
    assert "of 8 days only" in check_of(target, "requests").evidence


def test_a_metric_that_answers_an_error_inside_a_success_refuses(stage: Stage) -> None:
    stage.world.metric_error("RequestsPerMinute", "Throttled", resource="/deployments/old")
    assert_refused(stage, stage.delete_one(), "requests")


def test_nothing_but_real_zeros_is_enough_without_capacity_up_to_a_fresh_sign_of_life(
    stage: Stage,
) -> None:
    stage.world.metric_error("DeploymentCapacity", "Forbidden", resource="/deployments/old")
    assert stage.delete_one().outcome == "deleted"


def test_locks_that_answer_403_refuse_before_the_archive(stage: Stage) -> None:
    stage.world.forbid(stage.world.subscriptions[0], ["locks"])
    # The last look before the archive reads them too, so there is no definition to check either.
    assert_refused(stage, stage.delete_one(), "lock", "restorable")
    assert stage.archives() == []


def test_an_endpoint_that_answers_403_makes_every_check_unknown(stage: Stage) -> None:
    stage.world.forbid(stage.world.subscriptions[0], ["arm"])
    target = stage.delete_one()
    assert target.outcome == "refused"
    assert {check.state for check in target.checks} == {"unknown"}
    assert "AuthorizationFailed" in check_of(target, "lock").evidence
    assert stage.writes == []


def test_an_asset_that_cannot_be_asked_refuses(stage: Stage) -> None:
    stage.azure.faults.add(Fault("forbid", "/models/fraud/versions/1"))
    assert_refused(stage, stage.delete_one(), "assets")


def test_a_deployment_without_a_creation_time_refuses(make_stage: Make) -> None:
    world = tenant()
    world.find("ws/fraud/old").created_at = None
    target = make_stage(world).delete_one()
    assert target.outcome == "refused"
    assert check_of(target, "same-resource").state == "unknown"


@pytest.mark.parametrize(
    ("path", "check"),
    [
        (r"/deployments/old\?", "same-resource"),
        (r"/onlineEndpoints/fraud\?", "live-traffic"),
        ("Microsoft.Authorization/locks", "lock"),
    ],
)
@pytest.mark.parametrize("kind", ["forbid", "unavailable"])
def test_a_last_read_that_is_refused_makes_its_checks_unknown(
    stage: Stage, path: str, check: str, kind: Literal["forbid", "unavailable"]
) -> None:
    fault = Fault(kind, path, method="GET")
    stage.when("rereading", lambda _world: stage.azure.faults.add(fault))
    target = stage.delete_one()
    assert target.outcome == "refused"
    assert check_of(target, check).state == "unknown"
    assert stage.writes == []
    last = stage.journal()[-1]
    assert last.outcome == "refused"
    assert "could not be read once more" in (last.reason or "")
