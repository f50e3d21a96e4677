"""What a comparison's value means, by the kind of its field."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from queries.filter.fields import Field
from queries.filter.tokens import FilterError, Token
from queries.text.typed import date_from, days_from

_NUMBER = re.compile(r"(-?[0-9]{1,30}(?:\.[0-9]{1,30})?)(k|m|%)?", re.IGNORECASE)
_TIMES = {"k": 1_000, "m": 1_000_000}


def number_of(field: Field, token: Token) -> Decimal:
    """`1000`, `1.5k`, `2M`, `50%`."""
    found = _NUMBER.fullmatch(token.text)
    if found is None:
        raise _wrong(field, token, "a number such as 1000 or 1.5k")
    return Decimal(found[1]) * _TIMES.get((found[2] or "").lower(), 1)


def days_of(field: Field, token: Token) -> Decimal:
    """`30d`, `30`, `2w`."""
    try:
        return Decimal(days_from(token.text))
    except ValueError:
        raise _wrong(field, token, "a number of days such as 30d or 2w") from None


def date_of(field: Field, token: Token) -> date:
    """`2026-11-30`."""
    try:
        return date_from(token.text)
    except ValueError:
        raise _wrong(field, token, "a date such as 2026-11-30") from None


def word_of(field: Field, token: Token) -> str:
    """One of the words that the field can be, or any text; without case."""
    word = token.text.casefold()
    if field.words and word not in field.words:
        known = ", ".join(field.words)
        sentence = f"{field.name} is never {token.text!r}; there are: {known}"
        raise FilterError(sentence, token.start, token.end)
    return word


def _wrong(field: Field, token: Token, wanted: str) -> FilterError:
    sentence = f"{field.short} is compared with {wanted}, not {token.text!r}"
    return FilterError(sentence, token.start, token.end)
