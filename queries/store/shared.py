"""A team's store: DuckLake, a catalogue in PostgreSQL (or a file) and Parquet files in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb

from queries.store.errors import is_held, trouble_with
from queries.store.file import NoStore, Store, StoreFailure, StoreUnreadable, text
from queries.store.limits import DatabaseLimits

POSTGRES = "postgres:"
# Which of PostgreSQL's advisory locks a writer holds; any number that all of us agree on.
LOCK = 7_306_084_265


class SharedStore(Store):
    """A store of several people; one writes at a time, and nobody waits to read.

    `catalogue` is `postgres:` with libpq's words, or the path of a DuckDB file (one machine);
    `data` a folder that all of them reach.
    """

    def __init__(
        self,
        name: str,
        catalogue: str,
        data: str,
        report: Callable[[str], None] | None = None,
        limits: DatabaseLimits | None = None,
    ) -> None:
        """Open nothing yet. `name` is what people call it. ValueError: of a kind not supported."""
        super().__init__(Path(name), report=report, limits=limits)
        self._name = name
        self._catalogue = catalogue
        self._data = data
        self._is_served = catalogue.startswith(POSTGRES)
        if not self._is_served:
            self._file = Path(catalogue)
        scheme = data.partition("://")[0] if "://" in data else None
        if scheme or (":" in catalogue and not self._is_served):
            kind = f"data in {scheme}://" if scheme else "a catalogue of this kind"
            raise ValueError(f"the store {name!r}: {kind} is not supported; a folder is")

    def _look(self) -> None:
        if not self._is_served and not Path(self._catalogue).exists():
            raise NoStore(f"the store {self._name!r} is empty: run `mothball snapshot` with it")

    def _make_room(self) -> None:
        try:
            Path(self._data).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnreadable(f"{self._data} cannot hold a store: {error}") from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two writers would each append the next entry of the journal, and break its chain."""
        if not self._is_served:
            yield
            return
        with self._failures(), duckdb.connect() as locker:
            load(locker, "postgres_scanner")
            words = self._catalogue.removeprefix(POSTGRES)
            locker.execute("attach " + text(words) + " as catalogue (type postgres)")
            locker.begin()
            locker.execute(
                "from postgres_query('catalogue', $lock)",
                {"lock": f"select pg_advisory_xact_lock({LOCK})::varchar"},
            )
            yield

    @contextmanager
    def _kept_beside(self) -> Iterator[Callable[[], bool]]:
        """The catalogue keeps what each transaction changed by itself."""
        yield lambda: True

    def compact(self) -> tuple[int, int] | None:
        """Its files in the folder belong to the versions of the catalogue; they stay."""
        return None

    @contextmanager
    def untrusted(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The same of a catalogue in a file. One in PostgreSQL is refused.

        DuckDB's extension for it has functions that write to the server, show its password and
        reach other servers, in any SELECT, and no setting closes them.
        """
        if self._is_served:
            raise StoreFailure(
                f"the store {self._name!r} has its catalogue in PostgreSQL, which a question of"
                f" yours could write to: `mothball store copy FILE --store {self._name}`, and ask"
                " the copy"
            )
        with super().untrusted() as connection:
            yield connection

    def _close_in(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("set allowed_directories = [" + text(str(Path(self._data))) + "]")

    def _folder(self) -> Path | None:
        return None  # beside the data of a team, what one of them reads is nobody else's

    def _dial(self, read_only: bool, settings: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(config=dict(settings))
        try:
            with self._failures():
                self._attach(connection, "store", read_only=read_only)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        super()._prepare(connection)
        connection.execute("use store")

    @contextmanager
    def _receiving(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        self._make_room()
        with self._alone(), self._failures():
            self._attach(connection, "copied", read_only=False)
            if connection.execute(
                "select 1 from information_schema.tables where table_catalog = 'copied'"
            ).fetchone():
                raise StoreFailure(f"the store {self._name!r} holds something; nothing was written")
            yield
            connection.execute("detach copied")

    def _attach(self, connection: duckdb.DuckDBPyConnection, name: str, *, read_only: bool) -> None:
        connection.execute("set autoinstall_known_extensions = false")
        for extension in ("ducklake", *(["postgres_scanner"] if self._is_served else [])):
            load(connection, extension)
        options = "data_path " + text(self._data) + (", read_only" if read_only else ", read_write")
        place = text("ducklake:" + self._catalogue)
        connection.execute("attach " + place + " as " + name + " (" + options + ")")

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Failures in words that hold no password."""
        try:
            yield
        except duckdb.Error as error:
            words = self._catalogue.removeprefix(POSTGRES)
            line = str(error).replace(words, "…").splitlines()[0]
            if "does not exist" in line and "DuckLake" in line:
                raise NoStore(f"the store {self._name!r} is empty: take a snapshot") from None
            if is_held(error) and not self._is_served:
                raise
            trouble = None if self._is_served else trouble_with(self._file, error)
            if trouble is not None:
                raise StoreUnreadable(trouble) from None
            raise StoreUnreadable(f"the store {self._name!r} cannot be used: {line}") from None


def load(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load a signed extension of DuckDB, as installed in it or by a package; never download one."""
    package = find_spec(f"duckdb_extension_{name}")
    for folder in package.submodule_search_locations or [] if package else []:
        file = Path(folder, "extensions", f"v{duckdb.__version__}", f"{name}.duckdb_extension")
        if file.exists():
            connection.execute("load " + text(str(file)))
            return
    try:
        connection.execute("load " + name)
    except duckdb.Error as error:
        wanted = f"duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__}"
        raise StoreFailure(
            f"a shared store needs DuckDB's extension {name}: pip install {wanted}"
        ) from error
