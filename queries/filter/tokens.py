"""A filter's text as tokens, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal[
    "word", "quoted", "regex", "field", "comma", "not", "or", "and", "open", "close"
]

OPERATORS = (">=", "<=", "!=", ":", "=", ">", "<")
_FIELD = re.compile(r"([A-Za-z_][\w-]*)(>=|<=|!=|[:=><])")
_SPACE = re.compile(r"\s+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_REGEX = re.compile(r"/((?:[^/\\]|\\.)+)/(?=[\s)]|$)", re.DOTALL)
_WORD = re.compile(r'[^\s()"]+')
_VALUE = re.compile(r'[^\s(),"]+')
_KEYWORDS: dict[str, TokenKind] = {"or": "or", "and": "and"}


class FilterError(ValueError):
    """The text is no filter. `start` and `end` bound the mistake in it; `str` is one sentence."""

    def __init__(self, sentence: str, start: int, end: int) -> None:
        """Keep the sentence and the place."""
        super().__init__(sentence)
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text from `start` to before `end`.

    `text` is without quotes and escapes; of a field it is the name, and `operator` what follows.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    operator: str = ""


def tokens(text: str) -> Iterator[Token]:
    """The tokens in order; FilterError for a quote that does not end."""
    at = 0
    in_values = False
    while at < len(text):
        space = _SPACE.match(text, at)
        if space is not None:
            at, in_values = space.end(), False
            continue
        token = _next(text, at, in_values)
        # A comma parts values only after an operator; in a word it is a character like any other.
        in_values = token.kind in ("field", "comma") or (in_values and token.kind in _ENDS_VALUE)
        at = token.end
        yield token


_ENDS_VALUE = ("word", "quoted", "regex")


def _next(text: str, at: int, in_values: bool) -> Token:
    character = text[at]
    if character in "()":
        return Token("open" if character == "(" else "close", character, at, at + 1)
    if character == "," and in_values:
        return Token("comma", character, at, at + 1)
    if character == "!" and not in_values:
        return Token("not", character, at, at + 1)
    if character == '"':
        return _quoted(text, at)
    if (found := _REGEX.match(text, at)) is not None:
        return Token("regex", found[1], at, found.end())
    return _value(text, at) if in_values else _word(text, at)


def _quoted(text: str, at: int) -> Token:
    found = _QUOTED.match(text, at)
    if found is None:
        raise FilterError("the quote does not end", at, len(text))
    return Token("quoted", re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL), at, found.end())


def _value(text: str, at: int) -> Token:
    found = _VALUE.match(text, at)
    assert found is not None  # what it does not take was looked for before
    return Token("word", found[0], at, found.end())


def _word(text: str, at: int) -> Token:
    if (field := _FIELD.match(text, at)) is not None:
        return Token("field", field[1], at, field.end(), field[2])
    found = _WORD.match(text, at)
    assert found is not None  # what it does not take was looked for before
    kind = _KEYWORDS.get(found[0].lower(), "word")
    return Token(kind, found[0], at, found.end())
