"""What was typed before: bounded, private, and never worth a failure."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui.views.kept_history import MOST, KeptHistory


def test_texts_are_kept_in_the_order_in_which_they_were_last_typed(tmp_path: Path) -> None:
    kept, other = (KeptHistory(tmp_path / "deep" / "history.json") for _ in range(2))
    for text in ("one", " two ", "one", "  "):
        kept.add("x", text)
    other.add("y", "three")
    assert kept.read("x") == ["two", "one"]
    assert kept.read("y") == ["three"]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["history.json"]


def test_the_file_is_for_its_owner_alone_and_does_not_grow_without_end(tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    kept = KeptHistory(path)
    for number in range(MOST + 5):
        kept.add("x", str(number))
    assert len(kept.read("x")) == MOST
    assert kept.read("x")[0] == "5"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": 3}', '{"x": [1, {}]}'])
def test_a_file_that_is_no_history_counts_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "history.json"
    path.write_text(content)
    kept = KeptHistory(path)
    assert kept.read("x") == []
    kept.add("x", "one")
    assert kept.read("x") == ["one"]


def test_without_a_file_it_lasts_as_long_as_the_program() -> None:
    kept = KeptHistory()
    kept.add("x", "one")
    assert kept.read("x") == ["one"]
