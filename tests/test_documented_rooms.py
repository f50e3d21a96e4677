"""docs/architecture.md names every folder of the rooms, and no file or folder that is not there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("mothball", "tui", "actions", "queries", "collectors", "emulator")
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
# Folders that hold SQL, or belong to a command that is a group, are parts of the folder above.
_PARTS = {"sql", "migrations", "postgresql", "report", "__pycache__"}


def _folders() -> set[str]:
    found = {path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_dir()}
    return {f"{path.relative_to(ROOT)}/" for path in found if path.name not in _PARTS}


def test_every_folder_is_in_the_table_of_folders() -> None:
    assert set(re.findall(r"^\| `(\w+/\w+/)` \|", PAGE, re.MULTILINE)) == _folders()


def test_every_path_that_the_page_names_is_there() -> None:
    named = re.findall(rf"`((?:{'|'.join(ROOMS)})/[\w/.*]*)`", PAGE)
    assert len(named) > 40
    assert [path for path in named if not list(ROOT.glob(path.rstrip("/")))] == []
