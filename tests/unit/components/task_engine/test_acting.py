from __future__ import annotations

import pytest

from senter.components.task_engine.execution.acting import asks_to_act


@pytest.mark.parametrize(
    "text", ["Send an email to Anna", "please run the tests", "Could you please delete my files", "Note: buy milk"]
)
def test_a_deed_is_asked_for(text: str) -> None:
    assert asks_to_act(text)


@pytest.mark.parametrize("text", ["What is the sea?", "Order of the planets", "Tell me how to send a letter", "sender"])
def test_an_answer_is_asked_for(text: str) -> None:
    assert not asks_to_act(text)
