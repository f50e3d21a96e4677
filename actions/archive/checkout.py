"""A git checkout as the place of archives: what is committed there, by the `git` program."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PATIENCE_SECONDS = 30
# Neither a hook nor a signature may wait for a person, or change what is committed.
_QUIETLY = ("-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null")


def is_checkout(folder: Path) -> bool:
    """Whether a folder, there already or not, lies in a git work tree.

    A `.git` above it counts where the program is missing or does not trust the folder: what may
    not enter a checkout is kept out of it then too.
    """
    if has_git_above(folder):
        return True
    there = next(one for one in (folder, *folder.absolute().parents) if one.is_dir())
    done = _git(there, "rev-parse", "--is-inside-work-tree")
    return done is not None and done.returncode == 0 and done.stdout.strip() == "true"


def has_git_above(folder: Path) -> bool:
    """Whether a folder, there already or not, has a `.git` in it or above it."""
    return any((one / ".git").exists() for one in (folder.resolve(), *folder.resolve().parents))


def commit(folder: Path, message: str) -> str | None:
    """Commit one new folder of a checkout and nothing else; why not, where it did not work."""
    path = folder.name
    for arguments in (
        ("add", "--", path),
        (*_QUIETLY, "commit", "--quiet", "--message", _one_line(message), "--", path),
    ):
        done = _git(folder.parent, *arguments)
        if done is None:
            return "git is not installed, or did not answer"
        if done.returncode != 0:
            return _one_line(done.stderr or done.stdout or f"git ended with {done.returncode}")
    return None


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str] | None:
    """Run git in a folder, without a terminal; None where there is no git, or it hangs."""
    # A GIT_DIR from outside would lead it to another repository; who commits is all it may say.
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(("GIT_AUTHOR_", "GIT_COMMITTER_"))
    }
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments],
            env=plain | {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def _one_line(text: str) -> str:
    # What speaks to Azure is loaded late: the interface asks for `.git` before its first row.
    from collectors.connection.errors import one_line

    return one_line(text)
