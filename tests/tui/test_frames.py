"""Screens as a person sees them; `python -m tests.tui.scenes` renews the goldens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.session import Session
from queries.store.file import Store
from tests.tui.scenes import FOLDER, NO_STORE, SCENES, SIZES, WITH_HISTORY, WITHOUT_STORE, frame_at
from tui.app import MothballApp

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_the_screen_is_as_it_was(
    request: pytest.FixtureRequest, name: str, size: tuple[int, int]
) -> None:
    fixture = "session_with_past" if name in WITH_HISTORY else "session"
    session: Session = request.getfixturevalue(fixture)
    if name in WITHOUT_STORE:
        session = replace(session, store=Store(NO_STORE))
    golden = (FOLDER / f"{name}-{size[0]}x{size[1]}.txt").read_text()
    assert await frame_at(MothballApp(session), SCENES[name], size) == golden
