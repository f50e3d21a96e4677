"""How sure it is what served at a moment, in words."""

from __future__ import annotations

from datetime import datetime

_SENTENCES = {
    "exact": "sure: the same in the snapshots of {before} and {after}, and nothing done in between",
    "by-event": "sure by the Activity Log, between the snapshots of {before} and {after}",
    "same-around": "likely: the same in the snapshots of {before} and {after}; what was done in"
    " between is not known, since the Activity Log of that time was not read",
    "event-between": "not sure: the same in the snapshots of {before} and {after}, but something"
    " was done in between",
    "differs": "not sure: the snapshots of {before} and {after} differ, and nothing says when it"
    " changed; both are shown",
    "last-seen": "as the snapshot of {before} saw it; there is none after it yet",
}


def certainty_of(code: str, seen_before: datetime, seen_after: datetime | None) -> str:
    """The sentence of a code, with the snapshots around the moment."""
    if seen_before == seen_after:
        return f"sure: seen by the snapshot of {_written(seen_before)}"
    after = "" if seen_after is None else _written(seen_after)
    return _SENTENCES[code].format(before=_written(seen_before), after=after)


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
