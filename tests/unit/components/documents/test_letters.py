from __future__ import annotations

import pytest

from senter.components.documents.letters import as_typed


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("the oﬃce is ﬁne", "the office is fine"),
        ("soft\u00adware", "software"),
        ("Zoe\u0308s", "Zoës"),
        ("ＡＢＣ１２３", "ABC123"),
        ("ｶﾀｶﾅ", "カタカナ"),
        ("ﻣﺮﺣﺒﺎ", "مرحبا"),
        ("10² m, ½ cup, x₁, № 5, …", "10² m, ½ cup, x₁, № 5, …"),
        ("plain", "plain"),
    ],
)
def test_letters_are_those_that_people_type(written: str, typed: str) -> None:
    assert as_typed(written) == typed
