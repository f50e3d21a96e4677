"""A field, an operator and values -> a term."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

from queries.filter import values
from queries.filter.fields import Field
from queries.filter.terms import COMPARES, Absent, Comparison, Either, Matches, Not, Term
from queries.filter.tokens import FilterError, Token

UNKNOWN_WORD = "?"
_EQUALS = (":", "=", "!=")


def compared(field: Field, token: Token, wanted: list[Token]) -> Term:
    """The term; `token` holds the operator, any of the wanted values will do."""
    if len(wanted) > 1 and token.operator not in _EQUALS:
        sentence = f"{token.operator} compares with one value, not several"
        raise FilterError(sentence, wanted[0].start, wanted[-1].end)
    if token.operator == "!=":
        return Not(_any_of(field, token, wanted))
    return _any_of(field, token, wanted)


def _any_of(field: Field, token: Token, wanted: list[Token]) -> Term:
    terms = tuple(_one(field, token, value) for value in wanted)
    return terms[0] if len(terms) == 1 else Either(terms)


def _one(field: Field, token: Token, value: Token) -> Term:
    is_whole = token.operator in ("=", "!=") or bool(field.words)
    if value.kind == "word" and value.text == UNKNOWN_WORD and token.operator in _EQUALS:
        return Absent(field)
    if field.kind in ("number", "days", "date"):
        return Comparison(field, _ordered(field, token, value))
    if token.operator in (">", ">=", "<", "<="):
        sentence = f"{field.short} is text: it goes with : = !="
        raise FilterError(sentence, token.start, token.end)
    matches = _text(field, value, is_whole)
    if field.kind == "texts":
        return Comparison(field, lambda given: any(map(matches, given)))
    if field.kind == "tags":
        return Comparison(field, _tags(value, matches))
    return Comparison(field, matches)


def _ordered(field: Field, token: Token, value: Token) -> Matches:
    read: dict[str, Callable[[Field, Token], Any]] = {
        "number": values.number_of,
        "days": values.days_of,
        "date": values.date_of,
    }
    # `!=` is the opposite of `=` one level up.
    compare = COMPARES["=" if token.operator == "!=" else token.operator]
    limit = read[field.kind](field, value)
    return lambda given: compare(given, limit)


def _text(field: Field, value: Token, is_whole: bool) -> Matches:
    if value.kind == "regex":
        search = pattern_of(value).search
        return lambda given: search(given) is not None
    word = values.word_of(field, value)
    if is_whole:
        return lambda given: bool(given.casefold() == word)
    return lambda given: word in given.casefold()


def _tags(value: Token, matches: Matches) -> Matches:
    """`tag:law` looks in names and values; `tag:owner=law` in the value of one name."""
    name, equals, wanted = value.text.partition("=")
    if value.kind != "regex" and equals:
        name, wanted = name.casefold(), wanted.casefold()
        return lambda tags: any(
            key.casefold() == name and wanted in text.casefold() for key, text in tags.items()
        )
    return lambda tags: any(matches(key) or matches(text) for key, text in tags.items())


def pattern_of(token: Token) -> re.Pattern[str]:
    """A regular expression, without case."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(token.text, re.IGNORECASE)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        sentence = f"the regular expression cannot be read: {error}"
        raise FilterError(sentence, token.start, token.end) from None
