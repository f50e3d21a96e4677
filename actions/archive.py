"""The return ticket: raw definitions on disk, whole, readable by their owner only, read back."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from collectors.inventory import ML_API
from collectors.resources import moment

MANIFEST = "manifest.json"
FILES = ("deployment.json", "endpoint.json", "evidence.json")
FORMAT = 1
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


class ArchiveFailure(Exception):
    """An archive could not be written, or does not read back as it was written."""


@dataclass(frozen=True, slots=True)
class Archive:
    """One archived deployment, as its manifest tells."""

    name: str
    folder: Path
    target: str
    archived_at: datetime
    deployment: str
    endpoint: str
    workspace: str


def write_archive(
    root: Path,
    deployment: Mapping[str, Any],
    endpoint: Mapping[str, Any],
    evidence: Mapping[str, Any],
    at: datetime,
) -> Path:
    """Write the raw definitions and their evidence; the folder is there whole or not at all.

    Environment values are secrets and are in the raw definition alone, so every file has mode
    0600. Raises ArchiveFailure where it cannot be written or read back.
    """
    target = str(deployment["id"])
    files = dict(zip(FILES, map(_text, (deployment, endpoint, evidence)), strict=True))
    manifest = {
        "format": FORMAT,
        "target": target,
        "archived_at": at.isoformat(),
        "api_versions": {"deployment.json": ML_API, "endpoint.json": ML_API},
        "sha256": {name: _hash(text) for name, text in files.items()},
    }
    folder = root / _folder_name(target, at)
    try:
        _write_whole(folder, files | {MANIFEST: _text(manifest)})
    except OSError as error:
        raise ArchiveFailure(f"the archive cannot be written to {root}: {error}") from error
    verify_archive(folder)
    return folder


def verify_archive(folder: Path) -> dict[str, Any]:
    """The manifest of an archive whose files are what it says; raises ArchiveFailure otherwise."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        for name in FILES:
            if _hash((folder / name).read_text(encoding="utf-8")) != manifest["sha256"][name]:
                raise ArchiveFailure(f"{folder / name} is not what was archived")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveFailure(f"{folder} is not a whole archive") from error
    return dict(manifest)


def archives_in(root: Path) -> tuple[list[Archive], list[str]]:
    """The archives of a folder, newest first, and a line for each that is not whole."""
    found, broken = [], []
    folders = sorted(root.iterdir(), reverse=True) if root.is_dir() else []
    for folder in folders:
        if not folder.is_dir() or folder.name.startswith("."):
            continue
        try:
            found.append(_archive(folder, verify_archive(folder)))
        except ArchiveFailure as failure:
            broken.append(str(failure))
    return found, broken


def _archive(folder: Path, manifest: Mapping[str, Any]) -> Archive:
    target = str(manifest.get("target", ""))
    words = target.strip("/").split("/")
    at = moment(manifest.get("archived_at"))
    if at is None or len(words) < 6:
        raise ArchiveFailure(f"{folder} has a manifest without a target or a time")
    return Archive(folder.name, folder, target, at, words[-1], words[-3], words[-5])


def _write_whole(folder: Path, files: Mapping[str, str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    aside.mkdir(mode=0o700)
    try:
        for name, text in files.items():
            _write_file(aside / name, text)
        _sync(aside)
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _sync(folder.parent)


def _write_file(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder_name(target: str, at: datetime) -> str:
    words = target.strip("/").split("/")
    names = (words[-5], words[-3], words[-1])
    safe = [_UNSAFE.sub("-", name)[:40] for name in names]
    return f"{at:%Y%m%dT%H%M%S%f}-{'.'.join(safe)}"


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
