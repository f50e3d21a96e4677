"""Ends commands at moments that nobody chose, and counts what was lost or came twice."""

from __future__ import annotations

import json
import lzma
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from emulator import Clock, Emulator, World, steady
from queries.estate.questions import current_deployments
from queries.store.file import NoStore, Store
from queries.store.maintenance import check_store
from tests.mothball.shop import now
from tests.mothball.test_costs_import import export
from tests.mothball.test_processes import environment
from tests.reliability.nursery import Ended, Nursery, Order

BATCH = 10
KILLS = 20
SEED = 7
MOST_RUNS = 4 * KILLS
SETTINGS = """\
window_days = 7

[brakes]
targets = 10
share_of_endpoint = 1.0
share_of_tenant = 1.0
share_of_money = 1.0
"""
OLD_STORE = Path(__file__).parents[1] / "queries/store/version_before.duckdb.xz"
POINTS = "select deployment_key, source, metric, status_class, starts_at from metric_points"
BILL = "select subscription_id, day, resource_key, endpoint, deployment, cost from cost_lines"


@dataclass(frozen=True, slots=True)
class Kills:
    """What came of ending a program at a moment that nobody chose.

    `lost` and `doubled` are rows of the store, entries of the journal and requests to Azure.
    """

    work: str
    kills: int
    seed: int
    lost: int
    doubled: int


def estate() -> World:
    """Ten endpoints, each with one deployment that is asked, its rollback, and one that is due."""
    at = now()
    world = World(clock=Clock.running(at))
    workspace = world.subscription("production").resource_group("rg").workspace("ws")
    due = (at - timedelta(days=1)).date().isoformat()
    for number in range(BATCH):
        endpoint = workspace.endpoint(f"endpoint-{number}", traffic={"live": 100})
        endpoint.deployment("live", requests=steady(3.0))
        endpoint.deployment("fallback", tags={"role": "rollback"})
        endpoint.deployment("old", tags={"role": "retire", "mothball-retire-after": due})
    return world


class Victim:
    """The command line in a process of its own, which may be killed at or soon after a request."""

    def __init__(self, nursery: Nursery, azure: Emulator, folder: Path, seed: int) -> None:
        """Keep them; every random choice follows from `seed`."""
        self.azure = azure
        self.folder = folder
        self.seed = seed
        self.chance = random.Random(seed)
        self.store = folder / "store.duckdb"
        self.sent = Counter[tuple[str, str]]()
        self._nursery = nursery
        self._settings = folder / "settings.toml"
        self._settings.write_text(SETTINGS)
        self._process = self._left = 0
        self._delay = 0.0
        azure.before(do=self._count, times=None)

    def run(self, *words: str, request: int = 0, statement: int = 0, delay: float = 0.0) -> Ended:
        """Run it; kill it so long after that request to Azure or statement (0: never)."""
        self._settle()
        self.azure.forget()
        options = ["--store", str(self.store), "--cloud", str(self.azure.profile)]
        order = Order(
            (*words, *options, "--config", str(self._settings)),
            environment(self.folder, self.azure.environment),
            str(self.folder),
            statement,
            delay,
        )
        self._delay, self._process = delay, 0
        with self.azure.lock:
            self._left = request
            self._process = self._nursery.begin(order)
        ended = self._nursery.end_of(order)
        self._left = 0
        assert "Traceback" not in ended.err, ended.err
        self.sent.update((write.method, write.path.lower()) for write in self.azure.writes)
        return ended

    def moment(self, requests: int = 0, statements: int = 0) -> dict[str, Any]:
        """A random moment of a command that takes about so many of each."""
        delay = self.chance.choice((0.0, self.chance.uniform(0.0, 0.1)))
        by_request = requests and (not statements or self.chance.random() < 0.5)
        if by_request:
            return {"request": self.chance.randint(1, requests), "delay": delay}
        return {"statement": self.chance.randint(1, statements), "delay": delay}

    def assert_whole(self) -> None:
        """What the store holds belongs together, if it came to hold anything."""
        try:
            checks = check_store(Store(self.store), now())
        except NoStore:
            return
        assert all(check.is_well for check in checks), checks

    def verdicts(self) -> Counter[str]:
        """How often each deployment is listed with which verdict."""
        return Counter(f"{row.id} {row.verdict}" for row in current_deployments(Store(self.store)))

    def rows(self, question: str) -> Counter[str]:
        """How often each row is in the store."""
        with Store(self.store).reading() as connection:
            return Counter(map(repr, connection.execute(question).fetchall()))

    def _settle(self) -> None:
        # Azure goes on by itself with what a killed run does not ask for any more.
        with self.azure.lock:
            for operation in self.azure.world.operations.values():
                self.azure.world.end(operation)

    def _count(self, _world: World) -> None:
        self._left -= 1
        if self._left == 0 and self._process:
            threading.Timer(self._delay, self._end, [self._process]).start()

    def _end(self, process: int) -> None:
        if process == self._process:
            os.kill(process, signal.SIGKILL)


