from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.components.api.place import BEGINNING, Place


@given(st.text(), st.text(), st.integers(0, 999))
def test_a_place_is_read_as_it_was_written_and_is_in_the_text_it_is_of(before: str, after: str, attempt: int) -> None:
    place = Place(attempt).after(before[:1]).after(before[1:])
    assert Place.parse(str(place)) == place
    assert place.is_in(before + after)
    assert not place.is_in("x" + before + after) or not before.strip("x")
    assert BEGINNING.is_in(before)


def test_a_place_is_not_in_a_shorter_text() -> None:
    assert not BEGINNING.after("abc").is_in("ab")


@pytest.mark.parametrize(
    "written", ["x", "1-2", "1-2-3", "-1-0-00000000", "1-2-zzzzzzzz", "\u0661-0-00000000", "1" * 99]
)
def test_what_is_no_place_is_none(written: str) -> None:
    assert Place.parse(written) is None
