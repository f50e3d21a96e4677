"""The words of the filter bar."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.rows import row
from tui.columns import DEPLOYMENTS
from tui.filter import haystack, parsed


def shows(typed: str, **changes: Any) -> bool:
    return parsed(typed).lets_through(haystack(row(**changes), DEPLOYMENTS))


def test_words_are_found_without_case_in_any_column() -> None:
    assert shows("FRAUD ds3 carla", owner="Carla@contoso.example")


def test_all_words_must_occur() -> None:
    assert not shows("fraud nowhere")


def test_a_word_with_an_exclamation_mark_leaves_out() -> None:
    assert not shows("fraud !blue")
    assert shows("fraud !green")


def test_a_lone_exclamation_mark_hides_nothing_yet() -> None:
    assert shows("!")


def test_a_word_does_not_match_across_two_columns() -> None:
    text = haystack(row(), DEPLOYMENTS)
    verdict, name = text.split("\n")[:2]
    assert not parsed(verdict[-2:] + name[:2]).lets_through(text)


def test_square_brackets_and_backslashes_are_plain_characters() -> None:
    assert shows("[red]", owner="[red]x")
    assert not shows(".*")


@given(st.text())
def test_whatever_is_typed_means_something(typed: str) -> None:
    parsed(typed).lets_through("fraud/blue")
