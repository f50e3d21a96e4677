"""A failure as one line that says what to do; nothing else of an exception is ever shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.state.messages import Work, WorkFailed
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

LONGEST = 300
WORK_WORDS: Mapping[Work, str] = {
    Work.SNAPSHOT: "taking a snapshot",
    Work.STORE: "reading the store",
    Work.PAST: "reading an old snapshot",
    Work.DAYS: "reading the days",
    Work.ROWS: "reading",
    Work.SHEET: "reading",
    Work.LOST_TAGS: "reading the ledger of tags",
    Work.SIGN_IN: "signing in",
    Work.PERSON: "asking who you are",
    Work.CHECK_UP: "the check-up",
    Work.EXPORT: "the export",
    Work.PREPARING: "getting ready",
    Work.PLANNING: "planning",
    Work.DELETION: "the deletion",
    Work.RESTORE: "the restore",
}


def failure_line(error: BaseException) -> str:
    """One harmless line: what went wrong, and the fix."""
    text = str(error) or type(error).__name__
    fix = getattr(error, "fix", None)
    if fix is None and not _speaks_for_itself(error):
        text = f"{type(error).__name__}: {text}"
        fix = "run `mothball doctor`; if it stays, report it"
    line = " ".join(harmless(text).split())
    if len(line) > LONGEST:
        line = line[: LONGEST - 1] + "…"
    return f"{line}: {fix}" if fix else line


def work_failure_line(failure: WorkFailed) -> str:
    """`taking a snapshot failed: …`."""
    words = " ".join(filter(None, (WORK_WORDS[failure.work], failure.what)))
    return f"{words} failed: {failure.text}"


@contextmanager
def report_failures_to(pump: MessagePump, work: Work, what: str = "") -> Iterator[None]:
    """Turn any failure of this work into a WorkFailed message to `pump`."""
    try:
        yield
    except Exception as error:
        pump.post_message(WorkFailed(work, failure_line(error), what))


def _speaks_for_itself(error: BaseException) -> bool:
    from actions.archive.reading import ArchiveFailure
    from actions.session import Refusal
    from queries.store.file import StoreFailure

    return isinstance(error, (ArchiveFailure, Refusal, StoreFailure))
