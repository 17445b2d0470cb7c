"""Sentences in German: what they mean, what they are about, what is asked back in German, and what answers that."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from typing import cast

import pytest

from senter.messages.acts import Act, ActKind, ChangeKind, Missing, Subject, Thing, ThingKind
from senter.messages.understanding import Understanding
from senter.sentences import speaking
from senter.understanding.classifier import classifier_of
from senter.understanding.known import NOTHING, Known
from senter.understanding.reading import understand
from tests.support.act_tally import ActTally, acts_of, has_times
from tests.support.labelled_sets import SAYS_NOTHING_TO_DO, LabelledMoment, LabelledText, sentences, sentences_of_time
from tests.unit.understanding.said import meant
from training.corpus import by_grammar, by_hand
from training.examples import made_from
from training.train import all_sentences

MILK = Thing(kind=ThingKind.REMINDER, id="12", title="Milch kaufen", at=datetime(2026, 12, 1, 8, 0, tzinfo=UTC))
BREAD = Thing(kind=ThingKind.REMINDER, id="13", title="Brot kaufen", at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
DENTIST = Thing(kind=ThingKind.EVENT, id="d1", title="Zahnarzt", at=datetime(2026, 12, 4, 14, 0, tzinfo=UTC))
KNOWN = Known(things=(DENTIST, MILK, BREAD), latest=(MILK, BREAD))


OF_EACH_LANGUAGE = (
    "letters",
    "lists",
    "patterns",
    "heads",
    "anywhere",
    "spelling",
    "phrases",
    "classes",
    "parts",
    "alike",
    "continuations",
)
"""Tables whose rows are a language's own."""


def only(text: str, known: Known = NOTHING) -> Act:
    (act,) = meant(text, known).acts
    return act


def answered(asked: Understanding, text: str, known: Known = NOTHING) -> Understanding:
    return meant(text, replace(known, asked=asked.question))


@pytest.mark.parametrize(
    "text",
    [
        "Sag den Friseur ab",
        "Sag das Konzert ab",
        "Verschieb den Klempner auf 5",
        "Sag bitte den Elternabend ab",
        "Lösch das Treffen mit Kim",
        "Verschieb das Abendessen auf morgen",
        "Streich den Yogakurs",
    ],
)
def test_what_is_named_is_never_what_was_spoken_of_last(text: str) -> None:
    assert only(text, KNOWN).things == ()


@pytest.mark.parametrize(
    "text",
    ["Sag das ab", "Sag den ab", "Verschieb das auf 5", "Lösch das bitte", "Verschieb es auf morgen", "Streich den"],
)
def test_what_is_not_named_is_what_was_spoken_of_last(text: str) -> None:
    assert only(text, KNOWN).things[:1] == (MILK,)


@pytest.mark.parametrize("text", ["alles absagen", "alles löschen", "alle Erinnerungen löschen", "sag alles ab"])
def test_an_order_that_ends_with_its_verb_is_about_everything_too(text: str) -> None:
    found = meant(text, KNOWN)
    assert found.question is not None or len(found.acts[0].things) > 1


@pytest.mark.parametrize(
    ("text", "kind", "gist", "due"),
    [
        ("Erinnere mich morgen um 9 an den Zahnarzt", ActKind.REMINDER, "Zahnarzt", "2026-12-01T09:00"),
        ("erinnere mich daran, morgen die Miete zu zahlen", ActKind.REMINDER, "die Miete zahlen", "2026-12-01"),
        (
            "kannst du mich um 15 uhr daran erinnern, den Müll rauszubringen",
            ActKind.REMINDER,
            "den Müll rausbringen",
            None,
        ),
        (
            "Könnten Sie mich bitte um 15 Uhr an das Gespräch erinnern?",
            ActKind.REMINDER,
            "Gespräch",
            "2026-11-30T15:00",
        ),
        ("stell den Wecker auf 7", ActKind.REMINDER, "Wecker", "2026-12-01T07:00"),
        ("weck mich um halb sieben", ActKind.REMINDER, "aufstehen", "2026-12-01T06:30"),
        ("ich muss bis Freitag die Steuer machen", ActKind.GOAL, "die Steuer machen", "2026-12-04"),
        ("bis Freitag muss ich die Steuer machen", ActKind.GOAL, "die Steuer machen", "2026-12-04"),
        ("Zahnarzttermin am Dienstag um 10", ActKind.EVENT, "Zahnarzttermin", "2026-12-01T10:00"),
        ("Trag bitte Kino am Freitag um 20 Uhr in den Kalender ein", ActKind.EVENT, "Kino", "2026-12-04T20:00"),
        ("Termin mit John at 5pm", ActKind.EVENT, "Termin mit John", "2026-11-30T17:00"),
        ("Setz Milch auf die Einkaufsliste", ActKind.NOTE, "Einkaufsliste: Milch", None),
        ("Fass mir den Vertrag zusammen", ActKind.WORK, "Fass mir den Vertrag zusammen", None),
    ],
)
def test_a_sentence_is_read_with_what_it_is_about(text: str, kind: ActKind, gist: str, due: str | None) -> None:
    act = only(text)
    assert (act.kind, act.gist) == (kind, gist)
    assert due is None or act.due == due


