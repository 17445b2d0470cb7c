"""A text in a language that there are no words for is told from one that is only odd."""

from __future__ import annotations

import pytest

from senter.understanding.languages import language_of


@pytest.mark.parametrize(
    "text",
    [
        "Rappelle-moi demain à 9 heures d'appeler ma mère",
        "Recuérdame llamar a mi madre mañana a las nueve",
        "Ricordami di chiamare la mamma domani alle nove",
        "Herinner me morgen aan de tandarts om negen uur",
        "напомни мне завтра позвонить маме",
        "明天九点提醒我给妈妈打电话",
    ],
)
def test_other_languages_are_noticed(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "remind me to call Jürgen Müller tomorrow",
        "dinner with the de la Cruz family at El Sol",
        "ok",
        "???",
        "cancel event 63de948f43la71un9e",
        "move goal de1la2un3e to friday",
        "",
        "what does 'c'est la vie' mean",
        'translate "Wo ist der Bahnhof und wann fährt der Zug" into English please',
        "pls rmnd me 2 call mom tmrw",
        "🎉",
    ],
)
def test_english_with_foreign_names_is_english(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "Erinnere mich morgen um neun an den Zahnarzt",
        "milch kaufen",
        "Zahnarzt absagen",
        "Was steht morgen an?",
        "Termin mit John at 5pm",
        "weck mich um 6",
        "ueberweise die miete",
    ],
)
def test_german_is_told_by_its_words(text: str) -> None:
    assert language_of(text) == "de"


@pytest.mark.parametrize(
    "text", ["remind me to buy Brötchen", "what was that", "die hard is a film", "call Uwe Schmidt"]
)
def test_english_with_german_words_is_english(text: str) -> None:
    assert language_of(text, "de") == "en"


@pytest.mark.parametrize("text", ["ok", "9", "17:30", "???", ""])
def test_a_text_without_a_sign_is_in_the_language_of_the_conversation(text: str) -> None:
    assert (language_of(text), language_of(text, "de")) == ("en", "de")
