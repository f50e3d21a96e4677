"""Asking about one deployment: callers pinned by its name, and assets that are gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.ask import Asked, ask
from collectors.logs.callers import Caller
from emulator import Fault
from tests.actions.stage import Stage
from tests.scene import ago

GUID = "11111111-2222-3333-4444-555555555555"
OID = "8d1f0c66-0000-4000-8000-000000000001"
DAY = timedelta(days=1)


def _ask(stage: Stage, name: str = "fraud/old") -> Asked:
    (row,) = stage.rows(name)
    return ask(stage.session, row)


def _logged(stage: Stage, hours: float, name: str = "old") -> None:
    if not stage.world.diagnostic_settings:
        stage.world.diagnose(stage.endpoint, GUID)
    target = stage.deployment(f"ws/fraud/{name}")
    stage.world.log_call(target, stage.clock.now() - timedelta(hours=hours), caller=OID)


def _look(stage: Stage) -> None:
    stage.clock.advance(timedelta(minutes=1))
    stage.snapshot()


def _only(asked: Asked) -> Caller:
    (caller,) = asked.callers.calls
    return caller


def test_a_call_between_two_looks_without_a_share_is_pinned(stage: Stage) -> None:
    stage.clock.advance(DAY)
    _logged(stage, 2)
    assert _only(_ask(stage)).is_pinned is True


def test_a_call_while_it_had_a_share_is_not_pinned(stage: Stage) -> None:
    stage.clock.advance(DAY)
    _logged(stage, 2, "blue")
    assert _only(_ask(stage, "fraud/blue")).is_pinned is False


def test_a_mirrored_share_is_a_share(stage: Stage) -> None:
    stage.endpoint.mirror = {"OLD": 10}
    _look(stage)
    stage.clock.advance(DAY)
    _logged(stage, 2)
    assert _only(_ask(stage)).is_pinned is False


@pytest.mark.parametrize("hours", [2, 30])
def test_whether_it_was_pinned_is_not_known_where_the_looks_differ_or_lack(
    stage: Stage, hours: float
) -> None:
    stage.endpoint.traffic = {"blue": 50, "old": 50}
    stage.clock.advance(DAY)
    _logged(stage, hours)
    assert _only(_ask(stage)).is_pinned is None


def test_calls_from_before_its_creation_are_a_predecessors(stage: Stage) -> None:
    (row,) = stage.rows()
    stage.world.diagnose(stage.endpoint, GUID)
    assert row.created_at is not None
    stage.world.log_call(stage.deployment(), ago(6))
    assert _ask(stage).callers.calls
    stage.deployment().created_at = ago(5)
    _look(stage)
    assert _ask(stage).callers.calls == ()


def test_an_asset_that_is_gone_or_archived_is_a_finding(stage: Stage) -> None:
    assert _ask(stage).findings.sentences == ()
    model = str(stage.deployment().properties["model"])
    stage.world.archive_asset(model)
    assert [sentence.split(":")[0] for sentence in _ask(stage).findings.sentences] == [
        "model is archived"
    ]
    stage.world.remove_asset(model)
    asked = _ask(stage)
    assert [sentence.split(":")[0] for sentence in asked.findings.sentences] == ["model is gone"]
    assert asked.read_errors == ()


def test_what_lies_in_a_registry_is_not_asked(stage: Stage) -> None:
    model = "azureml://registries/contoso/models/m/versions/1"
    stage.deployment().properties["model"] = model
    _look(stage)
    stage.azure.forget()
    asked = _ask(stage)
    fields = {asset.role: asset.was_asked for asset in asked.assets}
    assert fields["model"] is False
    assert asked.findings.sentences == asked.read_errors == ()
    assert not [one for one in stage.azure.requests if "/models/" in one.path]


def test_a_refused_asset_is_a_read_error_and_no_finding(stage: Stage) -> None:
    stage.azure.faults.add(Fault("forbid", path="/models/"))
    asked = _ask(stage)
    assert asked.findings.sentences == ()
    assert [read_error.split(":")[0] for read_error in asked.read_errors] == ["assets"]


def test_an_unreachable_azure_is_asked_one_question_only(stage: Stage) -> None:
    stage.azure.faults.add(Fault("unavailable"))
    asked = _ask(stage)
    assert asked.callers.refused
    assert {asset.exists for asset in asked.assets} == {None}
    assert len(asked.read_errors) == 1
    assert len({one.path for one in stage.azure.requests if one.source != "identity"}) <= 1


def test_asking_writes_nothing_and_reads_no_list(stage: Stage) -> None:
    _logged(stage, 2)
    stage.azure.forget()
    _ask(stage)
    assert stage.writes == []
    asked = [one for one in stage.azure.requests if one.source != "identity"]
    assert len(asked) <= 6
    assert stage.journal() == []
