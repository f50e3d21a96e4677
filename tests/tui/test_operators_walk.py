"""An operator's first walk in a real terminal, from the costliest idle one to its restore."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.tui.terminal import NEEDS_TMUX, Terminal, terminal

__all__ = ["terminal"]

pytestmark = [pytest.mark.journey, NEEDS_TMUX]

NARROW, USUAL, LARGE = (80, 24), (120, 40), (200, 60)
COSTLIEST = "clause-extract/longformer"


def find_the_costliest_idle_one(terminal: Terminal) -> None:
    terminal.press("/")
    terminal.shows_twice("words  !not")  # in the field, and below it once the field is typed in
    terminal.press(*"idle or failed", "Enter")
    terminal.shows("13 of 42\n  verdict ▲")  # the line below the field is gone: it was left
    terminal.press("Right", "Right", "Right", "s", "g")
    terminal.shows("▼run rate/mo", COSTLIEST)


def read_its_proof(terminal: Terminal, *, is_beside: bool) -> None:
    if is_beside:
        terminal.shows(f"○ idle  {COSTLIEST}", "0 requests in 35 days")
        return
    terminal.press("Enter")
    terminal.shows(f"○ idle  {COSTLIEST}", "0 requests in 35 days")
    terminal.press("Escape")
    terminal.shows_no("0 requests in 35 days")


def group_by_owner(terminal: Terminal) -> None:
    terminal.press(":")
    terminal.shows("🔎")
    terminal.press(*"group by owner")
    terminal.shows("🔎 group by owner", "a line for each")
    terminal.press("Enter")
    terminal.shows("▸ legal-ai@contoso")
    terminal.press("g", "Enter")
    terminal.shows("▾ legal-ai@contoso", COSTLIEST)


def mark_three(terminal: Terminal) -> None:
    terminal.press("Down", "Space", "Space", "Space")
    terminal.shows("3 marked")


def tag(terminal: Terminal) -> None:
    terminal.press("t")
    terminal.shows("Tag 3 deployments")
    terminal.press(*"review=2026-q4")
    terminal.shows("3 of 3 would be written")
    terminal.press("Tab")
    terminal.shows("j k target")
    terminal.press("Tab")
    terminal.press("Enter")
    terminal.shows("3 of 3 written", "now review=2026-q4")
    terminal.press("Escape")
    terminal.shows_no("Tag 3 deployments")


def retire(terminal: Terminal) -> None:
    terminal.press("R")
    terminal.shows("Retire 3 deployments", "3 of 3 would be written")
    terminal.press("Tab")
    terminal.press("Enter")
    terminal.shows("3 of 3 written")
    terminal.press("Escape")
    terminal.shows_no("Retire 3 deployments")


def snapshot_and_see_the_marks(terminal: Terminal) -> None:
    terminal.press("u")
    terminal.shows_no("3 marked")
    terminal.press("8")
    terminal.shows("8 Retiring · 3 of 42")
    terminal.press("r")
    terminal.shows("8 Retiring · 6 of 42", COSTLIEST, "clause-extract/llama-ft", "retire after")


def type_the_phrase(terminal: Terminal) -> None:
    terminal.press("Tab")
    terminal.shows("enter goes to")
    terminal.press(*"fraud/red", "Enter")
    terminal.shows_no("enter goes to")
    terminal.press("Enter")


def delete_one_whose_grace_is_over(terminal: Terminal) -> None:
    terminal.press("g", "d")
    terminal.shows("Delete fraud/red", "to delete, type", "✓   may go")
    type_the_phrase(terminal)
    terminal.shows("1 of 1 deleted", "mothball restore")
    terminal.press("Enter")
    terminal.shows_no("1 of 1 deleted")


def see_the_journal(terminal: Terminal) -> None:
    terminal.press("B")
    terminal.shows("Journal", "✓ deleted", "the chain of 15 entries is whole")


def restore(terminal: Terminal) -> None:
    terminal.press("A")
    terminal.shows("Archives", "mlw-payments/fraud/red", "1 of 1")
    terminal.press("Enter")
    terminal.shows("Restore mlw-payments/fraud/red", "to restore, type")
    type_the_phrase(terminal)
    terminal.shows("restored: it stands as it was archived")
    terminal.press("Escape")
    terminal.shows_no("restored: it stands as it was archived")


@pytest.mark.parametrize("size", [NARROW, USUAL, LARGE], ids=lambda size: f"{size[0]}x{size[1]}")
def test_an_operator_walks_from_the_costliest_idle_one_to_a_restore(
    terminal: Terminal, tmp_path: Path, size: tuple[int, int]
) -> None:
    at_home = f"HOME={tmp_path} XDG_STATE_HOME={tmp_path} XDG_CONFIG_HOME={tmp_path}"
    terminal.start(f"{at_home} {sys.executable} -m mothball demo", *size)
    terminal.shows("as of", "pricing-lab/thompson", "? help")
    find_the_costliest_idle_one(terminal)
    read_its_proof(terminal, is_beside=size != NARROW)
    group_by_owner(terminal)
    mark_three(terminal)
    tag(terminal)
    retire(terminal)
    snapshot_and_see_the_marks(terminal)
    delete_one_whose_grace_is_over(terminal)
    see_the_journal(terminal)
    restore(terminal)
    terminal.press("q")
    terminal.shows("left with 0")
