"""Terms of a filter as functions of a row that answer True, False, or None: not known.

Logic is three-valued: what compares with an unknown value is unknown, and so is its opposite.
Only True shows a row.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from queries.estate.rows import asset_name
from queries.filter.fields import Field

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow

Test: TypeAlias = Callable[[Any], "bool | None"]
TextOf: TypeAlias = Callable[[Any], str]
Matches: TypeAlias = Callable[[Any], bool]

COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    ":": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Word:
    """A text that occurs anywhere in what a row says; without case."""

    text: str

    def test(self, get_text: TextOf) -> Test:
        """The function of a row."""
        word = self.text
        return lambda row: word in get_text(row)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that is found anywhere in what a row says."""

    pattern: re.Pattern[str]

    def test(self, get_text: TextOf) -> Test:
        """The function of a row."""
        search = self.pattern.search
        return lambda row: search(get_text(row)) is not None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field whose value does what `matches` wants; None is not known, whatever is wanted."""

    field: Field
    matches: Matches

    def test(self, get_text: TextOf) -> Test:
        """The function of a row."""
        read, matches = self.field.read, self.matches
        absent = False if self.field.none_is_known else None

        def test(row: Any) -> bool | None:
            value = read(row)
            return absent if value is None else matches(value)

        return test


@dataclass(frozen=True, slots=True)
class Absent:
    """A field without a value: `owner:?`."""

    field: Field

    def test(self, get_text: TextOf) -> Test:
        """The function of a row."""
        read = self.field.read
        return lambda row: read(row) in (None, "", (), {})


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; of what is unknown it is unknown."""

    term: Term

    def test(self, get_text: TextOf) -> Test:
        """The function of a row."""
        inner = self.term.test(get_text)

        def test(row: Any) -> bool | None:
            answer = inner(row)
            return None if answer is None else not answer

        return test


@dataclass(frozen=True, slots=True)
class Every:
    """All of them; false as soon as one is, however little is known of the others."""

    terms: tuple[Term, ...]

    def test(self, get_text: TextOf) -> Test:
        """The function of a row."""
        return _decided_by(False, [term.test(get_text) for term in self.terms])


@dataclass(frozen=True, slots=True)
class Either:
    """At least one; true as soon as one is, however little is known of the others."""

    terms: tuple[Term, ...]

    def test(self, get_text: TextOf) -> Test:
        """The function of a row."""
        return _decided_by(True, [term.test(get_text) for term in self.terms])


Term: TypeAlias = Word | Pattern | Comparison | Absent | Not | Every | Either


def _decided_by(decisive: bool, tests: Sequence[Test]) -> Test:
    def test(row: Any) -> bool | None:
        answer: bool | None = not decisive
        for each in tests:
            decided = each(row)
            if decided is decisive:
                return decisive
            if decided is None:
                answer = None
        return answer

    return test


TEXT_READS = (
    "verdict",
    "workspace",
    "endpoint",
    "deployment",
    "owner",
    "instance_type",
    "region",
    "provisioning_state",
    "kind",
    "role",
    "purpose",
    "resource_group",
    "subscription_id",
    "model",
    "environment",
)
"""The attributes of a row that its text rests on."""


def text_of(row: DeploymentRow) -> str:
    """What words are looked for in: the texts of a row, folded, apart by line breaks."""
    texts = (
        row.verdict,
        row.path,
        row.owner,
        row.instance_type,
        row.region,
        row.provisioning_state,
        row.kind,
        row.role,
        row.purpose,
        row.resource_group,
        row.subscription_id,
        asset_name(row.model),
        asset_name(row.environment),
    )
    return "\n".join(text for text in texts if text).casefold()