@pytest.mark.parametrize(
    "text", ["erinnere mich morgen frueh an die waesche", "ERINNERE MICH MORGEN FRÜH AN DIE WÄSCHE"]
)
def test_umlauts_and_capitals_are_not_needed(text: str) -> None:
    assert (only(text).kind, only(text).due) == (ActKind.REMINDER, "2026-12-01T09:00")


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Sag den Zahnarzt ab", ChangeKind.CANCEL),
        ("den Zahnarzt absagen", ChangeKind.CANCEL),
        ("verschieb den Zahnarzt auf Mittwoch", ChangeKind.MOVE),
        ("Benenne den Zahnarzt in Kontrolle um", ChangeKind.RENAME),
    ],
)
def test_what_exists_is_found_by_its_words(text: str, change: ChangeKind) -> None:
    act = only(text, KNOWN)
    assert (act.kind, act.change, [thing.id for thing in act.things]) == (ActKind.CHANGE, change, ["d1"])


@pytest.mark.parametrize("text", ["verschieb den Zahnarzt von 3 auf 4", "verschieb den Zahnarzt von drei auf vier"])
def test_what_is_moved_from_an_hour_to_another_is_then_at_the_other(text: str) -> None:
    assert only(text, KNOWN).due == "2026-12-04T16:00"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Wie lange ist meine Kündigungsfrist?", Subject.MINE),
        ("Wie schreibe ich eine Kündigung?", Subject.WORLD),
        ("Was kannst du alles?", Subject.SENTER),
    ],
)
def test_whose_affairs_a_question_is_about(text: str, subject: Subject) -> None:
    assert (only(text).kind, only(text).subject) == (ActKind.QUESTION, subject)


@pytest.mark.parametrize(
    "text",
    [
        "Erinnere mich nicht an den Zahnarzt",
        "Tom muss bis Montag den Bericht schreiben",
        "Ich habe gestern die Miete überwiesen",
        'Er sagte: "Weck mich um sieben"',
        "Vielleicht gehe ich am Samstag ins Kino",
        "Weck mich um 7. Nein, lass es.",
    ],
)
def test_what_is_not_wanted_is_not_done(text: str) -> None:
    assert {act.kind for act in meant(text).acts} == {ActKind.TALK}


def test_a_question_back_and_its_choices_are_german_and_leave_nothing_open() -> None:
    asked = meant("Erinnere mich daran, Milch zu kaufen").question
    assert asked and asked.question == "Wann soll ich dich erinnern: Milch kaufen?"
    assert [choice.label for choice in asked.alternatives][:2] == ["Heute um 20:00", "Morgen um 9:00"]
    for choice in asked.alternatives:
        assert meant(choice.says).question is None, choice.says


@pytest.mark.parametrize(
    ("answer", "due"),
    [
        ("um 12", "2026-11-30T12:00"),
        ("12", "2026-11-30T12:00"),
        ("das zweite", "2026-12-01T09:00"),
        ("am Freitag", "2026-12-04"),
    ],
)
def test_a_time_answers_what_lacked_one(answer: str, due: str) -> None:
    found = answered(meant("Erinnere mich daran, Milch zu kaufen"), answer)
    assert (found.language, [(act.gist, act.due) for act in found.acts]) == ("de", [("Milch kaufen", due)])


