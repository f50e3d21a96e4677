"""Everything that writes something out, tried on a tenant that means harm; what gets through."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from actions.session import Session
from emulator import Emulator
from mothball.cli import run_in
from mothball.context import AppContext
from queries.store.journal import write
from tests.mothball.shop import now
from tests.reliability.cells import Hurried, Hurry
from tests.reliability.hostile import (
    ALL,
    MARK,
    SECRETIVE,
    SECRETS,
    VALUES,
    as_stored,
    happenings,
    tenant,
)
from tests.reliability.looks import (
    WHAT_IS_SECRET,
    Breach,
    in_csv,
    in_file,
    in_json,
    in_terminal,
    secrets_in,
)
from tests.stores import KIND, options_for, store_at
from tests.tui.demo import frame_of, settled
from tui.app import MothballApp
from tui.keys.places import PLACES

# Words of a command that stand for a folder of its own, and for dates around the time of the store.
OUT, QUARTER, MONTH, UNTIL = "OUT", "QUARTER", "MONTH", "UNTIL"
ASKED = "select owner, purpose, instance_type from current_deployments"
JSON, CSV = ("--format", "json"), ("--format", "csv")
SCREEN = (160, 40)
# Who waits for a command is told what went wrong, in words; this is none.
UNEXPECTED = ("unexpected", "Traceback")


@dataclass(frozen=True, slots=True)
class Writer:
    """A command; whether each value must come back out of what it writes.

    `is_again`: it writes what another one writes, in another form, for which one store is enough.
    """

    words: tuple[str, ...]
    is_whole: bool = False
    is_again: bool = False

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return " ".join(self.words)


def _in_forms(*words: str, is_whole: bool = False) -> tuple[Writer, ...]:
    """A command as a table, as JSON and as CSV."""
    return (
        Writer(words, is_again=True),
        Writer((*words, *JSON), is_whole),
        Writer((*words, *CSV), is_again=True),
    )


WRITERS = (
    *_in_forms("list", is_whole=True),
    Writer(("list", "--wide", "--errors"), is_again=True),
    *_in_forms("show", ALL, is_whole=True),
    Writer(("show", SECRETIVE, "--callers", *JSON)),
    Writer(("history", "ws/nasty")),
    Writer(("diff", "latest~1", "latest", *CSV)),
    *_in_forms("journal", is_whole=True),
    Writer(("journal", "--by-hand"), is_again=True),
    *_in_forms("sql", ASKED, is_whole=True),
    Writer(("archives",)),
    Writer(("doctor",)),
    Writer(("tags", "restore", *JSON)),
    Writer(("costs", "status")),
    Writer(("report", "savings", *CSV)),
    Writer(("report", "digest", "--top", "99")),
    Writer(("report", "owners", "--out", OUT)),
    Writer(("report", "owners", "--out", OUT, "--format", "xlsx"), is_again=True),
    *(
        Writer(
            ("report", "review", "--quarter", QUARTER, "--out", f"{OUT}/review.{form}"),
            is_again=form != "html",
        )
        for form in ("html", "md", "csv", "xlsx")
    ),
    *(
        Writer(("report", "proposals", "--out", f"{OUT}/proposals.{form}"), is_again=form != "csv")
        for form in ("csv", "xlsx", "parquet")
    ),
    *(
        Writer(
            ("report", "focus", "--month", MONTH, "--out", f"{OUT}/focus.{form}"),
            is_again=form != "csv",
        )
        for form in ("csv", "parquet")
    ),
    Writer(("delete", SECRETIVE, ALL), is_again=True),
    Writer(("tag", "ws/nasty/d2", "--set", f"owner={VALUES['a colour of the terminal']}")),
    Writer(("retire", "ws/nasty/d0", "--after", "3d", "--reason", VALUES["a formula"])),
    Writer(("extend", "ws/nasty/d21", "--until", UNTIL, "--reason", VALUES["half a character"])),
    Writer(("delete", SECRETIVE, "--confirm", "fraud/secretive", *JSON)),
    Writer(("record", f"{OUT}/tape"), is_again=True),
    Writer(("snapshot", "--cost-months", "0", "--errors", *JSON)),
    Writer(("report", "no-such", "\x1b[31m"), is_again=True),
    Writer(("list", "--where", VALUES["markup"])),
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of every writer on a store of a kind; the last ones count what got through."""

    store: str
    values: int
    secrets: int
    writers: int
    secret: int
    control: int
    formula: int
    script: int
    path: int
    lost: int
    failed: int


