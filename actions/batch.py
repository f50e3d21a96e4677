"""Does one thing to several targets, one after another: a failure of one stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from actions.session import Refusal
from actions.states import WriteState

Target = TypeVar("Target")
Result = TypeVar("Result")
IsStopWanted = Callable[[], bool]
STOPPED = "not touched: the run was stopped before it"


@dataclass(frozen=True, slots=True)
class Done(Generic[Target, Result]):
    """What became of one: `result` where it is done, `failure` where it is refused or failed."""

    target: Target
    state: WriteState
    result: Result | None = None
    failure: Exception | None = None


def never() -> bool:
    """Nobody wants it to stop."""
    return False


def to_each(
    targets: Iterable[Target],
    act: Callable[[Target], Result],
    is_stop_wanted: IsStopWanted = never,
) -> Iterator[Done[Target, Result]]:
    """Act on each, and say what became of it as soon as it is known.

    A wanted stop is heeded before the next one, which is `stopped` like all after it.
    """
    for target in targets:
        yield Done(target, "stopped") if is_stop_wanted() else _done(target, act)


def _done(target: Target, act: Callable[[Target], Result]) -> Done[Target, Result]:
    try:
        return Done(target, "done", act(target))
    except Refusal as refusal:
        return Done(target, "refused", failure=refusal)
    except Exception as failure:
        return Done(target, "failed", failure=failure)