@contextmanager
def victim_in(folder: Path, seed: int) -> Iterator[Victim]:
    """A victim with a tenant and a home of its own."""
    folder.mkdir(exist_ok=True)
    with Nursery() as nursery, Emulator(estate()) as azure:
        yield Victim(nursery, azure, folder, seed)


def all_kills(folder: Path, seed: int) -> Iterator[Kills]:
    """Each work, twenty times each."""
    for works in WORKS:
        with victim_in(folder / works[0].__name__, seed) as victim:
            for work in works:
                yield work(victim)


def differences(expected: Counter[str], found: Counter[str]) -> tuple[int, int]:
    """How many rows are lost, and how many are there too often."""
    return (expected - found).total(), (found - expected).total()


def kill_until(victim: Victim, run: Callable[[], Ended], begin: Callable[[], None]) -> int:
    """Run until it was killed often enough; `begin` sets the stage again after a run that lived."""
    kills = 0
    for _run in range(MOST_RUNS):
        if run().was_killed:
            kills += 1
        else:
            begin()
        if kills == KILLS:
            return kills
    raise AssertionError(f"killed {kills} times in {MOST_RUNS} runs")


def kill_snapshots(victim: Victim) -> Kills:
    """Twenty in snapshots; the last one, whole, holds what one that nobody killed does."""
    words = ("snapshot", "--cost-months", "0")
    whole = victim.run(*words)
    assert whole.code == 0, whole.err
    requests, expected = len(victim.azure.requests), [victim.rows(POINTS), victim.verdicts()]
    victim.store.unlink()

    def run() -> Ended:
        given = (*words, *victim.chance.choice(((), ("--resume",))))
        ended = victim.run(*given, **victim.moment(requests, whole.statements))
        victim.assert_whole()
        return ended

    kills = kill_until(victim, run, lambda: victim.store.unlink(missing_ok=True))
    last = victim.run(*words, "--resume")
    assert last.code == 0, last.err
    victim.assert_whole()
    found = [victim.rows(POINTS), victim.verdicts()]
    lost, doubled = _summed(zip(expected, found, strict=True))
    return Kills("snapshot", kills, victim.seed, lost, doubled)


def kill_imports(victim: Victim) -> Kills:
    """Twenty in imports of one file: the bill is that of before, or the file's, and no other."""
    assert victim.run("snapshot", "--cost-months", "0").code == 0
    words = ("costs", "import", _export(victim), "--replace")
    before = victim.store.read_bytes()
    whole = victim.run(*words)
    assert whole.code == 0, whole.err
    expected = victim.rows(BILL)
    victim.store.write_bytes(before)
    lost = doubled = 0

    def run() -> Ended:
        nonlocal lost, doubled
        ended = victim.run(*words, **victim.moment(statements=whole.statements))
        found = victim.rows(BILL)
        if found:
            less, more = differences(expected, found)
            lost, doubled = lost + less, doubled + more
        victim.assert_whole()
        return ended

    kills = kill_until(victim, run, lambda: _put(victim, before))
    assert victim.run(*words).code == 0
    less, more = differences(expected, victim.rows(BILL))
    return Kills("import", kills, victim.seed, lost + less, doubled + more)


def kill_migrations(victim: Victim) -> Kills:
    """Twenty while an older store is brought to this version."""
    old = lzma.decompress(OLD_STORE.read_bytes())
    _put(victim, old)
    words = ("list", "--format", "json")
    whole = victim.run(*words)
    tables = _tables(victim.store)
    expected = {table: victim.rows(f"from {table}") for table in tables}
    _put(victim, old)
    kills = kill_until(
        victim,
        lambda: victim.run(*words, **victim.moment(statements=whole.statements)),
        lambda: _put(victim, old),
    )
    last = victim.run(*words)
    assert last.code == whole.code, last.err
    assert json.loads(last.out) == json.loads(whole.out)
    victim.assert_whole()
    assert [path.name for path in victim.folder.glob("store.duckdb*")] == ["store.duckdb"]
    found = {table: victim.rows(f"from {table}") for table in tables}
    lost, doubled = _summed((expected[table], found[table]) for table in tables)
    return Kills("migration", kills, victim.seed, lost, doubled)


