"""The labelled sentences are of the form that training reads, and many and mixed enough to learn from."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache

import pytest

from senter.messages.acts import ActKind, Subject
from training import corpus
from training.answers import Meaning
from training.marked import Label, Sentence, read_line

BY_HAND, BY_GRAMMAR, GERMAN = "by hand", "by grammar", "German"
ALL = pytest.mark.parametrize("of", [BY_HAND, BY_GRAMMAR, GERMAN])


@cache
def sentences_of(of: str) -> list[Sentence]:
    if of == GERMAN:
        return [*corpus.by_hand("de"), *corpus.by_grammar("de")]
    return corpus.by_hand() if of == BY_HAND else corpus.by_grammar()


@pytest.fixture
def sentences(of: str) -> list[Sentence]:
    return sentences_of(of)


def kinds(sentences: list[Sentence]) -> Counter[ActKind]:
    return Counter(act.label.kind for sentence in sentences for act in sentence.acts)


@ALL
def test_there_are_thousands_and_no_text_stands_twice(sentences: list[Sentence]) -> None:
    texts = {sentence.text.lower() for sentence in sentences}
    assert len(texts) == len(sentences) >= 1_800


def test_the_grammar_makes_nothing_that_was_written_by_hand() -> None:
    assert not {sentence.text.lower() for sentence in sentences_of(BY_HAND)} & {
        sentence.text.lower() for sentence in sentences_of(BY_GRAMMAR)
    }


@ALL
def test_every_kind_has_at_least_fifty(sentences: list[Sentence]) -> None:
    count = kinds(sentences)
    assert {kind for kind in ActKind if count[kind] < 50} == set()


@ALL
def test_acts_stand_in_the_order_of_the_text_and_do_not_overlap(sentences: list[Sentence]) -> None:
    for sentence in sentences:
        spans = [act.span for act in sentence.acts]
        ends = [0, *(end for _, end in spans)]
        assert spans, sentence.text
        assert all(begin < end <= len(sentence.text) for begin, end in spans), sentence.text
        assert all(end <= begin for end, (begin, _) in zip(ends, spans, strict=False)), sentence.text


@ALL
def test_what_an_act_names_stands_in_its_piece_of_the_text(sentences: list[Sentence]) -> None:
    for sentence in sentences:
        for act in sentence.acts:
            words = set(sentence.text[slice(*act.span)].split())
            assert all(any(word in other for other in words) for word in f"{act.gist} {act.when}".split()), (
                sentence.text
            )


@ALL
def test_questions_and_they_alone_say_whose_affairs_they_are_about(sentences: list[Sentence]) -> None:
    labels = {act.label for sentence in sentences for act in sentence.acts}
    assert {label for label in labels if label.kind is ActKind.QUESTION} == {
        Label(ActKind.QUESTION, subject) for subject in Subject
    }
    assert all(label.subject is None for label in labels if label.kind is not ActKind.QUESTION)


def test_a_third_are_near_misses_and_hundreds_say_several_things() -> None:
    assert sum(bool(sentence.trap) for sentence in sentences_of(BY_HAND)) > len(sentences_of(BY_HAND)) / 3
    assert sum(len(sentence.acts) > 1 for sentence in sentences_of(BY_HAND)) > 200


def test_json_lines_say_what_other_programs_need(capsys: pytest.CaptureFixture[str]) -> None:
    corpus.main(["hand"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == len(sentences_of(BY_HAND))
    (written,) = [line for line in lines if line["text"] == "Could you nudge me about the parking permit on Monday"]
    act = {"kind": "reminder", "gist": "the parking permit", "when": "on Monday", "span": [0, 53]}
    assert written == {"text": written["text"], "acts": [act], "trap": "asked"}


def test_the_grammar_makes_the_same_each_time() -> None:
    assert corpus.by_grammar() == sentences_of(BY_GRAMMAR)


def test_short_answers_cover_every_meaning_and_only_choices_have_a_number() -> None:
    answers = corpus.short_answers()
    assert len({answer.text for answer in answers}) == len(answers) >= 150
    assert {answer.means for answer in answers} == set(Meaning)
    assert all((answer.choice is not None) == (answer.means is Meaning.CHOICE) for answer in answers)


def test_marks_say_kind_gist_and_words_of_time() -> None:
    sentence = read_line("{talk|Hi,} {remind me <on Friday> to [call Kim] <at 10>}", Label(ActKind.REMINDER))
    assert sentence.text == "Hi, remind me on Friday to call Kim at 10"
    talk, reminder = sentence.acts
    assert (talk.label.kind, talk.gist) == (ActKind.TALK, "")
    assert (reminder.gist, reminder.when, reminder.span) == ("call Kim", "on Friday at 10", (4, 41))


@pytest.mark.parametrize("line", ["remind me [to", "remind me] now", "for <tomorrow>: {event|lunch}", "{errand|go}"])
def test_marks_that_do_not_fit_are_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"mark|ActKind"):
        read_line(line, Label(ActKind.REMINDER))
