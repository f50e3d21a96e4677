"""Cloud profiles: the three public clouds by name, any other by a TOML file."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from collectors.connection.cloud import KNOWN, Cloud

_NEEDED = ("name", "resource_manager", "authority", "metrics")
_ADDRESSES = ("resource_manager", "authority", "metrics", "logs", "retail_prices", "portal")
_SCOPES = ("resource_manager_scope", "metrics_scope", "logs_scope")


class ProfileError(Exception):
    """A cloud that is neither a known name nor a readable profile."""


def cloud_named(name_or_file: str) -> Cloud:
    """A public cloud by its name (case does not matter), or the profile in a file."""
    known = KNOWN.get(name_or_file.lower())
    if known is not None:
        return known
    path = Path(name_or_file).expanduser()
    if not path.is_file():
        names = ", ".join(cloud.name for cloud in KNOWN.values())
        raise ProfileError(f"{name_or_file!r} is no cloud ({names}) and no profile file")
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{path} cannot be read: {error}") from error
    return _cloud(given, path)


def _cloud(given: dict[str, Any], path: Path) -> Cloud:
    allowed = {*_NEEDED, *_ADDRESSES, *_SCOPES, "ca_bundle", "managed_identity", "now"}
    unknown, missing = sorted(given.keys() - allowed), sorted(set(_NEEDED) - given.keys())
    if unknown or missing:
        problem = f"does not know {unknown[0]}" if unknown else f"lacks {missing[0]}"
        raise ProfileError(f"{path} {problem}")
    if not isinstance(given.get("managed_identity", False), bool):
        raise ProfileError(f"{path}: managed_identity is true or false")
    for name in _ADDRESSES:
        if name in given and not _is_https(given[name]):
            raise ProfileError(f"{path}: {name} must be an https address")
    values = {n: str(given[n]).rstrip("/") for n in _ADDRESSES if n in given}
    values |= {n: str(given[n]) for n in ("name", *_SCOPES) if n in given}
    return Cloud(
        **values,
        ca_bundle=_bundle(given, path),
        custom=True,
        managed_identity=bool(given.get("managed_identity", False)),
        now=_now(given, path),
    )


def _bundle(given: dict[str, Any], path: Path) -> Path | None:
    if "ca_bundle" not in given:
        return None
    bundle = path.parent / str(given["ca_bundle"])
    if not bundle.is_file():
        raise ProfileError(f"{path}: there is no ca_bundle {bundle}")
    return bundle.resolve()


def _now(given: dict[str, Any], path: Path) -> datetime | None:
    now = given.get("now")
    if now is None or (isinstance(now, datetime) and now.tzinfo is not None):
        return now
    raise ProfileError(f"{path}: now is a time with its zone, such as 2026-11-23T18:00:00Z")


def _is_https(address: Any) -> bool:
    split = urlsplit(str(address))
    return split.scheme == "https" and bool(split.netloc)
