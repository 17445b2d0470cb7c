"""What sentences mean beyond their kind: several acts in one, gists, deadlines, days carried on, long texts."""

from __future__ import annotations

import pytest

from senter.messages.acts import ActKind, ChangeKind, Missing, Subject
from senter.understanding.questions import MOST_ACTS
from tests.unit.understanding.said import BREAD, DECK, DENTIST, KNOWN, LUNCH, MILK, meant


@pytest.mark.parametrize(
    ("text", "gist"),
    [
        ("Remind me to call mom tomorrow at 9", "call mom"),
        ("Remind me tomorrow at 9 to call mom", "call mom"),
        ("could you please remind me about the oven in 20 minutes", "the oven"),
        ("wake me at 7", "wake up"),
        ("set a timer for 10 minutes", "timer"),
        ("Put the dentist in my calendar for Friday at 3", "dentist"),
        ("lunch with Ana thursday at 12", "lunch with Ana"),
        ("I need to finish my presentation by Friday", "finish my presentation"),
        ("My goal is to run a marathon", "run a marathon"),
        ("note to self: the boiler code is 4471", "the boiler code is 4471"),
        ("keep in mind that the office is closed in August", "the office is closed in August"),
        ("write a story in which he must finish by Friday", "write a story in which he must finish by Friday"),
        ("look into cheaper phone contracts by Friday", "look into cheaper phone contracts"),
        ("every Monday at 8 send me the open invoices", "send me the open invoices"),
        ("move the dentist to 5", "dentist"),
    ],
)
def test_the_gist_is_without_words_that_ask_and_words_of_time(text: str, gist: str) -> None:
    assert meant(text).acts[0].gist == gist


def test_each_of_several_acts_has_its_place() -> None:
    text = "Remind me to call mom tomorrow at 9, put the dentist in my calendar for Friday at 3 and research bikes"
    found = meant(text)
    assert [act.kind for act in found.acts] == [ActKind.REMINDER, ActKind.EVENT, ActKind.WORK]
    assert [text[slice(*act.span)].split()[0] for act in found.acts] == ["Remind", "put", "research"]


def test_ten_acts_in_one_sentence_are_ten() -> None:
    times = ", ".join(f"at {hour}:00 to call number {hour}" for hour in range(11, 21))
    found = meant(f"Remind me {times}")
    assert [act.due and act.due[11:13] for act in found.acts] == [str(hour) for hour in range(11, 21)]


def test_more_than_can_be_taken_in_is_said() -> None:
    found = meant(". ".join(f"Remind me tomorrow at 9 to call number {number}" for number in range(MOST_ACTS + 5)))
    assert found.question and found.question.lacks is Missing.WHAT
    assert len(found.question.acts) == MOST_ACTS


def test_a_clock_time_is_on_the_day_that_was_spoken_of() -> None:
    assert [act.due for act in meant("lunch with Sam on friday at 1, gym at 6").acts] == [
        "2026-12-04T13:00",
        "2026-12-04T18:00",
    ]


def test_work_has_a_deadline_only_where_one_is_said() -> None:
    assert meant("summarise the report by Friday").acts[0].due == "2026-12-04"
    assert meant("draft the agenda for Thursday's meeting").acts[0].due is None


def test_what_points_back_says_the_kind_of_what_was_said() -> None:
    told = {
        "The rowing club meets on Friday at 16:00, do enter it in my diary.": ("event", "2026-12-04T16:00"),
        "Tax return by 4 December, that's on me.": ("goal", "2026-12-04"),
        "the shed is painted, hallelujah, cross it off": ("completion", None),
    }
    for text, (kind, due) in told.items():
        assert [(act.kind, act.due) for act in meant(text).acts] == [(kind, due)], text


def test_all_that_was_listed_is_pointed_at() -> None:
    acts = meant("ring the bank friday 16:00, dinner with Omar friday 20:00, all in the calendar").acts
    assert [(act.kind, act.due) for act in acts] == [("event", "2026-12-04T16:00"), ("event", "2026-12-04T20:00")]


def test_what_points_back_at_nothing_is_no_act() -> None:
    assert [act.kind for act in meant("That's mine.").acts] == [ActKind.TALK]


def test_two_times_of_one_thing_are_two_acts() -> None:
    acts = meant("remind me tomorrow at 9 and at 15:00 to call mom").acts
    assert [(act.gist, act.due) for act in acts] == [("call mom", "2026-12-01T09:00"), ("call mom", "2026-12-01T15:00")]


def test_steps_of_one_work_are_one() -> None:
    assert [act.kind for act in meant("research electric bikes and write a summary").acts] == [ActKind.WORK]


def test_what_leans_on_the_words_before_is_about_them() -> None:
    found = meant("I have a rendezvous with the bank on Friday at 14:30, put it in my calendar")
    assert [(act.kind, act.due) for act in found.acts] == [(ActKind.EVENT, "2026-12-04T14:30")]


def test_where_an_event_is_is_not_what_it_is() -> None:
    (act,) = meant("dinner with the Bergs at Luigi's on Saturday at 19:30").acts
    assert (act.gist, act.place) == ("dinner with the Bergs", "Luigi's")


