"""Waiting as Azure asks for it; every wait is noted and none is waited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from azure.core import PipelineClient
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest

from collectors.connection.errors import NotUnderstood, Stopped, Throttled, Unreachable
from collectors.connection.patience import Patience, Stop, stated_wait
from collectors.connection.reading import Reader
from collectors.inventory.inventory import graph_rows
from emulator import Fault, Workspace, steady
from tests.scene import Scene, noting

GRAPH = "Microsoft.ResourceGraph"
SUBSCRIPTIONS = {"api-version": "2022-12-01"}
Waits = list[float]


def _rows(scene: Scene, reader: Reader) -> list[Any]:
    ids = [one.subscription_id for one in scene.world.subscriptions]
    kinds = ["microsoft.machinelearningservices/workspaces"]
    return list(graph_rows(reader, ids, "resources", kinds))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"x-ms-retry-after-ms": "2500"}, 2.5),
        ({"x-ms-user-quota-resets-after": "00:00:05"}, 5.0),
        ({"x-ms-user-quota-resets-after": "00:01:05"}, 65.0),
        ({"x-ms-ratelimit-microsoft.costmanagement-clienttype-retry-after": "60"}, 60.0),
        ({"Retry-After": "2", "x-ms-user-quota-resets-after": "00:00:09"}, 9.0),
        ({"Retry-After": "20", "x-ms-user-quota-resets-after": "00:00:09"}, 20.0),
        (
            {
                "x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "4",
                "x-ms-ratelimit-microsoft.costmanagement-tenant-retry-after": "11",
                "Retry-After": "3",
            },
            11.0,
        ),
    ],
)
def test_a_throttled_post_waits_as_long_as_the_longest_header_asks(
    scene: Scene,
    reader: Reader,
    workspace: Workspace,
    headers: dict[str, str],
    seconds: float,
) -> None:
    scene.azure.faults.add(Fault("throttle", path=GRAPH, times=1, headers=headers))
    assert len(_rows(scene, reader)) == 1
    assert scene.waits == [pytest.approx(seconds)]
    assert reader.tally.throttled == 1
    assert reader.tally.sent == {"graph": 2}


@pytest.mark.parametrize("status", [429, 529])
def test_a_post_is_asked_again_though_no_header_tells_how_long(
    scene: Scene, reader: Reader, workspace: Workspace, status: int
) -> None:
    scene.azure.faults.add(Fault("throttle", path=GRAPH, times=3, status=status))
    assert len(_rows(scene, reader)) == 1
    assert scene.waits == [pytest.approx(0.5), pytest.approx(1), pytest.approx(2)]


@pytest.mark.parametrize("kind", ["unavailable", "drop", "truncate"])
def test_a_passing_failure_is_asked_again(
    scene: Scene, reader: Reader, workspace: Workspace, kind: Any
) -> None:
    scene.azure.faults.add(Fault(kind, path=GRAPH, times=2))
    assert len(_rows(scene, reader)) == 1
    assert len(scene.waits) == 2
    assert reader.tally.sent == {"graph": 3}


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_get_is_asked_again_after_a_server_error(
    scene: Scene, reader: Reader, workspace: Workspace, status: int
) -> None:
    scene.azure.faults.add(Fault("unavailable", path="/subscriptions\\?", times=1, status=status))
    assert len(list(reader.pages("/subscriptions", **SUBSCRIPTIONS))) == 1
    assert len(scene.waits) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_what_will_not_pass_is_not_asked_again(scene: Scene, reader: Reader, status: int) -> None:
    scene.azure.faults.add(Fault("forbid", path="/subscriptions\\?", status=status, retry_after=9))
    with pytest.raises(Exception, match="authorization"):
        reader.get("/subscriptions", **SUBSCRIPTIONS)
    assert scene.waits == []
    assert sum(reader.tally.sent.values()) == 1


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("throttle", Throttled),
        ("unavailable", Unreachable),
        ("drop", Unreachable),
        ("truncate", Unreachable),
    ],
)
def test_it_gives_up_after_six_tries(
    scene: Scene, reader: Reader, workspace: Workspace, kind: Any, failure: type[Exception]
) -> None:
    scene.azure.faults.add(Fault(kind, path=GRAPH))
    with pytest.raises(failure):
        _rows(scene, reader)
    assert len(scene.waits) == 5
    assert reader.tally.sent == {"graph": 6}


def test_a_wait_that_is_too_long_is_given_up_at_once(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    scene.azure.faults.add(Fault("throttle", path=GRAPH, retry_after=3600))
    with pytest.raises(Throttled):
        _rows(scene, reader)
    assert scene.waits == []


def test_retry_headers_on_a_200_mean_nothing(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    headers = {
        "x-ms-ratelimit-microsoft.costmanagement-clienttype-retry-after": "60",
        "Retry-After": "60",
        "x-ms-user-quota-remaining": "3",
        "x-ms-user-quota-resets-after": "00:00:05",
    }
    scene.azure.faults.add(Fault("garble", path="/subscriptions\\?", headers=headers, times=1))
    with pytest.raises(NotUnderstood):
        reader.get("/subscriptions", **SUBSCRIPTIONS)
    reader.get("/subscriptions", **SUBSCRIPTIONS)
    assert scene.waits == []


def test_a_quota_that_is_used_up_is_waited_for_before_the_next_question(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    headers = {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:04"}
    scene.azure.faults.add(Fault("garble", path=GRAPH, headers=headers, times=1))
    with pytest.raises(NotUnderstood):
        _rows(scene, reader)
    assert scene.waits == []
    assert len(_rows(scene, reader)) == 1
    assert scene.waits == [4.0]


def test_a_wait_for_one_kind_of_question_does_not_hold_up_another(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    headers = {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:04"}
    scene.azure.faults.add(Fault("garble", path=GRAPH, headers=headers, times=1))
    with pytest.raises(NotUnderstood):
        _rows(scene, reader)
    reader.get("/subscriptions", **SUBSCRIPTIONS)
    assert scene.waits == []


def test_a_stop_ends_a_wait(scene: Scene, workspace: Workspace) -> None:
    stop = Stop()
    scene.azure.faults.add(Fault("throttle", path=GRAPH))
    scene.azure.before(path=GRAPH, do=lambda _world: stop.set())
    with scene.reader(stop) as reader, pytest.raises(Stopped):
        _rows(scene, reader)
    assert len(scene.waits) == 1
    assert len(scene.asked("graph")) == 1


def test_waiting_on_a_stop_that_is_set_returns_at_once() -> None:
    stop = Stop()
    stop.set()
    assert stop.wait(3600) is True
    assert stop.is_set()


def test_the_person_is_reported_of_each_wait(scene: Scene, workspace: Workspace) -> None:
    parts: list[tuple[str, float]] = []
    patience = Patience(
        lambda _seconds: False, lambda *wait: parts.append(wait), clock=lambda: 0.0, attempts=2
    )
    scene.azure.faults.add(Fault("throttle", path=GRAPH, retry_after=8, times=1))
    with Reader(scene.cloud, scene.credential, patience=patience) as reader:
        _rows(scene, reader)
    assert parts == [("graph", 8.0)]


@pytest.mark.parametrize(
    ("fault", "method", "sent"),
    [
        (Fault("throttle", times=1), "PUT", 2),
        (Fault("throttle", times=1), "PATCH", 2),
        (Fault("throttle", times=1), "DELETE", 1),
        (Fault("throttle", times=1, status=529), "DELETE", 1),
        (Fault("unavailable", times=1), "DELETE", 1),
        (Fault("unavailable", times=1, status=500), "PATCH", 1),
        (Fault("drop", times=1), "DELETE", 1),
        (Fault("truncate", times=1), "PUT", 1),
    ],
)
def test_a_write_is_repeated_on_429_only_and_a_deletion_never(
    scene: Scene, workspace: Workspace, fault: Fault, method: str, sent: int
) -> None:
    """Patience in the pipeline of writes, which no reader has."""
    scene.azure.faults.add(fault)
    waits: Waits = []
    patience = Patience(noting(waits), clock=lambda: 0.0)
    transport = RequestsTransport(connection_verify=str(scene.cloud.ca_bundle))
    with PipelineClient[Any, Any](scene.azure.url, policies=[patience], transport=transport) as one:
        try:
            one.send_request(HttpRequest(method, scene.azure.url + workspace.id, json={}))
        except Exception:
            assert fault.kind in ("drop", "truncate")
    assert len(scene.azure.requests) == sent
    assert len(waits) == sent - 1


def test_a_date_as_retry_after_is_understood() -> None:
    later = datetime.now(UTC) + timedelta(seconds=90)
    wait = stated_wait({"retry-after": format_datetime(later, usegmt=True)})
    assert wait is not None
    assert 80 < wait <= 90
    assert stated_wait({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0


@pytest.mark.parametrize("text", ["soon", "", "-5", "1:2", "00:00:xx"])
def test_a_header_that_makes_no_sense_does_no_harm(text: str) -> None:
    headers = {"retry-after": text, "x-ms-user-quota-resets-after": text, "retry-after-ms": text}
    wait = stated_wait(headers)
    assert wait is None or wait == 0


def test_a_snapshot_survives_throttling(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("e").deployment("d", requests=steady(1))
    scene.azure.faults.add(Fault("throttle", path="getBatch", times=2, retry_after=3))
    scene.azure.faults.add(Fault("throttle", path=GRAPH, times=1))
    scene.azure.faults.add(Fault("drop", path="locks", times=1))
    report = scene.snapshot()
    assert report.status == "complete"
    assert report.throttled == 3
    assert scene.verdicts() == {"e/d": "direct"}
