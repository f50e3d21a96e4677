"""The direction of imports, and what is not loaded before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from emulator import Workspace
from tests.scene import Scene

ROOT = Path(__file__).parents[1]
HEAVY = ("textual", "azure.identity", "azure.ai.ml")


def test_imports_point_down_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def _loaded_by(arguments: list[str], folder: Path) -> tuple[int, set[str]]:
    """The exit code of a command in a process of its own, and the modules that it loaded."""
    code = (
        "import sys\n"
        "from mothball.__main__ import main\n"
        "status = 0\n"
        "try:\n"
        "    status = main() or 0\n"
        "except SystemExit as end:\n"
        "    status = end.code or 0\n"
        "print('\\nLOADED', status, *sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "HOME": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    _before, _mark, text = done.stderr.rpartition("\nLOADED ")
    assert text, done.stderr
    status, *modules = text.split()
    return int(status), set(modules)


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["list", "--help"]])
def test_a_command_that_says_little_loads_little(arguments: list[str], tmp_path: Path) -> None:
    status, loaded = _loaded_by(arguments, tmp_path)
    assert status == 0
    assert not loaded & set(HEAVY)


def test_a_list_loads_no_screen_and_no_sign_in(
    scene: Scene, workspace: Workspace, tmp_path: Path
) -> None:
    workspace.endpoint("e").deployment("d")
    scene.snapshot()
    arguments = ["list", "--store", str(scene.store.path), "--cloud", str(scene.azure.profile)]
    status, loaded = _loaded_by(arguments, tmp_path)
    assert status == 0
    assert "duckdb" in loaded
    assert not loaded & set(HEAVY)


@pytest.mark.parametrize(
    "module", ["mothball.cli", "tui.app", "actions.deletion.delete", "actions.snapshot.take"]
)
def test_no_room_loads_azure_ai_ml_at_its_start(module: str, tmp_path: Path) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "azure.ai.ml" not in done.stdout.split()


def test_every_room_opens_each_file_with_what_it_is_for() -> None:
    rooms = ("mothball", "tui", "actions", "queries", "collectors", "emulator")
    for room in rooms:
        for path in (ROOT / room).rglob("*.py"):
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path
