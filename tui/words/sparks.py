"""Days as one line of characters, a cell each: what is not known leaves a gap."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

BLOCKS, PLAIN = "▁▂▃▄▅▆▇█", ".:-=+*#@"
ZERO, GAP = "_", " "


def has_blocks(term: str | None, encoding: str | None) -> bool:
    """Whether a terminal of this kind draws blocks of eight heights; Linux's console does not."""
    return term != "linux" and (encoding or "utf-8").lower().replace("-", "") == "utf8"


def spark(values: Sequence[float | None], *, blocks: bool | None = None) -> str:
    """A cell for each value, as high as it is beside the highest; a zero is `_`, a gap not known.

    In blocks where the terminal draws them, unless `blocks` says whether it does; else in ASCII.
    """
    if blocks is None:
        blocks = has_blocks(os.environ.get("TERM"), getattr(sys.__stdout__, "encoding", None))
    levels = BLOCKS if blocks else PLAIN
    top = max((value for value in values if value is not None), default=0.0)
    return "".join(_cell(value, top, levels) for value in values)


def _cell(value: float | None, top: float, levels: str) -> str:
    if value is None:
        return GAP
    if value <= 0:
        return ZERO
    return levels[min(int(value / top * len(levels)), len(levels) - 1)]
