"""One loop for every act on several targets."""

from __future__ import annotations

from actions.batch import to_each
from actions.session import Refusal

TARGETS = ("fine", "refused", "broken", "fine too")


def act(target: str) -> str:
    if target == "refused":
        raise Refusal("nothing was written: it is protected")
    if target == "broken":
        raise OSError("the disk is full")
    return target.upper()


def test_a_refusal_and_a_failure_of_one_stop_no_other() -> None:
    ended = list(to_each(TARGETS, act))
    assert [one.target for one in ended] == list(TARGETS)
    assert [one.state for one in ended] == ["done", "refused", "failed", "done"]
    assert [one.result for one in ended] == ["FINE", None, None, "FINE TOO"]
    assert [str(one.failure) for one in ended if one.failure] == [
        "nothing was written: it is protected",
        "the disk is full",
    ]


def test_a_wanted_stop_leaves_the_rest_untouched() -> None:
    touched: list[str] = []
    ended = list(to_each(TARGETS, touched.append, lambda: bool(touched)))
    assert touched == ["fine"]
    assert [one.state for one in ended] == ["done", "stopped", "stopped", "stopped"]


def test_each_is_known_before_the_next_begins() -> None:
    touched: list[str] = []
    for count, _one in enumerate(to_each(TARGETS, touched.append), 1):
        assert len(touched) == count
