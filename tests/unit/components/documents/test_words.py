from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.components.documents.index import Index, IndexedFile
from senter.components.documents.passages import PASSAGE_CHARACTERS, passages
from senter.components.documents.walking import Stamp
from senter.components.documents.words import all_of, any_of, beginning_with, telling


@pytest.fixture(scope="module")
def words() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(text, tokenize = 'porter unicode61 remove_diacritics 2')")
    return connection


def every_expression(query: str) -> list[str]:
    words = telling(query)
    return [all_of(words), any_of(words, {}), beginning_with(words)] if words else []


@given(query=st.text(max_size=300))
def test_whatever_is_typed_fts5_takes(words: sqlite3.Connection, query: str) -> None:
    for expression in every_expression(query):
        words.execute("SELECT * FROM words WHERE words MATCH ?", (expression,)).fetchall()


@pytest.mark.parametrize(
    "query",
    ['"', "NEAR(a b)", "title:x", "a AND", "-x", "^x", "*", "a*b", "(", "{a b}: c", "a + b", "\0", "\ud800x", "%00"],
)
def test_what_means_something_to_fts5_is_taken_as_words(words: sqlite3.Connection, query: str) -> None:
    for expression in every_expression(query):
        words.execute("SELECT * FROM words WHERE words MATCH ?", (expression,)).fetchall()


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others() -> None:
    assert telling("What is a decorator in Python?") == ("decorator", "python")
    assert telling("who are you") == ("who", "are", "you")
    assert telling("?!") == ()


def test_a_very_long_question_is_cut() -> None:
    assert len(telling(" ".join(f"word{number}" for number in range(1_000)))) == 24


def test_frequent_words_are_left_out_where_rare_ones_do() -> None:
    tally = {"report": 90_000, "walnut": 12, "harvest": 900}
    assert any_of(("report", "walnut", "harvest"), tally) == '"walnut" OR "harvest"'
    assert any_of(("report",), tally) == '"report"'


@given(text=st.text(max_size=20_000))
def test_passages_are_the_whole_text(text: str) -> None:
    cut = [piece for piece, _ in passages(text)]
    assert "".join(cut) == text
    assert all(len(one) <= PASSAGE_CHARACTERS for one in cut)


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=3_000))
def test_any_text_goes_in_and_out_of_the_index(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    index = Index(tmp_path_factory.mktemp("index") / "documents.db", 10**9)
    document = IndexedFile("/a", "b.txt", Stamp(1, 2, 3), "title", text)
    try:
        index.write([document])
        index.write([document])
        assert index.lookup.count() == 1
        assert index.forget(index.directories()) == 1
        assert index.lookup.search('"title"', 5) == []
    finally:
        index.close()


def test_an_index_of_another_version_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "documents.db"
    index = Index(path, 10**9)
    index.write([IndexedFile("/a", "b.txt", Stamp(1, 2, 3), "title", "text")])
    index.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    index = Index(path, 10**9)
    assert index.lookup.count() == 0
    index.close()
