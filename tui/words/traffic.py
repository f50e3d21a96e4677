"""The traffic of an endpoint as a bar: a part for each deployment, distinct without colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow

SIGNS = "█▓▒░"
NOBODY = "·"


def shares_in(rows: Sequence[DeploymentRow]) -> list[tuple[DeploymentRow, float]] | None:
    """The deployments with a share of live traffic, the largest first; None: not known."""
    pairs = [(row, row.live_traffic_percent) for row in rows]
    if any(share is None for _row, share in pairs):
        return None
    held = [(row, share) for row, share in pairs if share]
    return sorted(held, key=lambda pair: (-pair[1], pair[0].name))


def bar(shares: Sequence[float], width: int) -> str:
    """A bar of so many cells; whoever has any share has at least one, what is left is dotted."""
    cells = ""
    for place, share in enumerate(shares[:width]):
        room = width - len(cells) - min(len(shares) - place - 1, width)
        cells += SIGNS[place % len(SIGNS)] * max(min(round(share / 100 * width), room), 1)
    return f"{cells[:width]:{NOBODY}<{width}}"