def test_small_talk_beside_a_request_is_left_out() -> None:
    assert [act.kind for act in meant("Hi! Thanks for yesterday. Wake me at 7.").acts] == [ActKind.REMINDER]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("how long is my notice period", Subject.MINE),
        ("how do I write a notice", Subject.WORLD),
        ("who wrote Faust", Subject.WORLD),
        ("when is the Lisbon flight", Subject.MINE),
        ("what can you do", Subject.SENTER),
    ],
)
def test_a_question_is_about_the_world_about_mine_or_about_senter(text: str, subject: Subject) -> None:
    (act,) = meant(text).acts
    assert (act.kind, act.subject) == (ActKind.QUESTION, subject)


def test_a_change_speaks_of_what_exists() -> None:
    (act,) = meant("move the dentist to 5", KNOWN).acts
    assert (act.change, act.things, act.due) == (ChangeKind.MOVE, (DENTIST,), "2026-12-04T17:00")


def test_what_follows_a_change_is_changed_alike() -> None:
    changes = meant("cancel the dentist on Friday and the lunch on Thursday", KNOWN).acts
    assert [(act.change, act.things) for act in changes] == [
        (ChangeKind.CANCEL, (DENTIST,)),
        (ChangeKind.CANCEL, (LUNCH,)),
    ]


def test_what_is_not_needed_any_more_is_cancelled_once() -> None:
    (act,) = meant("I don't need the lunch any more, drop that event", KNOWN).acts
    assert (act.change, act.things) == (ChangeKind.CANCEL, (LUNCH,))


def test_a_day_alone_keeps_the_clock_time_of_what_is_moved() -> None:
    (act,) = meant("move lunch with Ana to Saturday", KNOWN).acts
    assert (act.things, act.due) == ((LUNCH,), "2026-12-05T12:00")


def test_something_is_moved_by_a_length_of_time() -> None:
    (act,) = meant("push the dentist back by an hour", KNOWN).acts
    assert (act.things, act.due) == ((DENTIST,), "2026-12-04T16:00")


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("cancel it", MILK),
        ("cancel the second one", BREAD),
        ("delete reminder 13", BREAD),
        ("cancel my 3 o'clock on Friday", DENTIST),
    ],
)
def test_things_are_pointed_at_by_it_by_place_by_number_and_by_hour(text: str, thing: object) -> None:
    (act,) = meant(text, KNOWN).acts
    assert (act.change, act.things) == (ChangeKind.CANCEL, (thing,))


def test_a_completion_names_the_goal_that_is_done() -> None:
    (act,) = meant("I finished the deck", KNOWN).acts
    assert (act.kind, act.things) == (ActKind.COMPLETION, (DECK,))


def test_what_does_not_exist_is_nothing_and_is_not_asked_about() -> None:
    found = meant("cancel the opera", KNOWN)
    assert (found.acts[0].things, found.question) == ((), None)


def test_reading_is_linear_in_the_length_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in the characters that patterns are matched from: ten times the text, about ten times as many."""
    from senter.understanding import cuts
    from senter.understanding.heads import Head, head_of

    looked: list[int] = []

    def counted(mask: str) -> Head:
        looked.append(len(mask))
        return head_of(mask)

    monkeypatch.setattr(cuts, "head_of", counted)

    def characters(text: str) -> int:
        looked.clear()
        meant(text)
        return sum(looked)

    assert characters("milk and bread, " * 600) <= 12 * characters("milk and bread, " * 60)


@pytest.mark.parametrize(
    ("text", "due", "end"),
    [
        ("move the coffee with Gerda from Wednesday to Thursday at three", "2026-12-03T15:00", None),
        ("move friday's meeting to monday", "2026-12-07", None),
        ("push my 2pm to 4pm", "2026-11-30T16:00", None),
        ("move lunch on friday to 2", "2026-12-04T14:00", None),
        ("move the review to friday from 2 to 4", "2026-12-04T14:00", "2026-12-04T16:00"),
        ("move the dentist from Friday to Saturday", "2026-12-05", None),
    ],
)
def test_a_change_is_at_the_time_to_which_something_is_moved(text: str, due: str, end: str | None) -> None:
    (act,) = meant(text).acts
    assert (act.change, act.due, act.end) == (ChangeKind.MOVE, due, end)


@pytest.mark.parametrize("text", ["cancel the dentist on Friday", "cancel my 3pm tomorrow"])
def test_when_it_is_says_what_is_cancelled(text: str) -> None:
    (act,) = meant(text).acts
    assert (act.change, act.due, act.unread) == (ChangeKind.CANCEL, None, ())


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("my flight is on friday at 10, remind me the day before to pack", "2026-12-03T10:00"),
        ("my flight is on friday at 10, remind me the evening before at 8 to pack", "2026-12-03T20:00"),
        ("my flight is on friday at 10, remind me 2 days earlier at 9 to pack", "2026-12-02T09:00"),
        ("remind me on wednesday, no wait, thursday at 11 to pack", "2026-12-03T11:00"),
        ("remind me tomorrow evening to pack", "2026-12-01T18:00"),
    ],
)
def test_a_reminder_is_at_the_time_that_was_said_last(text: str, due: str) -> None:
    assert meant(text).acts[-1].due == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("I need to finish the report by tomorrow evening", "2026-12-01"),
        ("I need to finish the report by tomorrow at 18:00", "2026-12-01T18:00"),
        ("I did not finish it before easter, but I have to by Friday", "2026-12-04"),
    ],
)
def test_a_goal_is_due_by_the_day_that_was_said_last(text: str, due: str) -> None:
    assert [act.due for act in meant(text).acts if act.kind is ActKind.GOAL] == [due]
