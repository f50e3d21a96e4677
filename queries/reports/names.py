"""File names from what somebody typed into a tag: safe on every system, one per value."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

WITHOUT_OWNER = "_without-owner"
LONGEST = 80
_ALLOWED = frozenset("-_.@")
# What Windows keeps for devices, and the name of the report's own list.
_TAKEN = frozenset(
    {"con", "prn", "aux", "nul", "index"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}
)


def file_names(owners: Iterable[str | None]) -> Mapping[str | None, str]:
    """A name without suffix for each owner; None: those without one.

    Letters and digits of every script stay. Where something had to go, or two names differ only
    in case (which some disks do not tell apart), a short hash of the value distinguishes them. What
    Windows keeps for devices it keeps up to the first dot.
    """
    known = set(owners)
    values = sorted(owner for owner in known if owner is not None)
    bare = {value: _bare(value) for value in values}
    folded = Counter(name.casefold() for name in bare.values())
    names: dict[str | None, str] = {None: WITHOUT_OWNER} if None in known else {}
    for value, name in bare.items():
        stem = name.casefold().split(".")[0]
        is_plain = name == value and folded[name.casefold()] == 1 and stem not in _TAKEN
        if stem in _TAKEN:
            name = name.replace(".", "-")
        names[value] = name if is_plain else f"{name or 'owner'}-{_mark(value)}"
    return names


def _bare(value: str) -> str:
    """The value without what a disk, a shell or a spreadsheet would take amiss."""
    composed = unicodedata.normalize("NFC", value)
    kept = "".join(c if c.isalnum() or c in _ALLOWED else "-" for c in composed)
    while len(kept.encode()) > LONGEST:
        kept = kept[:-1]
    return kept.lstrip("-_.@").rstrip("-.")


def _mark(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:8]