@dataclass(frozen=True, slots=True)
class Found:
    """Something that got through, and where."""

    breach: Breach
    writer: str
    near: str


class HurriedContext(AppContext):
    """What a command reads, but that nothing is waited for between two requests."""

    @cached_property
    def session(self) -> Session:
        """The session of ever, with connections in a hurry."""
        given = super().session
        values = {one.name: getattr(given, one.name) for one in fields(Session)}
        return Hurried(**values, hurry=Hurry())


@dataclass(frozen=True, slots=True)
class Shelf:
    """A store with everything in it that means harm, and the command line on it."""

    azure: Emulator
    folder: Path
    options: tuple[str, ...]
    at: datetime

    def run(self, *words: str) -> tuple[int, str, str]:
        """A command: its exit code, what it printed, what it told."""
        printed, told = io.StringIO(), io.StringIO()
        with redirect_stdout(printed), redirect_stderr(told):
            code = run_in(HurriedContext(), [*words, *self.options])
        return code, printed.getvalue(), told.getvalue()

    def spelt(self, word: str, out: Path) -> str:
        """A word of a command with this folder and with the dates of this store."""
        quarter = f"{self.at.year}-Q{(self.at.month - 1) // 3 + 1}"
        word = word.replace(OUT, str(out)).replace(QUARTER, quarter)
        return word.replace(MONTH, f"{self.at:%Y-%m}").replace(UNTIL, f"{self.at.year + 1}-01-31")

    @property
    def store(self) -> Path:
        """Where the store is, or would be."""
        return self.folder / "store.duckdb"


@contextmanager
def shelf_in(folder: Path) -> Iterator[Shelf]:
    """A store after two snapshots, and a deletion whose failure repeated the secrets."""
    at = now()  # of the start: the tenant's clock must be that of the command line
    with Emulator(tenant(at)) as azure, pytest.MonkeyPatch.context() as environment:
        for name, value in azure.environment.items():
            environment.setenv(name, value)
        environment.setenv("HOME", str(folder))
        options = *options_for(folder / "store.duckdb"), "--cloud", str(azure.profile)
        shelf = Shelf(azure, folder, options, at)
        assert shelf.run("snapshot", "--cost-months", "1")[0] == 3
        write(store_at(shelf.store), happenings(at, "/x"))
        azure.world.will_end("secretive", message=f"not so: {json.dumps(SECRETS)}")
        assert shelf.run("delete", SECRETIVE, "--confirm", "fraud/secretive")[0] == 1
        with azure.lock:
            azure.world.find("ws/nasty/d1").tags["owner"] = VALUES["a script"]
        assert shelf.run("snapshot", "--cost-months", "0")[0] == 3
        yield shelf


def writers() -> list[Writer]:
    """Those that are tried on the kind of store that this run has."""
    return [one for one in WRITERS if not (KIND.is_shared and one.is_again)]


def found_by(shelf: Shelf) -> Iterator[Found]:
    """What gets through of every writer, of the interface, and what the store came to hold."""
    for number, writer in enumerate(writers()):
        out = shelf.folder / f"out-{number}"
        out.mkdir()
        words = [shelf.spelt(word, out) for word in writer.words]
        code, printed, told = shelf.run(*words)
        if any(word in told for word in UNEXPECTED):
            yield Found("failed", writer.name, f"{code}: {told[-200:]}")
        yield from _in_all(writer, printed, told, out)
    yield from _in_frames(shelf)
    yield from _in_store(shelf)
    yield from _in_files(shelf)


