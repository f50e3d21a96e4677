"""What is loaded before the first frame, and what without colours."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from textual.filter import Monochrome
from textual.worker import Worker

from queries.filter import text_of
from queries.store.file import Store, StoreUnreadable
from tests.tui.demo import LONGEST_SECONDS, frame_of, settled
from tests.tui.test_deployments import home
from tui.app import MothballApp
from tui.state.estate import Estate
from tui.state.preload import first_or_none, preload

ROOT = Path(__file__).parents[2]


def loaded_with(module: str) -> set[str]:
    code = f"import sys, {module}; print('\\n'.join(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


def test_textual_starts_without_importing_azure_identity() -> None:
    loaded = loaded_with("tui.app")
    assert "textual" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("azure", "duckdb", "requests")}


def test_the_command_line_starts_without_importing_textual() -> None:
    assert "textual" not in loaded_with("mothball.cli")


FIRST_ROW = """
import asyncio, sys
from pathlib import Path
from mothball.context import AppContext
from tui.state.preload import preload
from tui.app import MothballApp

async def first_row(app):
    async with app.run_test(size=(120, 40)) as pilot:
        async with asyncio.timeout(60):
            while not app.screen.query_one("#grid").shown:
                await pilot.pause()
        print(*sys.modules)

asyncio.run(first_row(MothballApp(AppContext(store_name=sys.argv[1]).session)))
"""


def test_the_first_row_is_there_before_anything_of_azure_or_the_network(
    store: Path, tmp_path: Path
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", FIRST_ROW, str(store)],
        capture_output=True,
        text=True,
        check=True,
        env={"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    loaded = {name.split(".")[0] for name in result.stdout.split()}
    assert "duckdb" in loaded
    assert not loaded & {"azure", "msal", "requests", "urllib3", "http", "httpx", "aiohttp"}


async def test_the_first_screenful_is_what_the_whole_begins_with(
    app: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.state.estate.FIRST_ROWS", 5)
    seen: list[tuple[bool, list[str]]] = []

    def note(estate: Estate | None) -> None:
        if estate is not None:
            seen.append((estate.is_whole, [row.name for row in home(slow).grid.shown]))

    may_read, store = threading.Event(), app.session.store
    slow = MothballApp(
        app.session,
        first=lambda: first_or_none(store) if may_read.wait(LONGEST_SECONDS) else None,
    )
    async with slow.run_test(size=(120, 40)) as pilot:
        slow.screen.watch(slow, "estate", note, init=False)
        may_read.set()
        await settled(pilot)
        (first, some), (whole, every) = seen
        assert (first, whole) == (False, True)
        assert (len(some), len(every)) == (5, 42)
        assert some == every[:5]
        assert not slow.is_reading


async def test_what_was_read_ahead_is_shown_first_and_read_only_once(
    app: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.state.estate.FIRST_ROWS", 5)
    answer = preload(lambda: app.session.store)
    ahead = answer()
    assert ahead is not None
    monkeypatch.setattr("tui.state.preload.first_or_none", None)
    may_read = threading.Event()
    early = MothballApp(
        app.session, first=lambda: answer() if may_read.wait(LONGEST_SECONDS) else None
    )
    seen: list[Estate | None] = []

    def note(estate: Estate | None) -> None:
        seen.append(estate)

    async with early.run_test(size=(120, 40)) as pilot:
        early.screen.watch(early, "estate", note, init=False)
        may_read.set()
        await settled(pilot)
    assert seen == [ahead, early.estate]
    assert len(ahead.rows) == 5


def test_reading_ahead_where_there_is_no_store_answers_with_nothing(tmp_path: Path) -> None:
    assert preload(lambda: Store(tmp_path / "none.duckdb"))() is None


async def test_a_store_that_cannot_be_read_ahead_is_reported_in_the_interface(
    app: MothballApp, tmp_path: Path
) -> None:
    path = tmp_path / "broken.duckdb"
    path.write_bytes(b"no store" * 1000)
    answer = preload(lambda: Store(path))
    with pytest.raises(StoreUnreadable):
        answer()
    blind = MothballApp(app.session, first=answer)
    async with blind.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert "reading the store failed" in (blind.trouble or "")


async def test_no_worker_is_described_by_all_rows_that_it_is_given(
    app: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    described: list[str] = []
    add = app.workers.add_worker

    def note(worker: Worker[Any], start: bool = True, exclusive: bool = True) -> None:
        described.append(worker.description)
        add(worker, start, exclusive)

    monkeypatch.setattr(app.workers, "add_worker", note)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("d")
        await settled(pilot)
    assert "planning" in described
    assert not [text for text in described if "[DeploymentRow(" in text or "rows=" in text]


async def test_words_to_filter_by_are_made_once_the_rows_are_shown(app: MothballApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert app.estate is not None
        made = app.estate.rows.kept(("evaluated", text_of), lambda: None)
        assert made is not None


async def test_without_colours_the_cursor_and_marks_are_still_told(
    app: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    bare = MothballApp(app.session)
    async with bare.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert any(isinstance(each, Monochrome) for each in bare._filters)
        grid = bare.screen.query_one("#grid")
        assert grid.get_component_rich_style("grid--cursor").reverse
        await pilot.press("space")
        await settled(pilot)
        assert "✓ ○ idle" in frame_of(bare)


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "nord"])
async def test_every_theme_shows_the_same_words(app: MothballApp, theme: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        before = frame_of(app)
        app.theme = theme
        await settled(pilot)
        assert frame_of(app) == before
