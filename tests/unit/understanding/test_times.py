"""When the acts of a sentence are: times that lead it, lists of them, and times that a clause before tells."""

from __future__ import annotations

from datetime import datetime

import pytest

from senter.messages.acts import Act, ActKind, ChangeKind, Clarification
from senter.understanding.kinds import NOTHING_DONE
from senter.understanding.reading import understand
from tests.unit.understanding.said import ZONE, meant

GOAL, REMINDER, EVENT, SCHEDULE, CHANGE = (
    ActKind.GOAL,
    ActKind.REMINDER,
    ActKind.EVENT,
    ActKind.SCHEDULE,
    ActKind.CHANGE,
)


def acts(text: str) -> list[Act]:
    found = meant(text)
    assert found.question is None, found.question
    return [act for act in found.acts if act.kind not in NOTHING_DONE]


def question(text: str) -> Clarification:
    found = meant(text).question
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "kind", "gist", "due"),
    [
        ("On the 17th at 10, remind me to pay the gardener", REMINDER, "pay the gardener", "2026-12-17T10:00"),
        ("Tomorrow at 8, wake me", REMINDER, "wake up", "2026-12-01T08:00"),
        ("Friday at noon, lunch with Cy", EVENT, "lunch with Cy", "2026-12-04T12:00"),
        ("Friday 9:00 - optician", EVENT, "optician", "2026-12-04T09:00"),
        ("On Thursday at 4, move the optician to Friday", CHANGE, "optician", "2026-12-04T16:00"),
        ("By Friday, I have to hand in the plans", GOAL, "hand in the plans", "2026-12-04"),
        ("Tonight at 11, back up my documents", SCHEDULE, "back up my documents", "2026-11-30T23:00"),
    ],
)
def test_a_time_that_leads_is_that_of_what_follows(text: str, kind: ActKind, gist: str, due: str) -> None:
    (act,) = acts(text)

    assert (act.kind, act.gist, act.due) == (kind, gist, due)


def test_what_comes_again_may_lead() -> None:
    (act,) = acts("On Mondays at 17:00, remind me to water the ferns")

    assert (act.kind, act.gist, act.recurrence) == (REMINDER, "water the ferns", "0 17 * * 1")


@pytest.mark.parametrize(
    ("text", "gist", "due"),
    [
        ("I have to get up at 5 tomorrow, wake me", "get up", "2026-12-01T05:00"),
        ("I need to be up at 6 tomorrow, wake me", "I need to be up", "2026-12-01T06:00"),
        ("we sail on Friday at 6, remind me three hours before", "we sail on Friday at 6", "2026-12-04T15:00"),
        ("the match is at 3, remind me", "match", "2026-11-30T15:00"),
        ("I must fetch Kim at 15:30, set an alarm", "fetch Kim", "2026-11-30T15:30"),
        (
            "the piano comes tomorrow between 9 and 11, remind me at 8:45",
            "piano comes between 9 and 11",
            "2026-12-01T08:45",
        ),
        ("I have to be at the station by 6 tomorrow morning, wake me at 4", "wake up", "2026-12-01T04:00"),
        ("the kids finish school at 3, so remind me at 2:30", "kids finish school at 3", "2026-11-30T14:30"),
    ],
)
def test_what_is_told_before_a_bare_reminder_is_what_it_is_about(text: str, gist: str, due: str) -> None:
    (act,) = acts(text)

    assert (act.kind, act.due) == (REMINDER, due)
    assert gist in act.gist


def test_a_goal_by_a_day_is_kept_beside_the_reminder_of_it() -> None:
    goal, reminder = acts("I need to finish the mosaic by Friday, remind me on Thursday")

    assert (goal.kind, goal.due) == (GOAL, "2026-12-04")
    assert (reminder.kind, reminder.gist, reminder.due) == (REMINDER, "finish the mosaic", "2026-12-03")


def test_a_duty_about_what_is_due_is_due_then() -> None:
    (act,) = acts("my essay is due on the 11th, I still have to write it")

    assert (act.kind, act.gist, act.due) == (GOAL, "write my essay", "2026-12-11")


def test_a_bare_hour_is_shortly_before_what_is_told() -> None:
    assert acts("dinner is at 7, remind me at 6:30 to open the wine")[-1].due == "2026-11-30T18:30"


@pytest.mark.parametrize(
    ("text", "kind", "dues"),
    [
        (
            "Remind me at 11, 12 and 15 to stretch",
            REMINDER,
            ["2026-11-30T11:00", "2026-11-30T12:00", "2026-11-30T15:00"],
        ),
        (
            "at nine, noon and three tomorrow, remind me to stretch",
            REMINDER,
            ["2026-12-01T09:00", "2026-12-01T12:00", "2026-12-01T15:00"],
        ),
        (
            "remind me on Tuesday and on Thursday at 7 to put the glass out",
            REMINDER,
            ["2026-12-01T07:00", "2026-12-03T07:00"],
        ),
        (
            "pilates on Tuesday, Wednesday and Friday from 6 to 7",
            EVENT,
            ["2026-12-01T18:00", "2026-12-02T18:00", "2026-12-04T18:00"],
        ),
    ],
)
def test_each_of_several_times_is_an_act(text: str, kind: ActKind, dues: list[str]) -> None:
    found = acts(text)

    assert [act.due for act in found] == dues
    assert {act.kind for act in found} == {kind}
    assert len({act.gist for act in found}) == 1


