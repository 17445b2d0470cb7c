from __future__ import annotations

from senter.components.assistant.partial import PartialAnswer
from senter.messages.model import ModelDelta


def test_pieces_in_order_make_the_text() -> None:
    partial = PartialAnswer()
    assert partial.take(ModelDelta(offset=0, text="Py"))
    assert partial.take(ModelDelta(offset=2, text="thon"))
    assert partial.text == "Python"


def test_a_lost_piece_ends_the_text_where_it_was_lost() -> None:
    partial = PartialAnswer()
    partial.take(ModelDelta(offset=0, text="Py"))
    assert not partial.take(ModelDelta(offset=6, text=" is"))
    assert not partial.take(ModelDelta(offset=0, text="Py"))
    assert partial.text == "Py"


def test_a_higher_attempt_starts_over_and_a_lower_one_is_too_late() -> None:
    partial = PartialAnswer()
    partial.take(ModelDelta(offset=0, text="first"))
    partial.take(ModelDelta(offset=0, text="second", attempt=2))
    assert not partial.take(ModelDelta(offset=5, text=" try"))
    assert partial.text == "second"


def test_a_line_about_progress_is_no_text() -> None:
    partial = PartialAnswer()
    assert not partial.take(ModelDelta(offset=0, progress="The model is being loaded."))
    assert partial.text == ""
