"""What the sentences of a stranger are understood to mean: figures that may not fall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from senter.messages.acts import ActKind, Subject
from senter.messages.understanding import Understanding
from senter.understanding.kinds import NOTHING_DONE
from senter.understanding.reading import understand
from tests.support.act_tally import ActTally
from tests.support.labelled_sets import LabelledRow, LabelledSentence, LabelledText
from training.corpus import by_grammar, by_hand

THIRD = Path(__file__).parent / "third"
ANY_MOMENT = LabelledText(id="", text="", now="2026-11-30T10:15:00+00:00[Europe/London]")


class Question(LabelledRow):
    text: str
    subject: Subject


def lines(name: str) -> list[str]:
    return (THIRD / name).read_text(encoding="utf-8").splitlines()


SENTENCES = [LabelledSentence.model_validate_json(line) for line in lines("acts.jsonl")]
QUESTIONS = [Question.model_validate_json(line) for line in lines("mine.jsonl")]


def read(said: LabelledText) -> Understanding:
    return understand(said.text, said.moment, said.zone)


@cache
def understood() -> dict[str, Understanding]:
    return {sentence.id: read(sentence) for sentence in SENTENCES}


def of_part(part: str) -> Iterator[LabelledSentence]:
    return (sentence for sentence in SENTENCES if sentence.id.startswith(part) and sentence.one_reading)


@pytest.mark.parametrize(
    ("part", "precision", "recall", "exact"), [("a", 0.98, 0.98, 0.97), ("t", 0.97, 1.0, 0.97), ("h", 0.95, 0.95, 0.95)]
)
def test_acts_and_their_times_are_found(part: str, precision: float, recall: float, exact: float) -> None:
    tally = ActTally()
    for sentence in of_part(part):
        tally.count(sentence, understood()[sentence.id])
    found = (tally.precision, tally.recall, tally.exact_share)
    assert all(is_ >= floor for is_, floor in zip(found, (precision, recall, exact), strict=True)), tally.failures


def test_hardly_anything_is_done_that_was_not_asked_for() -> None:
    assert len(unasked_deeds(SENTENCES)) <= 2, unasked_deeds(SENTENCES)


def unasked_deeds(sentences: Sequence[LabelledSentence]) -> list[str]:
    """Sentences in which nothing is wanted, and something would be done at once."""
    nothing = [sentence for sentence in sentences if not any(act.counts for act in sentence.acts)]
    return [
        sentence.text
        for sentence in nothing
        if not understood()[sentence.id].question
        and any(act.kind not in NOTHING_DONE for act in understood()[sentence.id].acts)
    ]


def test_few_are_asked_back() -> None:
    clear = [one for one in SENTENCES if one.one_reading and not _is_change(one)]
    assert sum(understood()[one.id].question is not None for one in clear) <= 0.03 * len(clear)


def _is_change(sentence: LabelledSentence) -> bool:
    """What it speaks of does not exist here, so that it is asked about."""
    return any(ActKind.CHANGE in act.kinds for act in sentence.acts)


def test_it_is_known_whose_affairs_questions_are_about() -> None:
    wrong = [question.text for question in QUESTIONS if _subject(question.text) is not question.subject]
    assert len(wrong) <= 3, wrong


def _subject(text: str) -> Subject | None:
    acts = read(ANY_MOMENT.model_copy(update={"text": text})).acts
    return next((act.subject for act in acts if act.kind is ActKind.QUESTION), None)


def test_nothing_of_it_is_learned_or_said_twice() -> None:
    learned = {sentence.text.lower().strip(" .!?") for sentence in (*by_hand(), *by_grammar())}
    said = [row.text.lower().strip(" .!?") for row in (*SENTENCES, *QUESTIONS)]
    assert sorted(text for text in said if text in learned or said.count(text) > 1) == []