def test_a_goal_is_at_one_time_only() -> None:
    assert question("I need to ring Cy on Tuesday and Thursday").acts[0].unread == ("and Thursday",)


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        (
            "remind me on 31 February at 9 to pay",
            ["remind me on 28 February 2027 at 9 to pay", "remind me on 1 March 2027 at 9 to pay"],
        ),
        (
            "I need to finish the report by 31 June",
            ["I need to finish the report by 30 June 2027", "I need to finish the report by 1 July 2027"],
        ),
        (
            "put the optician in my calendar on Friday, 5 December at 10",
            [
                "put the optician in my calendar on 5 December 2026 at 10",
                "put the optician in my calendar on 4 December 2026 at 10",
            ],
        ),
    ],
)
def test_for_a_day_that_there_is_not_those_beside_it_are_offered(text: str, choices: list[str]) -> None:
    asked = question(text)

    assert [choice.says for choice in asked.alternatives] == choices
    assert all(meant(choice).question is None for choice in choices)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ('I want to read "The Friday Book"', None),
        ('remind me on Friday at 10 to return "A Week in December"', "2026-12-04T10:00"),
        ('remind me to "ring Cy tomorrow at 9"', "2026-12-01T09:00"),
        ("remind me at 5 to prepare tomorrow's agenda", "2026-11-30T17:00"),
    ],
)
def test_times_in_quotations_and_names_are_those_of_an_act_only_where_nothing_else_is(
    text: str, due: str | None
) -> None:
    assert [act.due for act in acts(text)] == [due]


def test_a_new_name_is_not_cut() -> None:
    (act,) = acts("rename the goal to plan and book the trip")

    assert (act.kind, act.change, act.gist) == (CHANGE, ChangeKind.RENAME, "plan and book the trip")


def test_a_timer_is_to_the_second() -> None:
    said = datetime(2026, 11, 30, 10, 0, 40, tzinfo=ZONE)
    timer, reminder = (
        understand(text, said, ZONE).acts[0].due
        for text in ("set a timer for 45 seconds", "remind me at 11 to stretch")
    )

    assert (timer, reminder) == ("2026-11-30T10:01:25", "2026-11-30T11:00")


def test_a_week_in_the_calendar_is_all_of_it() -> None:
    (act,) = acts("put sailing next week in my calendar")

    assert (act.due, act.end, act.all_day) == ("2026-12-07", "2026-12-13", True)


def test_a_time_that_leads_is_that_of_each_reminder_of_its_sentence_only() -> None:
    assert [act.due for act in acts("Tomorrow at 8, wake me and remind me to take the cake")] == [
        "2026-12-01T08:00"
    ] * 2
    assert meant("Tomorrow at 8, wake me. Remind me to take the cake").question is not None


def test_what_is_open_is_as_the_next_of_its_kind() -> None:
    found = acts("put rent on the 1st and gym on the 5th into my calendar")

    assert [(act.kind, act.gist, act.due) for act in found] == [
        (EVENT, "rent", "2026-12-01"),
        (EVENT, "gym", "2026-12-05"),
    ]


def test_a_request_is_no_part_of_the_duty_before_it() -> None:
    kinds = [act.kind for act in acts("I need to get the roof fixed by the 5th, find me three roofers")]

    assert kinds == [GOAL, ActKind.WORK]


def test_each_of_a_list_of_what_comes_again_is_one() -> None:
    text = (
        "remind me every weekday at 7 to sweep, every other Monday to mop, and on the 3rd of each month to order soap"
    )

    assert [(act.gist, act.recurrence) for act in acts(text)] == [
        ("sweep", "0 7 * * 1-5"),
        ("mop", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        ("order soap", "RRULE:FREQ=MONTHLY;BYMONTHDAY=3"),
    ]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("my shift starts at 6 tomorrow, get me up at 4:45", "2026-12-01T04:45"),
        ("my train leaves at 7, wake me at 5:30", "2026-12-01T05:30"),
        ("the film is at 8pm, wake me at 7", "2026-11-30T19:00"),
    ],
)
def test_what_wakes_is_in_the_morning_unless_what_it_is_for_is_not(text: str, due: str) -> None:
    *_, act = meant(text).acts

    assert (act.kind, act.gist, act.due) == (ActKind.REMINDER, "wake up", due)


def test_what_day_is_meant_is_no_part_of_what_wakes() -> None:
    *_, act = meant("wake me at 11 that day").acts

    assert act.gist == "wake up"
