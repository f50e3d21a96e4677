"""The store: one DuckDB file, opened for each short read or write and never held.

StoreFailure
|-- NoStore         there is none yet: take a snapshot
|-- StoreBusy       another program holds it longer than we wait
|-- WrongStore      it belongs to another cloud or tenant, or to a newer version
`-- StoreUnreadable it is damaged, no store at all, or may not be read
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import duckdb

from queries.store.beside import NoRoom, kept_beside
from queries.store.compact import Compacted, write_anew
from queries.store.errors import holder_of, is_held, trouble_with
from queries.store.foreign import FIRST, is_foreign
from queries.store.instances import ATTACHED, attach, detach
from queries.store.interrupting import IsStopped, interrupted_by, interruptible
from queries.store.limits import DatabaseLimits
from queries.store.listing import refresh_listing
from queries.store.migrate import (
    NewerStore,
    applied,
    apply_missing,
    check,
    is_current,
    known,
    migrate,
)
from queries.store.ordering import order_month
from queries.store.quoting import name, text
from queries.store.tidying import Files

# DuckDB looks for pandas for each value that it is given, and a search that finds nothing is made
# again for the next one: 0.4 s for 5,000 ids.
if find_spec("pandas") is None:
    sys.modules["pandas"] = None  # type: ignore[assignment]

BUSY_SECONDS = 60.0
# Limits the time of what a connection works on.
Within = Callable[[duckdb.DuckDBPyConnection], AbstractContextManager[None]]
# One process holds the file in one way at a time, so that a reading screen and a writing
# snapshot of the same process take turns, as two processes do.
_access = threading.RLock()


Mark: TypeAlias = tuple[int, ...] | None
"""Tells two states of a store apart; two marks are only ever compared for being equal."""


class StoreFailure(Exception):
    """The store cannot be used; the text says what to do."""


class NoStore(StoreFailure):
    """There is no store at this place."""


class StoreBusy(StoreFailure):
    """Another program holds the store."""


class WrongStore(StoreFailure):
    """The store belongs elsewhere."""


class StoreUnreadable(StoreFailure):
    """The file is not a store that can be read."""


class Store:
    """A DuckDB file at `path`. It need not exist: the first write makes it."""

    def __init__(
        self,
        path: Path,
        wait: Callable[[float], object] = time.sleep,
        busy_seconds: float = BUSY_SECONDS,
        report: Callable[[str], None] | None = None,
        limits: DatabaseLimits | None = None,
        *,
        makes_parents: bool = False,
    ) -> None:
        """Open nothing yet. `report` hears once when a busy file is waited for.

        Its folder is made where it is missing, those above it only with `makes_parents`: else a
        store on a drive that is not mounted would begin anew beside it.
        """
        self.path = path
        self._makes_parents = makes_parents
        self._limits = limits or DatabaseLimits()
        self._file = path  # what DuckDB's errors are about
        self._wait = wait
        self._busy_seconds = busy_seconds
        self._report = report or (lambda _text: None)
        self._read_in: duckdb.DuckDBPyConnection | None = None
        self._stops: dict[int, IsStopped] = {}
        self.writes = 0  # that went through here: what else changes the file, others wrote

    def mark_of_change(self) -> Mark:
        """What is another as soon as anything was written; None: there is no store, or none in
        reach. It opens nothing, so that it may be asked every few seconds.
        """
        return mark_of_file(self.path)

    @contextmanager
    def stopped_by(self, is_stopped: IsStopped) -> Iterator[None]:
        """Let a stop end what this thread reads and writes within; Interrupted is raised then.

        What is noted, a part of a longer work, is kept to its end.
        """
        self._stops[threading.get_ident()] = is_stopped
        try:
            yield
        finally:
            del self._stops[threading.get_ident()]

    def stoppable(self, connection: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
        """A part of a noting that is undone where a stop ends it."""
        return interrupted_by(connection, self._stop)

    @property
    def _stop(self) -> IsStopped | None:
        return self._stops.get(threading.get_ident())

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that cannot write, for one short read; within such a read, a part of it.

        Opening a file costs more than most questions, so several of them go into one read.
        """
        with _access:
            if self._read_in is not None:
                with closing(self._read_in.cursor()) as part:
                    self._prepare(part)
                    with interrupted_by(part, self._stop):
                        yield part
                return
            with self._reading_alone() as connection:
                self._read_in = connection
                try:
                    with interrupted_by(connection, self._stop):
                        yield connection
                finally:
                    self._read_in = None

    @contextmanager
    def _reading_alone(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A reading connection of its own."""
        self._look()
        with _access:
            with self._open(read_only=True) as connection:
                is_current = _is_current(connection, self.path)
                if is_current:
                    yield connection
            if not is_current:
                with self.writing():
                    pass  # brings an older store to this version
                with self._open(read_only=True) as connection:
                    yield connection

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection in a transaction that is committed at the end, or undone on an error.

        The listing is made anew in the same transaction.
        """
        with self.noting() as connection, self.stoppable(connection):
            yield connection
            refresh_listing(connection)

    @contextmanager
    def noting(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Write what the listing does not show (the journal, metric values), and for a part
        of a longer work that forgets the listing and ends with `writing`.
        """
        self._make_room()
        with _access, self._alone(), self._open_current() as connection:
            connection.begin()
            try:
                yield connection
            except BaseException:
                # A failure of the file may have ended the transaction already.
                with suppress(duckdb.Error):
                    connection.rollback()
                raise
            connection.commit()
        self.writes += 1

    @contextmanager
    def _open_current(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A writing connection to a store that is brought to this version first."""
        while True:
            with self._open(read_only=False) as connection:
                done = _migrations(connection, self.path)
                if not done or done == known():
                    apply_missing(connection, done)
                    yield connection
                    return
            with (
                self._kept_beside() as is_same,
                self._open(read_only=False) as connection,
            ):
                if is_same():
                    migrate(connection, self._say_bringing)

    def _say_bringing(self, what: str) -> None:
        self._report(f"bringing the store to this version: {what}")

    @contextmanager
    def _kept_beside(self) -> Iterator[Callable[[], bool]]:
        """Keep a copy of the file until the store is of this version."""
        name = f"{self.path.name}.before-{max(known()).partition('_')[0]}"
        self._say_bringing(f"until that is done, {name} beside it is a copy of what it was")
        try:
            with kept_beside(self.path, name) as is_same:
                yield is_same
        except NoRoom as error:
            raise StoreFailure(f"the store stays as it is: {error}") from error

    @contextmanager
    def untrusted(
        self, named: Collection[str], within: Within
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A reading connection without files, network, extensions or settings, for a user's SQL.

        `named` are the names in it, `within` limits the time of what a connection works on.
        """
        with self._reading_alone() as connection:
            close_all_but_reading(connection)
            with within(connection):
                yield connection

    def note_head(self, name: str, line: str) -> None:
        """Note the journal's newest entry outside of it, at the snapshot of this name; OSError."""
        del name
        with self._heads.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def noted_heads(self) -> list[tuple[str, str]]:
        """The lines that were noted, by whomever, each with where it is."""
        return [(str(self._heads), line) for line in lines_of(self._heads)]

    @property
    def _heads(self) -> Path:
        return self.path.with_name(f"{self.path.name}.heads")

    def why_read_only(self) -> str | None:
        """Why you may not write to it; None where nothing is known that forbids it."""
        return None

    def copy_to(self, other: Store) -> None:
        """Write all that this store holds to another one, which is not there yet, or not at all."""
        with self.reading() as connection, other._receiving(connection):
            own = connection.execute("select current_database()").fetchone()
            assert own is not None
            other._fill(connection, own[0])

    def files(self, now: datetime) -> Files | None:
        """The files of a shared store; None: it is one file."""
        del now
        return None

    def compact(self, now: datetime) -> Compacted:
        """Write the file anew, without the room of what was dropped.

        After a StoreFailure it is as it was.
        """
        del now
        path = self.path.resolve()  # a link to it stays one
        before = path.stat().st_size
        with _access, self._open_current() as connection:
            try:
                write_anew(connection, path)
            except NoRoom as error:
                raise StoreFailure(f"the file stays as large as it is: {error}") from error
        return Compacted(before, path.stat().st_size)

    def put_in_order(self, at: datetime) -> None:
        """Let the values of the month before lie side by side, once; `at`: a snapshot that is done.

        It is no loss where that fails: the store is slower to read then.
        """
        with suppress(StoreFailure), self.noting() as connection:
            order_month(connection, at)

    def _fill(self, connection: duckdb.DuckDBPyConnection, source: str) -> None:
        """Copy all of an attached store to this one, attached as `copied`."""
        # COPY takes no parameters, so the name is quoted.
        connection.execute("copy from database " + name(source) + " to copied")

    @contextmanager
    def _receiving(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Attach this store, which is not there yet, to a connection of another one as `copied`."""
        partial = self.path.with_name(f"{self.path.name}.partial")
        if self.path.exists():
            raise StoreFailure(f"{self.path} exists; nothing was written")
        self._make_room()
        try:
            partial.unlink(missing_ok=True)
            connection.execute("attach " + text(str(partial)) + " as copied (read_write)")
            yield
            connection.execute("detach copied")
            partial.chmod(0o600)
            partial.rename(self.path)
        except (OSError, duckdb.IOException) as error:
            raise StoreFailure(f"{self.path} cannot be written: {error}") from error
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def _look(self) -> None:
        """Raise NoStore where there is none to read."""
        try:
            self.path.stat()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NoStore(
                f"there is no store at {self.path}: run `mothball snapshot`, or `mothball demo`"
            ) from error
        except OSError as error:
            raise StoreUnreadable(f"{self.path} cannot be read: {error.strerror}") from error

    def _make_room(self) -> None:
        """Make the folder of a store that may not be there yet."""
        try:
            self.path.parent.mkdir(parents=self._makes_parents, exist_ok=True)
        except OSError as error:
            folder, why = self.path.parent, error.strerror or error
            raise StoreUnreadable(
                f"{folder} cannot hold a store: {why}: name another with --store, or see that its"
                " drive is mounted and may be written to"
            ) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other writers out for a while; DuckDB does it by its lock on the file."""
        yield

    def _folder(self) -> Path | None:
        """Where the store lies, if that is a folder of this machine."""
        return self.path.parent

    @contextmanager
    def _settings(self) -> Iterator[Mapping[str, str]]:
        """DuckDB's settings for one connection, with a folder of its own for what does not fit."""
        with ExitStack() as until_closed:
            try:
                folder = until_closed.enter_context(self._limits.folder(self._folder()))
            except OSError as error:
                raise StoreFailure(f"there is no place for temporary files: {error}") from error
            yield self._limits.settings(folder)

    @contextmanager
    def _open(self, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._settings() as settings, self._opened(read_only, settings) as connection:
            yield connection

    @contextmanager
    def _opened(
        self, read_only: bool, settings: Mapping[str, str]
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = self._connect(read_only, settings)
        try:
            with interruptible(connection):
                self._prepare(connection)
                yield connection
        except duckdb.OutOfMemoryException as error:
            raise StoreFailure(
                f"the database needs more memory than the {self._limits.memory_mb} MB that it may"
                " take: raise `memory_mb` under [database] in the settings"
            ) from error
        except duckdb.Error as error:
            trouble = self._trouble(error)
            if trouble is None:
                raise
            raise StoreUnreadable(trouble) from error
        finally:
            self._hang_up(connection)

    def _trouble(self, error: duckdb.Error) -> str | None:
        """What is wrong with the store and what to do; None: the error is of something else."""
        return trouble_with(self._file, error)

    def _hang_up(self, connection: duckdb.DuckDBPyConnection) -> None:
        """End what `_dial` began."""
        detach(connection)

    def _prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Set what a connection, and each part of it, needs for itself."""
        self._go_to_store(connection)
        connection.execute("set TimeZone = 'UTC'")

    def _go_to_store(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Let names without a database be those of the store."""
        connection.execute("use " + ATTACHED)

    def _dial(self, read_only: bool, settings: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
        """One attempt; an error by which another program has the file is waited for."""
        return attach(self.path, read_only=read_only, settings=settings)

    def _connect(self, read_only: bool, settings: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
        given_up_at = time.monotonic() + self._busy_seconds
        is_reported = False
        while True:
            try:
                return self._dial(read_only, settings)
            except duckdb.Error as error:
                if not is_held(error):
                    raise StoreUnreadable(self._why_closed(error)) from error
                if time.monotonic() >= given_up_at:
                    who = _named(error)
                    text = f"{self.path} is held by {who}; try again when it is done"
                    raise StoreBusy(text) from error
                who = _named(error)
            if not is_reported:
                self._report(f"waiting for {who} to finish with {self.path}")
                is_reported = True
            self._wait(0.2)

    def _why_closed(self, error: duckdb.Error) -> str:
        line = str(error).splitlines()[0]
        return self._trouble(error) or f"{self.path} cannot be opened as a store: {line}"


def mark_of_file(path: Path) -> Mark:
    """A file's time of change, size and number: whoever closes a written store changes them."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _is_current(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether the store is of this version; raises where it is none, or of a newer one."""
    done = _migrations(connection, path)
    if not done:
        raise NoStore(f"{path} is empty: run `mothball snapshot`, or `mothball demo`")
    return is_current(connection, done)


def _migrations(connection: duckdb.DuckDBPyConnection, path: Path) -> set[str]:
    """What the store has; raises where it is another program's, or of a newer version."""
    done = applied(connection)
    if FIRST not in done and is_foreign(connection):
        raise WrongStore(f"{path} belongs to another program: name another file with --store")
    try:
        check(done)
    except NewerStore as error:
        raise WrongStore(str(error)) from error
    return done


def _named(error: duckdb.Error) -> str:
    who = holder_of(error)
    return f"another program ({who})" if who else "another program"


def close_all_but_reading(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave a connection its tables, and nothing else in the world; it cannot be opened again."""
    for setting in (
        "python_enable_replacements = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_external_access = false",
        "memory_limit = '1GB'",
        "lock_configuration = true",
    ):
        connection.execute("set " + setting)


def lines_of(file: Path) -> list[str]:
    """The lines of a file; none where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