@pytest.mark.parametrize("answer", ["nein, lass", "nein", "vergiss es"])
def test_no_drops_what_was_asked(answer: str) -> None:
    found = answered(meant("Erinnere mich daran, Milch zu kaufen"), answer)
    assert ([act.kind for act in found.acts], found.question) == ([ActKind.TALK], None)


@pytest.mark.parametrize("answer", ["das zweite", "2", "Brot", "das letzte", "die um 10"])
def test_one_of_several_is_chosen(answer: str) -> None:
    asked = meant("Lösch die Erinnerung etwas zu kaufen", KNOWN)
    assert asked.question and asked.question.lacks is Missing.WHICH
    (act,) = answered(asked, answer, KNOWN).acts
    assert [thing.title for thing in act.things] == ["Brot kaufen"]


def test_one_of_several_is_renamed() -> None:
    asked = meant("Benenne die Erinnerung kaufen in Einkauf um", KNOWN)
    assert asked.question and asked.question.lacks is Missing.WHICH
    (act,) = answered(asked, "die erste", KNOWN).acts
    assert (act.change, [thing.title for thing in act.things], act.gist) == (
        ChangeKind.RENAME,
        ["Milch kaufen"],
        "Einkauf",
    )


def test_consent_is_asked_and_given() -> None:
    asked = meant("Lösch alles", KNOWN)
    assert asked.question and asked.question.lacks is Missing.CONSENT
    found = answered(asked, "ja", KNOWN)
    assert (len(found.acts[0].things), found.question) == (len(KNOWN.things), None)


@pytest.mark.parametrize("name", ["de.toml", "claims_de.toml"])
def test_the_file_of_words_has_what_the_english_one_has(name: str) -> None:
    german, english = (tables(each) for each in (name, name.replace("de", "en")))
    assert german.keys() == english.keys()
    for table, rows in english.items():
        if isinstance(rows, dict) and table not in OF_EACH_LANGUAGE:
            assert cast("dict[str, object]", german[table]).keys() >= cast("dict[str, object]", rows).keys(), table


def tables(name: str) -> dict[str, object]:
    return tomllib.loads((files("senter.understanding") / "words" / name).read_text("utf-8"))


def test_the_language_is_told() -> None:
    assert (meant("weck mich um 6").language, meant("wake me at 6").language) == ("de", "en")
    assert (meant("6", Known(language="de")).language, meant("6").language) == ("de", "en")


def test_the_shipped_weights_are_those_of_the_shipped_sentences() -> None:
    said = all_sentences("de")
    with speaking("de"):
        name = made_from(said)
        assert {classifier_of(file).made_from for file in ("kinds", "subjects")} == {name}


def test_nothing_of_the_sets_was_learned() -> None:
    learned = {sentence.text.lower().strip(" .!?") for sentence in (*by_hand("de"), *by_grammar("de"))}
    said = {row.text.lower().strip(" .!?") for row in (*sentences("de"), *sentences_of_time("de"))}
    assert len(learned) >= 1_200
    assert not learned & said


def test_nearly_all_acts_of_the_set_are_found_and_nearly_nothing_else() -> None:
    tally, asked = ActTally(), 0
    for sentence in sentences("de"):
        found = meant_then(sentence)
        asked += sentence.one_reading and found.question is not None
        if sentence.one_reading:
            tally.count(sentence, found)
    assert tally.precision >= 0.92, tally.failures
    assert tally.recall >= 0.80, tally.failures
    assert asked <= 0.12 * len(sentences("de"))


def test_nearly_all_times_of_the_set_are_exact() -> None:
    wrong = [sentence.text for sentence in sentences_of_time("de") if not is_right(sentence)]
    assert len(wrong) <= 0.10 * len(sentences_of_time("de")), wrong


def meant_then(said: LabelledText) -> Understanding:
    return understand(said.text, said.moment, said.zone)


def is_right(sentence: LabelledMoment) -> bool:
    found = meant_then(sentence)
    act = next((act for act in acts_of(found) if act.kind not in SAYS_NOTHING_TO_DO), None)
    if sentence.outcome == "refused":
        return found.question is not None and (act is None or act.due is None)
    return act is not None and has_times(sentence, sentence, act)
