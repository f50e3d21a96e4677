"""A log is followed: only new lines are added, a failure is said once, and a key stops it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from collectors.logs.container_logs import ContainerLog
from emulator import Clock, Emulator, Fault
from tests.tui.demo import frame_of, settled
from tests.tui.test_inspecting import WIDE, open_on
from tui.app import MothballApp
from tui.dialogs import logs
from tui.dialogs.following import GAP, Followed, new_lines
from tui.dialogs.logs import Logs

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def log(*lines: str) -> ContainerLog:
    return ContainerLog("inference-server", lines, is_cut=False)


def text_of(followed: Followed) -> str:
    return "".join(text for text, _style in followed.parts)


@pytest.mark.parametrize(
    ("known", "now", "fresh"),
    [
        ("", "ab", "ab"),
        ("ab", "ab", ""),
        ("ab", "abc", "c"),
        ("abc", "bcd", "d"),
        ("abb", "bbb", "b"),
        ("aba", "abc", "bc"),
        ("abc", "xyz", None),
        ("abc", "", None),
    ],
)
def test_what_is_new_begins_where_the_older_answer_ends(
    known: str, now: str, fresh: str | None
) -> None:
    found = new_lines(list(known), list(now))
    assert found == (None if fresh is None else tuple(fresh))


def test_lines_that_were_not_seen_are_named() -> None:
    followed = Followed().answered(log("a", "b"), AT).answered(log("x"), AT)
    assert text_of(followed) == f"a\nb\n{GAP}\nx\n"


def test_the_same_failure_is_said_once_until_an_answer_comes() -> None:
    followed = Followed().answered(log("a"), AT)
    for _try in range(3):
        followed = followed.failed("no right to it", AT)
    assert text_of(followed) == "a\n✗ 18:00:00 UTC: no right to it\n"
    followed = followed.answered(log("a", "b"), AT)
    assert followed.failure is None
    assert text_of(followed.failed("no right to it", AT)).count("✗") == 2


async def test_a_log_is_followed_through_a_failure_until_it_is_stopped(
    app: MothballApp, azure: Emulator, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "FOLLOW_SECONDS", 3600.0)  # only the test asks
    green = azure.world.find("mlw-payments/fraud/green")
    green.container_logs["InferenceServer"] = "first\nsecond\n"
    async with app.run_test(size=WIDE) as pilot:
        await open_on(pilot, "fraud/green", "l")
        sheet = app.screen
        assert isinstance(sheet, Logs)
        await pilot.press("f")
        await settled(pilot)
        assert "following, asked every 3600 s · last answer 18:00:00 UTC" in frame_of(app)
        assert frame_of(app).count("second") == 1

        green.container_logs["InferenceServer"] += "third\n"
        clock.advance(timedelta(seconds=5))
        sheet.ask_again()
        await settled(pilot)
        assert "last answer 18:00:05 UTC" in frame_of(app)
        assert frame_of(app).count("second") == frame_of(app).count("third") == 1

        azure.faults.add(Fault("forbid", path="/getLogs", times=2))
        for _try in range(2):
            sheet.ask_again()
            await settled(pilot)
        assert frame_of(app).count("✗ 18:00:05 UTC") == 1
        assert "last answer 18:00:05 UTC · the newest question failed" in frame_of(app)

        green.container_logs["InferenceServer"] += "fourth\n"
        sheet.ask_again()
        await settled(pilot)
        assert "fourth" in frame_of(app)
        assert "the newest question failed" not in frame_of(app)

        await pilot.press("f")
        await settled(pilot)
        assert "f follows" in frame_of(app)
        assert "following" not in frame_of(app)
