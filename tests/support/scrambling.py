"""Words for needs that say nothing and differ each time, to show that no decision depends on a sentence."""

from __future__ import annotations

from itertools import count

import pytest

from senter.messages import needs


def scramble_words(monkeypatch: pytest.MonkeyPatch) -> None:
    number = count()

    def scrambled(_: object) -> str:
        return f"Wort {next(number)}"

    monkeypatch.setattr(needs, "words", scrambled)
