"""What of a text, a page, a workbook or a file could act on whoever opens it, or is secret."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path, PureWindowsPath
from typing import Literal, TypeAlias

import duckdb
from openpyxl import load_workbook

from emulator.tenant.world import CLIENT_SECRET
from tests.reliability.hostile import MARK, PLANTED
from tests.team.server import PASSWORD

Breach = Literal["secret", "control", "formula", "script", "path", "lost", "failed"]
WHAT_IS_SECRET = (PLANTED, CLIENT_SECRET, PASSWORD)
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
Looked: TypeAlias = Iterator[tuple[Breach, str]]


def in_file(path: Path) -> Looked:
    """A file by its suffix, and its name."""
    if PureWindowsPath(path.name).is_reserved() or not _is_harmless_name(path.name):
        yield "path", path.name
    look = _LOOKS[path.suffix]
    yield from look(path)


def _is_harmless_name(name: str) -> bool:
    return name.isprintable() and not set(name) & set('<>:"/\\|?*') and name[-1:] not in (".", " ")


def in_terminal(text: str) -> Looked:
    """What a terminal is sent: each line is printable."""
    yield from secrets_in(text)
    for line in text.split("\n"):
        if not line.isprintable():
            yield "control", repr(line)


def secrets_in(text: str) -> Looked:
    """Each secret that stands in a text."""
    for secret in WHAT_IS_SECRET:
        if secret in text:
            at = text.index(secret)
            yield "secret", repr(text[max(at - 80, 0) : at + 40])


def in_json(text: str) -> Looked:
    """A JSON text, on a terminal."""
    yield from in_terminal(text)
    try:
        json.loads(text)
    except ValueError:
        if text:
            yield "failed", f"no JSON: {text[:80]!r}"


def in_csv(text: str) -> Looked:
    """A CSV text in a spreadsheet."""
    yield from secrets_in(text)
    for line in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
        for cell in line:
            yield from _in_cell(cell)


def _in_cell(cell: str) -> Looked:
    if not all(line.isprintable() for line in cell.split("\n")):
        yield "control", repr(cell)
    if cell.lstrip(" ").startswith(FORMULA):
        try:
            float(cell)
        except ValueError:
            yield "formula", repr(cell)


def _in_workbook(path: Path) -> Looked:
    for sheet in load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield "formula", repr(cell.value)
                if isinstance(cell.value, str):
                    yield from secrets_in(cell.value)
                    if not all(line.isprintable() for line in cell.value.split("\n")):
                        yield "control", repr(cell.value)


class _Page(HTMLParser):
    """What of a page could act: its scripts, handlers and links."""

    def __init__(self) -> None:
        super().__init__()
        self.acting: list[str] = []
        self._is_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_script = tag == "script"
        for name, value in attrs:
            target = (value or "").strip().lower()
            if MARK in name or name.startswith("on") or target.startswith("javascript:"):
                self.acting.append(f"<{tag} {name}={value}>")
        if tag in ("img", "iframe", "object"):
            self.acting.append(f"<{tag}>")

    def handle_data(self, data: str) -> None:
        if self._is_script and MARK in data:
            self.acting.append(data)


def _in_page(path: Path) -> Looked:
    text = path.read_text(encoding="utf-8")
    yield from in_terminal(text)
    page = _Page()
    page.feed(text)
    yield from (("script", one) for one in page.acting)


def _in_markdown(path: Path) -> Looked:
    text = path.read_text(encoding="utf-8")
    yield from in_terminal(text)
    yield from (("script", one) for one in re.findall(r"(?<!\\)<\w+|(?<!\\)\[.*\(javascript", text))


def _in_parquet(path: Path) -> Looked:
    with duckdb.connect() as connection:
        question = "select columns(*)::varchar from read_parquet($path)"
        rows = connection.execute(question, {"path": str(path)}).fetchall()
    yield from secrets_in(repr(rows))


def _in(look: Callable[[str], Looked]) -> Callable[[Path], Looked]:
    return lambda path: look(path.read_text(encoding="utf-8"))


_LOOKS: Mapping[str, Callable[[Path], Looked]] = {
    ".csv": _in(in_csv),
    ".xlsx": _in_workbook,
    ".html": _in_page,
    ".md": _in_markdown,
    ".parquet": _in_parquet,
    ".json": _in(in_json),
    ".toml": _in(in_terminal),
}
