from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from senter.client.continuation import SEPARATOR, Continuation


def test_pieces_are_shown_as_they_come() -> None:
    shown = Continuation()

    assert [shown.add(0, "Hel", 1), shown.add(3, "lo", 1), shown.finish("Hello")] == ["Hel", "lo", ""]


def test_after_a_hole_nothing_is_shown_until_the_end() -> None:
    shown = Continuation()

    assert [shown.add(0, "Hel", 1), shown.add(4, "o", 1), shown.add(5, "!", 1)] == ["Hel", "", ""]
    assert shown.finish("Hello!") == "lo!"


def test_an_attempt_that_says_the_same_goes_on_where_the_first_ended() -> None:
    shown = Continuation()
    shown.add(0, "Hel", 1)

    assert [shown.add(0, "He", 2), shown.add(2, "llo", 2)] == ["", "lo"]


def test_an_answer_in_other_words_is_shown_whole_below() -> None:
    shown = Continuation()
    shown.add(0, "Hel", 1)

    assert shown.add(0, "Good day", 2) == ""
    assert shown.finish("Good day") == SEPARATOR + "Good day"


def test_pieces_in_order_make_the_text() -> None:
    answer = Continuation()

    assert [answer.take(0, "Py", 1), answer.take(2, "thon", 1)] == [True, True]
    assert answer.text == "Python"


def test_a_lost_piece_ends_the_text_where_it_was_lost() -> None:
    answer = Continuation()
    answer.take(0, "Py", 1)

    assert [answer.take(6, " is", 1), answer.take(0, "Py", 1)] == [False, False]
    assert answer.text == "Py"


def test_a_higher_attempt_begins_anew_and_a_lower_one_is_too_late() -> None:
    answer = Continuation()
    answer.take(0, "Rubbish", 1)
    answer.take(0, "Py", 2)

    assert not answer.take(7, "!", 1)
    assert answer.take(2, "thon", 2)
    assert answer.text == "Python"


def test_a_line_about_progress_is_no_text() -> None:
    answer = Continuation()

    assert not answer.take(0, "", 1)
    assert answer.text == ""


def test_a_late_piece_of_a_voided_attempt_is_not_shown() -> None:
    shown = Continuation()
    shown.add(0, "Hel", 1)
    shown.add(0, "Hel", 2)

    assert [shown.add(3, "p", 1), shown.add(3, "lo", 2)] == ["", "lo"]


@st.composite
def lossy_streams(draw: st.DrawFn) -> tuple[str, list[tuple[int, str]]]:
    answer = draw(st.text(min_size=1, max_size=60))
    cuts = sorted(draw(st.sets(st.integers(1, len(answer)), max_size=10)) | {0, len(answer)})
    pieces = [(start, answer[start:end]) for start, end in pairwise(cuts)]
    kept = draw(st.lists(st.booleans(), min_size=len(pieces), max_size=len(pieces)))
    return answer, [piece for piece, keep in zip(pieces, kept, strict=True) if keep]


@given(lossy_streams())
def test_whatever_is_lost_what_was_shown_is_always_a_beginning_and_in_the_end_the_whole(
    stream: tuple[str, list[tuple[int, str]]],
) -> None:
    answer, pieces = stream
    continuation, shown = Continuation(), ""
    for offset, text in pieces:
        shown += continuation.add(offset, text, 1)
        assert answer.startswith(shown)
        assert shown == continuation.text

    assert shown + continuation.finish(answer) == answer
