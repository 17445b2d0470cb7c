"""An imperative is put into the forms that the grammar asks for."""

from __future__ import annotations

import pytest

from training.verbs import FORMS


@pytest.mark.parametrize(
    ("form", "phrase", "said"),
    [
        ("past", "take the bins out", "took the bins out"),
        ("past", "tidy the loft", "tidied the loft"),
        ("past", "submit my CV", "submitted my CV"),
        ("past", "play chess", "played chess"),
        ("done", "take the bins out", "taken the bins out"),
        ("ing", "take the bins out", "taking the bins out"),
        ("ing", "see the doctor", "seeing the doctor"),
        ("ing", "run 10k", "running 10k"),
        ("third", "wash my car", "washes my car"),
        ("third", "tidy the loft", "tidies the loft"),
        ("a", "eye test", "an eye test"),
        ("his", "pay my rent", "pay his rent"),
        ("their", "tell me", "tell them"),
    ],
)
def test_a_phrase_in_another_form(form: str, phrase: str, said: str) -> None:
    assert FORMS[form](phrase) == said
