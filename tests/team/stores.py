"""Stores on a test's server: a database of its own for each folder, seen by whoever signs in."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from queries.store.shared import SharedStore
from tests.team.server import SUPERUSER, Server


@dataclass(frozen=True, slots=True)
class TeamDatabase:
    """A database and the folder of its data."""

    server: Server
    name: str
    data: Path

    def catalogue(self, user: str = SUPERUSER) -> str:
        """What `catalogue` is in the settings of somebody."""
        return self.server.words(self.name, user)

    def store(self, user: str = SUPERUSER) -> SharedStore:
        """The store as somebody opens it."""
        return SharedStore("team", self.catalogue(user), str(self.data))

    def settings(self, folder: Path, user: str = SUPERUSER) -> Path:
        """A settings file of somebody, who calls the store `team`."""
        file = folder / f"{user}.toml"
        words = f'catalogue = "{self.catalogue(user)}"\ndata = "{self.data}"\n'
        file.write_text("[stores.team]\n" + words, encoding="utf-8")
        return file

    def sql(self, *statements: str, user: str = SUPERUSER) -> list[str]:
        """What psql answers."""
        return self.server.sql(*statements, database=self.name, user=user)


def new_database(server: Server, folder: Path) -> TeamDatabase:
    """An empty one."""
    name = "d" + sha256(str(folder).encode()).hexdigest()[:24]
    server.create(name)
    return TeamDatabase(server, name, folder / "data")
