"""Senter's sentences are there in each language, whole, and nothing is kept that nobody says."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from senter.sentences import languages, phrase, speaking, spoken, told
from tests.support.checkout import ROOT

SOURCES = tuple(sorted((ROOT / "src" / "senter").rglob("*.py")))
OTHERS = [language for language in languages() if language != "en"]
Constants = Mapping[str, ast.expr]


def test_a_sentence_is_said_in_the_language_that_is_spoken() -> None:
    with speaking("de"):
        assert phrase("Goal {id} is done: {title}", id=3, title="Steuer {2026}") == "Ziel 3 ist erledigt: Steuer {2026}"
    assert phrase("Goal {id} is done: {title}", id=3, title="tax") == "Goal 3 is done: tax"


def test_what_a_language_lacks_is_said_in_english() -> None:
    with speaking("de"):
        assert phrase("{count} unheard-of things", count=2) == "2 unheard-of things"
    with speaking("tlh"):
        assert phrase("Goal {id} is done: {title}", id=3, title="tax") == "Goal 3 is done: tax"


def test_the_language_is_that_of_before_again_afterwards() -> None:
    with speaking("de"), speaking(""):
        assert spoken() == "en"
    assert spoken() == "en"


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("There is no goal 9.", "Ein Ziel 9 gibt es nicht."),
        ("Nothing was changed.", "Nichts wurde geändert."),
        ("Error: There is no timer.", "Fehler: Es gibt keinen Timer."),
        (
            "Not taken back: tea was changed since: it is now coffee.",
            "tea wurde inzwischen geändert: jetzt ist es coffee",
        ),
        ("Task 2 failed: /a/b: Permission denied.", "Aufgabe 2 ist fehlgeschlagen: /a/b: kein Zugriff."),
    ],
)
def test_a_finished_sentence_is_told_in_the_language_that_is_spoken(english: str, german: str) -> None:
    with speaking("de"):
        assert german in told(english)
    assert told(english) == english


def test_what_senter_did_not_say_is_told_as_it_is() -> None:
    with speaking("de"):
        assert told("There was once a goal in the last minute.") == "There was once a goal in the last minute."
        assert phrase("Goal {id}: {title}", id=3, title="done") == "Ziel 3: done"
        assert phrase("See: senter models") and phrase("Your calendar: {problem}", problem="It is damaged.").endswith(
            "Beschädigt."
        )


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_that_comes_finished_keeps_its_places(language: str) -> None:
    known = tomllib.loads(files("senter.sentences").joinpath("told", f"{language}.toml").read_text("utf-8"))
    assert len(known) > 50
    assert [text for text, said in known.items() if _places(said) - _places(text)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_there_with_its_places(language: str) -> None:
    known = _sentences(language)
    said = {sentence for path in SOURCES for sentence in _said_in(path)}
    assert len(said) > 50
    assert sorted(said - known.keys()) == []
    assert [sentence for sentence in said if _places(sentence) != _places(known[sentence])] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_kept_that_nobody_says(language: str) -> None:
    written = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    capital = {word.capitalize() for word in written}
    assert sorted(_sentences(language).keys() - written - capital) == []


def _sentences(language: str) -> dict[str, str]:
    return tomllib.loads(files("senter.sentences").joinpath(f"{language}.toml").read_text("utf-8"))


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def _said_in(path: Path) -> Iterator[str]:
    """The sentences that stand in calls of `phrase`, be it by the name of a constant."""
    tree = ast.parse(path.read_text("utf-8"))
    constants = dict(_constants(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "phrase":
            yield from _texts(node.args[0], constants)


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value


def _texts(node: ast.expr, constants: Constants) -> Iterator[str]:
    """None of what is not known before it is said."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from (*_texts(one, constants), *_texts(other, constants))
        case ast.Name(id=name) if name in constants:
            yield from _texts(constants[name], {})
        case ast.Subscript(value=table):
            yield from _texts(table, constants)
        case ast.Dict(values=values):
            yield from (text for value in values for text in _texts(value, constants))
        case _:
            return
