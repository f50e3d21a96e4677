"""A host that accepts and never answers costs a limited time, and is named."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from threading import Event, Thread

import pytest

from collectors.connection.errors import Stopped, Unreachable
from collectors.connection.identity import who_is
from collectors.connection.patience import Patience, Stop
from collectors.connection.reading import Reader
from collectors.connection.signin import credential_for
from collectors.connection.timeouts import Silences, Timeouts
from collectors.connection.watching import until_stopped
from emulator import Fault
from tests.scene import Scene, noting

SUBSCRIPTIONS = {"api-version": "2022-12-01"}
SHORT = Timeouts(connect_seconds=2.0, read_seconds=0.4, total_seconds=1.0)
VERY_SHORT = Timeouts(connect_seconds=0.2, read_seconds=0.2, total_seconds=0.4)
FOR_GOOD = 600


@pytest.fixture
def limits() -> list[tuple[str, float]]:
    """The rate limits that were reported."""
    return []


@pytest.fixture
def hurried(scene: Scene, limits: list[tuple[str, float]]) -> Iterator[Reader]:
    """A reader with short limits that does not wait between its tries."""
    patience = Patience(noting(scene.waits), lambda *limit: limits.append(limit))
    with Reader(scene.cloud, scene.credential, patience=patience, timeouts=SHORT) as reader:
        reader.get("/subscriptions", **SUBSCRIPTIONS)
        scene.azure.forget()
        yield reader


def hang(scene: Scene, path: str) -> None:
    scene.azure.faults.add(Fault("slow", path=path, delay_seconds=FOR_GOOD))


def test_a_host_that_never_answers_is_named_and_given_up(
    scene: Scene, hurried: Reader, limits: list[tuple[str, float]]
) -> None:
    hang(scene, "/subscriptions\\?")
    with pytest.raises(Unreachable) as caught:
        hurried.get("/subscriptions", **SUBSCRIPTIONS)
    assert caught.value.message == f"no answer from localhost:{scene.azure.port} in 0.4 s"
    assert caught.value.code == "NoAnswer"
    assert limits == []
    assert hurried.tally.sent["arm"] <= 1 + 3, "two whole tries, and the rest of the limit"


def test_a_source_that_was_silent_for_long_is_asked_nothing_more_and_the_others_are(
    scene: Scene, hurried: Reader
) -> None:
    hang(scene, "/subscriptions\\?")
    with pytest.raises(Unreachable, match="no answer from localhost"):
        hurried.get("/subscriptions", **SUBSCRIPTIONS)
    scene.azure.faults.clear()
    scene.azure.forget()
    with pytest.raises(Unreachable, match="no answer from localhost"):
        hurried.get("/subscriptions", **SUBSCRIPTIONS)
    assert scene.azure.requests == []
    subscription = scene.world.subscription("production").subscription_id
    locks = f"/subscriptions/{subscription}/providers/Microsoft.Authorization/locks"
    assert list(hurried.pages(locks, **{"api-version": "2020-05-01"})) == []


def test_an_answer_that_stops_half_way_is_silence_too(scene: Scene, hurried: Reader) -> None:
    scene.azure.faults.add(Fault("stall", path="/subscriptions\\?", delay_seconds=FOR_GOOD))
    with pytest.raises(Unreachable) as caught:
        hurried.get("/subscriptions", **SUBSCRIPTIONS)
    assert caught.value.code == "NoAnswer"


def test_an_answer_after_a_silence_clears_it(scene: Scene, hurried: Reader) -> None:
    for _twice in range(2):
        scene.azure.faults.add(
            Fault("slow", path="/subscriptions\\?", delay_seconds=FOR_GOOD, times=1)
        )
        assert hurried.get("/subscriptions", **SUBSCRIPTIONS)["value"] is not None


def test_a_host_that_takes_the_connection_and_no_more_is_given_up(scene: Scene) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        host = f"localhost:{mute.getsockname()[1]}"
        own_scope = scene.cloud.scope_for("resource_manager")
        cloud = replace(
            scene.cloud, resource_manager=f"https://{host}", resource_manager_scope=own_scope
        )
        patience = Patience(noting([]))
        with (
            Reader(cloud, scene.credential, patience=patience, timeouts=VERY_SHORT) as reader,
            pytest.raises(Unreachable, match=f"no answer from {host}"),
        ):
            reader.get("/subscriptions", **SUBSCRIPTIONS)


def test_a_silent_sign_in_is_silence_and_no_wrong_secret(scene: Scene) -> None:
    scene.azure.faults.add(Fault("slow", path="/oauth2/", delay_seconds=FOR_GOOD))
    with pytest.raises(Unreachable) as caught:
        who_is(credential_for(scene.cloud, SHORT), scene.cloud)
    assert caught.value.code == "NoAnswer"
    assert caught.value.message == f"no answer from localhost:{scene.azure.port} in 0.4 s"


def test_an_answer_that_trickles_ends_after_the_whole_limit() -> None:
    with pytest.raises(TimeoutError):
        until_stopped(Event().wait, Stop(), 0.01)


def test_silence_at_the_same_time_counts_once_and_adds_up_between_answers() -> None:
    silences = Silences(100.0)
    for _thread in range(8):
        silences.add("metrics", 0.0, 60.0)
    assert silences.left("metrics", 60.0) == 40.0
    silences.answered("metrics")
    assert silences.left("metrics", 60.0) == 100.0
    for start in range(100, 400, 60):
        silences.add("metrics", start, start + 60.0)
        silences.answered("metrics")
    assert silences.left("metrics", 500.0) <= 0


def test_the_pause_between_two_tries_is_silence_and_a_longer_wait_is_none() -> None:
    silences = Silences(120.0)
    silences.add("metrics", 0.0, 60.0)
    assert silences.left("metrics", 60.5) == 59.5
    silences.add("metrics", 60.5, 80.0)
    assert silences.left("metrics", 80.0) == 40.0
    assert silences.left("metrics", 95.0) == 40.0


@pytest.mark.parametrize("path", ["/subscriptions\\?", "/oauth2/"])
def test_a_stop_ends_a_question_that_waits_for_its_answer(scene: Scene, path: str) -> None:
    stop = Stop()
    hang(scene, path)
    with Reader(scene.cloud, credential_for(scene.cloud), stop) as reader:
        Thread(target=_stop_once, args=(scene.azure.faults.taken, stop), daemon=True).start()
        with pytest.raises(Stopped):
            reader.get("/subscriptions", **SUBSCRIPTIONS)


def _stop_once(is_asked: Event, stop: Stop) -> None:
    is_asked.wait()
    stop.set()
