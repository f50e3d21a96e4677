"""The wheel owns one name, and what is installed from it runs from anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import mothball

ROOT = Path(__file__).parents[1]
ROOMS = ("tui", "collectors", "queries", "actions", "emulator")


@pytest.mark.parametrize("name", ["mothball", *ROOMS, "tests"])
def test_no_other_installed_distribution_owns_the_name_of_a_room(name: str) -> None:
    owners = set(metadata.packages_distributions().get(name, []))
    assert owners <= {"mothball"}


def test_the_version_is_said_in_one_place() -> None:
    assert mothball.__version__
    assert 'dynamic = ["version"]' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A fresh environment with the wheel, and what its site-packages gained.

    The dependencies are those of the running environment, so that nothing is downloaded.
    """
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home, with_pip=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = home / "lib" / version / "site-packages"
    before = {path.name for path in site.iterdir()}
    subprocess.run(
        [home / "bin" / "python", "-m", "pip", "install", "--no-deps", "--no-index", str(wheel)],
        check=True,
        capture_output=True,
    )
    gained = {path.name for path in site.iterdir()} - before
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return home, gained


def _run(
    installed: tuple[Path, set[str]], folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [installed[0] / "bin" / "mothball", *arguments],
        cwd=folder,
        env=kept | {"HOME": str(folder), "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.journey
def test_the_wheel_holds_every_file_of_the_rooms_and_no_test(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert f"mothball/{path.relative_to(ROOT)}" in held
    assert not [name for name in held if "tests/" in name or "bench" in name]


@pytest.mark.journey
def test_an_install_owns_one_name(installed: tuple[Path, set[str]]) -> None:
    assert installed[1] == {"mothball", f"mothball-{mothball.__version__}.dist-info"}


@pytest.mark.journey
def test_the_installed_script_tells_its_version(
    installed: tuple[Path, set[str]], tmp_path: Path
) -> None:
    done = _run(installed, tmp_path, "--version")
    assert done.returncode == 0, done.stderr
    assert mothball.__version__ in done.stdout


@pytest.mark.journey
def test_the_installed_demo_runs_from_another_folder(
    installed: tuple[Path, set[str]], tmp_path: Path
) -> None:
    done = _run(installed, tmp_path, "demo", "--no-tui")
    assert done.returncode == 0, done.stderr
    for verdict in ("idle", "idle-endpoint", "rollback", "serving", "unknown"):
        assert verdict in done.stdout
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
