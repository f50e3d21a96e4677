"""The walk at the top of the README is what the program draws, in one small file."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.tui.film import Shot, film
from tests.tui.walk import STEPS, drawn, walked, without_lots

WALK = Path(__file__).parents[2] / "docs" / "walk.svg"
LARGEST_BYTES = 600_000


@pytest.mark.journey
def test_the_walk_in_the_readme_is_the_one_that_is_walked_today() -> None:
    steps = walked()
    seen = [
        "3 of 3 written",
        "retire-mark     marked, its grace ended on 2026-11-20",
        "1 of 1 deleted",
        "is whole",
        "to restore, type   fraud/red",
    ]
    texts = iter(step.text for step in steps)
    assert [words for words in seen if not any(words in text for text in texts)] == []
    today, kept = words_of(drawn(steps)), words_of(WALK.read_text(encoding="utf-8"))
    assert (today - kept, kept - today) == (Counter(), Counter()), "make walk draws it anew"


def test_the_film_is_small_and_needs_nothing_from_elsewhere() -> None:
    svg = WALK.read_text(encoding="utf-8")
    assert WALK.stat().st_size < LARGEST_BYTES
    assert "<script" not in svg
    assert re.findall(r"url\(|href|@import|@font-face", svg) == []
    for step in STEPS:
        assert step.does in svg


def words_of(svg: str) -> Counter[tuple[str, str]]:
    """Where which words stand, as often as they come and go; the bars beside them are no words."""
    return Counter(re.findall(r'<text[^>]* (x="\S+ y="\S+)"[^>]*>(.*\w.*)</text>', svg))


def shot(*texts: str) -> Shot:
    drawn = "".join(
        f'<text class="terminal-7-r{number}" x="0" y="{20 + number}" textLength="12">{text}</text>'
        for number, text in enumerate(texts)
    )
    styles = "".join(f".terminal-7-r{n} {{ fill: #00000{n} }}" for n in range(len(texts)))
    return Shot(f"<style>{styles}</style><g clip-terminal)>{drawn}</g>", "k", "moves", 2)


def test_what_two_frames_have_in_common_stands_in_the_film_once() -> None:
    svg = film([shot("both", "first"), shot("both", "second")], (80, 24))
    assert [svg.count(f">{word}<") for word in ("both", "first", "second")] == [1, 1, 1]


def test_who_wants_no_motion_sees_one_frame() -> None:
    svg = film([shot("first"), shot("second"), shot("third")], (80, 24), still=1)
    at_rest, moving = svg.split("@media (prefers-reduced-motion:no-preference){")
    hidden = re.findall(r"([\w.,]+)\{visibility:hidden\}", at_rest)
    spans = {word: re.findall(rf'<g class="(\w+)">\n[^>]*>{word}<', moving)[0] for word in WORDS}
    assert hidden == [f".{spans['first']},.{spans['third']}"]
    assert "animation" not in at_rest
    assert f"@keyframes {spans['third']}{{0.000%{{visibility:hidden}}66.667%" in moving


def test_ids_that_are_drawn_by_lot_are_zeros_and_others_stay() -> None:
    kept = "ea026c9a-e877-57ff-9179-e4d9eccae3df 471.980788249999966208 20261123T180000000000-mlw"
    lots = "20261123-180000-a1b2 5303a438-ca6b-4fed-ab44- 55ac07c4082c dd273d08cf353a673907e0e7"
    assert without_lots(kept) == kept
    assert set(without_lots(lots).replace("20261123-180000", "")) == {" ", "-", "0"}


WORDS = ("first", "second", "third")
