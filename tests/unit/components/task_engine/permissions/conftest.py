"""Permissions are tested while the words for needs say nothing: no decision may depend on a sentence."""

from __future__ import annotations

import pytest

from tests.support.scrambling import scramble_words


@pytest.fixture(autouse=True)
def scrambled(monkeypatch: pytest.MonkeyPatch) -> None:
    scramble_words(monkeypatch)
