"""The text of an answer -> JSON within bounds; numbers beyond reason stay texts."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from decimal import Decimal
from math import isfinite
from typing import Any, TypeVar

import msgspec

Shaped = TypeVar("Shaped")
# Resource Graph sends at most 16 MB, and nothing that is asked here comes near it.
MOST_CHARACTERS = 64 * 2**20
# The resources of Machine Learning and the OpenAPI documents about them nest a dozen levels.
DEEPEST = 100
# The store keeps amounts as decimal(38, 18), and counts in 64 bits.
LARGEST_AMOUNT = Decimal(10) ** 18
MOST_DIGITS = 18
_ESCAPES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<bad>\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\u0000)"
)
_BEGINNINGS = (r"\ud", r"\uD", r"\u0000")
# Every digit as 0 and all else but the point as a space: a long number outside of fractions,
# which Azure writes with many digits, begins with a space, and is found without a pattern.
_DIGITS = bytes(48 if 48 <= byte < 58 else byte if byte == 46 else 32 for byte in range(256))
_LONG_NUMBER = b" " + b"0" * (MOST_DIGITS + 1)
_ESCAPED = re.compile(r"\\.")
_NO_BRACKETS = bytes(set(range(256)) - set(b'[]{}"'))
_TEXTS = re.compile(rb'"[^"]*"')


class BadJson(ValueError):
    """A text that is no JSON, or JSON beyond the bounds; `code` says which."""

    def __init__(self, message: str, code: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.message = message
        self.code = code


def json_of(text: str, *, exactly: bool = False) -> Any:
    """The JSON of a text; raises BadJson.

    `exactly` keeps every digit of its fractions, for money. NaN, infinities and numbers that no
    column could hold are left as texts, so that whoever looks for a number refuses them by their
    type; half a character, or a NUL, on which PostgreSQL ends a text, is U+FFFD.
    """
    if len(text) > MOST_CHARACTERS:
        megabytes = MOST_CHARACTERS // 2**20
        raise BadJson(f"the answer is larger than {megabytes} MB", "TooLarge")
    if "\\u" in text and any(beginning in text for beginning in _BEGINNINGS):
        text = _ESCAPES.sub(lambda found: r"\ufffd" if found["bad"] else found[0], text)
    try:
        body = _decoded(text, exactly)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        if text.lstrip().startswith("<"):
            raise BadJson("a web page came in place of the answer", "WebPage") from error
        raise BadJson("the answer is not JSON", "NotJson") from error
    if _is_deep(text):
        raise _too_deep()
    return body


def shaped(text: str, decoder: msgspec.json.Decoder[Shaped]) -> Shaped | None:
    """The JSON of a text in one shape; None where it has not that shape, or `json_of` mends it."""
    if len(text) > MOST_CHARACTERS or "\\u" in text:
        return None
    with suppress(msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return decoder.decode(text)
    return None


def _decoded(text: str, exactly: bool) -> Any:
    """What is odd in a way that msgspec refuses, json reads more slowly, each number by itself."""
    digits = b" " + text.encode(errors="replace").translate(_DIGITS)
    if _LONG_NUMBER not in digits:
        with suppress(msgspec.DecodeError, UnicodeEncodeError):
            return (_EXACT if exactly else _PLAIN).decode(text)
    fraction = _exact if exactly else _fraction
    return json.loads(text, parse_float=fraction, parse_int=_integer, parse_constant=str)


def _too_deep() -> BadJson:
    return BadJson(f"the answer nests deeper than {DEEPEST} levels", "TooDeep")


def _is_deep(text: str) -> bool:
    """Whether JSON nests too deep: of its brackets alone the innermost are taken away in turn."""
    if "\\" in text:
        text = _ESCAPED.sub("", text)
    brackets = text.encode(errors="replace").translate(None, _NO_BRACKETS).replace(b'""', b"")
    brackets = _TEXTS.sub(b"", brackets)
    for _depth in range(DEEPEST):
        if not brackets:
            return False
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return bool(brackets)


def _fraction(text: str) -> float | str:
    number = float(text)
    return number if isfinite(number) else text


def _exact(text: str) -> Decimal | str:
    number = Decimal(text)
    return number if abs(number) < LARGEST_AMOUNT else text


def _integer(text: str) -> int | str:
    return int(text) if len(text.lstrip("-")) <= MOST_DIGITS else text


_PLAIN = msgspec.json.Decoder()
_EXACT = msgspec.json.Decoder(float_hook=_exact)
