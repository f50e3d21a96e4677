"""How a conclusion is worded: a template, or a function where one template cannot say it.

A template takes the conclusion's parameters by name. Days are ISO 8601, percents 0 to 100.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from collectors.records import counted

Parameters: TypeAlias = Mapping[str, Any]
Template: TypeAlias = str | Callable[[Parameters], str]


class Absent(str):
    """What stands for a value that is not known, whatever format is asked of it."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        """The noun in the plural behind it, where one is asked for."""
        return f"{self} {spec}s" if _is_noun(spec) else str(self)


class Count(int):
    """A whole number that a template may give its noun: `{days:day}` is `1 day` or `35 days`."""

    def __format__(self, spec: str) -> str:
        """The number, with the noun that is asked for."""
        return counted(int(self), spec) if _is_noun(spec) else format(int(self), spec)


def _is_noun(spec: str) -> bool:
    return len(spec) > 1 and spec.isalpha()


NOT_GIVEN = Absent("?")


def asked_without_share(given: Parameters) -> str:
    """Requests without a share: after the last one, before it, or one cannot know."""
    head = "requests reached it without a share of live traffic, the last on "
    head += f"{given['last_request_on']}; "
    share_on, order = given.get("last_share_on"), given.get("order")
    if share_on is None:
        return f"{head}whether they came before or after a share cannot be determined"
    if order is None:
        return f"{head}whether they came before or after its last share cannot be determined"
    return f"{head}they came {order} its last share, seen {share_on}"


def too_young(given: Parameters) -> str:
    """Younger than the minimum age, by the best sign of it that there is."""
    head = f"younger than {given['minimum_age_days']:day}: "
    if (on := given.get("created_on")) is not None:
        return f"{head}created on {on}"
    if (on := given.get("absent_on")) is not None:
        return f"{head}our snapshot of {on} did not find it"
    return f"{head}its first sign of life is of {given['first_life_on']}"


_WHY_FALLBACK = {
    "tagged": "it is tagged role=rollback",
    "no-live-in-order": "no live deployment is in order",
    "last-live": "it was the last to hold live traffic, seen {on}",
    "last-asked": "it was the last to be asked, on {on}",
    "newest": "it is the newest of those without traffic",
}


def fallback(head: str) -> Template:
    """What an endpoint falls back on, and why on this one."""
    return lambda given: f"{head}: {_WHY_FALLBACK.get(given['why'], NOT_GIVEN).format_map(given)}"
