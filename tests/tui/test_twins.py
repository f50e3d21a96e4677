"""Two workspaces share `fraud/old`: the interface says everywhere which of the two it means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from emulator import Clock, Emulator, World, steady
from tests.tui.demo import SEEN_AT, fill, frame_of, settled, signed_in
from tui.app import MothballApp
from tui.dialogs.deletion import DeletionDialog
from tui.places.archives import Archives
from tui.places.deployments import Deployments

pytestmark = pytest.mark.journey

SIZE = (140, 50)
TARGET, SHORT = "ws/fraud/old", "fraud/old"


def twins() -> World:
    """`ws` and `lab`, each with an endpoint `fraud` whose `old` is idle and due."""
    world = World(clock=Clock(SEEN_AT))
    yesterday = (SEEN_AT - timedelta(days=1)).date().isoformat()
    group = world.subscription("production").resource_group("rg")
    for place, region in (("ws", "westeurope"), ("lab", "northeurope")):
        endpoint = group.workspace(place, region=region).endpoint("fraud", traffic={"blue": 100})
        endpoint.deployment("blue", requests=steady(3.0))
        endpoint.deployment("green", tags={"role": "rollback"})
        endpoint.deployment("old", tags={"role": "retire", "mothball-retire-after": yesterday})
    world.autoscale(world.find("lab/fraud/old"))
    return world


@pytest.fixture(scope="module")
def twin_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("twins") / "store.duckdb"
    fill(path, twins())
    return path


@pytest.fixture
def sample_store(twin_store: Path) -> Path:
    """The store that every app of these tests has a copy of."""
    return twin_store


@pytest.fixture
def azure(clock: Clock) -> Iterator[Emulator]:
    with Emulator(twins(), clock=clock) as running, signed_in(running):
        yield running


async def open_on(pilot: Pilot[None], key: str, *workspaces: str) -> None:
    """Mark `fraud/old` of these workspaces, and press a key."""
    await settled(pilot)
    home = pilot.app.screen
    assert isinstance(home, Deployments)
    for workspace in workspaces:
        rows = (each for each in home.grid.shown if each.path == f"{workspace}/{SHORT}")
        home.grid.go_to(next(rows).deployment_key)
        await pilot.press("space")
    await pilot.press(key)
    await settled(pilot)


async def type_phrase(pilot: Pilot[None], phrase: str) -> None:
    field = pilot.app.screen.query_one("#phrase", Input)
    field.focus()
    field.value = phrase
    await pilot.pause()


def first_line(app: MothballApp, word: str) -> str:
    return next(line for line in frame_of(app).splitlines() if word in line)


@pytest.mark.parametrize("size", [(80, 24), SIZE])
async def test_the_workspace_is_beside_the_name_in_the_table(
    app: MothballApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        header = first_line(app, "endpoint/deployment")
        places = [header.index(word) for word in ("endpoint/deployment", "workspace", "run rate")]
        assert places == sorted(places)
        rests = [line.partition(f"{SHORT} ")[2].split() for line in frame_of(app).splitlines()]
        assert {rest[0] for rest in rests if rest} == {"ws", "lab"}


async def test_the_plan_of_a_twin_names_its_workspace_wherever_it_names_it(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "d", "ws")
        dialog = app.screen
        assert isinstance(dialog, DeletionDialog)
        assert f"Delete {TARGET}" in frame_of(app)
        assert f"to delete, type   {TARGET}" in frame_of(app)
        assert dialog.query_one("#phrase", Input).placeholder == f"type {TARGET}"
        assert [TARGET in line for line in frame_of(app).splitlines() if "may go" in line] == [True]
        await type_phrase(pilot, SHORT)
        assert dialog.query_one("#delete", Button).disabled
        await type_phrase(pilot, TARGET)
        assert not dialog.query_one("#delete", Button).disabled
        assert azure.writes == []


async def test_a_note_on_one_twin_is_not_reported_of_the_other(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "d", "lab", "ws")
        dialog = app.screen
        assert isinstance(dialog, DeletionDialog)
        notes = {}
        for line in dialog.targets.shown:
            dialog.targets.go_to(line.key)
            await settled(pilot)
            notes[line.row.workspace] = "the autoscale setting" in frame_of(app)
        assert notes == {"lab": True, "ws": False}


async def test_the_dialog_that_tags_a_twin_is_called_by_its_workspace(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "t", "lab")
        assert f"Tag lab/{SHORT}" in frame_of(app)


async def test_journal_archive_and_restore_of_a_twin_say_its_workspace(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "d", "ws")
        await type_phrase(pilot, TARGET)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert "1 of 1 deleted" in frame_of(app)
        await pilot.press("escape")
        await pilot.press("B")
        await settled(pilot)
        assert TARGET in first_line(app, "deleted")
        await pilot.press("A")
        await settled(pilot)
        assert isinstance(app.screen, Archives)
        assert TARGET in frame_of(app)
        await pilot.press("enter")
        await settled(pilot)
        assert f"Restore {TARGET}" in frame_of(app)
        assert f"to restore, type   {TARGET}" in frame_of(app)
