"""Acts are counted as the labels mean it."""

from __future__ import annotations

from datetime import UTC, datetime

from senter.messages.acts import Act, ActKind, Clarification, Missing
from senter.messages.understanding import Understanding
from tests.support.act_tally import ActTally
from tests.support.labelled_sets import ActLabel, LabelledSentence

NOW = datetime(2026, 11, 30, 10, 15, tzinfo=UTC)
CALL = ActLabel(kind=ActKind.REMINDER, due="2026-12-01T09:00")
DENTIST = ActLabel(kind=ActKind.EVENT, due="2026-12-14", all_day=True)


def sentence(*acts: ActLabel) -> LabelledSentence:
    said = "2026-11-30T10:15:00+00:00[Europe/London]"
    return LabelledSentence(id="a", text="said", now=said, acts=acts, one_reading=True)


def act(kind: ActKind, due: str | None = None, *, all_day: bool = False) -> Act:
    return Act(kind=kind, span=(0, 4), confidence=1, due=due, all_day=all_day)


def counted(said: LabelledSentence, *acts: Act, asked: Clarification | None = None) -> ActTally:
    tally = ActTally()
    tally.count(said, Understanding(acts=acts, question=asked, now=NOW, zone="Europe/London"))
    return tally


def test_acts_are_found_in_any_order_and_each_once() -> None:
    reminder, event = act(ActKind.REMINDER, "2026-12-01T09:00"), act(ActKind.EVENT, "2026-12-14", all_day=True)

    tally = counted(sentence(CALL, DENTIST), event, reminder, reminder)

    assert (tally.precision, tally.recall, tally.exact_share) == (2 / 3, 1, 1)
    assert tally.failures


def test_an_act_at_another_time_is_found_and_not_exact() -> None:
    tally = counted(sentence(CALL), act(ActKind.REMINDER, "2026-12-01T21:00"))

    assert (tally.precision, tally.recall, tally.exact_share) == (1, 1, 0)


def test_the_act_of_the_right_time_is_paired_before_one_of_another() -> None:
    later = CALL.model_copy(update={"due": "2026-12-01T10:00"})

    tally = counted(sentence(later, CALL), act(ActKind.REMINDER, "2026-12-01T09:00"), act(ActKind.REMINDER))

    assert tally.exact == 1


def test_whole_days_matter_for_events_alone() -> None:
    assert counted(sentence(DENTIST), act(ActKind.EVENT, "2026-12-14")).exact_share == 0
    goal = ActLabel(kind=ActKind.GOAL, due="2026-12-14")
    assert counted(sentence(goal), act(ActKind.GOAL, "2026-12-14", all_day=True)).exact_share == 1


def test_questions_and_talk_are_no_acts() -> None:
    tally = counted(sentence(ActLabel(kind=ActKind.QUESTION)), act(ActKind.TALK))

    assert (tally.found, tally.labelled, tally.failures) == (0, 0, [])


def test_what_may_be_one_or_the_other_needs_not_be_found_and_is_not_wrong() -> None:
    joke = ActLabel(kind=(ActKind.QUESTION, ActKind.WORK))

    assert counted(sentence(joke), act(ActKind.WORK)).failures == []
    assert counted(sentence(joke), act(ActKind.QUESTION)).failures == []
    assert counted(sentence(joke), act(ActKind.GOAL)).found == 1


def test_acts_that_wait_for_an_answer_were_found() -> None:
    waiting = (act(ActKind.REMINDER, "2026-12-01T09:00"),)
    asked = Clarification(lacks=Missing.WHAT, question="What?", acts=waiting)

    assert counted(sentence(CALL), asked=asked).exact_share == 1
