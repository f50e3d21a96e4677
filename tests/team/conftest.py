"""What the tests of a team's store share: a command line whose home is empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mothball.cli import run
from tests.mothball.shop import Result
from tests.team.server import Server, missing, serving

Command = Callable[..., Result]


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Runs a command in this process; nothing of the user's is read or written."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: object) -> Result:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        reported = capsys.readouterr()
        assert "Traceback" not in reported.err
        return Result(code, reported.out, reported.err)

    return command


@pytest.fixture
def mortal() -> Iterator[Server]:
    """A server that a test may stop."""
    if lacking := missing():
        pytest.skip(lacking)
    with serving() as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv("PGPASSFILE", str(server.password_file))
        yield server
