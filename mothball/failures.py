"""Every failure that can reach the command line, as one line that says what to do."""

from __future__ import annotations

from actions.session import Refusal
from actions.snapshot.named import NoSuchScope
from collectors.connection.errors import AzureFailure, Stopped, one_line
from mothball.exits import FAILED, REFUSED, USAGE
from mothball.profiles import ProfileError
from mothball.settings import SettingsError
from mothball.targets import NoTarget
from queries.filter import FilterError
from queries.store.file import StoreFailure

UNEXPECTED = "unexpected"


def line_for(error: Exception) -> tuple[str, int]:
    """The line and the exit code for a failure."""
    from actions.archive.reading import ArchiveFailure

    if isinstance(error, Refusal):
        return str(error), REFUSED
    if isinstance(error, SettingsError | ProfileError):
        return str(error), USAGE
    if isinstance(error, NoSuchScope):
        return str(error), USAGE
    if isinstance(error, FilterError):
        return f"--where: {one_line(str(error))} (column {error.start + 1})", USAGE
    if isinstance(error, StoreFailure | NoTarget | ArchiveFailure):
        return str(error), FAILED
    if isinstance(error, AzureFailure):
        asked = f"{error.source}: " if error.source else ""
        return f"{asked}{error.message} ({error.code}): {error.fix}", FAILED
    if isinstance(error, Stopped):
        return "stopped before it was finished: run it again with --resume", FAILED
    name = type(error).__name__
    return f"{UNEXPECTED} {name}: {one_line(str(error))}; MOTHBALL_DEBUG=1 tells more", FAILED
