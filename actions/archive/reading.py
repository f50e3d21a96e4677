"""What was archived: found, checked against its manifest, and read again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from actions.archive.definitions import Definitions, Kind
from collectors.inventory.resources import moment
from queries.store.journal import Anchor

MANIFEST = "manifest.json"
_ALWAYS = {
    "deployment": ("deployment.json", "endpoint.json", "evidence.json"),
    "endpoint": ("endpoint.json", "evidence.json"),
}
FILE = re.compile(r"[a-z][a-z0-9-]*\.(json|yml)")
_DEPLOYMENT = re.compile(r"deployment(-[0-9]+)?\.json")


class ArchiveFailure(Exception):
    """An archive could not be written, or does not read back as it was written."""


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive, as its manifest tells; `deployment` is None for a whole endpoint's.

    `not_archived` names what could not be put into it, a line each. `anchor` is the
    journal's newest entry at that time; None: it had none.
    """

    name: str
    folder: Path
    kind: Kind
    target: str
    archived_at: datetime
    deployment: str | None
    endpoint: str
    workspace: str
    not_archived: tuple[str, ...] = ()
    anchor: Anchor | None = None

    @property
    def path(self) -> str:
        """`workspace/endpoint/deployment`, or `workspace/endpoint`."""
        return "/".join(filter(None, (self.workspace, self.endpoint, self.deployment)))


def verify_archive(folder: Path) -> dict[str, Any]:
    """The manifest of an archive whose files are what it says; raises ArchiveFailure otherwise."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        hashes = manifest["sha256"]
        missing = set(_ALWAYS[manifest["kind"]]) - hashes.keys()
        if missing:
            raise ArchiveFailure(
                f"{folder} is not a whole archive: no {', '.join(sorted(missing))}"
            )
        for name, digest in hashes.items():
            # The manifest itself may have been altered: no name in it leads out of the folder.
            if not FILE.fullmatch(name) or _hash(folder / name) != digest:
                raise ArchiveFailure(f"{folder / name} is not what was archived")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveFailure(f"{folder} is not a whole archive") from error
    return dict(manifest)


def archives_in(root: Path) -> tuple[list[Archive], dict[str, str]]:
    """The archives of a folder, newest first, and by name a line for each that is not whole."""
    found: list[Archive] = []
    broken: dict[str, str] = {}
    folders = sorted(root.iterdir(), reverse=True) if root.is_dir() else []
    for folder in folders:
        if not folder.is_dir() or folder.name.startswith("."):
            continue
        try:
            found.append(read_archive(folder))
        except ArchiveFailure as failure:
            broken[folder.name] = str(failure)
    return found, broken


def read_archive(folder: Path) -> Archive:
    """What the manifest of a whole archive tells; raises ArchiveFailure otherwise."""
    return _archive(folder, verify_archive(folder))


def definitions_in(folder: Path) -> tuple[Definitions, dict[str, str]]:
    """The definitions of a whole archive, and the api-version of each file of it."""
    manifest = verify_archive(folder)
    files = sorted(manifest["sha256"])
    bodies = {name: _json(folder / name) for name in files if name.endswith(".json")}
    definitions = Definitions(
        kind=manifest["kind"],
        endpoint=bodies["endpoint.json"],
        deployments=tuple(bodies[name] for name in files if _DEPLOYMENT.fullmatch(name)),
        autoscale=_batch(bodies.get("autoscale.json")),
        diagnostics=_batch(bodies.get("diagnostics.json")),
        not_archived=_lines(manifest),
    )
    return definitions, dict(manifest.get("api_versions") or {})


def _archive(folder: Path, manifest: Mapping[str, Any]) -> Archive:
    target, kind = str(manifest.get("target", "")), manifest["kind"]
    words = target.strip("/").split("/")
    at = moment(manifest.get("archived_at"))
    if at is None or len(words) < 6:
        raise ArchiveFailure(f"{folder} has a manifest without a target or a time")
    names = [None, *words[-1:-4:-2]] if kind == "endpoint" else words[-1:-6:-2]
    deployment, endpoint, workspace = names
    return Archive(
        name=folder.name,
        folder=folder,
        kind=kind,
        target=target,
        archived_at=at,
        deployment=deployment,
        endpoint=str(endpoint),
        workspace=str(workspace),
        not_archived=_lines(manifest),
        anchor=_anchor(manifest.get("journal")),
    )


def _anchor(recorded: Any) -> Anchor | None:
    try:
        return Anchor(int(recorded["sequence"]), str(recorded["hash"]), str(recorded["first_hash"]))
    except (KeyError, TypeError, ValueError):
        return None


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArchiveFailure(f"{path} cannot be read") from error


def _lines(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    recorded = manifest.get("not_archived")
    return tuple(map(str, recorded)) if isinstance(recorded, list) else ()


def _batch(value: Any) -> tuple[Mapping[str, Any], ...] | None:
    return None if value is None else tuple(value)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
