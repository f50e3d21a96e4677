"""A store that cannot be used says at once what it is, and is never taken for a busy one."""

from __future__ import annotations

import os
import resource
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pytest

from queries.estate.questions import current_deployments
from queries.store.append import append
from queries.store.errors import trouble_with
from queries.store.file import NoStore, Store, StoreFailure, StoreUnreadable
from queries.store.shared import SharedStore

HEADER_BYTES = 4096
BLOCKS_BEGIN = 3 * HEADER_BYTES


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with some blocks of data."""
    path = tmp_path_factory.mktemp("whole") / "s.duckdb"
    read_errors = [
        {"snapshot_id": "x", "source": f"s{number}", "scope": f"/{number}"}
        for number in range(20000)
    ]
    with Store(path).writing() as connection:
        append(connection, "holes", read_errors)
    return path


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copy(whole, tmp_path / "s.duckdb"))


def _read(path: Path) -> None:
    """Read all of it, and never wait."""
    with Store(path, wait=_never).reading() as connection:
        connection.execute("select count(distinct (source, scope)) from holes").fetchall()


def _never(seconds: float) -> None:
    pytest.fail(f"waited {seconds} s for a file that nobody has")


def _said(path: Path, match: str) -> None:
    with pytest.raises(StoreUnreadable, match=match) as caught:
        _read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("at", [20, HEADER_BYTES + 20, 2 * HEADER_BYTES + 20])
def test_a_garbled_header_is_damage(path: Path, at: int) -> None:
    _garble(path, at)
    _said(path, "is damaged: put a copy of it in its place")


def test_a_garbled_block_in_the_middle_is_damage_wherever_it_is_met(path: Path) -> None:
    for at in range(BLOCKS_BEGIN + 100, path.stat().st_size, 256 * 1024):
        _garble(path, at)
    _said(path, "is damaged")
    with pytest.raises(StoreUnreadable, match="is damaged"), Store(path, wait=_never).writing():
        pass


@pytest.mark.parametrize("size", [100, HEADER_BYTES + 1, BLOCKS_BEGIN, BLOCKS_BEGIN + 100_000])
def test_a_file_that_was_cut_off_is_damage(path: Path, size: int) -> None:
    os.truncate(path, size)
    _said(path, "is damaged")


@pytest.mark.parametrize("content", [b"", b"x", b"no database at all" * 1000])
def test_a_file_that_is_no_database_is_no_store(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _said(path, "is no store: name another")


def test_a_file_of_a_newer_duckdb_asks_for_an_update(path: Path) -> None:
    header = bytearray(path.read_bytes()[:HEADER_BYTES])
    header[12:20] = struct.pack("<Q", 999)
    header[:8] = struct.pack("<Q", _checksum(bytes(header[8:])))
    with path.open("r+b") as file:
        file.write(header)
    _said(path, "newer DuckDB than this one reads: update mothball")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    _said(tmp_path, "is a folder: name the file")


def test_a_path_through_a_file_has_no_store(path: Path) -> None:
    with pytest.raises(NoStore, match="there is no store"):
        _read(path / "deeper.duckdb")


def test_a_file_without_the_right_to_read_it_says_so(whole: Path) -> None:
    with _open_folder() as folder:
        path = Path(shutil.copy(whole, folder / "s.duckdb"))
        path.chmod(0)
        with _as_nobody():
            _said(path, "permission denied")


def test_a_file_without_the_right_to_write_it_says_so(whole: Path) -> None:
    with _open_folder() as folder:
        path = Path(shutil.copy(whole, folder / "s.duckdb"))
        path.chmod(0o444)
        with _as_nobody():
            _read(path)
            with (
                pytest.raises(StoreUnreadable, match="permission denied"),
                Store(path, wait=_never).writing(),
            ):
                pass


def test_a_folder_without_the_right_to_enter_it_says_so(whole: Path) -> None:
    with _open_folder() as folder:
        (folder / "closed").mkdir(mode=0)
        with _as_nobody():
            _said(folder / "closed" / "s.duckdb", "cannot be read: Permission denied")


def test_a_full_disk_says_so_and_leaves_the_store_as_it_was(path: Path) -> None:
    read_errors = [
        {"snapshot_id": "y", "source": os.urandom(40).hex()} for _number in range(50_000)
    ]
    with (
        _files_of_at_most(path.stat().st_size + 4096),
        pytest.raises(StoreUnreadable, match="cannot grow, the disk is full: make room"),
        Store(path, wait=_never).noting() as connection,
    ):
        append(connection, "holes", read_errors)
    with Store(path).reading() as connection:
        assert connection.execute("select count(*) from holes").fetchone() == (20_000,)


@pytest.mark.parametrize(
    ("system", "words"),
    [
        ("Read-only file system", "lies where nothing can be written: mount it for writing"),
        ("No such file or directory", "see that its folder is there and its drive is mounted"),
        ("Stale file handle", "see that its folder is there and its drive is mounted"),
        ("Input/output error", "see that its folder is there and its drive is mounted"),
        ("Permission denied", "permission denied: get the right"),
        ("No space left on device", "the disk is full: make room"),
    ],
)
def test_what_the_system_says_of_the_file_is_told_with_what_helps(
    tmp_path: Path, system: str, words: str
) -> None:
    path = tmp_path / "s.duckdb"
    trouble = trouble_with(path, duckdb.IOException(f'Cannot open file "{path}": {system}'))
    assert trouble is not None
    assert trouble.startswith(str(path))
    assert words in trouble
    of_another = duckdb.IOException(f'Cannot open file "/elsewhere": {system}')
    assert trouble_with(path, of_another) is None


def test_a_folder_that_cannot_be_made_says_what_to_see_to(path: Path) -> None:
    store = Store(path / "deeper" / "s.duckdb", wait=_never)
    wanted = "cannot hold a store: .*drive is mounted"
    with pytest.raises(StoreUnreadable, match=wanted), store.writing():
        pass


def test_a_failure_of_another_file_is_not_the_store_s(path: Path) -> None:
    with _open_folder() as folder:
        (folder / "export.csv").touch(mode=0)
        path = Path(shutil.copy(path, folder / "s.duckdb"))
        with (
            _as_nobody(),
            pytest.raises(duckdb.IOException, match="Permission denied"),
            Store(path).reading() as connection,
        ):
            connection.execute("from read_csv($file)", {"file": str(folder / "export.csv")})


def test_a_damaged_catalogue_of_a_shared_store_says_so(tmp_path: Path) -> None:
    pytest.importorskip("duckdb_extension_ducklake")
    catalogue = tmp_path / "team.ducklake"
    team = SharedStore("team", str(catalogue), str(tmp_path / "data"))
    with team.noting():
        pass
    _garble(catalogue, 20)
    with pytest.raises(StoreFailure, match=r"team\.ducklake is damaged"):
        current_deployments(team)


def _garble(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"garbage!" * 8)


def _checksum(content: bytes) -> int:
    """DuckDB's own, of whole words of eight bytes."""
    found = 5381
    for (word,) in struct.iter_unpack("<Q", content):
        found ^= word * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return found


@contextmanager
def _open_folder() -> Iterator[Path]:
    """A folder that another user reaches, which pytest's own are not."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Without the rights of root, which overrule every mode."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    """No file may grow beyond this, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_store_whose_drive_is_not_mounted_does_not_begin_anew_beside_it(tmp_path: Path) -> None:
    place = tmp_path / "mnt" / "team"
    with (
        pytest.raises(StoreUnreadable, match="drive is mounted"),
        Store(place / "s.duckdb").writing(),
    ):
        pass
    assert list(tmp_path.iterdir()) == []
    place.parent.mkdir()
    with Store(place / "s.duckdb").writing():
        pass
    assert list(place.iterdir()) == [place / "s.duckdb"]
