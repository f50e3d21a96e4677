"""A PostgreSQL of its own for tests: a folder, a port of this machine, roles with passwords."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from glob import glob
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

SUPERUSER = "postgres"
PASSWORD = "hunter2-of-the-catalogue"
ADDRESS = "127.0.0.1"
# Who may sign in beside the superuser; a test gives them what they may.
PEOPLE = ("ann", "bob", "eve")
_QUIET = subprocess.DEVNULL


def missing() -> str | None:
    """What a machine lacks for such a server, in one line; None: nothing."""
    if _programs() is None:
        return "PostgreSQL's server is not installed (Debian: apt-get install postgresql)"
    for name in ("duckdb_extension_ducklake", "duckdb_extension_postgres_scanner"):
        if find_spec(name) is None:
            return f"{name.replace('_', '-')} is not installed (pip install '.[team]')"
    return None


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs; whoever signs in reads the password from the file that is named."""

    folder: Path
    port: int
    programs: Path

    def words(self, database: str, user: str = SUPERUSER) -> str:
        """What `catalogue` is in the settings."""
        return f"postgres:host={ADDRESS} port={self.port} user={user} dbname={database}"

    def create(self, database: str, template: str = "template0") -> None:
        """A database of that name."""
        self.sql(f'create database "{database}" template "{template}"')

    def sql(self, *statements: str, database: str = "postgres", user: str = SUPERUSER) -> list[str]:
        """What psql prints of some statements; CalledProcessError where one fails."""
        words = [str(self.programs / "psql"), "-XqtA", "-v", "ON_ERROR_STOP=1", "-h", ADDRESS]
        words += ["-p", str(self.port), "-U", user, "-d", database]
        words += [part for statement in statements for part in ("-c", statement)]
        known = {**os.environ, "PGPASSFILE": str(self.password_file)}
        done = subprocess.run(
            words, check=True, capture_output=True, text=True, timeout=60, env=known
        )
        return done.stdout.splitlines()

    def end_connections(self, database: str) -> None:
        """End what is signed in to a database, in use or not."""
        ending = "select pg_terminate_backend(pid) from pg_stat_activity where datname"
        self.sql(f"{ending} = '{database}'")

    @property
    def password_file(self) -> Path:
        """Libpq's file of passwords for everybody here."""
        return self.folder / "pgpass"

    @property
    def process(self) -> int:
        """The id of the server's first process."""
        lines = (self.folder / "db" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return int(lines[0])

    def start(self) -> None:
        """Start it, and wait until it answers."""
        listening = f"-k '' -c listen_addresses={ADDRESS} -p {self.port} -c fsync=off"
        self._control("-l", f"{self.folder}/log", "-o", listening, "start")

    def stop(self, how: str = "immediate") -> None:
        """Stop it; `immediate` is as if its machine lost its power."""
        self._control("-m", how, "stop")

    def _control(self, *words: str) -> None:
        _run(self, "pg_ctl", "-D", f"{self.folder}/db", "-w", *words)


@contextmanager
def serving() -> Iterator[Server]:
    """Such a server for a while. Its folder is gone afterwards."""
    programs = _programs()
    assert programs is not None
    folder = Path(mkdtemp(prefix="mothball-server-"))
    server = Server(folder, free_port(), programs)
    secret = folder / "password"
    try:
        secret.write_text(PASSWORD, encoding="utf-8")
        server.password_file.write_text(f"{ADDRESS}:*:*:*:{PASSWORD}\n", encoding="utf-8")
        server.password_file.chmod(0o600)
        user = _user()
        if user:  # the server refuses to run for root
            shutil.chown(folder, user)
            shutil.chown(secret, user)
        quick = ("--no-sync", "-A", "scram-sha-256", "--pwfile", str(secret))
        _run(server, "initdb", "-D", f"{folder}/db", "-U", SUPERUSER, *quick)
        server.start()
        try:
            yield server
        finally:
            with suppress(subprocess.CalledProcessError):  # a test may have stopped it
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as listening:
        listening.bind((ADDRESS, 0))
        port: int = listening.getsockname()[1]
        return port


def add_people(server: Server) -> None:
    """Let everybody of PEOPLE sign in."""
    server.sql(*[f"create role {who} login password '{PASSWORD}'" for who in PEOPLE])


def _run(server: Server, program: str, *words: str) -> None:
    given = [str(server.programs / program), *words]
    subprocess.run(given, check=True, user=_user(), cwd=server.folder, stdout=_QUIET, stderr=_QUIET)


def _programs() -> Path | None:
    """Where the newest server's programs are; Debian keeps them out of the path."""
    found = sorted(
        glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda name: float(name.split("/")[4])
    )
    name = found[-1] if found else shutil.which("initdb")
    return Path(name).parent if name else None


def _user() -> str | None:
    """Whom the server runs for, where that cannot be whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
