"""A git checkout as the place of archives: the YAML and the manifest, never a raw definition."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from actions.archive.checkout import is_checkout
from actions.archive.reading import verify_archive
from actions.archive.writing import archive_root
from tests.actions.stage import SECRET, Stage


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{name}_NAME", raising=False)
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "--quiet")
    git(folder, "config", "user.name", "Ada Example")
    git(folder, "config", "user.email", "ada@contoso.example")
    return folder


@pytest.fixture
def given(planned: Stage, checkout: Path) -> Stage:
    planned.session = replace(planned.session, archive_folder_given=checkout / "retired")
    return planned


def test_a_checkout_gets_the_yaml_and_the_manifest_committed(given: Stage, checkout: Path) -> None:
    assert given.delete_one().outcome == "deleted"
    (raw,) = given.archives()
    committed = git(checkout, "ls-tree", "-r", "--name-only", "HEAD").split()
    names = ("deployment.yml", "endpoint.yml", "manifest.json")
    assert committed == [f"retired/{raw.name}/{name}" for name in names]
    assert git(checkout, "log", "-1", "--format=%s").strip() == "Archive ws/fraud/old"
    assert git(checkout, "status", "--porcelain") == ""
    assert SECRET not in git(checkout, "log", "-p", "--all")


def test_its_manifest_tells_where_the_raw_definitions_are(given: Stage, checkout: Path) -> None:
    given.delete_one()
    (raw,) = given.archives()
    manifest = json.loads((checkout / "retired" / raw.name / "manifest.json").read_text())
    assert manifest == verify_archive(raw) | {"raw_folder": str(raw)}
    assert archive_root(given.session) == raw.parent


def test_nothing_else_of_the_checkout_is_committed(given: Stage, checkout: Path) -> None:
    (checkout / "staged.txt").write_text("mine")
    (checkout / "other.txt").write_text("mine")
    git(checkout, "add", "staged.txt")
    given.delete_one()
    assert git(checkout, "status", "--porcelain").split() == ["A", "staged.txt", "??", "other.txt"]


def test_a_hook_and_a_signature_are_not_waited_for(given: Stage, checkout: Path) -> None:
    git(checkout, "config", "commit.gpgsign", "true")
    git(checkout, "config", "gpg.program", "/bin/false")
    for name in ("pre-commit", "commit-msg", "post-commit"):
        hook = checkout / ".git" / "hooks" / name
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
    assert given.delete_one().outcome == "deleted"
    assert git(checkout, "rev-list", "--count", "HEAD").strip() == "1"


def test_a_commit_that_fails_is_reported_and_stops_nothing(given: Stage, checkout: Path) -> None:
    (checkout / ".git" / "index.lock").write_text("")
    assert given.delete_one().outcome == "deleted"
    known = [line for line in given.stages if line.startswith("not committed: ")]
    assert len(known) == 1
    assert "index.lock" in known[0]


def test_without_git_a_checkout_still_gets_no_raw_definition(
    given: Stage, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert given.delete_one().outcome == "deleted"
    written = sorted(path.name for path in (checkout / "retired").rglob("*") if path.is_file())
    assert written == ["deployment.yml", "endpoint.yml", "manifest.json"]
    assert any("git is not installed" in line for line in given.stages)


def test_a_plain_folder_gets_the_whole_archive(planned: Stage, tmp_path: Path) -> None:
    given = tmp_path / "plain"
    planned.session = replace(planned.session, archive_folder_given=given)
    planned.delete_one()
    (folder,) = given.iterdir()
    verify_archive(folder)
    assert planned.archives() == []


def test_a_store_in_a_checkout_brings_no_raw_definition_into_it(
    planned: Stage, tmp_path: Path
) -> None:
    git(tmp_path, "init", "--quiet")
    planned.delete_one()
    assert len(planned.archives()) == 1
    git(tmp_path, "add", "--all", "--", "archives")
    assert git(tmp_path, "ls-files", "--", "archives") == ""


def test_who_commits_may_be_said_by_the_environment(
    given: Stage, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Pipeline")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "pipeline@contoso.example")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert given.delete_one().outcome == "deleted"
    monkeypatch.delenv("GIT_DIR")
    assert git(checkout, "log", "-1", "--format=%an").strip() == "Pipeline"


def test_a_folder_that_is_not_there_yet_is_judged_by_what_is_above_it(
    checkout: Path, tmp_path: Path
) -> None:
    assert is_checkout(checkout / "a" / "b")
    assert not is_checkout(tmp_path / "elsewhere" / "b")
