"""Tags, and where owner, purpose and role come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.details.parts import MUTED, labelled, section
from tui.words.untrusted import harmless
from tui.words.wrapping import Parts, hanging

if TYPE_CHECKING:
    from queries.estate.labels import ReachingTag
    from queries.estate.rows import DeploymentRow
    from queries.estate.tag_ledger import WrittenTag
    from tui.state.estate import Details


def tags(row: DeploymentRow, details: Details | None, width: int) -> Parts:
    """Owner, purpose and role with their sources; then the tags as they are, nearest first."""
    reaching = details.tags if details is not None else ()
    body = [
        *labelled("owner", _owner(row), width),
        *labelled("purpose", _purpose(row, reaching), width),
        *labelled("role", row.role, width),
        *_own(row, width),
        *_above(reaching, width),
        *_written(details.written if details is not None else (), width),
    ]
    return section("owner and tags", body, width)


def _owner(row: DeploymentRow) -> str | None:
    if row.owner is None:
        return None
    if row.owner_is_hint:
        who = "its creator" if row.owner_source == "created_by" else "who changed it last"
        return f"{row.owner} (only {who}: a hint)"
    return f"{row.owner} (tag of the {_words(row.owner_source or '')})"


def _purpose(row: DeploymentRow, reaching: Sequence[ReachingTag]) -> str | None:
    if row.purpose is None:
        return None
    scopes = [tag.scope for tag in reaching if tag.meaning == "purpose" and tag.counts]
    return f"{row.purpose} (tag of the {_words(scopes[0])})" if scopes else row.purpose


def _own(row: DeploymentRow, width: int) -> Parts:
    if not row.tags:
        return [("no tags of its own\n", MUTED)]
    parts: Parts = [("its tags\n", MUTED)]
    for name, value in row.tags.items():
        parts.append((f"  {_tag(name, value, width)}\n", ""))
    return parts


def _above(reaching: Sequence[ReachingTag], width: int) -> Parts:
    """Tags of scopes above; those that count are marked by a sign."""
    above = [tag for tag in reaching if tag.scope != "deployment"]
    parts: Parts = [("tags above it (✓ counts here)\n", MUTED)] if above else []
    for tag in above:
        sign = "✓" if tag.counts else " "
        text = _tag(tag.name, f"{tag.value} ({_words(tag.scope)})", width)
        parts.append((f"{sign} {text}\n", "" if tag.counts else MUTED))
    return parts


def _written(written: Sequence[WrittenTag], width: int) -> Parts:
    parts: Parts = [("written by Mothball\n", MUTED)] if written else []
    for tag in reversed(written):
        what = f"{tag.name} removed" if tag.value is None else f"{tag.name} = {tag.value}"
        text = f"{tag.written_at:%Y-%m-%d %H:%M} {what}, {tag.action} by {tag.written_by}"
        parts.append((f"  {hanging(harmless(text), width, 4)}\n", ""))
    return parts


def _tag(name: str, value: str, width: int) -> str:
    return hanging(f"{harmless(name)} = {harmless(value)}", width, 4)


def _words(scope: str) -> str:
    return scope.replace("_", " ")
