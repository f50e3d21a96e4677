"""Does one thing to several deployments, one after another: a failure of one stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from queries.estate.rows import DeploymentRow

Act = Callable[[DeploymentRow], Mapping[str, str]]
STOPPED = "not touched: the run was stopped before it"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one: its tags as read back, or why not; neither: stopped before it."""

    row: DeploymentRow
    tags: Mapping[str, str] | None = None
    failure: Exception | None = None


def to_each(
    rows: Iterable[DeploymentRow],
    act: Act,
    is_stop_wanted: Callable[[], bool] = lambda: False,
) -> Iterator[Done]:
    """Act on each (tag, retire, extend), and tell what became of it as soon as it is known.

    A wanted stop is heeded before the next one, which is told as not touched, like all after it.
    """
    for row in rows:
        if is_stop_wanted():
            yield Done(row)
            continue
        try:
            done = Done(row, act(row))
        except Exception as failure:
            done = Done(row, failure=failure)
        yield done
