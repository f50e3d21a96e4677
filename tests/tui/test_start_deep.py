"""The interface opens on the view, the filter and the deployment that were named."""

from __future__ import annotations

from pathlib import Path

from actions.session import Session
from queries.filter import parsed
from tests.tui.demo import settled
from tests.tui.test_deployments import home
from tui.app import MothballApp
from tui.state.start import Start
from tui.views.kept_views import KeptViews
from tui.views.saved_views import SHIPPED
from tui.views.view import Sort, View

IDLE = SHIPPED[0]


async def test_it_opens_on_a_view_narrowed_by_a_filter_with_the_cursor_on_a_target(
    session: Session,
) -> None:
    app = MothballApp(session, start=Start(IDLE, "fraud or lexnlp"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        grid = home(app).grid
        view, narrowed = parsed(IDLE.filter).test(), parsed("fraud or lexnlp").test()
        meant = [row for row in grid.by_key.values() if view(row) and narrowed(row)]
        shown = grid.shown
        assert len(shown) == len(meant) > 2
        assert {row.deployment_key for row in shown} == {row.deployment_key for row in meant}
        assert grid.sort.column_id == IDLE.sort
        last = shown[-1]
    app = MothballApp(session, start=Start(IDLE, target=last.deployment_key))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert home(app).grid.current == last


async def test_a_target_is_gone_to_out_of_closed_groups_and_its_absence_reported(
    session: Session, tmp_path: Path
) -> None:
    app = MothballApp(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        last = home(app).grid.shown[-1]
    app = MothballApp(session, start=Start(filter="fraud", target=last.deployment_key))
    assert "fraud" not in last.name
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        notices = [str(each.message) for each in app._notifications]
        assert notices == ["the filter hides the deployment that --target named"]
    kept = KeptViews(tmp_path / "views.json")
    kept.keep("deployments", View(Sort("verdict"), "workspace"))
    app = MothballApp(session, kept, start=Start(target=last.deployment_key))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert home(app).grid.current == last
