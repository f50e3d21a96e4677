"""Tokens of a filter -> terms, or the place of what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from queries.filter.comparisons import compared, pattern_of
from queries.filter.fields import FIELDS, Field, field_named
from queries.filter.terms import (
    Either,
    Every,
    Not,
    Pattern,
    Term,
    Test,
    TextOf,
    Word,
    text_of,
)
from queries.filter.tokens import OPERATORS, FilterError, Token, tokens

DEEPEST = 40
_VALUES = ("word", "quoted", "regex")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a text means: all of `parts`, each with the words that it was typed as."""

    text: str
    parts: tuple[tuple[str, Term], ...]

    def __bool__(self) -> bool:
        """Whether it can hide anything."""
        return bool(self.parts)

    def test(self, get_text: TextOf = text_of) -> Test:
        """A function that answers True for a row that shows, None where that is not known.

        `get_text` gives the text in which words are looked for, folded; who asks often keeps it.
        """
        if len(self.parts) == 1:
            return self.parts[0][1].test(get_text)
        return Every(tuple(term for _text, term in self.parts)).test(get_text)

    def blame(self, rows: Iterable[Any], get_text: TextOf = text_of) -> list[tuple[str, int]]:
        """Each part with how many of the rows it alone would show: what hid everything."""
        rows = list(rows)
        tests = [(text, term.test(get_text)) for text, term in self.parts]
        return [(text, sum(test(row) is True for row in rows)) for text, test in tests]


def parsed(text: str, fields: tuple[Field, ...] = FIELDS) -> Filter:
    """The filter that a text means; empty lets everything through. FilterError otherwise.

    `fields` are the names that it may compare: those of deployments, or of another table's rows.
    """
    found = list(tokens(text))
    if not found:
        return Filter(text, ())
    reader = _Reader(text, found, fields)
    branches = reader.branches(0)
    if reader.at < len(found):
        token = found[reader.at]
        raise FilterError("this parenthesis closes nothing", token.start, token.end)
    if len(branches) > 1:
        whole: Term = Either(tuple(_all(branch) for branch in branches))
        return Filter(text, ((text.strip(), whole),))
    return Filter(text, tuple((text[start:end], term) for term, start, end in branches[0]))


Placed = tuple[Term, int, int]


def _all(terms: list[Placed]) -> Term:
    return terms[0][0] if len(terms) == 1 else Every(tuple(term for term, _, _ in terms))


class _Reader:
    """Goes through the tokens once, from left to right."""

    def __init__(self, text: str, found: list[Token], fields: tuple[Field, ...]) -> None:
        self._text = text
        self._fields = fields
        self._tokens = found
        self.at = 0

    def branches(self, depth: int) -> list[list[Placed]]:
        """Terms between `or`s, up to a closing parenthesis or the end."""
        found = [self._terms(depth)]
        while (token := self._peek()) is not None and token.kind == "or":
            self.at += 1
            found.append(self._terms(depth, after=token))
        return found

    def _terms(self, depth: int, after: Token | None = None) -> list[Placed]:
        found: list[Placed] = []
        while (token := self._peek()) is not None and token.kind not in ("or", "close"):
            if token.kind == "and":
                if not found or after is not None:
                    break
                after = token
                self.at += 1
                continue
            self.at += 1
            found.append(self._term(token, depth))
            after = None
        if after is not None or not found:
            raise self._lacking(after or token or self._tokens[-1], depth)
        return found

    def _lacking(self, token: Token, depth: int) -> FilterError:
        sentence = f"{token.text!r} needs a term on both sides; in quotes it is a word"
        if token.kind == "close":
            empty, lone = "there is nothing in the parentheses", "this parenthesis closes nothing"
            sentence = empty if depth else lone
        return FilterError(sentence, token.start, token.end)

    def _term(self, token: Token, depth: int) -> Placed:
        if depth > DEEPEST:
            raise FilterError("this is nested too deeply", token.start, token.end)
        if token.kind == "not":
            return self._opposite(token, depth)
        if token.kind == "open":
            return self._group(token, depth)
        if token.kind == "field":
            return self._comparison(token)
        if token.kind == "regex":
            return Pattern(pattern_of(token)), token.start, token.end
        if token.kind == "word" and token.text.startswith(OPERATORS):
            sentence = f"{token.text!r} needs a field right before it, as in cost>1000"
            raise FilterError(sentence, token.start, token.end)
        return Word(token.text.casefold()), token.start, token.end

    def _opposite(self, token: Token, depth: int) -> Placed:
        following = self._peek()
        if following is None or following.kind in ("or", "and", "close"):
            raise FilterError("! needs a term after it", token.start, token.end)
        self.at += 1
        term, _start, end = self._term(following, depth + 1)
        return Not(term), token.start, end

    def _group(self, token: Token, depth: int) -> Placed:
        following = self._peek()
        if following is None:
            raise FilterError("the parenthesis does not close", token.start, token.end)
        branches = self.branches(depth + 1)
        end = self._peek()
        if end is None:
            raise FilterError("the parenthesis does not close", token.start, token.end)
        self.at += 1
        terms = tuple(_all(branch) for branch in branches)
        return (terms[0] if len(terms) == 1 else Either(terms)), token.start, end.end

    def _comparison(self, token: Token) -> Placed:
        field = field_named(token.text, self._fields)
        name_end = token.end - len(token.operator)
        if field is None:
            raise FilterError(_no_field(token.text, self._fields), token.start, name_end)
        wanted = self._values(token)
        term = compared(field, token, wanted)
        return term, token.start, wanted[-1].end

    def _values(self, token: Token) -> list[Token]:
        found: list[Token] = []
        last = token
        while True:
            value = self._peek()
            if value is None or value.kind not in _VALUES or value.start != last.end:
                raise FilterError(f"a value is missing after {_shown(last)}", last.start, last.end)
            self.at += 1
            found.append(value)
            comma = self._peek()
            if comma is None or comma.kind != "comma":
                return found
            self.at += 1
            last = comma

    def _peek(self) -> Token | None:
        return self._tokens[self.at] if self.at < len(self._tokens) else None


def _shown(token: Token) -> str:
    return "the comma" if token.kind == "comma" else f"{token.text}{token.operator}"


def _no_field(name: str, fields: tuple[Field, ...]) -> str:
    from difflib import get_close_matches  # only a mistake needs it

    known = [n for field in fields for n in (field.name, *field.aliases)]
    close = get_close_matches(name.lower(), known, n=1)
    hint = f"did you mean {close[0]}?" if close else "in quotes it is a word"
    return f"there is no field {name!r}: {hint}"
