"""A question about many is halved until whoever spoils it stands alone, and no further."""

from __future__ import annotations

import pytest

from collectors.connection.errors import (
    AzureFailure,
    Misshapen,
    Missing,
    NotUnderstood,
    Refused,
    SignInFailed,
    Throttled,
    Unreachable,
)
from collectors.connection.splitting import (
    PARTS_WITHOUT_AN_ANSWER,
    Allowance,
    ask_apart,
    may_be_one_of_many,
)

BAD = NotUnderstood("no", "BadRequest", 400)


class Service:
    """Fails whatever holds one of `spoilers`, and notes what it was asked."""

    def __init__(self, *spoilers: int, failure: AzureFailure = BAD) -> None:
        self.spoilers = set(spoilers)
        self.failure = failure
        self.asked: list[tuple[tuple[int, ...], int | None]] = []

    def ask(self, part: tuple[int, ...], tries: int | None) -> int:
        self.asked.append((part, tries))
        if self.spoilers & set(part):
            raise self.failure
        return sum(part)


@pytest.mark.parametrize("count", [1, 2, 3, 49, 50, 100])
@pytest.mark.parametrize("spoiler", [0, 1, -1])
def test_the_one_that_spoils_it_stands_alone_and_all_others_are_answered(
    count: int, spoiler: int
) -> None:
    members = range(count)
    bad = members[max(spoiler, -count) if spoiler < 0 else min(spoiler, count - 1)]
    service = Service(bad)
    split = ask_apart(members, service.ask, Allowance())
    assert split.refused == [((bad,), BAD)]
    answered = [one for part, _given in split.answered for one in part]
    assert sorted([*answered, bad]) == list(members)
    assert len(service.asked) <= 1 + 2 * (count - 1).bit_length()


def test_several_that_spoil_it_stand_alone_each() -> None:
    split = ask_apart(range(50), Service(3, 4, 31, 49).ask, Allowance())
    assert sorted(part for part, _failure in split.refused) == [(3,), (4,), (31,), (49,)]


def test_a_server_error_is_tried_as_usual_for_the_whole_alone() -> None:
    service = Service(7, failure=Unreachable("no", "InternalError", 500))
    ask_apart(range(8), service.ask, Allowance())
    (_whole, usual), *parts = service.asked
    assert usual is None
    assert all(tries == (1 if len(part) > 1 else 2) for part, tries in parts)


def test_where_no_part_is_answered_it_is_not_a_member() -> None:
    service = Service(*range(50))
    split = ask_apart(range(50), service.ask, Allowance())
    assert split.refused == [(tuple(range(50)), BAD)]
    assert len(service.asked) == PARTS_WITHOUT_AN_ANSWER + 1


def test_splitting_ends_with_its_allowance_and_loses_nobody() -> None:
    service = Service(0, 10, 20, 30, 40)
    split = ask_apart(range(50), service.ask, Allowance(6))
    assert len(service.asked) == 7
    parts = [part for part, _ in split.answered] + [part for part, _ in split.refused]
    assert sorted(one for part in parts for one in part) == list(range(50))


@pytest.mark.parametrize(
    ("failure", "is_of_one"),
    [
        (NotUnderstood("no", "BadRequest", 400), True),
        (Missing("no", "ResourceNotFound", 404), True),
        (Unreachable("no", "InternalServerError", 500), True),
        (Unreachable("no", "NotImplemented", 501), True),
        (Misshapen("odd"), True),
        (Unreachable("no", "ServiceUnavailable", 503), False),
        (Unreachable("no", "NoConnection"), False),
        (Throttled("no", "429", 429), False),
        (Refused("no", "AuthorizationFailed", 403), False),
        (SignInFailed("no", "SignInFailed"), False),
        (NotUnderstood("no", "NotJson", 200), False),
        (NotUnderstood("no", "UnknownRegion"), False),
    ],
)
def test_throttling_outages_and_the_sign_in_are_nobodys_fault(
    failure: AzureFailure, is_of_one: bool
) -> None:
    assert may_be_one_of_many(failure) is is_of_one
    service = Service(1, failure=failure)
    ask_apart(range(4), service.ask, Allowance())
    assert (len(service.asked) > 1) is is_of_one
