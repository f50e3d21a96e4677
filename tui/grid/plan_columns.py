"""The columns with which the targets of every plan begin, whatever the plan does to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tui.grid.columns import Column

HIDDEN = "hidden"


def in_order(_line: object) -> int:
    """The targets stay in the order in which they are dealt with, whatever is pressed."""
    return 0


def standing_column(standing: Callable[[Any], tuple[str, str | None]]) -> Column[Any]:
    """Where a target stands, by its words and their tone."""
    return Column(
        "standing",
        "plan",
        13,
        lambda line: standing(line)[0],
        in_order,
        priority=12,
        frozen=True,
        tone=lambda line: standing(line)[1],
    )


def name_column(grows_to: int) -> Column[Any]:
    """What a target is called."""
    return Column(
        "name",
        "endpoint/deployment",
        25,
        lambda line: line.name,
        in_order,
        priority=11,
        frozen=True,
        grows_to=grows_to,
    )


def hidden_column() -> Column[Any]:
    """Whether the filter hides a target where it was marked."""
    return Column(
        "hidden",
        "filter",
        6,
        lambda line: HIDDEN if line.is_hidden else "shown",
        in_order,
        priority=10,
        tone=lambda line: "act" if line.is_hidden else None,
    )
