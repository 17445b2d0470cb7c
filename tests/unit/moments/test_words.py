"""The words of a language: its file holds whatever the rules ask for, and each file the same tables."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from senter import moments
from senter.moments.shown_words import ENGLISH_WORDS
from senter.moments.words import words_of

SOURCES = tuple(path.read_text("utf-8") for path in Path(moments.__file__).parent.glob("*.py"))
ROLES = re.compile(r'\bhas\([^"()]*(?:\([^()]*\)[^"()]*)*"(\w+)"\)')
KINDS = re.compile(r'\bis_said\([^"]*"(\w+)"\)')


def asked_for(pattern: re.Pattern[str]) -> set[str]:
    return {name for source in SOURCES for name in pattern.findall(source)}


def tables(language: str) -> dict[str, dict[str, object]]:
    return tomllib.loads((Path(moments.__file__).parent / "languages" / f"{language}.toml").read_text("utf-8"))


def test_each_language_has_the_same_tables() -> None:
    english, german = tables("en"), tables("de")
    assert german.keys() == english.keys() | {"shown"}
    for name in ("writing", "units", "roles", "said", "near", "problems"):
        assert german[name].keys() == english[name].keys()


def test_each_language_shows_moments_with_the_same_sentences() -> None:
    german = words_of("de").shown
    assert german.texts.keys() == ENGLISH_WORDS.texts.keys()
    for name in ("every", "every_other", "every_nth", "counted"):
        assert getattr(german, name).keys() == getattr(ENGLISH_WORDS, name).keys()
    assert [len(german.weekdays), len(german.months_short)] == [7, 12]


def test_each_role_that_a_rule_asks_for_has_words() -> None:
    roles = asked_for(ROLES)
    assert len(roles) > 30
    assert roles <= tables("en")["roles"].keys()


def test_each_list_that_a_rule_asks_for_is_there() -> None:
    kinds = asked_for(KINDS)
    assert len(kinds) > 5
    assert kinds <= words_of("en").said.keys()


def test_the_longest_phrase_counts() -> None:
    phrases = words_of("en").phrases["day"]
    assert phrases[0] == ("day", "after", "tomorrow")
    assert [len(phrase) for phrase in phrases] == sorted((len(phrase) for phrase in phrases), reverse=True)
