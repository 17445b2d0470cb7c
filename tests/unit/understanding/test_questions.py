"""What is asked back, and what an answer to it comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from senter.messages.acts import ActKind, Alternative, Clarification, Missing, ThingKind
from senter.messages.understanding import Understanding
from senter.understanding.answers import TakenAnswer, answer_to
from senter.understanding.known import NOTHING
from tests.unit.understanding.said import KNOWN, NOW, ZONE, meant
from training.answers import Answer, Meaning
from training.corpus import short_answers

LACKING = {
    "remind me to buy milk": Missing.WHEN,
    "put the dentist in my calendar": Missing.WHEN,
    "remind me on 31 February to pay the rent": Missing.WHEN,
    "remind me on friday on saturday to call mom": Missing.WHEN,
    "remind me": Missing.WHAT,
    "If it rains tomorrow, remind me to take an umbrella": Missing.WHEN,
    "cancel everything": Missing.CONSENT,
    "Rappelle-moi demain à 9 heures de payer le loyer": Missing.LANGUAGE,
    "明天九点提醒我给妈妈打电话": Missing.LANGUAGE,
}


@pytest.mark.parametrize(("text", "lacks"), LACKING.items())
def test_what_a_sentence_leaves_open_is_asked(text: str, lacks: Missing) -> None:
    question = meant(text).question
    assert question and question.lacks is lacks


@pytest.mark.parametrize("text", LACKING)
def test_every_choice_is_a_sentence_that_leaves_nothing_open(text: str) -> None:
    question = meant(text).question
    assert question
    for choice in question.alternatives:
        assert meant(choice.says).question is None, choice.says


def test_one_of_several_things_is_chosen_by_words_or_by_place() -> None:
    asked = meant("cancel the reminder to buy something", KNOWN)
    assert asked.question and asked.question.lacks is Missing.WHICH
    for answer in ("the second", "2", "bread", "the last one"):
        (act,) = _answered(asked, answer).acts
        assert [thing.title for thing in act.things] == ["buy bread"], answer


def test_one_of_several_things_is_renamed() -> None:
    asked = meant("rename the buy reminder to groceries", KNOWN)
    assert asked.question and asked.question.lacks is Missing.WHICH
    (act,) = _answered(asked, "the second").acts
    assert ([thing.title for thing in act.things], act.gist) == (["buy bread"], "groceries")


def test_all_of_several_things_can_be_chosen() -> None:
    asked = meant("cancel the reminder to buy something", KNOWN)
    found = _answered(asked, "both of them")
    assert (len(found.acts[0].things), found.question) == (2, None)


@pytest.mark.parametrize(
    ("answer", "due"),
    [("at 12", "2026-11-30T12:00"), ("on friday", "2026-12-04"), ("in two hours", "2026-11-30T12:00")],
)
def test_a_time_completes_what_lacked_one(answer: str, due: str) -> None:
    (act,) = _answered(meant("remind me to buy milk"), answer).acts
    assert (act.kind, act.gist, act.due) == (ActKind.REMINDER, "buy milk", due)


def test_what_was_missing_is_taken_from_the_answer() -> None:
    (act,) = _answered(meant("remind me tomorrow at 9"), "call mom").acts
    assert (act.kind, act.gist, act.due) == (ActKind.REMINDER, "call mom", "2026-12-01T09:00")


def test_consent_cancels_everything_and_no_leaves_it() -> None:
    asked = meant("cancel everything", KNOWN)
    done = _answered(asked, "yes")
    assert (len(done.acts[0].things), done.question) == (len(KNOWN.things), None)
    assert [act.kind for act in _answered(asked, "no, forget it").acts] == [ActKind.TALK]


def test_a_condition_that_nobody_watches_for_becomes_a_time() -> None:
    asked = meant("If it rains tomorrow, remind me to take an umbrella")
    assert [act.kind for act in asked.acts] == [ActKind.TALK]
    (act,) = _answered(asked, "at 12").acts
    assert (act.kind, act.gist, act.due) == (ActKind.REMINDER, "take an umbrella", "2026-11-30T12:00")


def test_who_does_not_know_is_asked_again() -> None:
    asked = meant("remind me to buy milk")
    assert _answered(asked, "I don't know").question == asked.question


def test_another_sentence_is_no_answer() -> None:
    (act,) = _answered(meant("remind me to buy milk"), "Who wrote Faust?").acts
    assert act.kind is ActKind.QUESTION


def _answered(asked: Understanding, text: str) -> Understanding:
    known = KNOWN if any(act.things for act in asked.acts) else NOTHING
    return meant(text, replace(known, asked=asked.question))


BLANK = meant("remind me").acts
TITLES = ("Lunch with Ana", "Dentist", "Gym")
WHICH = Clarification(
    lacks=Missing.WHICH,
    question="Which?",
    alternatives=tuple(Alternative(label=title, says=f"cancel {title}") for title in TITLES),
    acts=BLANK,
)
CONSENT = Clarification(
    lacks=Missing.CONSENT, question="Sure?", alternatives=(Alternative(label="Yes", says="Yes, I am sure: cancel all"),)
)
WHEN = Clarification(lacks=Missing.WHEN, question="When?", acts=BLANK)
WHAT = Clarification(lacks=Missing.WHAT, question="What?", acts=BLANK)
QUESTIONS = {
    Meaning.YES: CONSENT,
    Meaning.NO: CONSENT,
    Meaning.CHOICE: WHICH,
    Meaning.ALL: WHICH,
    Meaning.NONE: WHICH,
    Meaning.WHEN: WHEN,
    Meaning.WHAT: WHAT,
    Meaning.CANCEL: WHEN,
    Meaning.UNSURE: WHICH,
    Meaning.OTHER: WHAT,
}


def test_nearly_all_short_answers_are_taken_for_what_they_are() -> None:
    answers = short_answers()
    wrong = [answer.text for answer in answers if not _is_taken_right(answer)]
    assert len(wrong) <= 0.02 * len(answers), wrong


def _is_taken_right(answer: Answer) -> bool:
    found = answer_to(QUESTIONS[answer.means], answer.text, NOW, ZONE)
    if answer.means is Meaning.OTHER:
        return found is None
    return found is not None and _means(answer, found)


def _means(answer: Answer, found: TakenAnswer) -> bool:
    match answer.means:
        case Meaning.YES:
            return found.says == CONSENT.alternatives[0].says
        case Meaning.NO | Meaning.NONE | Meaning.CANCEL:
            return found.is_dropped
        case Meaning.CHOICE:
            place = answer.choice or 1
            return found.says == WHICH.alternatives[place - 1 if place > 0 else place].says
        case Meaning.WHEN:
            return found.when is not None
        case Meaning.WHAT:
            return found.says.startswith("Remind me to ")
        case Meaning.UNSURE:
            return found.is_open
        case _:
            return bool(found.acts)


def test_what_would_go_is_named_before_it_goes() -> None:
    question = meant("cancel all my reminders", KNOWN).question
    assert question and question.lacks is Missing.CONSENT
    reminders = [thing for thing in KNOWN.things if thing.kind is ThingKind.REMINDER]
    assert reminders and all(thing.title in question.question for thing in reminders)
    alone = replace(KNOWN, things=(reminders[0],), latest=())
    asked = meant("cancel all my reminders", alone).question
    assert asked and asked.question.startswith(f"Cancel {reminders[0].title}")
    assert asked.alternatives[0].label == "Yes, cancel it"


@pytest.mark.parametrize("says", ["what did you do today", "When do I fly tomorrow?", "who is coming tomorrow at 9"])
def test_a_question_of_its_own_chooses_nothing(says: str) -> None:
    asked = meant("remind me to buy milk").question
    assert asked and any("Today" in choice.label for choice in asked.alternatives)
    assert answer_to(asked, says, NOW, ZONE) is None


@pytest.mark.parametrize("says", ["today", "what about tomorrow?", "tomorrow at 9 please", "how about tomorrow"])
def test_an_answer_may_be_said_as_a_proposal(says: str) -> None:
    asked = meant("remind me to buy milk").question
    assert asked and answer_to(asked, says, NOW, ZONE)


@pytest.mark.parametrize(
    ("says", "gist", "due"),
    [
        ("to call the bank at 11 tomorrow", "call the bank", "2026-12-01T11:00"),
        ("call the bank tomorrow at 11", "call the bank", "2026-12-01T11:00"),
        ("the bins", "bins", None),
    ],
)
def test_what_is_answered_with_its_time_has_it_and_else_is_asked_when(says: str, gist: str, due: str | None) -> None:
    found = _answered(meant("remind me"), says)
    (act,) = found.acts
    assert (act.kind, act.gist, act.due) == (ActKind.REMINDER, gist, due)
    assert (found.question.lacks if found.question else None) is (None if due else Missing.WHEN)


def test_what_comes_again_keeps_its_time_when_it_is_said_what() -> None:
    (act,) = _answered(meant("remind me every Sunday at 10"), "to call mom").acts
    assert (act.gist, act.recurrence) == ("call mom", "0 10 * * 0")


def test_the_alarm_is_what_wakes_whatever_was_spoken_of_last() -> None:
    wakes = KNOWN.things[0].model_copy(update={"kind": ThingKind.REMINDER, "id": "77", "title": "wake up"})
    (act,) = meant("cancel the alarm", replace(KNOWN, things=(*KNOWN.things, wakes))).acts
    assert [thing.id for thing in act.things] == ["77"]
