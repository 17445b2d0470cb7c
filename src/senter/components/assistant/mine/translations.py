"""What papers and questions call the same in English and in German: either word stands for the other, whoever asks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def translations() -> Mapping[str, frozenset[str]]:
    """By a word, those of the other language."""
    both: dict[str, frozenset[str]] = {}
    for english, words in _german().items():
        both[english] = both.get(english, frozenset()) | frozenset(words)
        for word in words:
            both[word] = both.get(word, frozenset()) | {english}
    return both


@cache
def german_words() -> frozenset[str]:
    """Those that are the same in English, too."""
    return frozenset(word for words in _german().values() for word in words)


@cache
def _german() -> Mapping[str, tuple[str, ...]]:
    text = files("senter.components.assistant.mine").joinpath("translations.toml").read_text("utf-8")
    return {english: tuple(words.split()) for english, words in tomllib.loads(text)["german"].items()}