def kill_deletions(victim: Victim) -> Kills:
    """Twenty in the deletion of ten targets: each is deleted once, and nothing else goes."""
    assert victim.run("snapshot", "--cost-months", "0").code == 0
    targets = [f"ws/endpoint-{number}/old" for number in range(BATCH)]
    plan = json.loads(victim.run("delete", *targets, "--format", "json").out)
    words = ("delete", *targets, "--confirm", plan["phrase"], "--format", "json")
    # Signing in and one target take about thirty requests: any stage of one may be met.
    kills = kill_until(victim, lambda: victim.run(*words, **victim.moment(65)), lambda: None)
    last = victim.run(*words)
    assert last.code == 0, last.err
    ends = _ends(victim, "delete", "deleted")
    sent = Counter({path: n for (method, path), n in victim.sent.items() if method == "DELETE"})
    lost, doubled = _once(ends, sent)
    return Kills("deletion", kills, victim.seed, lost, doubled)


def kill_restores(victim: Victim) -> Kills:
    """Twenty in the restores of what was deleted: each comes back by one creation."""
    archives = json.loads(victim.run("archives", "--format", "json").out)
    names = {one["endpoint"]: one["name"] for one in archives}
    assert len(names) == BATCH
    left = [(name, f"{endpoint}/old") for endpoint, name in names.items()]

    def run() -> Ended:
        name, target = left[0]
        words = ("restore", name, "--confirm", target, "--format", "json")
        return victim.run(*words, **victim.moment(16))

    kills = kill_until(victim, run, lambda: left.append(left.pop(0)))
    for name, target in left:
        ended = victim.run("restore", name, "--confirm", target, "--format", "json")
        assert ended.code in (0, 4), (target, ended.err, ended.out)  # 4: it is there already
    ends = _ends(victim, "restore", "done")
    sent = Counter({path: n for (method, path), n in victim.sent.items() if method == "PUT"})
    lost, doubled = _once(ends, sent)
    for number in range(BATCH):
        assert victim.azure.world.find(f"ws/endpoint-{number}/old")
    return Kills("restore", kills, victim.seed, lost, doubled)


def _once(ends: Counter[str], sent: Counter[str]) -> tuple[int, int]:
    """What has no end in the journal or was never sent, and what has several or was sent again."""
    lost = 2 * BATCH - len(ends) - len(sent)
    return lost, sum(count - 1 for count in (*ends.values(), *sent.values()))


def _ends(victim: Victim, action: str, outcome: str) -> Counter[str]:
    victim.assert_whole()
    entries = json.loads(victim.run("journal", "--format", "json").out)
    assert victim.run("journal", "verify").code == 0
    ended = [row for row in entries if (row["action"], row["outcome"]) == (action, outcome)]
    return Counter(row["target"].lower() for row in ended)


def _summed(pairs: Any) -> tuple[int, int]:
    counted = [differences(*pair) for pair in pairs]
    return sum(lost for lost, _more in counted), sum(more for _lost, more in counted)


def _put(victim: Victim, content: bytes) -> None:
    for path in victim.folder.glob("store.duckdb*"):
        path.unlink()
    victim.store.write_bytes(content)


def _tables(store: Path) -> list[str]:
    """Without the listing: it is made from the others, with the next write at the latest."""
    with duckdb.connect(str(store), read_only=True) as connection:
        question = (
            "select table_name from duckdb_tables()"
            " where table_name not in ('migrations', 'listing', 'listing_signs')"
        )
        return [str(name) for (name,) in connection.execute(question).fetchall()]


def _export(victim: Victim) -> str:
    """A bill of a month by days and deployments."""
    subscription = victim.azure.world.subscriptions[0].subscription_id
    workspace = victim.azure.world.find("ws/endpoint-0").id.lower().partition("/onlineendpoints/")
    month = (now().replace(day=1) - timedelta(days=1)).replace(day=1)
    rows = [
        {
            "SubscriptionId": subscription,
            "Date": f"{month + timedelta(days=day):%m/%d/%Y}",
            "Quantity": "24",
            "CostInBillingCurrency": f"{number + 1}.25",
            "ResourceId": workspace[0],
            "Tags": f'"azuremlendpoint": "endpoint-{number}","azuremldeployment": "live"',
            "BillingCurrency": "USD",
        }
        for day in range(28)
        for number in range(BATCH)
    ]
    return export(victim.folder, rows)


# What goes on with the tenant of the work before it stands beside it.
WORKS = (
    (kill_snapshots,),
    (kill_imports,),
    (kill_deletions, kill_restores),
    (kill_migrations,),
)
