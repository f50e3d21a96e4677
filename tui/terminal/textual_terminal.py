"""All that touches the inside of Textual's terminal driver: what it reads, and how it writes.

Textual 8 takes a control sequence that it does not know for typed keys, one for each letter, and
so does it with one that comes in two reads. Here only keys, the mouse and what Textual asked the
terminal for come through.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from time import monotonic

from textual import events
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.drivers._writer_thread import WriterThread
from textual.message import Message

from tui.terminal.replies import ESCAPE, Pasted, Piece, Replies, Sequence

_AT_ONCE = 0.0


class Parser(XTermParser):
    """Textual's, behind `Replies`; what that lets through and this does not know is dropped."""

    def __init__(self, debug: bool = False, replies: Replies | None = None) -> None:
        """Nothing was read yet."""
        self._replies = replies or Replies(monotonic)
        super().__init__(debug)

    def feed(self, data: str) -> Iterator[Message]:
        """What was read became these messages; empty is the end of all input."""
        if not data:
            yield from super().feed(data)
        for piece in self._replies.feed(data):
            yield from self._messages_of(piece)

    def tick(self) -> Iterator[Message]:
        """What silence made certain."""
        for piece in self._replies.tick():
            yield from self._messages_of(piece)
        yield from super().tick()

    def _messages_of(self, piece: Piece) -> Iterator[Message]:
        if isinstance(piece, Pasted):
            yield events.Paste(piece.text.replace("\x00", ""))
            return
        if piece.text.startswith(ESCAPE):
            yield from self._finish()
        yield from super().feed(piece.text)
        if isinstance(piece, Sequence):
            self._forget()
        elif piece.is_whole:
            yield from self._finish()

    def _finish(self) -> Iterator[Message]:
        """Wait no longer for what would follow."""
        if self._timeout_time is not None:
            self._timeout_time = _AT_ONCE
            yield from super().tick()

    def _forget(self) -> None:
        """Drop a sequence that was not understood though it is whole."""
        if self._timeout_time is not None:
            self._gen = self.parse(self._tokens.append)
            self._awaiting = next(self._gen)
            self._timeout_time = None


class Writer(WriterThread):
    """Textual's; where the terminal has gone away it takes what is written, and writes nothing.

    Otherwise its queue would fill, and the application wait for ever for room in it.
    """

    def run(self) -> None:
        """Write until the end is reported."""
        try:
            super().run()
        except OSError:
            # What is left in its buffer is flushed at the end of the program, and must not fail.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._file.fileno())
            while self._queue.get() is not None:
                pass


def guard(driver: type[Driver]) -> None:
    """Let a driver of Textual's read and write by these."""
    module = sys.modules[driver.__module__]
    # That of Windows has what it reads in a module of its own.
    for holder in (module, getattr(module, "win32", module)):
        for name, own in (("XTermParser", Parser), ("WriterThread", Writer)):
            if hasattr(holder, name):
                setattr(holder, name, own)
