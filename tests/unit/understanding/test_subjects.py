"""Whose affairs a question is about is told by its form: no name is learned, and what is left open is said to be."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from senter.messages.acts import Act, ActKind, Subject
from senter.understanding.forms import form_of
from senter.understanding.reading import understand
from training.examples import words_known
from training.marked import read_sections

NOW, ZONE = datetime(2026, 11, 30, 10, 15, tzinfo=UTC), ZoneInfo("Europe/London")
NAMES = ("Quennell", "Ruby", "Sintra", "Anna", "Zubrow", "Mercator", "Oslo", "Bandcamp")
KNOWN = frozenset(("what", "its", "is", "like", "the", "code", "where", "birthday", "rent", "when"))


def asked(text: str) -> Act:
    (act,) = understand(text, NOW, ZONE).acts
    assert act.kind is ActKind.QUESTION
    return act


@pytest.mark.parametrize(
    ("form", "subject"),
    [
        ("What is {}?", Subject.WORLD),
        ("What is {} like?", Subject.WORLD),
        ("Who invented {}?", Subject.WORLD),
        ("how do you pronounce {}", Subject.WORLD),
        ("When do I fly to {}?", Subject.MINE),
        ("what did {} say about the invoice", Subject.MINE),
        ("how much did we pay {}", Subject.MINE),
        ("What's {}'s phone number?", Subject.MINE),
    ],
)
def test_a_form_decides_whatever_the_name(form: str, subject: Subject) -> None:
    found = [asked(each) for name in NAMES for each in (form.format(name), form.format(name).lower())]
    assert {(act.subject, act.subject_is_open) for act in found} == {(subject, False)}


@pytest.mark.parametrize("form", ["Who is {}?", "What does {} charge?", "when does {} close?", "where does {} live"])
def test_what_a_form_leaves_open_is_open_whatever_the_name(form: str) -> None:
    assert all(asked(form.format(name)).subject_is_open for name in NAMES)


@pytest.mark.parametrize("text", ["Is that true?", "and why?", "Who invented it?", "how long does that take?", "What?"])
def test_what_goes_on_about_something_is_not_ones_own(text: str) -> None:
    assert asked(text).subject is Subject.WORLD


@pytest.mark.parametrize(
    "text",
    ["how long is the notice period", "When is the rent due?", "what's the wifi password", "who has our spare key"],
)
def test_ones_duties_and_secrets_are_ones_own_for_certain(text: str) -> None:
    act = asked(text)
    assert (act.subject, act.subject_is_open) == (Subject.MINE, False)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("What is Ruby like?", ["what", "is", "<name>", "like", "?"]),
        ("where is rosa luxemburg", ["where", "is", "<other>", "<other>"]),
        ("when is Ada Lovelace's birthday", ["when", "is", "<names>", "<of>", "birthday"]),
        ("It's the code?", ["its", "the", "code", "?"]),
        ("What Is The Rent", ["what", "is", "the", "rent"]),
        ("is 4 like the rent's", ["is", "<number>", "like", "the", "rent", "<of>"]),
    ],
)
def test_a_form_has_known_words_and_one_word_for_all_names(text: str, form: list[str]) -> None:
    assert form_of(text.lower(), text, KNOWN) == form


def test_names_are_no_known_words_however_often_they_are_said() -> None:
    asked = "\n".join(f"what does Kim owe {name}" for name in ("Ada", "Bo", "Cy", "Di", "ed", "flo"))
    assert words_known(read_sections(f"## question:mine\n{asked}")) == {"what", "does", "owe"}


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What is on next week?", Subject.MINE),
        ("is anything on this week?", Subject.MINE),
        ("what's happening in December?", Subject.MINE),
        ("Was ist nächste Woche los?", Subject.MINE),
        ("what is happening in Berlin next week?", Subject.WORLD),
        ("what day is next friday?", Subject.WORLD),
    ],
)
def test_what_a_time_holds_is_ones_own(question: str, subject: Subject) -> None:
    act = asked(question)
    assert (act.subject, act.subject_is_open) == (subject, False)
