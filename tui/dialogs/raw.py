"""A deployment and its endpoint as Azure reported them, in JSON, as the store keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.details.json_parts import json_parts
from tui.details.parts import MUTED, STRONG
from tui.dialogs.sheet import Sheet
from tui.words.untrusted import harmless
from tui.words.wrapping import Parts, Rendering

if TYPE_CHECKING:
    from collectors.connection.patience import Stop
    from queries.estate.questions import RawSeen
    from queries.estate.rows import DeploymentRow


class Raw(Sheet):
    """The newest that any snapshot saw; values of environment variables are never kept."""

    doing = "reading the store"

    def __init__(self, row: DeploymentRow) -> None:
        """Keep whose JSON it is."""
        super().__init__()
        self._row = row
        self.title_text = f"{row.name} as Azure reported it"

    def fetch(self, stop: Stop) -> Rendering:
        """Both, the deployment first."""
        from queries.estate.questions import raw_seen

        store, row = self.app.session.store, self._row
        parts: Parts = [("Values of environment variables are never kept.\n", MUTED)]
        parts += _resource("deployment", raw_seen(store, row.deployment_key))
        if row.deployment is not None:
            parts += _resource("endpoint", raw_seen(store, row.endpoint_key))
        return lambda _width: parts


def _resource(noun: str, seen: RawSeen | None) -> Parts:
    if seen is None:
        return [(f"\n{noun}: not kept\n", STRONG)]
    since = f"unchanged since {seen.seen_at:%Y-%m-%d %H:%M} UTC"
    head: Parts = [(f"\n{noun} ", STRONG), (f"{harmless(since)}\n", MUTED)]
    return [*head, *json_parts(seen.body)]
