"""The return ticket: raw definitions on disk, whole, readable by their owner only, read back."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from actions.archived import MANIFEST, ArchiveFailure, verify_archive
from actions.definitions import Definitions
from actions.operator import Operator
from collectors.beside import AUTOSCALE_API, DIAGNOSTICS_API
from collectors.inventory import ML_API

FORMAT = 1
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def archive(operator: Operator, definitions: Definitions, evidence: Mapping[str, Any]) -> Path:
    """Write an archive where the operator keeps them; the folder that it is in.

    Raises ArchiveFailure where it cannot be written or read back.
    """
    return write_archive(operator.archive_folder, definitions, evidence, operator.now())


def write_archive(
    root: Path, definitions: Definitions, evidence: Mapping[str, Any], at: datetime
) -> Path:
    """Write the raw definitions and their evidence; the folder is there whole or not at all.

    Environment values are secrets and are in the raw definitions alone, so every file has mode
    0600. Raises ArchiveFailure where it cannot be written or read back.
    """
    raw = _raw_files(definitions)
    files = {name: _text(value) for name, (value, _) in raw.items()}
    files["evidence.json"] = _text(evidence)
    manifest = {
        "format": FORMAT,
        "kind": definitions.kind,
        "target": definitions.target,
        "archived_at": at.isoformat(),
        "api_versions": {name: version for name, (_, version) in raw.items()},
        "not_archived": list(definitions.not_archived),
        "sha256": {name: _hash(text) for name, text in files.items()},
    }
    folder = root / _folder_name(definitions, at)
    try:
        _write_whole(folder, files | {MANIFEST: _text(manifest)})
    except OSError as error:
        raise ArchiveFailure(f"the archive cannot be written to {root}: {error}") from error
    verify_archive(folder)
    return folder


def _raw_files(definitions: Definitions) -> dict[str, tuple[Any, str]]:
    """File name -> what Azure told and the api-version that it was asked by.

    Deployments are numbered: a name from Azure is never the name of a file.
    """
    files: dict[str, tuple[Any, str]] = {"endpoint.json": (definitions.endpoint, ML_API)}
    if definitions.kind == "deployment":
        files["deployment.json"] = (definitions.deployments[0], ML_API)
    else:
        for number, body in enumerate(definitions.deployments, 1):
            files[f"deployment-{number:03}.json"] = (body, ML_API)
    if definitions.autoscale is not None:
        files["autoscale.json"] = (definitions.autoscale, AUTOSCALE_API)
    if definitions.diagnostics is not None:
        files["diagnostics.json"] = (definitions.diagnostics, DIAGNOSTICS_API)
    return files


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


def _folder_name(definitions: Definitions, at: datetime) -> str:
    words = definitions.target.strip("/").split("/")
    names = words[-3::2] if definitions.kind == "endpoint" else words[-5::2]
    safe = [_UNSAFE.sub("-", name)[:40] for name in names]
    return f"{at:%Y%m%dT%H%M%S%f}-{'.'.join(safe)}"


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
