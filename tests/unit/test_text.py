"""Texts are made to fit, and say that they were cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from senter.text import cut, one_line


def test_a_short_text_stays_as_it_is() -> None:
    assert cut("bread", 5) == one_line("bread", 5) == "bread"


def test_what_was_left_out_is_marked() -> None:
    assert one_line("x" * 50, 10) == "x" * 9 + "…"
    assert cut("a loaf of bread", 8, "...") == "a loa..."
    assert cut("one two", 5) == "one…"


def test_what_a_terminal_would_obey_is_left_out() -> None:
    assert one_line("a\x00b\n\n\tc\x1b[2J") == "a b c [2J"


@given(st.text(), st.integers(min_value=3, max_value=60))
def test_a_line_is_one_line_and_fits(text: str, most: int) -> None:
    line = one_line(text, most)
    assert len(line) <= most
    assert not line or line.isprintable()
    assert one_line(line, most) == line
