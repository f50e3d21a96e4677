"""Where a file can grow no more, one line says so, nothing is sent, and the store is as it was.

No test may mount a small disk: the system's limit of a file's size stands in for one that is full.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator import Emulator
from queries.estate.questions import current_deployments
from queries.store.file import Store
from queries.store.maintenance import check_store
from tests.mothball.shop import now
from tests.mothball.test_processes import environment
from tests.mothball.test_reports import quarter
from tests.reliability.endings import PHRASE, TARGET, Place
from tests.reliability.kills import SETTINGS, estate

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit"),
]
LIMIT_BYTES = 4096
# Mothball in a process whose files may grow to the limit.
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from mothball.cli import run
sys.exit(run(sys.argv[2:]))
"""
QUARTER = "QUARTER"  # stands for the quarter in which the test runs
WORKS = (
    ("snapshot", "--cost-months", "0"),
    ("costs", "import", "export.csv"),
    ("report", "review", "--quarter", QUARTER, "--out", "review.html"),
    ("report", "owners", "--out", "owners"),
    ("report", "proposals", "--out", "proposals.csv"),
    ("delete", TARGET, "--confirm", PHRASE),
)
EXPORT = """\
SubscriptionId,Date,Quantity,CostInBillingCurrency,ResourceId,Tags,BillingCurrency
{0},10/01/2026,24,1.25,{1},,USD
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A tenant, and the store of a snapshot of it."""
    with Emulator(estate()) as azure:
        place = Place(azure, tmp_path_factory.mktemp("seen"))
        assert run(place, 2**31 - 1, "snapshot", "--cost-months", "0").returncode == 0
        yield place


def run(place: Place, limit: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Mothball in a process whose files may grow so far."""
    settings = place.folder / "settings.toml"
    settings.write_text(SETTINGS)
    options = ["--store", str(place.store), "--cloud", str(place.azure.profile)]
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), *words, *options, "--config", str(settings)],
        env=environment(place.folder, place.azure.environment),
        cwd=place.folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("words", WORKS, ids=[" ".join(words[:2]) for words in WORKS])
def test_what_finds_the_disk_full_says_so_and_leaves_the_store_as_it_was(
    seen: Place, tmp_path: Path, words: tuple[str, ...]
) -> None:
    place = Place(seen.azure, tmp_path)
    shutil.copy(seen.store, place.store)
    workspace = seen.azure.world.find("ws")
    export = EXPORT.format(workspace.subscription_id, workspace.id)
    (tmp_path / "export.csv").write_text(export)
    seen.azure.forget()
    ended = run(place, LIMIT_BYTES, *(quarter() if word == QUARTER else word for word in words))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines()[-1].endswith("the disk is full: make room and run it again")
    assert "Traceback" not in ended.stderr
    assert seen.azure.writes == []
    assert current_deployments(Store(place.store)) == current_deployments(Store(seen.store))
    assert all(check.is_well for check in check_store(Store(place.store), now()))
    assert not (tmp_path / "archives").exists() or not any((tmp_path / "archives").glob("2*"))
    assert not any(path.stat().st_size for path in tmp_path.rglob("*.html"))
