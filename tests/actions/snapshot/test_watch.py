"""After a deletion: whoever still calls it is reported once, and nobody else is asked."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actions import journal
from actions.deletion.delete import delete, plan_endpoint_deletion
from actions.snapshot.collect import collect
from actions.snapshot.request import SnapshotRequest
from actions.snapshot.take import SnapshotReport
from actions.snapshot.watch import MOST_QUERIES
from collectors.connection.patience import Stop
from collectors.inventory.scope import Scope
from emulator import Deployment, Fault
from queries.estate.questions import current_endpoints
from queries.store.journal import Entry
from tests.actions.stage import DUE, METRICS, Stage

pytestmark = pytest.mark.journey

GUID = "11111111-2222-3333-4444-555555555555"
OID = "8d1f0c66-0000-4000-8000-000000000001"
LOGS = r"/v1/.*/query"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def old(stage: Stage) -> Deployment:
    return stage.deployment()


@pytest.fixture
def deleted(stage: Stage, old: Deployment) -> Stage:
    """`fraud/old` was deleted a day ago; no traffic log was sent anywhere."""
    assert stage.delete_one().outcome == "deleted"
    stage.clock.advance(DAY)
    stage.azure.forget()
    return stage


@pytest.fixture
def logged(stage: Stage, old: Deployment) -> Stage:
    """A deleted deployment with a traffic log that goes to a workspace."""
    stage.world.diagnose(stage.endpoint, GUID)
    assert stage.delete_one().outcome == "deleted"
    stage.clock.advance(DAY)
    stage.azure.forget()
    return stage


def _collect(stage: Stage, reported: list[str] | None = None) -> SnapshotReport:
    session = stage.session
    snapshot_request = SnapshotRequest(session.cloud.name, None, Scope(), session.policy)
    report = (reported if reported is not None else []).append
    return collect(
        session, snapshot_request, Stop(), lambda *_args: None, lambda *_waits: None, report
    )


def _watched(stage: Stage) -> list[Entry]:
    return [entry for entry in stage.journal() if entry.action == "watch"]


def _called_in_metrics(stage: Stage, requests: float, name: str = "OLD") -> None:
    """Let the endpoint's split count requests of today for a deployment that is gone."""
    now = stage.clock.now()
    minutes = (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(minutes=1)
    today = f"{now:%Y-%m-%d}T00:00:00Z"

    def spoken(body: Any) -> Any:
        for value in body["values"]:
            if "/deployments/" in value["resourceid"].lower():
                continue
            for metric in value["value"]:
                metric["timeseries"].append(
                    {
                        "metadatavalues": [{"name": {"value": "deployment"}, "value": name}],
                        "data": [{"timeStamp": today, "average": requests / minutes}],
                    }
                )
        return body

    stage.scene.azure.straighten()
    stage.scene.azure.bend(METRICS, spoken)


def test_a_call_that_the_metrics_count_after_the_deletion_is_journalled_once(
    deleted: Stage,
) -> None:
    _called_in_metrics(deleted, 12)
    parts: list[str] = []
    _collect(deleted, parts)
    (entry,) = _watched(deleted)
    assert (entry.outcome, entry.target) == ("called", deleted.journal()[0].target)
    assert entry.evidence["requests"] == 12
    assert entry.evidence["last_day"] == deleted.clock.now().date().isoformat()
    assert "12 requests in the metrics" in str(entry.reason)
    assert parts == [f"ws/fraud/old {entry.reason}"]
    deleted.clock.advance(HOUR)
    _called_in_metrics(deleted, 40)
    _collect(deleted, parts)
    assert len(_watched(deleted)) == len(parts) == 1


def test_the_next_day_it_is_reported_again_only_where_there_is_more(deleted: Stage) -> None:
    _called_in_metrics(deleted, 12)
    _collect(deleted)
    deleted.scene.azure.straighten()
    deleted.clock.advance(DAY)
    _collect(deleted)
    assert [entry.evidence["requests"] for entry in _watched(deleted)] == [12]
    deleted.clock.advance(DAY)
    _called_in_metrics(deleted, 5)
    _collect(deleted)
    assert [entry.evidence["requests"] for entry in _watched(deleted)] == [12, 17]


def test_a_fraction_of_a_request_is_one_and_never_none(deleted: Stage) -> None:
    _called_in_metrics(deleted, 0.25)
    _collect(deleted)
    assert [entry.evidence["requests"] for entry in _watched(deleted)] == [1]


def test_silence_and_calls_of_others_are_not_journalled(deleted: Stage) -> None:
    _called_in_metrics(deleted, 9, name="oldest")
    _collect(deleted)
    assert _watched(deleted) == []


def test_requests_before_the_deletion_are_not_calls_after_it(stage: Stage, old: Deployment) -> None:
    """A failed one may be deleted although it was asked: the day's value holds that too."""
    stage.clock.advance(HOUR)
    stage.world.call(old, 30)
    stage.clock.advance(2 * HOUR)
    stage.scene.snapshot(
        kind="guard", scope=Scope(endpoint=stage.endpoint.id), policy=stage.session.policy
    )
    stage.endpoint.remove(old, stage.clock.now())
    journal.note(stage.session, "delete", old.id, "deleted")
    stage.clock.advance(HOUR)
    _collect(stage)
    counted = stage.scene.sql(
        "select sum(average) from metric_points where deployment_key like '%/old'"
        " and source = 'endpoint' and asked_minutes = 1440 and metric = 'RequestsPerMinute'"
    )
    assert counted[0][0] > 0
    assert _watched(stage) == []


def test_a_deployment_of_that_name_that_is_there_again_is_not_watched(deleted: Stage) -> None:
    again = deleted.endpoint.deployment("old", created_at=deleted.clock.now() - HOUR)
    deleted.world.call(again, 12)
    _collect(deleted)
    assert _watched(deleted) == []


def test_after_thirty_days_it_is_not_watched(deleted: Stage) -> None:
    deleted.clock.advance(30 * DAY)
    _called_in_metrics(deleted, 12)
    _collect(deleted)
    assert _watched(deleted) == []


@pytest.mark.parametrize("outcome", ["failed", "refused", "planned", "intended"])
def test_what_was_not_deleted_is_not_watched(stage: Stage, old: Deployment, outcome: str) -> None:
    journal.note(stage.session, "delete", old.id, outcome)
    stage.endpoint.remove(old, stage.clock.now())
    stage.clock.advance(DAY)
    _called_in_metrics(stage, 12)
    _collect(stage)
    assert _watched(stage) == []


def test_without_a_traffic_log_a_snapshot_asks_nothing_more(deleted: Stage) -> None:
    report = _collect(deleted)
    assert deleted.scene.asked("logs") == []
    assert not [one for one in deleted.azure.requests if "diagnostic" in one.path]
    with_watch = report.requests
    deleted.clock.advance(HOUR)
    assert deleted.scene.snapshot(policy=deleted.session.policy).requests == with_watch


def test_a_snapshot_asks_no_endpoint_for_its_callers(stage: Stage, old: Deployment) -> None:
    before = _collect(stage).requests
    stage.world.diagnose(stage.endpoint, GUID)
    stage.world.log_call(old, stage.clock.now() - HOUR)
    stage.clock.advance(HOUR)
    stage.azure.forget()
    assert _collect(stage).requests == before
    assert stage.scene.asked("logs") == []
    assert not [one for one in stage.azure.requests if "diagnostic" in one.path]


def test_a_call_in_the_traffic_log_is_journalled_with_its_caller(
    logged: Stage, old: Deployment
) -> None:
    before, after = logged.clock.now() - 26 * HOUR, logged.clock.now() - 3 * HOUR
    for at in (before, after, after):
        logged.world.log_call(old, at, caller=OID, user_agent="nightly/2.1", auth_type="AADToken")
    report = _collect(logged)
    assert report.requests["logs"] == 1
    (entry,) = _watched(logged)
    assert entry.outcome == "called"
    assert entry.evidence["logged_calls"] == 2
    assert [one["identity"] for one in entry.evidence["callers"]] == [OID]
    assert OID in str(entry.reason)
    logged.clock.advance(DAY)
    _collect(logged)
    assert len(_watched(logged)) == 1


def test_archives_in_a_folder_of_the_users_tell_of_the_log_too(
    stage: Stage, tmp_path: Path
) -> None:
    stage.session = replace(stage.session, archive_folder_given=tmp_path / "elsewhere")
    stage.world.diagnose(stage.endpoint, GUID)
    assert stage.delete_one().outcome == "deleted"
    stage.clock.advance(DAY)
    stage.azure.forget()
    _collect(stage)
    assert len(stage.scene.asked("logs")) == 1


def test_what_went_with_its_endpoint_is_watched_in_the_log(stage: Stage) -> None:
    quiet = stage.world.find("ws").endpoint("quiet", traffic={"main": 100})
    main = quiet.deployment("main", tags=DUE)
    stage.world.diagnose(quiet, GUID)
    stage.clock.advance(HOUR)
    stage.snapshot()
    (endpoint,) = [one for one in current_endpoints(stage.session.store) if one.name == "quiet"]
    plan = plan_endpoint_deletion(stage.session, endpoint)
    (target,) = delete(stage.session, plan, "quiet", {}, lambda *_text: None).targets
    assert target.outcome == "deleted", target.message
    stage.clock.advance(DAY)
    stage.world.log_call(main, stage.clock.now() - HOUR, caller=OID)
    _collect(stage)
    (entry,) = _watched(stage)
    assert (entry.outcome, entry.target) == ("called", target.row.id)


def test_a_traffic_log_is_asked_with_one_query_and_no_look_at_the_settings(logged: Stage) -> None:
    _collect(logged)
    assert len(logged.scene.asked("logs")) == 1
    assert not [one for one in logged.azure.requests if "diagnostic" in one.path]
    assert logged.writes == []
    assert _watched(logged) == []


def test_a_refused_traffic_log_is_journalled_once_and_a_read_error_of_each_report(
    logged: Stage,
) -> None:
    logged.azure.faults.add(Fault("forbid", path=LOGS))
    report = _collect(logged)
    assert report.status == "partial"
    assert [(read_error.source, read_error.scope) for read_error in report.errors] == [
        ("traffic log", "ws/fraud/old")
    ]
    logged.clock.advance(DAY)
    _collect(logged)
    (entry,) = _watched(logged)
    assert entry.outcome == "unread"
    assert "could not be read" in str(entry.reason)


def test_calls_are_reported_after_a_refusal(logged: Stage, old: Deployment) -> None:
    logged.azure.faults.add(Fault("forbid", path=LOGS))
    _collect(logged)
    logged.azure.faults.clear()
    logged.clock.advance(DAY)
    logged.world.log_call(old, logged.clock.now() - HOUR)
    _collect(logged)
    assert [entry.outcome for entry in _watched(logged)] == ["unread", "called"]


def test_no_more_than_so_many_logs_are_asked(logged: Stage) -> None:
    (archived,) = logged.archives()
    target = logged.journal()[0].target
    for number in range(MOST_QUERIES + 3):
        name = f"gone-{number:02}"
        copy = archived.with_name(f"{archived.name}-{number:02}")
        _copy_archive(archived, copy, "old", name)
        journal.note(logged.session, "delete", target.replace("/old", f"/{name}"), "deleted")
    logged.clock.advance(HOUR)
    _collect(logged)
    assert len(logged.scene.asked("logs")) == MOST_QUERIES


def _copy_archive(source: Path, target: Path, old: str, new: str) -> None:
    shutil.copytree(source, target)
    manifest = target / "manifest.json"
    saved = json.loads(manifest.read_text())
    saved["target"] = saved["target"].replace(f"/{old}", f"/{new}")
    manifest.chmod(0o600)
    manifest.write_text(json.dumps(saved))


def test_a_log_that_refuses_is_asked_once_and_told_of_each(logged: Stage) -> None:
    (archived,) = logged.archives()
    target = logged.journal()[0].target
    _copy_archive(archived, archived.with_name(f"{archived.name}-2"), "old", "older")
    journal.note(logged.session, "delete", target.replace("/old", "/older"), "deleted")
    logged.azure.faults.add(Fault("forbid", path=LOGS))
    logged.clock.advance(HOUR)
    _collect(logged)
    assert len(logged.scene.asked("logs")) == 1
    assert [entry.outcome for entry in _watched(logged)] == ["unread", "unread"]


def test_an_archive_that_is_not_whole_sends_no_query_and_breaks_nothing(logged: Stage) -> None:
    (archived,) = logged.archives()
    for path in archived.iterdir():
        path.chmod(0o600)
        path.write_text("{}")
    assert _collect(logged).status == "complete"
    assert logged.scene.asked("logs") == []


def test_whoever_stops_it_while_the_log_is_asked_has_the_whole_snapshot(logged: Stage) -> None:
    stop = Stop()
    logged.azure.before("POST", LOGS, lambda _world: stop.set())
    logged.azure.faults.add(Fault("throttle", path=LOGS, retry_after=60))
    session = logged.scene.session(policy=logged.session.policy)
    snapshot_request = SnapshotRequest(session.cloud.name, None, Scope(), session.policy)
    report = collect(session, snapshot_request, stop, lambda *_text: None, lambda *_waits: None)
    assert report.status == "complete"
    assert stop.is_set()
    assert _watched(logged) == []
