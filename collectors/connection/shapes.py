"""What an element of an answer must be: another one is a read error, and never an absent one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from collectors.connection.errors import Misshapen, NotUnderstood, one_line

Shape = Callable[[Any], bool]
# The shapes of fields by their dotted paths; a field that is absent or null has any shape.
Fields = Mapping[str, Shape]
MOST_INSTANCES = 10**6
_MOST_NAMED = 3


def each_whole(elements: Iterable[Any], is_whole: Shape) -> Iterator[dict[str, Any]]:
    """Every element that has its shape; Misshapen is raised at the end if another came too."""
    whole = 0
    odd: list[str] = []
    for place, element in enumerate(elements, start=1):
        if is_whole(element):
            whole += 1
            yield element
        else:
            odd.append(one_line(element["id"]) if has_id(element) else f"number {place}")
    if odd:
        raise misshapen(whole, odd)


def misshapen(whole: int, odd: list[str]) -> Misshapen:
    """The failure of elements that were refused, by their names."""
    named = ", ".join(odd[:_MOST_NAMED]) + (", …" if len(odd) > _MOST_NAMED else "")
    count = whole + len(odd)
    text = f"{len(odd)} of {count} elements of the answer are not what Azure promises: {named}"
    return Misshapen(text, whole / count)


def odd_fields(element: Mapping[str, Any], fields: Fields) -> list[str]:
    """The paths of the fields that are there and have not their shape."""
    odd: dict[str, None] = {}
    for path, is_whole in fields.items():
        value: Any = element
        walked: list[str] = []
        for name in path.split("."):
            if not isinstance(value, dict):
                break
            walked.append(name)
            value = value.get(name)
        is_there = value is not None
        if is_there and not (is_whole(value) if ".".join(walked) == path else is_object(value)):
            odd[".".join(walked)] = None
    return list(odd)


def next_page(page: Mapping[str, Any], name: str, seen: set[str]) -> str | None:
    """The address of the next page, noted in `seen`; None at the end.

    Raises Misshapen where it is no address, NotUnderstood where it was seen already.
    """
    link = page.get(name)
    if link is None or link == "":
        return None
    if not is_text(link) or not _is_address(link):
        raise Misshapen("the next page of the answer is named by no address")
    if link in seen:
        raise NotUnderstood("a list's next page is a page it already gave", "EndlessPages")
    seen.add(link)
    return str(link)


def objects_in(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; anything else that an answer holds there says nothing."""
    return [one for one in value if is_object(one)] if isinstance(value, list) else []


def is_object(element: Any) -> bool:
    """A JSON object."""
    return isinstance(element, dict)


def is_text(value: Any) -> bool:
    """A text, perhaps an empty one."""
    return isinstance(value, str)


def is_flag(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def is_number(value: Any) -> bool:
    """A finite number; a text that holds one is none."""
    return (
        isinstance(value, int | float | Decimal) and not isinstance(value, bool) and isfinite(value)
    )


def is_whole_number(value: Any) -> bool:
    """A number without a fraction."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_count(value: Any) -> bool:
    """A whole number of instances, not below 0."""
    return is_whole_number(value) and 0 <= value <= MOST_INSTANCES


def is_tags(value: Any) -> bool:
    """Tags: text by name; Azure gives null for an empty one."""
    return isinstance(value, dict) and all(isinstance(one, str | None) for one in value.values())


def each(is_whole: Shape) -> Shape:
    """A list of nothing but this."""
    return lambda value: isinstance(value, list) and all(map(is_whole, value))


def either(*shapes: Shape) -> Shape:
    """Any of these."""
    return lambda value: any(is_whole(value) for is_whole in shapes)


def has_id(element: Any) -> bool:
    """An object with an ARM id."""
    return isinstance(element, dict) and bool(_text(element.get("id")).strip("/ "))


def has_fields(fields: Fields) -> Shape:
    """An object none of whose fields is odd."""
    return lambda element: isinstance(element, dict) and not odd_fields(element, fields)


def is_resource(element: Any) -> bool:
    """A resource whose properties can be read, and its tags where it has any."""
    return (
        has_id(element)
        and isinstance(element.get("properties"), dict)
        and not odd_fields(element, {"tags": is_tags})
    )


def _is_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.port != 0
    except ValueError:
        return False


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
