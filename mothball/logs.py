"""What libraries log: nothing of it is shown, since every failure reaches the user as one line."""

from __future__ import annotations

import os


def quiet_libraries() -> None:
    """Keep their warnings off standard error and the screen; MOTHBALL_DEBUG lets them through."""
    import logging  # only what speaks to Azure logs, and the first frame need not wait for this

    root = logging.getLogger()
    if not root.handlers and not os.environ.get("MOTHBALL_DEBUG"):
        root.addHandler(logging.NullHandler())
