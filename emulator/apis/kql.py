"""The part of Kusto's language that Resource Graph and Log Analytics share here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from emulator.tenant.clock import instant
from emulator.tenant.shapes import Json

Test = Callable[[Json], bool]
Value = Callable[[Json], Any]


class QueryError(Exception):
    """The query cannot be answered; the text says why."""


def split(text: str, separator: str) -> list[str]:
    """Split outside of quotes and brackets."""
    parts, depth, quote, current, escaped = [], 0, "", "", False
    for letter in text:
        if quote:
            quote = "" if letter == quote and not escaped else quote
            escaped = letter == "\\" and not escaped
        elif letter in "'\"":
            quote = letter
        else:
            depth += (letter in "([") - (letter in ")]")
        if letter == separator and not quote and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += letter
    return [part for part in (*parts, current) if part.strip()]


def value(expression: str, columns: Sequence[str]) -> Value:
    """What a column, a path into it, or a function of it holds in a row."""
    wrapped = re.fullmatch(r"(tolower|tostring|toupper)\((.+)\)", expression, re.IGNORECASE)
    if wrapped:
        inner = value(wrapped[2].strip(), columns)
        change = {"tolower": str.lower, "toupper": str.upper}.get(wrapped[1].casefold(), str)
        return lambda row: "" if inner(row) is None else change(str(inner(row)))
    path = re.findall(r"\w+|\['[^']+'\]", expression)
    names = [part.strip("[]'") for part in path]
    if not names or names[0] not in columns:
        raise QueryError(f"'project' operator: Failed to resolve scalar expression '{expression}'")
    return lambda row: _dig(row, names)


def _dig(row: Json, names: list[str]) -> Any:
    value: Any = row
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


class Condition:
    """A recursive descent over the words of one where clause."""

    WORDS = re.compile(
        r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|!in~|!in\b|in~|=~|!~|==|!=|>=|<=|[(),<>]|[\w.\[\]~]+|\S"
    )

    def __init__(self, text: str, columns: Sequence[str]) -> None:
        """Take the clause apart into words."""
        self.words = self.WORDS.findall(text)
        self.columns = columns

    def parse(self) -> Test:
        """The whole clause as a test of a row."""
        test = self.either()
        if self.words:
            raise QueryError(f"Unexpected '{self.words[0]}' in where.")
        return test

    def either(self) -> Test:
        """Tests joined by or."""
        tests = [self.both()]
        while self.peek() == "or":
            self.take()
            tests.append(self.both())
        return lambda row: any(test(row) for test in tests)

    def both(self) -> Test:
        """Tests joined by and."""
        tests = [self.single()]
        while self.peek() == "and":
            self.take()
            tests.append(self.single())
        return lambda row: all(test(row) for test in tests)

    def single(self) -> Test:
        """One test, a negation or a bracket."""
        if self.peek() == "(":
            self.take()
            test = self.either()
            self.expect(")")
            return test
        if self.peek() == "not":
            self.take()
            self.expect("(")
            negated = self.either()
            self.expect(")")
            return lambda row: not negated(row)
        if self.peek() in ("isnotempty", "isempty"):
            return self.emptiness()
        return self.comparison()

    def emptiness(self) -> Test:
        """isempty or isnotempty."""
        wants_empty = self.take().casefold() == "isempty"
        self.expect("(")
        of = value(self.take(), self.columns)
        self.expect(")")
        return lambda row: (of(row) in (None, "", {}, [])) == wants_empty

    def comparison(self) -> Test:
        """A column compared with a literal."""
        of = self.operand()
        operator = self.take().casefold()
        if operator in ("in", "in~", "!in", "!in~"):
            return self.membership(of, operator)
        wanted = self.literal()
        tests: dict[str, Callable[[str], bool]] = {
            "==": lambda text: text == wanted,
            "!=": lambda text: text != wanted,
            "=~": lambda text: text.casefold() == wanted.casefold(),
            ">": lambda text: text > wanted,
            ">=": lambda text: text >= wanted,
            "<": lambda text: text < wanted,
            "<=": lambda text: text <= wanted,
            "!~": lambda text: text.casefold() != wanted.casefold(),
            "startswith": lambda text: text.casefold().startswith(wanted.casefold()),
            "endswith": lambda text: text.casefold().endswith(wanted.casefold()),
            "contains": lambda text: wanted.casefold() in text.casefold(),
            "has": lambda text: wanted.casefold() in re.findall(r"\w+", text.casefold()),
        }
        if operator not in tests:
            raise QueryError(f"Operator {operator} is not supported by this stand-in.")
        test = tests[operator]
        return lambda row: test(_text(of(row)))

    def operand(self) -> Value:
        """A column, or a function of one."""
        word = self.take()
        if word.casefold() in ("tolower", "toupper", "tostring"):
            self.expect("(")
            inner = self.take()
            self.expect(")")
            return value(f"{word}({inner})", self.columns)
        return value(word, self.columns)

    def membership(self, of: Value, operator: str) -> Test:
        """A column in a list of literals."""
        self.expect("(")
        values = [self.literal()]
        while self.peek() == ",":
            self.take()
            values.append(self.literal())
        self.expect(")")
        fold = str.casefold if operator.endswith("~") else str
        wanted = {fold(value) for value in values}
        inside = not operator.startswith("!")
        return lambda row: (fold(str(of(row))) in wanted) == inside

    def literal(self) -> str:
        """A quoted text or a number."""
        word = self.take()
        if word[0] not in "'\"" and not word.replace(".", "").isdigit():
            raise QueryError(f"Expected a literal, found '{word}'.")
        if word[0] not in "'\"":
            return word
        return re.sub(r"\\(.)", r"\1", word[1:-1])

    def peek(self) -> str:
        """The next word, in lower case."""
        return self.words[0].casefold() if self.words else ""

    def take(self) -> str:
        """The next word, taken."""
        if not self.words:
            raise QueryError("The where clause ends too early.")
        return str(self.words.pop(0))

    def expect(self, word: str) -> None:
        """Take a word that has to be this one."""
        found = self.take()
        if found != word:
            raise QueryError(f"Expected '{word}', found '{found}'.")


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return instant(value)
    return "" if value is None else str(value)
