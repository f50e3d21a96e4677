"""What an element of an answer must be: another one is a read error, and never an absent one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from collectors.connection.errors import Misshapen

Shape = Callable[[Any], bool]


def each_whole(elements: Iterable[Any], is_whole: Shape) -> Iterator[dict[str, Any]]:
    """Every element that has its shape; Misshapen is raised at the end if another came too."""
    whole = odd = 0
    for element in elements:
        if is_whole(element):
            whole += 1
            yield element
        else:
            odd += 1
    if odd:
        text = f"{odd} of {whole + odd} elements of the answer are not what Azure promises"
        raise Misshapen(text)


def is_object(element: Any) -> bool:
    """A JSON object."""
    return isinstance(element, dict)


def has_id(element: Any) -> bool:
    """An object with an ARM id."""
    return isinstance(element, dict) and bool(_text(element.get("id")).strip("/ "))


def is_resource(element: Any) -> bool:
    """A resource whose properties can be read, and its tags where it has any."""
    return (
        has_id(element)
        and isinstance(element.get("properties"), dict)
        and isinstance(element.get("tags"), dict | None)
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
