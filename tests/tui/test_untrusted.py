"""Text from Azure cannot steer the terminal, and fits its cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from queries.text.cells import printable
from tui.words.untrusted import fitted, harmless
from tui.words.wrapping import wrapped


def test_an_escape_sequence_becomes_visible_signs() -> None:
    assert harmless("a\x1b[31mb\x07") == "a␛[31mb␇"


def test_a_text_that_turns_the_direction_of_writing_loses_its_power() -> None:
    assert harmless("abc\u202ecba") == "abc�cba"


def test_a_line_break_in_a_value_does_not_break_the_line() -> None:
    assert harmless("one\r\ntwo\u2028three") == "one  two three"


@given(st.text())
def test_nothing_that_is_not_printable_gets_through(text: str) -> None:
    assert harmless(text).isprintable()


@given(st.text(), st.integers(1, 40), st.sampled_from(["left", "right"]))
def test_a_cell_is_as_wide_as_its_column_whatever_it_holds(
    text: str, width: int, align: str
) -> None:
    assert cell_len(fitted(text, width, "left" if align == "left" else "right")) == width


def test_wide_characters_are_cut_by_cells() -> None:
    assert fitted("模型部署", 5) == "模型…"


@given(st.text(st.characters(categories=["L", "N", "Zs"])), st.integers(8, 30))
def test_a_wrapped_line_fits_its_place(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrapped(harmless(text), width))


def test_the_screen_and_the_command_line_disarm_the_same_characters() -> None:
    characters = [chr(code) for code in range(0x3001)]
    assert [harmless(each) == each for each in characters] == [
        printable(each) == each for each in characters
    ]
    assert all(printable(each).isprintable() for each in characters)
