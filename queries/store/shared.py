"""A team's store: DuckLake, a catalogue in PostgreSQL (or a file) and Parquet files elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from getpass import getuser
from pathlib import Path

import duckdb

from queries.store import library
from queries.store.catalogue import catalogue_from
from queries.store.catalogue_errors import trouble_with_catalogue, without_secrets
from queries.store.compact import Compacted
from queries.store.engine import Engine, let_go
from queries.store.errors import is_held, trouble_with
from queries.store.extensions import NoExtension, load
from queries.store.file import (
    BUSY_SECONDS,
    Mark,
    NoStore,
    Store,
    StoreBusy,
    StoreFailure,
    StoreUnreadable,
    Within,
    close_all_but_reading,
    mark_of_file,
)
from queries.store.limits import DatabaseLimits
from queries.store.place import place_of
from queries.store.quoting import name as quoted
from queries.store.quoting import text
from queries.store.roles import grants, names_of_roles
from queries.store.tidying import Files, files_of, tidy
from queries.store.turn import NoTurn, options, take_turn

# The newest version of the tables, in the catalogue's own table.
_NEWEST = "select max(snapshot_id)::varchar from ducklake_snapshot"
_MAY_WRITE = """
select coalesce(has_table_privilege(to_regclass('ducklake_snapshot'), 'insert'), true)::varchar
"""
# The journal's rows stay in the catalogue, where the server watches over them.
_INLINED = "call store.set_option('data_inlining_row_limit', 1000000, table_name => 'journal')"
# What is attached, by name: the store to write to and to read from, its server, and the lock's
# connection. `begin` makes DuckDB keep to one connection of the server until the end.
_WRITING, _READING, _SERVER, _LOCK = "store", "reading", "server", "lock_of_writers"
_SERVED = "attach if not exists {words} as {name} (type postgres)"


class SharedStore(Store):
    """A store of several people; one writes at a time, and nobody waits to read.

    `catalogue` is `postgres:` with libpq's words, or the path of a DuckDB file (one machine);
    `data` a folder that all of them reach, or `az://container/path` in a storage `account`.
    """

    def __init__(
        self,
        name: str,
        catalogue: str,
        data: str,
        report: Callable[[str], None] | None = None,
        limits: DatabaseLimits | None = None,
        busy_seconds: float = BUSY_SECONDS,
        account: str | None = None,
    ) -> None:
        """Open nothing yet. `name` is what people call it. ValueError: of a kind not supported."""
        super().__init__(Path(name), report=report, limits=limits, busy_seconds=busy_seconds)
        self._name = name
        try:
            self._place = place_of(data, account)
            self._catalogue = catalogue_from(catalogue)
        except ValueError as error:
            raise ValueError(f"the store {name!r}: {error}") from error
        if self._catalogue.file is not None:
            self._file = self._catalogue.file
        self._engine: Engine | None = None
        self._may_write: bool | None = None
        self._has_statistics = False

    def mark_of_change(self) -> Mark:
        """The catalogue's newest version, of which each write makes one; of a file its times.

        PostgreSQL is asked one small question; where it does not answer, nothing is known.
        """
        if self._catalogue.file is not None:
            return mark_of_file(self._catalogue.file)
        try:
            with self._speaking() as speaking:
                newest = _ask(speaking, _NEWEST)
        except (StoreFailure, duckdb.Error):
            return None
        return (int(newest),)

    def _look(self) -> None:
        if self._catalogue.file is not None and not self._catalogue.file.exists():
            raise NoStore(f"the store {self._name!r} is empty: run `mothball snapshot` with it")
        self._need_data()

    def _make_room(self) -> None:
        if not self._has_statistics:
            # The first write may make the catalogue, which keeps the place for good.
            with self._beside() as part:
                self._place.look(part)
        if self._need_data():
            return
        try:
            self._place.make()
        except OSError as error:
            raise StoreUnreadable(f"{self._place.path} cannot hold a store: {error}") from error

    def _need_data(self) -> bool:
        """Whether the folder of the data is there; raises where it should be, and is not."""
        if self._place.is_there():
            return True
        if self._catalogue.file is None or self._catalogue.file.exists():
            with suppress(NoStore), self._open(read_only=True):
                raise StoreUnreadable(
                    f"the store {self._name!r}: its data folder {self._place.path} is not there:"
                    " see whether it is mounted"
                )
        return False

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two writers would each append the next entry of the journal, and break its chain."""
        if not self._catalogue.is_served:
            yield
            return
        locker = self._part()
        try:
            with self._failures():
                words = self._catalogue.connection_with(options(self._busy_seconds))
                locker.execute(_SERVED.format(words=text(words), name=_LOCK))
                self._take_turn(locker)
            yield
        finally:
            self._end(locker)

    def _take_turn(self, locker: duckdb.DuckDBPyConnection) -> None:
        held_by: list[str] = []

        def say(who: str) -> None:
            held_by.append(f"another program ({who})")
            self._report(f"waiting for {held_by[0]} to finish with {self._name}")

        def others(question: str) -> str:
            with self._speaking() as speaking:
                return _ask(speaking, question)

        locker.begin()
        try:
            take_turn(lambda question: _ask(locker, question, _LOCK), others, say)
        except NoTurn as error:
            raise StoreBusy(
                f"the store {self._name!r} is held by {held_by[0]}; try again when it is done"
            ) from error

    @contextmanager
    def _kept_beside(self) -> Iterator[Callable[[], bool]]:
        """The catalogue keeps what each transaction changed by itself."""
        yield lambda: True

    def put_in_order(self, at: datetime) -> None:
        """Nothing: the files of each day stay as they are."""

    @contextmanager
    def _open_current(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with super()._open_current() as connection:
            if not self._has_statistics:
                _begin_statistics(connection)
                self._has_statistics = True
            yield connection

    def files(self, now: datetime) -> Files | None:
        """What it has where its data are, and in its catalogue."""
        with self.reading() as connection:
            return files_of(connection, _READING, now)

    def compact(self, now: datetime) -> Compacted:
        """Merge its files, and drop versions of long ago with what only they need."""
        with self._alone(), self._open_current() as connection:
            before = files_of(connection, _WRITING, now)
            tidy(connection, _WRITING, now)
            after = files_of(connection, _WRITING, now)
        return Compacted(
            before.size_bytes,
            after.size_bytes,
            before.files,
            after.files,
            before.old_versions - after.old_versions,
        )

    def give_rights(self) -> dict[str, str]:
        """Make the tables and the roles, and let the journal only be added to; the roles' names.

        It may be done again at any time. StoreFailure: there is no server to do it on.
        """
        if not self._catalogue.is_served:
            raise StoreFailure(
                f"the store {self._name!r} has its catalogue in a file, which knows no roles"
            )
        names = names_of_roles(self._name)
        with self.writing() as connection:  # which makes the table of the listing too
            connection.execute(_INLINED)
        with self._alone(), self._speaking() as speaking:
            speaking.execute(
                "call postgres_execute('server', $grants)", {"grants": grants(self._name)}
            )
        return names

    def note_head(self, name: str, line: str) -> None:
        """Beside the data, apart for each person: none writes what another may have to read."""
        with self._beside() as part:
            self._place.note(part, _who(), name, line)

    def noted_heads(self) -> list[tuple[str, str]]:
        """Those of everybody."""
        with self._beside() as part:
            return self._place.noted(part)

    @contextmanager
    def _beside(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that reaches what lies beside the data."""
        part = self._part()
        try:
            with self._failures():
                yield part
        finally:
            self._end(part)

    def why_read_only(self) -> str | None:
        """Why you may not write to it; None where you may, or where there is nothing yet."""
        if self._catalogue.is_served and self._may_write is None:
            with self._speaking() as speaking:
                self._may_write = _ask(speaking, _MAY_WRITE) != "false"
        if self._may_write is False:
            return (
                f"you may only read the store {self._name!r}: ask its administrator for the role"
                " of an operator"
            )
        return None

    @contextmanager
    def _speaking(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection on which the server itself is asked, as `server`; committed at the end."""
        part = self._part()
        try:
            with self._failures():
                words = self._catalogue.connection_with()
                part.execute(_SERVED.format(words=text(words), name=_SERVER))
                part.begin()
                yield part
                part.commit()
        finally:
            self._end(part)

    @contextmanager
    def untrusted(
        self, named: Collection[str], within: Within
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A copy of what a statement names, in a file that is opened as a store in a file is.

        DuckDB's extension for PostgreSQL has functions that write to the server, show its password
        and reach other servers, in any SELECT, and no setting closes them. Where the statement
        runs, the extension was never loaded and nothing is known of the server.
        """
        with self._limits.folder(None) as folder:
            copied = Store(folder / "store.duckdb", limits=self._limits)
            self._copy_named(copied.path, named, within)
            with copied._open(read_only=True) as connection:
                close_all_but_reading(connection)
                with within(connection):
                    yield connection

    def _copy_named(self, file: Path, named: Collection[str], within: Within) -> None:
        with self.reading() as connection, within(connection):
            connection.execute("attach " + text(str(file)) + " as asked")
            try:
                connection.begin()
                for row in library.ask(connection, "relations_of_store"):
                    # Of the store itself, and no text of the statement.
                    name = row["name"]
                    if name in named:
                        source = " as from " + _READING + ".main." + name
                        connection.execute("create table asked.main." + name + source)
                connection.commit()
            finally:
                with suppress(duckdb.Error):
                    connection.rollback()
                connection.execute("detach asked")

    def _folder(self) -> Path | None:
        return None  # beside the data of a team, what one of them reads is nobody else's

    @contextmanager
    def _settings(self) -> Iterator[Mapping[str, str]]:
        yield {}  # the engine has its own

    @property
    def _extensions(self) -> list[str]:
        of_catalogue = ["postgres_scanner"] if self._catalogue.is_served else []
        return ["ducklake", *of_catalogue, *self._place.extensions]

    def _part(self) -> duckdb.DuckDBPyConnection:
        if self._engine is None:
            try:
                self._engine = Engine(self._limits, self._extensions, self._place.sign_in)
            except NoExtension as error:
                raise StoreFailure(str(error)) from error
            except OSError as error:
                raise StoreFailure(f"there is no place for temporary files: {error}") from error
        return self._engine.part()

    def _dial(self, read_only: bool, settings: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
        part = self._part()
        try:
            with self._failures():
                name = _READING if read_only else _WRITING
                self._attach(part, name, read_only=read_only)
                part.execute("use " + name)
        except BaseException:
            self._hang_up(part)
            raise
        return part

    def _hang_up(self, connection: duckdb.DuckDBPyConnection) -> None:
        # A file that stays attached is in the way of everybody else.
        self._end(connection, () if self._catalogue.is_served else (_READING, _WRITING))

    def _go_to_store(self, connection: duckdb.DuckDBPyConnection) -> None:
        if connection.execute("select current_database()").fetchone() == ("memory",):
            connection.execute("use " + _READING)  # a part of a read

    def _end(self, part: duckdb.DuckDBPyConnection, detached: Sequence[str] = ()) -> None:
        if not let_go(part, detached):
            self._engine = None  # what could not be ended is in nobody's way then

    @contextmanager
    def _receiving(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        with self.noting() as own:
            (held,) = library.ask(own, "what_a_store_holds")
            if held["rows"]:
                raise StoreFailure(f"the store {self._name!r} holds something; nothing was written")
            own.execute(_INLINED)
        with self._alone(), self._failures():
            try:
                for extension in self._extensions:
                    load(connection, extension)
            except NoExtension as error:
                raise StoreFailure(str(error)) from error
            self._place.sign_in(connection)
            self._attach(connection, "copied", read_only=False)
            yield
            connection.execute("detach copied")

    def _fill(self, connection: duckdb.DuckDBPyConnection, source: str) -> None:
        """Row by row into tables of its own: DuckDB's copy of a view does not mean the same here.

        It writes a comma for a cross join, which binds less than the joins after it (DuckDB 1.5).
        """
        whole = " select * from " + quoted(source) + ".main."  # noqa: S608
        known = {row["name"] for row in library.ask(connection, "relations_of_copy")}
        tables = connection.execute(
            "select table_name from information_schema.tables where table_catalog = $source"
            " and table_schema = 'main' and table_type = 'BASE TABLE'",
            {"source": source},
        ).fetchall()
        connection.begin()
        for (table,) in tables:
            # Of a store of ours, so no name is anybody's text.
            if table in known:
                connection.execute("delete from copied.main." + table)  # noqa: S608
                into = "insert into copied.main." + table + " by name"
            else:
                into = "create table copied.main." + table + " as"
            connection.execute(into + whole + table)
        connection.commit()

    def _attach(self, connection: duckdb.DuckDBPyConnection, name: str, *, read_only: bool) -> None:
        options = (
            "data_path " + text(self._place.path) + (", read_only" if read_only else ", read_write")
        )
        place = text("ducklake:" + self._catalogue.place)
        connection.execute("attach if not exists " + place + " as " + name + " (" + options + ")")

    def _trouble(self, error: duckdb.Error) -> str | None:
        if not self._catalogue.is_served:
            found = trouble_with(self._file, error)
            if found is not None:
                return found
        return trouble_with_catalogue(self._name, self._catalogue, self._place.path, error)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Failures in words that hold no password."""
        try:
            yield
        except duckdb.Error as error:
            if is_held(error) and not self._catalogue.is_served:
                raise
            trouble, line = self._trouble(error), without_secrets(self._catalogue, error)
            if trouble is None and "does not exist" in line and "DuckLake" in line:
                raise NoStore(f"the store {self._name!r} is empty: take a snapshot") from None
            why = trouble or f"the store {self._name!r} cannot be used: {line}"
            raise StoreUnreadable(why) from None


def _begin_statistics(connection: duckdb.DuckDBPyConnection) -> None:
    """Let DuckLake know something of every table.

    It asks the server for what it does not know at each mention of such a table in each statement
    (DuckLake of DuckDB 1.5.5), and a view mentions a hundred.
    """
    connection.begin()
    for question in ("begin_column_statistics", "begin_statistics"):
        library.do(connection, question)
    connection.commit()


def _who() -> str:
    try:
        return re.sub(r"\W+", "-", getuser())
    except (KeyError, OSError):
        return "unknown"


def _ask(connection: duckdb.DuckDBPyConnection, question: str, server: str = _SERVER) -> str:
    (row,) = connection.execute(
        "from postgres_query($server, $question)", {"server": server, "question": question}
    ).fetchall()
    return str(row[0])
