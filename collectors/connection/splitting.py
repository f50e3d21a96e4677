"""One question about many: the one that spoils the answer goes without it, and no other does.

Some of Azure's services fail a whole batch for one of its members (azure.md A6, A34).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from collectors.connection.errors import AzureFailure, Misshapen, Missing, NotUnderstood

Member = TypeVar("Member")
Given = TypeVar("Given")
# The status of a failure by which a service also refuses everything for the sake of one. The others
# of 500 and above are outages, and 401 and 403 speak of the sign-in.
_OF_ONE_AMONG_MANY = (500, 501)
# So many parts may fail before any is answered: then it is the question, or the service.
PARTS_WITHOUT_AN_ANSWER = 15


class Allowance:
    """How many questions more splitting may cost; threads share one."""

    def __init__(self, questions: int = 600) -> None:
        """Nothing is spent yet."""
        self._left = questions
        self._guard = threading.Lock()

    def take(self, questions: int) -> bool:
        """Spend so many, or nothing where fewer are left."""
        with self._guard:
            if questions > self._left:
                return False
            self._left -= questions
            return True


@dataclass
class Split(Generic[Member, Given]):
    """What the parts of a question came to; every member is in one part."""

    answered: list[tuple[tuple[Member, ...], Given]] = field(default_factory=list)
    refused: list[tuple[tuple[Member, ...], AzureFailure]] = field(default_factory=list)


def may_be_one_of_many(failure: AzureFailure) -> bool:
    """Whether others could be answered: no throttling, no outage, nothing about the sign-in."""
    if isinstance(failure, Misshapen) or failure.status in _OF_ONE_AMONG_MANY:
        return True
    is_refusal = isinstance(failure, NotUnderstood | Missing)
    return is_refusal and failure.status is not None and failure.status >= 400


def ask_apart(
    members: Sequence[Member],
    ask: Callable[[tuple[Member, ...], int | None], Given],
    allowance: Allowance,
    may_split: Callable[[AzureFailure], bool] = may_be_one_of_many,
) -> Split[Member, Given]:
    """Ask about all, and in halves where that fails, until whoever spoils it stands alone.

    `ask` gets the members of a part and how often a server error may be tried (None: as usual):
    once the whole had its usual tries, halves need no more of them. Where none of many parts is
    answered the whole is refused.
    """
    split: Split[Member, Given] = Split()
    waiting = deque([tuple(members)])
    failures: list[AzureFailure] = []
    while waiting:
        part = waiting.popleft()
        try:
            split.answered.append((part, ask(part, _tries(part, failures))))
            continue
        except AzureFailure as failure:
            failures.append(failure)
        if not split.answered and len(failures) > PARTS_WITHOUT_AN_ANSWER:
            return Split(refused=[(tuple(members), failures[0])])
        if len(part) > 1 and may_split(failures[-1]) and allowance.take(2):
            half = len(part) // 2
            waiting += (part[:half], part[half:])
        else:
            split.refused.append((part, failures[-1]))
    return split


def _tries(part: Sequence[object], failures: Sequence[AzureFailure]) -> int | None:
    if not failures:
        return None
    return 1 if len(part) > 1 else 2
