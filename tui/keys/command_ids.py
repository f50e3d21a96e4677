"""What the user's own commands are called among the actions; each has a place for its key."""

from __future__ import annotations

MOST_COMMANDS = 20


def command_id(number: int) -> str:
    """The id of the action that a command is; they are counted from 1."""
    return f"command_{number}"


COMMAND_IDS = tuple(map(command_id, range(1, MOST_COMMANDS + 1)))
