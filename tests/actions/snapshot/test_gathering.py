"""Metric answers go to the store as they come, and are not kept alive beside it."""

from __future__ import annotations

import gc
from datetime import timedelta

import pytest

from actions.snapshot.metrics import FLUSH_EVERY, MOST_UNDER_WAY, gather_metrics
from actions.snapshot.run import Run
from collectors.connection.reading import Reader
from collectors.metrics.metrics import MetricAnswer
from collectors.metrics.questions import MetricQuestion
from emulator import Workspace
from queries.intake.snapshots import begin_snapshot
from queries.policy import Policy
from tests.scene import NOW, Scene

BATCHES = 90
TODAY = NOW.date()


def _alive() -> int:
    gc.collect()
    return sum(type(one) is MetricAnswer for one in gc.get_objects())


def _batches(workspace: Workspace) -> list[MetricQuestion]:
    one = workspace.endpoint("e").deployment("d")
    days = [TODAY - timedelta(days=number) for number in range(BATCHES)]
    place = (one.subscription_id, "westeurope", (one.id,))
    return [MetricQuestion("deployment", *place, day, day) for day in days]


def _run(scene: Scene, reader: Reader, alive: list[int]) -> Run:
    def note(_source: str, _done: int, _of: int | None) -> None:
        alive.append(_alive())

    begun = begin_snapshot(scene.store, scene.cloud.name, None, Policy(), "snapshot", NOW)
    return Run(scene.store, reader, begun, scene.clock.now, note)


def test_only_a_few_answers_are_alive_however_many_are_asked(
    scene: Scene, workspace: Workspace
) -> None:
    questions = _batches(workspace)
    alive: list[int] = []
    with scene.reader() as reader:
        assert gather_metrics(_run(scene, reader, alive), questions) == []
    assert scene.sql("select count(*) from metric_answers") == [(BATCHES,)]
    assert len(alive) == BATCHES + 1
    assert max(alive) <= FLUSH_EVERY + MOST_UNDER_WAY
    assert _alive() == 0


def test_what_was_answered_before_a_stop_is_in_the_store(
    scene: Scene, workspace: Workspace
) -> None:
    questions = _batches(workspace)
    alive: list[int] = []
    with scene.reader() as reader:
        run = _run(scene, reader, alive)

        def stop(_source: str, done: int, _of: int | None) -> None:
            if done == FLUSH_EVERY + 3:
                raise KeyboardInterrupt

        stopped = Run(run.store, run.reader, run.begun, run.now, stop)
        with pytest.raises(KeyboardInterrupt):
            gather_metrics(stopped, questions)
        assert reader.stop.is_set()
    assert scene.sql("select count(*) from metric_answers") == [(FLUSH_EVERY + 3,)]
