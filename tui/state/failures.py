"""A failure as one line that says what to do; nothing else of an exception is ever shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.state.messages import WorkFailed
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

LONGEST = 300


def told(error: BaseException) -> str:
    """One harmless line: what went wrong, and the mend."""
    text = str(error) or type(error).__name__
    mend = getattr(error, "mend", None)
    if mend is None and not _speaks_for_itself(error):
        text = f"{type(error).__name__}: {text}"
        mend = "run `mothball doctor`; if it stays, report it"
    line = " ".join(harmless(text).split())
    if len(line) > LONGEST:
        line = line[: LONGEST - 1] + "…"
    return f"{line}: {mend}" if mend else line


@contextmanager
def told_to(pump: MessagePump, doing: str) -> Iterator[None]:
    """Turn any failure of a worker into a WorkFailed message to `pump`."""
    try:
        yield
    except Exception as error:
        pump.post_message(WorkFailed(doing, told(error)))


def _speaks_for_itself(error: BaseException) -> bool:
    from actions.archive.reading import ArchiveFailure
    from actions.session import Refusal
    from queries.store.file import StoreFailure

    return isinstance(error, (ArchiveFailure, Refusal, StoreFailure))
