"""The store that a test is given: a file, or with `--store=shared` one that a team shares.

A shared one is known by the path that the file would have. A copy of one is a database made from
the other's, with a link to the same data, which nobody changes once they are written.
"""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from queries.store.file import Store
from queries.store.shared import SharedStore
from tests.team.server import Server

KINDS = ("file", "shared")


@dataclass(frozen=True, slots=True)
class Shared:
    """Where a shared store is."""

    database: str
    data: Path


class Kind:
    """Of which kind stores are in this run; the server is started when the first is made."""

    def __init__(self) -> None:
        """Files, until somebody says otherwise."""
        self.start: Callable[[], Server] | None = None
        self._server: Server | None = None
        self._made: dict[Path, Shared] = {}

    @property
    def is_shared(self) -> bool:
        """Whether a team shares the stores of this run."""
        return self.start is not None

    @property
    def server(self) -> Server:
        """The server of all catalogues."""
        if self._server is None:
            assert self.start is not None
            self._server = self.start()
            os.environ["PGPASSFILE"] = str(self._server.password_file)
        return self._server

    def at(self, path: Path) -> Shared:
        """Where the store of a path is; made where it is not yet."""
        if path not in self._made:
            found = Shared(_database(path), path.with_suffix(".data"))
            self.server.create(found.database)
            self._made[path] = found
        return self._made[path]

    def copy(self, path: Path, copied: Path) -> None:
        """The same for a copy of it."""
        source = self.at(path)
        made = self._made[copied] = Shared(_database(copied), copied.with_suffix(".data"))
        # What is noted beside the data is of one store alone.
        made.data.symlink_to(source.data, target_is_directory=True)
        # A connection that waits for its next use is in the way of a copy.
        self.server.end_connections(source.database)
        self.server.create(made.database, source.database)
        self.server.sql(
            # A folder of this run, and nobody's text.
            f"update ducklake_metadata set value = '{made.data}/' where key = 'data_path'",  # noqa: S608
            database=made.database,
        )


KIND = Kind()


def store_at(path: Path) -> Store:
    """The (perhaps still missing) store of a path."""
    if not KIND.is_shared:
        return Store(path)
    found = KIND.at(path)
    return SharedStore("team", KIND.server.words(found.database), str(found.data))


def new_store(path: Path) -> Store:
    """The store of a path, without a row where it is not there yet.

    That one is copied: making its tables takes longer than most tests.
    """
    if not KIND.is_shared and not path.exists():
        shutil.copy(_without_rows(), path)
    return store_at(path)


@cache
def _without_rows() -> Path:
    path = Path(mkdtemp(prefix="mothball-tests-")) / "without-rows.duckdb"
    atexit.register(shutil.rmtree, path.parent)
    with Store(path).noting():
        pass
    return path


def copy_store(path: Path, copied: Path) -> None:
    """Copy the store of one path to another."""
    if KIND.is_shared:
        KIND.copy(path, copied)
    else:
        shutil.copy(path, copied)


def options_for(path: Path) -> list[str]:
    """What the command line is given for the store of a path."""
    if not KIND.is_shared:
        return ["--store", str(path)]
    found = KIND.at(path)
    settings = path.with_suffix(".toml")
    settings.write_text(
        f'[stores.team]\ncatalogue = "{KIND.server.words(found.database)}"\n'
        f'data = "{found.data}"\n',
        encoding="utf-8",
    )
    return ["--store", "team", "--config", str(settings)]


def _database(path: Path) -> str:
    return "d" + sha256(str(path).encode()).hexdigest()[:24]
