"""Runs the command line with one source disturbed in one way, and notes what came of it."""

from __future__ import annotations

import io
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from actions.session import Session
from collectors.connection.pace import Budget
from collectors.connection.patience import Patience, Stop, Waiting
from collectors.connection.reading import Reader
from collectors.connection.signin import credential_for
from collectors.connection.timeouts import Timeouts
from collectors.records import FactFinding
from emulator import Fault
from mothball.cli import run_in
from mothball.context import AppContext
from mothball.logs import quiet_libraries
from mothball.profiles import cloud_named
from queries.estate.questions import current_deployments
from queries.intake.facts import note_facts
from queries.store import quoting
from queries.store.file import Store
from queries.store.instances import ATTACHED
from tests.reliability.faults import FAULTS, SILENT, SNAPSHOT, SOURCES, Asked, spoil_of
from tests.reliability.tenant import IDLE, Spoiling, tenant

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

# Silence is waited for really, but for so many times less than by the defaults.
FACTOR = 40
DEFAULT = Timeouts()
# What `idle` rests on: with one of them unread, nothing may be called so.
PROOFS = ("locks", "metrics")
UNFINISHED = "none"
NOT_TESTED = FactFinding("graph-rows", "not testable", "nothing_to_compare")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one fault of one source came to.

    `told` is what a person reads of it, without names of this run. `stored` is the state of the
    snapshot, None where the command takes none; `met` how many requests were disturbed.
    `silent_seconds` is how long one source gave no answer, by the defaults; `waited_seconds` were
    asked for by rate limits and pauses between tries, and not waited.
    """

    source: str
    fault: str
    code: int
    told: tuple[str, ...]
    stored: str | None
    met: int
    false_idle: int
    silent_seconds: int
    waited_seconds: int
    has_traceback: bool

    @property
    def is_unexpected(self) -> bool:
        """Whether the product itself did not know what came."""
        return any("unexpected" in line for line in self.told)

    @property
    def is_named(self) -> bool:
        """Whether the source or its host is named to the person, or nothing was lost."""
        return self.code == 0 or any(
            word in line
            for line in self.told
            for word in (*SOURCES[self.source].names, self.source)
        )


class Hurry(Stop):
    """Waits that are noted, and pass on a clock of their own."""

    def __init__(self) -> None:
        """Nothing was waited yet."""
        super().__init__()
        self.waited_seconds = 0.0

    def wait(self, seconds: float) -> bool:
        """Note the wait; it is over at once."""
        self.waited_seconds += seconds
        return False

    def now(self) -> float:
        """The time on that clock."""
        return self.waited_seconds


class Patient(Hurry):
    """Waits that are noted, and waited."""

    def wait(self, seconds: float) -> bool:
        """Wait, until a stop."""
        super().wait(seconds)
        return Stop.wait(self, seconds)

    def now(self) -> float:
        """The time."""
        return time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hurried(Session):
    """A session whose connections wait on the clock of `hurry`."""

    hurry: Hurry

    def reader(self, stop: Stop | None = None, report: Waiting | None = None) -> Reader:
        """A connection as ever, but for its clock."""
        patience = Patience(self.hurry.wait, report, clock=self.hurry.now)
        budget = Budget(self.hurry.now)
        given = self.cloud, self.sign_in(), self.hurry, report, patience, budget
        return Reader(*given, timeouts=self.timeouts)


class OpenStore(Store):
    """A store whose file stays open in between, since opening it costs more than most cells."""

    def __init__(self, path: Path) -> None:
        """Open it."""
        super().__init__(path)
        self._base = duckdb.connect(config={"threads": 1})
        self._base.execute(f"attach {quoting.text(str(path))} as {ATTACHED}")
        self._base.execute("pragma disable_checkpoint_on_shutdown")

    def _dial(self, read_only: bool, settings: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
        return self._base.cursor()

    def _hang_up(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.close()

    def write_down(self) -> None:
        """Write what is in the log beside the file into it."""
        self._base.execute(f"checkpoint {ATTACHED}")

    def close(self) -> None:
        """Close the file."""
        self._base.close()


class Bench:
    """The tenant, a store that saw nothing and one that saw it whole, to run cells on."""

    def __init__(self, azure: Spoiling, folder: Path, factor: int) -> None:
        """Make both stores in `folder`; the environment is signed in.

        Silence is waited for by 1/`factor` of the limits; with 1, the pauses between tries too.
        """
        self.azure = azure
        self._factor = factor
        self._short = replace(
            DEFAULT,
            read_seconds=DEFAULT.read_seconds / factor,
            total_seconds=DEFAULT.total_seconds / factor,
        )
        self._folder = folder
        self._cloud = cloud_named(str(azure.profile))
        self._credential = credential_for(self._cloud)
        self._settings = folder / "settings.toml"
        self._settings.write_text("window_days = 7\n")
        self._seen = self._new_store("seen.duckdb")
        with closing(OpenStore(self._seen)) as store:
            code, text = self._run(SNAPSHOT, store, DEFAULT, self._credential, Hurry())
            store.write_down()
        assert code == 0, text
        self._empty = self._new_store("empty.duckdb")
        # The comparison with what is documented asks the same sources once more, for nothing here.
        note_facts(Store(self._empty), (NOT_TESTED,), azure.world.clock.now())

    def cell(self, source: str, fault: str) -> Cell:
        """Disturb one source in one way; everything is as before afterwards."""
        asked, is_silent, hurry = (
            SOURCES[source],
            fault in SILENT,
            Hurry() if self._factor > 1 else Patient(),
        )
        timeouts, credential = self._short if is_silent else DEFAULT, self._credential
        if source == "sign-in":
            credential = credential_for(self._cloud, timeouts, hurry)
        takes_snapshot = asked.words is SNAPSHOT
        template = self._empty if takes_snapshot else self._seen
        with self._copy_of(template) as store, self._disturbed(asked, FAULTS[fault]):
            code, text = self._run(asked.words, store, timeouts, credential, hurry)
            return Cell(
                source=source,
                fault=fault,
                code=code,
                told=tuple(self._plain(line) for line in text.splitlines() if _is_told(line)),
                stored=_state(store) if takes_snapshot else None,
                met=len(self.azure.met_at),
                false_idle=_false_idle(store) if takes_snapshot else 0,
                silent_seconds=self._silent_seconds() if is_silent else 0,
                waited_seconds=round(hurry.waited_seconds),
                has_traceback="Traceback" in text,
            )

    @contextmanager
    def _copy_of(self, template: Path) -> Iterator[OpenStore]:
        self._folder.joinpath("cell.duckdb.wal").unlink(missing_ok=True)
        with closing(OpenStore(Path(shutil.copy(template, self._folder / "cell.duckdb")))) as store:
            yield store

    def _silent_seconds(self) -> int:
        """From the first request without an answer to the end of the last, to ten seconds."""
        asked_at = self.azure.met_at
        if not asked_at:
            return 0
        between = (asked_at[-1] - asked_at[0]) * self._factor
        return round((between + DEFAULT.read_seconds) / 10) * 10

    def _new_store(self, name: str) -> Path:
        with Store(self._folder / name).writing():
            return self._folder / name

    @contextmanager
    def _disturbed(self, asked: Asked, fault: Fault | None) -> Iterator[None]:
        given = fault or Fault("answer")
        disturbance = replace(given, path=asked.path, holds=asked.holds)
        self.azure.disturb(disturbance, None if fault else spoil_of(asked))
        try:
            yield
        finally:
            self.azure.disturb(None, None)

    def _run(
        self,
        words: tuple[str, ...],
        store: Store,
        timeouts: Timeouts,
        credential: TokenCredential,
        hurry: Hurry,
    ) -> tuple[int, str]:
        context = AppContext(config=self._settings, now=self.azure.world.clock.now)
        context.store_name, context.cloud_name = str(store.path), str(self.azure.profile)
        context.store_as_it_is = store
        session = context.session
        values = {one.name: getattr(session, one.name) for one in fields(Session)}
        values |= {"timeouts": timeouts, "sign_in": lambda: credential}
        context.session = Hurried(**values, hurry=hurry)
        text = io.StringIO()
        with redirect_stdout(io.StringIO()), redirect_stderr(text):
            return run_in(context, list(words)), text.getvalue()

    def _plain(self, line: str) -> str:
        """A line without the names that differ from run to run."""
        line = line.replace(f"localhost:{self.azure.port}", "HOST")
        line = re.sub(
            rf" in {self._short.read_seconds:g} s\b", f" in {DEFAULT.read_seconds:g} s", line
        )
        return line.replace(self.azure.world.subscriptions[0].subscription_id, "SUBSCRIPTION")


@contextmanager
def bench_in(folder: Path, factor: int = FACTOR) -> Iterator[Bench]:
    """A bench whose tenant answers until the end."""
    with Spoiling(tenant()) as azure, pytest.MonkeyPatch.context() as environment:
        for name, value in azure.environment.items():
            environment.setenv(name, value)
        quiet_libraries()
        yield Bench(azure, folder, factor)


def all_cells(bench: Bench) -> Iterator[Cell]:
    """Each source with each fault."""
    for source in SOURCES:
        for fault in FAULTS:
            yield bench.cell(source, fault)


def _is_told(line: str) -> bool:
    return not line.startswith(("reading ", "next ", "asking "))  # how far it is


def _state(store: Store) -> str:
    with store.reading() as connection:
        rows = connection.execute("select status from snapshots").fetchall()
    return str(rows[0][0]) if rows else UNFINISHED


def _false_idle(store: Store) -> int:
    """Deployments that are called idle though they are not, or though the proof was not read."""
    with store.reading() as connection:
        unread = connection.execute("select distinct source from holes").fetchall()
    has_proof = not {source for (source,) in unread} & set(PROOFS)
    rows = [row for row in current_deployments(store) if row.verdict.startswith("idle")]
    return sum(row.deployment != IDLE or not has_proof for row in rows)
