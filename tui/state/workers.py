"""Work that goes on behind a screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.dom import DOMNode


def in_thread(node: DOMNode, work: Callable[[], None], group: str) -> None:
    """Do this in a thread, in place of what the node's group was at; its failures stay its own."""
    node.run_worker(work, group=group, thread=True, exclusive=True, exit_on_error=False)
