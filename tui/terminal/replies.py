"""What a terminal says of itself – colours, versions, modes – apart from what a person types.

The forms are those of ECMA-48 and of xterm's list of control sequences: an escape, then `[` and
parameters up to a final letter, or `]`, `P`, `_` and words up to a bell or `ESC \\`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

ESCAPE = "\x1b"
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
# Silence after which an escape was a key, and after which the rest of a reply comes no more.
KEY_SECONDS = 0.1
REST_SECONDS = 1.0

# What is a key with nothing behind it: escape, alt+shift+o, alt+shift+p.
_KEYS_IF_ALONE = (ESCAPE, f"{ESCAPE}O", f"{ESCAPE}P")
_STRINGS = ("]", "P", "_")
_STRING_ENDS = ("\x07", "\x9c", "\x18", "\x1a", f"{ESCAPE}\\")
_WHOLE = re.compile(
    r"O.|\[(\[.|M.{3}|\d\d?\$|[0-?]+[ -/]*[@-~]|[ -/]*[@-LN-Z\\-~])",  # Linux, mouse, rxvt, all
    re.DOTALL,
)
_BEGUN = re.compile(r"O|\[(\[|M.{0,2}|[0-?]*[ -/]*)", re.DOTALL)
# How a reply goes on whose escape came long before it, and was taken for the key.
_LATE = re.compile(r"\](\d.*)?|\[([<=>?\dIO].*)?|P([\d>!].*)?|_(G.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Typed:
    """Characters of keys; `is_whole`: nothing that follows belongs to them."""

    text: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """One whole control sequence: a key, the mouse, or something of the terminal."""

    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted, between its brackets."""

    text: str


Piece = Typed | Sequence | Pasted


class _Form(Enum):
    BEGUN = auto()
    WHOLE = auto()
    REPLY = auto()
    BROKEN = auto()
    KEYS = auto()


class Replies:
    """Takes characters as they are read, cut anywhere, and lets through all but replies.

    What may still become a reply is held. `now` is seconds of any steady clock.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        """Nothing was read yet."""
        self._now = now
        self._held = ""
        self._given = 0  # so many of the held characters were taken for keys already
        self._pasted: str | None = None
        self._read_at = 0.0

    def feed(self, text: str) -> Iterator[Piece]:
        """What of it is certain, after something was read."""
        self._read_at = self._now()
        for character in text:
            yield from self._take(character)

    def tick(self) -> Iterator[Piece]:
        """What is certain because nothing followed it."""
        quiet = self._now() - self._read_at
        if not self._held or quiet < KEY_SECONDS:
            return
        rest = self._held[self._given :]
        if self._held in _KEYS_IF_ALONE and rest:
            self._given = len(self._held)
            yield Typed(rest, is_whole=True)
        elif self._given and len(rest) == 1:
            self._let_go()
            yield Typed(rest)
        elif quiet >= REST_SECONDS:
            self._let_go()

    def _take(self, character: str) -> Iterator[Piece]:
        if self._pasted is not None:
            yield from self._paste(character)
        elif self._held and character == ESCAPE and not self._is_string:
            yield from self._begin_anew()
        elif self._held or character == ESCAPE:
            self._held += character
            yield from self._judge()
        else:
            yield Typed(character)

    def _paste(self, character: str) -> Iterator[Piece]:
        self._pasted = (self._pasted or "") + character
        if self._pasted.endswith(PASTE_ENDS):
            yield Pasted(self._pasted.removesuffix(PASTE_ENDS))
            self._pasted = None

    def _begin_anew(self) -> Iterator[Piece]:
        """An escape within a sequence is the first of another; alone before it, it was a key."""
        rest = self._held[self._given :]
        is_key = self._held in _KEYS_IF_ALONE or len(rest) == self._given == 1
        self._let_go()
        self._held = ESCAPE
        if is_key and rest:
            yield Typed(rest, is_whole=True)

    def _judge(self) -> Iterator[Piece]:
        held, rest = self._held, self._held[self._given :]
        form = _form_of(held.removeprefix(ESCAPE), is_late=self._given > 0)
        if form is _Form.BEGUN:
            return
        self._let_go()
        if form is _Form.KEYS:
            yield Typed(rest, is_whole=True)
        elif held == PASTE_BEGINS:
            self._pasted = ""
        elif form is _Form.WHOLE:
            yield Sequence(held)
        elif form is _Form.BROKEN:
            # The last character is none of the sequence: it, or the escape before it, begins anew.
            yield from self._take_each(held[-2:] if held[-2] == ESCAPE else held[-1])

    def _take_each(self, text: str) -> Iterator[Piece]:
        for character in text:
            yield from self._take(character)

    def _let_go(self) -> None:
        self._held, self._given = "", 0

    @property
    def _is_string(self) -> bool:
        return self._held[1:2] in _STRINGS and not (self._given and self._held[1:] in _STRINGS)


def _form_of(body: str, *, is_late: bool) -> _Form:
    """What has come after an escape so far."""
    if not body:
        return _Form.BEGUN
    if is_late and not _LATE.fullmatch(body):
        return _Form.KEYS
    if body[0] in _STRINGS:
        return _form_of_string(body)
    if body[0] not in "[O":
        return _Form.KEYS
    if _WHOLE.fullmatch(body):
        return _Form.WHOLE
    return _Form.BEGUN if _BEGUN.fullmatch(body) else _Form.BROKEN


def _form_of_string(body: str) -> _Form:
    if body.endswith(_STRING_ENDS):
        return _Form.REPLY
    return _Form.BROKEN if body[-2:-1] == ESCAPE else _Form.BEGUN
