from __future__ import annotations

from datetime import date

import pytest

from senter.components.assistant.mine.asking import asks_for_figure, may_be_own, names_something, questions_in
from senter.components.assistant.mine.question import AnswerKind, Hint, is_past, read_question


def test_names_stand_together_and_plain_words_are_left_out() -> None:
    asked = read_question(
        "What did we agree with Anna Berg about the price?", "What did we agree with Anna Berg about the price?"
    )
    assert (asked.said, asked.about) == ("agree Anna Berg price", "agree with Anna Berg about the price")
    assert [term.is_name for term in asked.terms] == [False, True, False]


def test_a_name_is_not_another_that_begins_like_it() -> None:
    [term] = read_question("Tell me about Anna Berg", "Tell me about Anna Berg").terms
    assert term.exact.search("anna berg's chapter")
    assert not term.exact.search("Anna Bergmann")
    assert term.kindred
    assert term.kindred.search("Anna agreed")
    assert not term.kindred.search("Anna Lindholm agreed")


def test_words_are_known_in_their_forms_and_by_others_that_stand_for_them() -> None:
    [term] = read_question("invoices", "invoices").terms
    assert term.exact.search("the Invoice")
    assert term.kindred
    assert term.kindred.search("Rechnung 4")
    assert not read_question("art", "art").terms[0].exact.search("an article")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("When do I fly?", {AnswerKind.WHEN}),
        ("How long is my notice period?", {AnswerKind.HOW_LONG}),
        ("How much is the rent?", {AnswerKind.PRICE}),
        ("Who is my dentist?", {AnswerKind.WHO}),
        ("Where do we stay?", {AnswerKind.WHERE}),
        ("Did we decide?", set[AnswerKind]()),
    ],
)
def test_what_kind_of_answer_is_wanted(text: str, wanted: set[AnswerKind]) -> None:
    assert read_question(text, text).wanted == wanted


def test_a_question_says_where_its_answer_stands() -> None:
    said = "What did I say about the boiler"
    assert Hint.TALK in read_question(said, said).hints
    goal = "what did my goal about Sintra find out"
    assert read_question(goal, goal).hints == {Hint.RESULTS}


def test_a_day_is_known_in_texts_however_it_is_written() -> None:
    when = read_question("x", "x", date(2026, 10, 8), date(2026, 10, 8)).when
    assert when
    assert all(when.search(text) for text in ("2026-10-08", "8 October", "October 8", "08.10.2026"))
    assert not when.search("18 October")


@pytest.mark.parametrize(
    "text", ["Who is our plumber?", "How much do I owe Baumann?", "What does Bea like?", "Which bills are unpaid?"]
)
def test_what_may_be_ones_own(text: str) -> None:
    assert may_be_own(text)


@pytest.mark.parametrize(
    "text",
    [
        "What is Ruby?",
        "Where is Sintra",
        "Who's Ada Lovelace?",
        "How do I write a notice?",
        "What is a notice period?",
        "Where can I stay in Porto?",
        "why do dogs bark",
    ],
)
def test_advice_and_knowledge_are_nobodys_own(text: str) -> None:
    assert not may_be_own(text)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Who is my doctor and how late is he there?", ["Who is my doctor", "and how late is he there"]),
        ("Which car did we choose, and why?", ["Which car did we choose, and why?"]),
        ("Which bills are open and what do they add up to?", ["Which bills are open and what do they add up to?"]),
        ("What did Ann and Bo say?", ["What did Ann and Bo say?"]),
    ],
)
def test_several_questions_are_asked_one_by_one(text: str, questions: list[str]) -> None:
    assert questions_in(text) == questions


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("total of the fuel in car.csv", True),
        ("How many lines for fuel are in car.csv?", True),
        ("Add up the fuel in car.csv and save it", False),
        ("What is in car.csv?", False),
    ],
)
def test_a_figure_is_wanted_in_the_answer_or_somewhere_else(text: str, asks: bool) -> None:
    assert asks_for_figure(text) is asks


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("notice period", True),
        ("unpaid invoices", True),
        ("Dentist?", True),
        ("good night", False),
        ("thanks", False),
        ("I called mom", False),
        ("is that so", False),
        ("next", False),
        ("all the papers of the house that we once had", False),
    ],
)
def test_a_few_words_and_no_sentence_name_something(text: str, names: bool) -> None:
    assert names_something(text) is names


@pytest.mark.parametrize(
    ("question", "past"),
    [
        ("Was the meeting on Monday?", True),
        ("When was the dentist?", True),
        ("Was ist morgen los?", False),
        ("Was habe ich am Freitag?", False),
    ],
)
def test_what_is_german_for_what_asks_about_no_past(question: str, past: bool) -> None:
    assert is_past(question) is past