def tried(found: list[Found]) -> Tried:
    """The count of it."""
    kinds = ("secret", "control", "formula", "script", "path", "lost", "failed")
    counted = {kind: sum(one.breach == kind for one in found) for kind in kinds}
    count = len(writers()) + len(PLACES_SHOWN)
    store = "shared" if KIND.is_shared else "file"
    return Tried(store, len(VALUES), len(SECRETS), count, **counted)


def _in_all(writer: Writer, printed: str, told: str, out: Path) -> Iterator[Found]:
    def found(breach: Breach, near: str) -> Found:
        return Found(breach, writer.name, near[-200:])

    yield from (found(*one) for one in in_terminal(told))
    look = in_terminal
    if JSON[1] in writer.words:
        look = in_json
        if writer.is_whole and printed:
            yield from (found("lost", name) for name in _lost(json.loads(printed)))
    elif CSV[1] in writer.words:
        look = in_csv
    yield from (found(*one) for one in look(printed))
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        yield from (found(breach, f"{path.name}: {near}") for breach, near in in_file(path))


def _lost(reported: Any) -> list[str]:
    """The values that JSON does not give back as they were."""
    texts = set(_texts(reported))
    return [name for name, value in VALUES.items() if as_stored(value) not in texts]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in (*value.keys(), *value.values()):
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


SHOWN = ("endpoints", "owners", "journal", "holes")
PLACES_SHOWN = tuple(place for place in PLACES if place.id in SHOWN)


def _in_frames(shelf: Shelf) -> Iterator[Found]:
    frames = asyncio.run(_frames(shelf))
    if not any(MARK in frame for frame in frames.values()):
        yield Found("lost", "the interface", "")
    for name, frame in frames.items():
        for breach, near in in_terminal(frame):
            yield Found(breach, f"the interface's {name}", near)


async def _frames(shelf: Shelf) -> dict[str, str]:
    """What stands on each place's screen, and on that of a deployment's details."""
    context = AppContext()
    context.store_as_it_is = store_at(shelf.store)
    context.cloud_name = str(shelf.azure.profile)
    app = MothballApp(context.session)
    frames = {}
    async with app.run_test(size=SCREEN) as pilot:
        await settled(pilot)
        await pilot.press("slash", *"nasty", "enter", "enter")
        await settled(pilot)
        frames["details"] = frame_of(app)
        for place in PLACES_SHOWN:
            await pilot.press("escape", place.key)
            await settled(pilot)
            frames[place.id] = frame_of(app)
    return frames


def _in_store(shelf: Shelf) -> Iterator[Found]:
    with store_at(shelf.store).reading() as connection:
        named = connection.execute("select table_name from duckdb_tables() where not internal")
        for (table,) in named.fetchall():
            asked = f'select columns(*)::varchar from "{table}"'  # noqa: S608
            rows = connection.execute(asked).fetchall()
            yield from (Found(breach, table, near) for breach, near in secrets_in(repr(rows)))


def _in_files(shelf: Shelf) -> Iterator[Found]:
    """The raw JSON of an archive has them, since it restores; no other file may."""
    holding = [p for p in shelf.folder.rglob("*") if p.is_file() and _holds_secret(p)]
    raw = [path for path in holding if _is_archived(path) and path.suffix == ".json"]
    if not raw:
        yield Found("lost", "the archive", "")
    yield from (Found("secret", "a file", str(path)) for path in holding if path not in raw)


def _is_archived(path: Path) -> bool:
    return any(part.endswith("archives") for part in path.parts)


def _holds_secret(path: Path) -> bool:
    content = path.read_bytes()
    return any(secret.encode() in content for secret in WHAT_IS_SECRET)
