"""What is said and not wanted: taken back at once, pasted, told by others; and what colons and commas do not part."""

from __future__ import annotations

import pytest

from senter.messages.acts import ActKind
from senter.understanding.kinds import NOTHING_DONE
from senter.understanding.reading import LONGEST
from tests.unit.understanding.said import meant


def done(text: str) -> list[tuple[str, str, str | None]]:
    return [(act.kind.value, act.gist, act.due) for act in meant(text).acts if act.kind not in NOTHING_DONE]


@pytest.mark.parametrize(
    "text",
    [
        "wake me at 7 tomorrow. no, forget it, don't wake me",
        "remind me tomorrow at 9 to call Tom, on second thoughts don't",
        "lunch with Ana on friday at 12, no, cancel that",
        "add the tasting on Friday to the calendar... oh wait, never mind",
        "delete the reminder about the milk, actually no, leave it",
    ],
)
def test_what_the_end_takes_back_is_not_done(text: str) -> None:
    assert done(text) == []


def test_only_the_last_act_is_taken_back() -> None:
    assert done("I finished the deck. Remind me at 9 tomorrow to send it. Actually, no need.") == [
        ("completion", "the deck", None)
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("remind me tomorrow at 9 about the wallet. I always forget it", "reminder"),
        ("wake me at 6 and don't let me forget it", "reminder"),
        ("never mind the last one", "undo"),
    ],
)
def test_such_words_elsewhere_take_nothing_back(text: str, kind: str) -> None:
    assert kind in [kind for kind, _, _ in done(text)]


def test_many_words_that_take_back_are_read_in_bounded_time() -> None:
    assert done("wake me at 7, no, " + "no, " * (LONGEST // 5)) != []


@pytest.mark.parametrize(
    "text",
    [
        "Proofread this: I am away until Monday. Please cancel the order by Friday.",
        "translate into French: remind me at 5 to call. I need to finish by Friday",
        "message Ravi: please finish the slides by Friday, and cancel the dentist",
    ],
)
def test_pasted_text_is_what_the_work_is_about(text: str) -> None:
    assert [(kind, due) for kind, _, due in done(text)] == [("work", None)]


@pytest.mark.parametrize(
    "text",
    [
        "the sign said: concert on Saturday at 9, bring a chair",
        "the manual says: hold for 5 seconds, then delete the entry",
        "Dear Mr Bloom, please send the documents by Friday. Kind regards, Ed",
        "Hi Anna, can we move our meeting to Thursday at 3? Best, Tom",
        "My boss told Rita to draft the contract by tomorrow",
        "Don't send that email to Carla, I want to think it over",
    ],
)
def test_what_others_say_and_are_told_is_not_done(text: str) -> None:
    assert done(text) == []


def test_a_request_behind_what_others_said_is_done() -> None:
    assert [due for _, _, due in done("the doctor said: two pills a day, remind me at 21:00")] == ["2026-11-30T21:00"]


def test_a_letter_to_senter_is_a_request() -> None:
    assert [kind for kind, _, _ in done("Dear Senter, remind me tomorrow at 9 to water the plants")] == ["reminder"]


@pytest.mark.parametrize(
    ("text", "gist"),
    [
        ("I need a reminder for tomorrow at noon: pick up the suit", "pick up the suit"),
        ("reminder, saturday 9am, farmers market", "farmers market"),
        ("block Thursday from 9 to 11 for the budget review", "budget review"),
        ("put this in my calendar: party on Saturday at 9", "party"),
    ],
)
def test_one_act_is_not_made_two(text: str, gist: str) -> None:
    assert [act.gist for act in meant(text).acts] == [gist]


def test_each_of_several_timers_rings() -> None:
    assert done("set two timers, one for 10 minutes and one for 25 minutes") == [
        ("reminder", "timer", "2026-11-30T10:10"),
        ("reminder", "timer", "2026-11-30T10:25"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("call mom", ActKind.GOAL),
        ("pay rent friday", ActKind.GOAL),
        ("call mom at 5", ActKind.REMINDER),
        ("take the cake out in 12 minutes", ActKind.REMINDER),
        ("water the plants every tuesday", ActKind.REMINDER),
    ],
)
def test_an_errand_in_bare_words_is_a_goal_or_with_a_clock_time_a_reminder(text: str, kind: ActKind) -> None:
    assert [act.kind for act in meant(text).acts] == [kind]
