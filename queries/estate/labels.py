"""The tags that reach a deployment from the scopes above it, and which of them count."""

from __future__ import annotations

from dataclasses import dataclass

from queries.store import library
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class ReachingTag:
    """A tag of a deployment, or of the endpoint, workspace, resource group or subscription above.

    `meaning` is what the settings take the name for (None: nothing), `counts` whether that meaning
    is read from this very tag.
    """

    scope: str
    name: str
    value: str
    meaning: str | None
    counts: bool


def tags_reaching(store: Store, deployment_key: str, snapshot_id: str) -> list[ReachingTag]:
    """All tags that a snapshot saw on a deployment and above it, nearest first."""
    values = {"deployment_key": deployment_key, "snapshot_id": snapshot_id}
    with store.reading() as connection:
        return [ReachingTag(**row) for row in library.ask(connection, "tags_reaching", values)]
