"""What is concluded of a deployment: a code with its parameters, and its sentence at the edge.

The store holds each as the JSON text that the judge made; it is read where it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, overload

from queries.text import sentences


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A reason, a finding, a piece of missing evidence or a barrier; docs/sql.md lists the codes.

    `recorded` is a sentence that an earlier version wrote.
    """

    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What a person reads."""
        return sentences.sentence(self.code, self.parameters)


@dataclass(frozen=True, slots=True)
class Conclusions(Sequence[Conclusion]):
    """Several in their order, as the JSON texts of the store."""

    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, several: Iterable[Conclusion]) -> Conclusions:
        """Those that were not made in the store."""
        return cls(tuple(json.dumps({"code": c.code, **c.parameters}) for c in several))

    def __len__(self) -> int:
        """How many."""
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> Conclusion: ...
    @overload
    def __getitem__(self, place: slice) -> Conclusions: ...
    def __getitem__(self, place: int | slice) -> Conclusion | Conclusions:
        """The one at a place, or a part."""
        if isinstance(place, slice):
            return Conclusions(self.texts[place])
        return _read(self.texts[place])[0]

    def __add__(self, others: Conclusions) -> Conclusions:
        """These, then the others."""
        return Conclusions(self.texts + others.texts)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a person reads of each."""
        return tuple(_read(text)[1] for text in self.texts)

    @property
    def codes(self) -> tuple[str, ...]:
        """What a program tests of each."""
        return tuple(_read(text)[0].code for text in self.texts)

    @property
    def first(self) -> str | None:
        """The sentence of the deciding one; None: there is none."""
        return _read(self.texts[0])[1] if self.texts else None

    def sentence_of(self, *codes: str) -> str | None:
        """The sentence of the first with one of these codes."""
        found = (_read(text) for text in self.texts)
        return next((text for conclusion, text in found if conclusion.code in codes), None)


# Most deployments share their texts, and every screen and filter asks for them again.
@lru_cache(maxsize=65_536)
def _read(text: str) -> tuple[Conclusion, str]:
    """The conclusion of a text, and its sentence."""
    conclusion = _conclusion(text)
    return conclusion, conclusion.sentence


def _conclusion(text: str) -> Conclusion:
    if not text.startswith("{"):
        return Conclusion("recorded", {"sentence": text})
    try:
        values = json.loads(text)
        return Conclusion(values.pop("code"), values)
    except (ValueError, KeyError):
        return Conclusion("recorded", {"sentence": text})
