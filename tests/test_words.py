"""Sentences that people read: numbers agree with their nouns, ages with the clock."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions.deletion.plan import Check
from tui.places.journal import Line, entry_parts
from tui.words.ages import ago, as_of, seen_at

ROOT = Path(__file__).parents[1]
ROOMS = ("mothball", "tui", "actions", "queries", "collectors")
NOUNS = (
    "answer|archive|call|change|core|day|deployment|endpoint|entrie|error|file|finding|hour"
    "|instance|line|month|owner|problem|profile|proposal|request|resource|row|snapshot|source"
    "|subscription|sum|tag|target|thing|verdict|workspace"
)
COUNTED = re.compile(rf"^ (?:read |whole |billed )?(?:{NOUNS})s\b")
# `3 of 5 days`, `1 to 4 instances`: the noun belongs to a whole that is never one alone.
OF_A_WHOLE = re.compile(r"(?:\bof|\bto|\bthe|\bits|/)\s?$")
AT = datetime(2026, 11, 30, 14, 2, tzinfo=UTC)


# A constant is never one, and a kind or a region is no number.
NO_COUNT = re.compile(r"^[A-Z_]+$|\bkind$|\bregion$|\bhost$")


def hand_made_plurals(source: str) -> Iterator[tuple[int, str]]:
    """The lines where a number that may be one stands before a noun with an s."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.JoinedStr):
            continue
        before = ""
        for value, after in zip(node.values, node.values[1:], strict=False):
            if isinstance(value, ast.Constant):
                before = str(value.value)
            elif isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant):
                text = str(after.value)
                counts = not NO_COUNT.search(ast.unparse(value.value))
                if counts and COUNTED.match(text) and not OF_A_WHOLE.search(before):
                    yield node.lineno, text
                before = ""


@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_counts_one_in_the_plural(room: str) -> None:
    """`collectors.records.counted` says `1 instance` and `2 instances`."""
    found = {
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for line, text in hand_made_plurals(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_a_plural_made_by_hand_is_found() -> None:
    assert list(hand_made_plurals('f"{count} instances"')) == [(1, " instances")]
    assert not list(hand_made_plurals('f"{part} of {count} days" f"{DAYS} days"'))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="its desktop is always there")
@pytest.mark.parametrize(
    ("browser", "display", "is_open"),
    [("true", ":0", True), ("false", ":0", False), ("true", "", False)],
)
def test_a_page_is_opened_where_a_browser_takes_it(
    browser: str, display: str, is_open: bool
) -> None:
    code = (
        "from tui.terminal.browser import opened_in_browser as to; print(to('https://localhost'))"
    )
    given = os.environ | {"BROWSER": browser, "DISPLAY": display, "WAYLAND_DISPLAY": ""}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=given,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == str(is_open)


def test_what_a_plan_has_not_asked_yet_is_no_tick() -> None:
    asked_later = Check("callers", "pass", "asked later")
    assert asked_later.is_open
    assert asked_later.lets_through
    assert not replace(asked_later, age_seconds=5).is_open
    assert not Check("assets", "pass", "model exists").is_open
    evidence = {"checks": [asdict(asked_later), asdict(replace(asked_later, age_seconds=5))]}
    line = Line(1, AT, "ada", "delete", "x/y", "planned", None, None, evidence, "", "x/y")
    shown = "".join(text for text, _style in entry_parts(line, 80))
    assert re.findall(r"(.) callers", shown) == ["·", "✓"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "just now"), (400, "6 min ago"), (7200, "2 h ago"), (200_000, "2 d ago")],
)
def test_what_was_just_now_is_not_ago(seconds: int, words: str) -> None:
    at = AT - timedelta(seconds=seconds)
    assert ago(at, AT) == words
    assert seen_at(at, AT).endswith(f" UTC · {words}")
    assert "ago" not in as_of(at, AT)
