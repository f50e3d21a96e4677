"""The archives of a team's store lie beside its data: who restores is not who deleted."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.mothball.shop import Result, Shop

pytest.importorskip("duckdb_extension_ducklake", reason="DuckDB's extension is not installed")
pytestmark = pytest.mark.journey
TARGET = "ws/fraud/old"


def test_an_operator_restores_what_another_one_deleted(
    own: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, settings = tmp_path / "team" / "data", tmp_path / "config.toml"
    words = f'catalogue = "{tmp_path}/team.ducklake"\ndata = "{data}"\n'
    settings.write_text(f"[stores.team]\n{words}", encoding="utf-8")

    def run(*given: str) -> Result:
        cloud = ("--cloud", str(own.azure.profile))
        return own.bare(*given, "--store", "team", "--config", str(settings), *cloud)

    def become(who: str) -> None:
        (tmp_path / who).mkdir()
        monkeypatch.setenv("HOME", str(tmp_path / who))

    assert own.run("store", "copy", "team", "--config", str(settings)).code == 0
    archives = tmp_path / "team" / "data-archives"
    archives.mkdir()
    archives.chmod(0o2770)
    become("ann")
    deleted = run("delete", TARGET, "--confirm", TARGET, "--format", "json")
    assert deleted.code == 0, deleted.err
    (archive,) = archives.iterdir()
    assert stat.S_IMODE(archive.stat().st_mode) & 0o777 == 0o770
    assert {stat.S_IMODE(file.stat().st_mode) for file in archive.iterdir()} == {0o640}
    become("bob")
    (listed,) = run("archives", "--format", "json").json
    restored = run("restore", listed["name"], "--confirm", TARGET, "--format", "json")
    assert restored.code == 0, restored.err
    assert restored.json["outcome"] == "restored"
    assert [write.method for write in own.azure.writes] == ["DELETE", "PUT"]
