"""The return ticket: raw definitions on disk, whole, readable by their owner only, read back."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import stat
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from actions.archive.az_yaml import NoYaml, yaml_of
from actions.archive.checkout import commit, is_checkout
from actions.archive.definitions import Definitions, Kind
from actions.archive.reading import (
    MANIFEST,
    Archive,
    ArchiveFailure,
    archives_in,
    read_archive,
    verify_archive,
)
from actions.session import Session, SharedArchives
from collectors.inventory.inventory import ML_API
from collectors.inventory.related import AUTOSCALE_API, DIAGNOSTICS_API
from queries.estate.naming import Names
from queries.estate.questions import names_in
from queries.store.file import StoreFailure
from queries.store.journal import Anchor, end_of_journal
from queries.text.causes import cause_of

FORMAT = 1
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def archive(session: Session, definitions: Definitions, evidence: Mapping[str, Any]) -> Archive:
    """Write an archive where the operator keeps them; it names what is missing from it.

    Where the operator's folder is a git checkout, it gets the YAML and the manifest alone.
    Raises ArchiveFailure where the raw definitions cannot be written or read back.
    """
    anchor = end_of_journal(session.store)
    root = archive_root(session)
    folder = write_archive(root, definitions, evidence, session.now(), anchor)
    kept = read_archive(folder)
    if session.archive_container is not None:
        _give(session.archive_container, folder)
    given = session.archive_folder_given
    if given is None or not is_checkout(given):
        return kept
    return replace(kept, not_archived=kept.not_archived + _checked_in(given, kept))


def archive_root(session: Session) -> Path:
    """Where the raw definitions are: in the folder given, but never in a git checkout.

    Of archives in Azure Storage it has the copies of this machine.
    """
    if session.archive_container is not None:
        return session.archive_container.copies
    given = session.archive_folder_given
    return given if given and not is_checkout(given) else session.archive_folder


def archives_of(session: Session) -> tuple[list[Archive], dict[str, str]]:
    """All archives as `archives_in` tells them; ArchiveFailure where they are out of reach."""
    if session.archive_container is not None:
        session.archive_container.fetch()
    return archives_in(archive_root(session))


def _give(container: SharedArchives, folder: Path) -> None:
    try:
        container.keep(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def names_of_archives(session: Session, found: Sequence[Archive]) -> Names:
    """The names of what was archived, among all that the store knows where it can be read."""
    targets = [each.target for each in found]
    try:
        return names_in(session.store, targets)
    except StoreFailure:
        return Names(targets)


def write_archive(
    root: Path,
    definitions: Definitions,
    evidence: Mapping[str, Any],
    at: datetime,
    anchor: Anchor | None = None,
) -> Path:
    """Write the raw definitions and their evidence; the folder is there whole or not at all.

    `anchor` is the newest entry of the journal, by which a journal shows that lost its end.

    Environment values are secrets and are in the raw definitions alone, so every file has mode
    0600. Raises ArchiveFailure where it cannot be written or read back.
    """
    raw = _raw_files(definitions)
    files = {name: _text(value) for name, (value, _) in raw.items()}
    files["evidence.json"] = _text(evidence)
    texts, unwritten = _yaml_files(raw)
    files |= texts
    manifest = {
        "format": FORMAT,
        "kind": definitions.kind,
        "target": definitions.target,
        "archived_at": at.isoformat(),
        "api_versions": {name: version for name, (_, version) in raw.items()},
        "journal": None if anchor is None else asdict(anchor),
        "not_archived": [*definitions.not_archived, *unwritten],
        "sha256": {name: _hash(text) for name, text in files.items()},
    }
    folder = root / _folder_name(definitions, at)
    # A store may lie in a git checkout, and its archives beside it.
    files |= {MANIFEST: _text(manifest), ".gitignore": "*\n"}
    try:
        _write_whole(folder, files)
    except OSError as error:
        raise ArchiveFailure(
            f"the archive cannot be written to {root}: {cause_of(error)}"
        ) from error
    verify_archive(folder)
    return folder


def _yaml_files(raw: Mapping[str, tuple[Any, str]]) -> tuple[dict[str, str], list[str]]:
    """The YAML of each definition by file name, and a line for each that has none."""
    files: dict[str, str] = {}
    unwritten = []
    for name, (body, _) in raw.items():
        if not name.startswith(("deployment", "endpoint")):
            continue
        kind: Kind = "endpoint" if name.startswith("endpoint") else "deployment"
        try:
            files[name.replace(".json", ".yml")] = yaml_of(kind, body)
        except NoYaml as why:
            unwritten.append(f"not archived: {kind} as YAML: azure-ai-ml cannot express it: {why}")
    return files, unwritten


def _checked_in(checkout: Path, kept: Archive) -> tuple[str, ...]:
    """The YAML and the manifest in a git checkout; why not, where it could not be done."""
    manifest = verify_archive(kept.folder) | {"raw_folder": str(kept.folder)}
    files = {path.name: path.read_text(encoding="utf-8") for path in kept.folder.glob("*.yml")}
    folder = checkout / kept.name
    try:
        _write_whole(folder, files | {MANIFEST: _text(manifest)})
    except OSError as error:
        return (f"not in the git checkout: {error}",)
    trouble = commit(folder, f"Archive {kept.path}")
    return (f"not committed: {trouble}",) if trouble else ()


def _raw_files(definitions: Definitions) -> dict[str, tuple[Any, str]]:
    """File name -> what Azure reported and the api-version that it was asked by.

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
    # A team shares its archives by giving its group the folder of all of them.
    shared = stat.S_IMODE(folder.parent.stat().st_mode) & stat.S_IRWXG
    aside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    aside.mkdir(mode=0o700)
    try:
        for name, text in files.items():
            _write_file(aside / name, text, 0o600 | shared & stat.S_IRGRP)
        aside.chmod(0o700 | shared)
        _sync(aside)
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _sync(folder.parent)


def _write_file(path: Path, text: str, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        if mode != 0o600:
            path.chmod(mode)
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
