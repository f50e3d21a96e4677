"""Where a shared store's data are: a folder that its people reach, or Azure Storage."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from glob import escape
from pathlib import Path

import duckdb

from queries.store.file import lines_of
from queries.store.quoting import text
from queries.store.urls import CONNECTION_STRING, SCHEME, url_of

# The ways of signing in that `mothball` knows, by the names that DuckDB has for them.
_CHAIN = "env;workload_identity;cli;managed_identity"
_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder by its path."""

    path: str
    extensions: tuple[str, ...] = ()

    def is_there(self) -> bool:
        """Whether it is; what is mounted may be missing."""
        return Path(self.path).is_dir()

    def make(self) -> None:
        """Make it; OSError."""
        Path(self.path).mkdir(parents=True, exist_ok=True)

    def sign_in(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Its rights are those of files."""

    def look(self, connection: duckdb.DuckDBPyConnection) -> None:
        """It is looked at without DuckDB."""

    def note(self, connection: duckdb.DuckDBPyConnection, who: str, name: str, line: str) -> None:
        """Add a line to the notes of one person beside it; OSError."""
        del connection, name
        path = Path(self.path)
        with path.with_name(f"{path.name}.{who}.heads").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def noted(self, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
        """The lines that everybody noted, each with where it is."""
        del connection
        path = Path(self.path)
        pattern = f"{escape(path.name)}.*.heads"
        return [(str(file), line) for file in path.parent.glob(pattern) for line in lines_of(file)]


@dataclass(frozen=True, slots=True)
class Container:
    """A part of a container of Azure Storage; `account` None: the connection string names it."""

    path: str
    account: str | None
    extensions: tuple[str, ...] = ("azure",)

    def is_there(self) -> bool:
        """Nobody asks for it alone: what is missing is named where it is read or written."""
        return True

    def make(self) -> None:
        """A container is made by whoever gives rights to it; what is in it needs no folders."""

    def sign_in(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Let DuckDB sign in as `mothball` does, or by the connection string in the environment."""
        string = os.environ.get(CONNECTION_STRING)
        if string:
            how = "connection_string " + text(string)
        else:
            account = text(self.account or "")
            how = f"provider credential_chain, chain '{_CHAIN}', account_name {account}"
        whole = "create secret data (type azure, " + how + ", scope " + text(SCHEME) + ")"
        connection.execute(whole)

    def look(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Find nothing there, or fail where the container is not there or lets nobody in."""
        nothing = f"{self.path}/nothing/*"
        connection.execute("from glob($nothing)", {"nothing": nothing}).fetchall()

    def note(self, connection: duckdb.DuckDBPyConnection, who: str, name: str, line: str) -> None:
        """Keep a line in the notes of one person beside it, as a blob of its own."""
        place = f"{self.path}.{who}.heads/{name}.json"
        copied = "copy (select " + text(line) + " as line) to " + text(place)
        connection.execute(copied + " (format json)")

    def noted(self, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
        """The lines that everybody noted, each with where it is."""
        rows = connection.execute(
            "select filename, content from read_text($pattern) order by filename",
            {"pattern": f"{self.path}.*.heads/*.json"},
        ).fetchall()
        return [(place, json.loads(content)["line"]) for place, content in rows]


Place = Folder | Container


def place_of(data: str, account: str | None) -> Place:
    """A place as the settings name it; ValueError: what is wrong with it."""
    if "://" not in data:
        if account is not None:
            raise ValueError(f"`account` goes with data in {SCHEME}, and {data!r} is a folder")
        return Folder(data)
    url = url_of(data)
    if account is not None and not _ACCOUNT.fullmatch(account):
        raise ValueError(
            "`account` is the name of a storage account, and no address; credentials come from"
            f" your sign-in or {CONNECTION_STRING}"
        )
    if account is None and not os.environ.get(CONNECTION_STRING):
        raise ValueError(
            f"data in Azure Storage need `account`, or {CONNECTION_STRING} in the environment"
        )
    return Container(url, account)
