"""The demo as somebody uses it for a while: its time goes on, and what is done in it shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions.tags.retire import retire
from mothball.commands.demo import opened
from mothball.commands.snapshot import collect
from mothball.context import AppContext
from queries.estate.questions import current_deployments, snapshots
from queries.reports.diff import changes
from queries.store.journal import entries

pytestmark = pytest.mark.journey

IDLE = ("clause-extract/bert-large", "clause-extract/longformer")


def test_a_snapshot_of_the_demo_shows_what_was_done_since_the_one_before() -> None:
    began_at = datetime.now(UTC)
    with opened(AppContext()) as demo:
        before = snapshots(demo.store)[0]
        rows = {row.name: row for row in current_deployments(demo.store)}
        for name in IDLE:
            retire(demo.session, rows[name], 14)
        report = collect(demo)
        newest = snapshots(demo.store)[0]
        assert newest.snapshot_id == report.snapshot_id
        assert began_at < before.started_at < newest.started_at < datetime.now(UTC)
        now_known = {row.name: row for row in current_deployments(demo.store)}
        assert {now_known[name].role for name in IDLE} == {"retire"}
        text = changes(demo.store, before.snapshot_id, report.snapshot_id)
        assert [(one.change, one.id) for one in text] == [("role", rows[n].id) for n in IDLE]
        times = [entry.at for entry in entries(demo.store)]
        assert len(times) >= len(IDLE)
        assert before.started_at < times[0] < times[-1] < newest.started_at
