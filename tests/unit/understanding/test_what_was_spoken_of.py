"""What a sentence means because of what exists, and of what the conversation spoke of just before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from senter.messages.acts import Act, ActKind, ChangeKind, Missing, Thing, ThingKind
from senter.understanding.known import NOTHING, Known
from senter.understanding.reading import understand

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 10, tzinfo=BERLIN)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=BERLIN)


MOM = Thing(kind=ThingKind.REMINDER, id="4", title="call mom", at=at(1, 9))
ALARM = Thing(kind=ThingKind.REMINDER, id="5", title="wake up", at=at(1, 7))
PILLS = Thing(kind=ThingKind.REMINDER, id="6", title="take the pills", at=at(1, 8), repeats=True)
DINNER = Thing(kind=ThingKind.EVENT, id="d1@senter", title="dinner with Ana", at=at(4, 19))
KIMS = (
    Thing(kind=ThingKind.EVENT, id="k1@senter", title="call with Kim", at=at(2, 10)),
    Thing(kind=ThingKind.EVENT, id="k2@senter", title="call with Kim", at=at(3, 15)),
)
SLIDES = Thing(kind=ThingKind.GOAL, id="1", title="I need to finish the slides by tomorrow")
INVENTORY = Thing(kind=ThingKind.GOAL, id="2", title="sign the inventory by Monday")
NORA = Thing(kind=ThingKind.NOTE, id="/notes/nora.md", title="Nora is allergic to peanuts")
THINGS = (MOM, ALARM, PILLS, DINNER, *KIMS, SLIDES, INVENTORY)


def acts(text: str, *latest: Thing) -> tuple[Act, ...]:
    bare = tuple(thing.model_copy(update={"at": None}) for thing in latest)  # as receipts tell of them
    return understand(text, NOW, BERLIN, Known(things=THINGS, latest=bare)).acts


@pytest.mark.parametrize(
    ("says", "thing", "due"),
    [
        ("move it to 5", MOM, "2026-12-01T17:00"),
        ("make that 11", MOM, "2026-12-01T11:00"),
        ("actually 8", MOM, "2026-12-01T08:00"),
        ("no, 17:30", MOM, "2026-12-01T17:30"),
        ("make it 8", DINNER, "2026-12-04T20:00"),
        ("make it 8am", DINNER, "2026-12-04T08:00"),
        ("make it 5", ALARM, "2026-12-01T05:00"),
        ("move it to Saturday", DINNER, "2026-12-05T19:00"),
    ],
)
def test_what_is_moved_keeps_its_day_and_its_half_of_the_day(says: str, thing: Thing, due: str) -> None:
    (act,) = acts(says, thing)

    assert (act.kind, act.change, act.due) == (ActKind.CHANGE, ChangeKind.MOVE, due)
    assert [each.id for each in act.things] == [thing.id]
    assert not any(letter.isdigit() for letter in act.gist)


@pytest.mark.parametrize(
    ("says", "due", "gist"),
    [
        ("remind me half an hour before it", "2026-12-04T18:30", "dinner with Ana"),
        ("and remind me the day before at 18:00 to buy wine", "2026-12-03T18:00", "buy wine"),
        ("remind me two days before at 10 to buy a present", "2026-12-02T10:00", "buy a present"),
        ("remind me 20 minutes before my call with Kim", "2026-12-02T09:40", "my call with Kim"),
    ],
)
def test_before_counts_from_what_is_named_or_was_spoken_of(says: str, due: str, gist: str) -> None:
    (act,) = acts(says, DINNER)

    assert (act.kind, act.due, act.gist) == (ActKind.REMINDER, due, gist)


def test_an_event_and_the_reminder_before_it_are_two() -> None:
    event, reminder = acts("lunch with Bo on Friday at 12, and remind me an hour before")

    assert (event.kind, event.due) == (ActKind.EVENT, "2026-12-04T12:00")
    assert (reminder.kind, reminder.due, reminder.gist) == (ActKind.REMINDER, "2026-12-04T11:00", "lunch with Bo")


@pytest.mark.parametrize(
    ("says", "hours"),
    [
        ("remind me to stand up at 15:00, 16:00 and 17:00", ["15:00", "16:00", "17:00"]),
        ("remind me tomorrow at 9am, 1pm and 5pm to stand up", ["09:00", "13:00", "17:00"]),
        ("remind me tomorrow at 9 and 12 to stand up", ["09:00", "12:00"]),
        ("remind me tomorrow at 9 to stand up", ["09:00"]),
    ],
)
def test_each_clock_time_is_a_reminder_of_its_own(says: str, hours: list[str]) -> None:
    found = acts(says)

    assert [str(act.due)[-5:] for act in found] == hours
    assert {act.gist for act in found} == {"stand up"}
    assert len({str(act.due)[:10] for act in found}) == 1


@pytest.mark.parametrize(
    ("says", "goal"),
    [("slides are finished", "1"), ("the inventory is signed as well", "2"), ("the slides are done", "1")],
)
def test_a_report_in_the_passive_is_of_the_goal_it_names(says: str, goal: str) -> None:
    (act,) = acts(says)

    assert act.kind is ActKind.COMPLETION
    assert [thing.id for thing in act.things] == [goal]


@pytest.mark.parametrize("says", ["the car is washed", "the slides are printed", "are the slides finished?"])
def test_a_report_of_something_else_ends_no_goal(says: str) -> None:
    assert not any(act.kind is ActKind.COMPLETION and act.things for act in acts(says))


def test_a_report_that_two_goals_fit_is_asked_about() -> None:
    other = SLIDES.model_copy(update={"id": "3", "title": "finish the slides of Bo"})
    found = understand("the slides are finished", NOW, BERLIN, Known(things=(SLIDES, other)))

    assert found.question is not None
    assert found.question.lacks is Missing.WHICH


@pytest.mark.parametrize(
    ("says", "number"),
    [("cancel both", 2), ("cancel all three", 3), ("delete all three", 3), ("remove both of them", 2)],
)
def test_so_many_as_are_counted_are_meant(says: str, number: int) -> None:
    (act,) = acts(says, MOM, ALARM, DINNER, KIMS[0])

    assert act.things == (MOM, ALARM, DINNER)[:number]


@pytest.mark.parametrize("says", ["cancel them", "delete those reminders", "remove these", "please cancel them all"])
def test_them_are_those_that_were_spoken_of_at_once(says: str) -> None:
    known = Known(things=THINGS, latest=(MOM, ALARM, KIMS[0]), together=2)
    found = understand(says, NOW, BERLIN, known)

    assert [thing.id for act in found.acts for thing in act.things] == [MOM.id, ALARM.id]
    assert found.question is None


def test_each_of_them_is_moved_on_its_own_day() -> None:
    known = Known(things=(MOM, ALARM), latest=(MOM, ALARM), together=2)
    found = understand("move them to 17:00", NOW, BERLIN, known).acts

    assert [(act.things[0].id, act.due) for act in found] == [
        (thing.id, f"{thing.at.astimezone(BERLIN):%Y-%m-%d}T17:00") for thing in (MOM, ALARM) if thing.at
    ]


def test_which_of_what_was_not_made_at_once_is_asked_and_all_may_be_the_answer() -> None:
    known = Known(things=(MOM, ALARM), latest=(MOM, ALARM), together=1)
    asked = understand("cancel them", NOW, BERLIN, known).question
    assert asked is not None
    assert asked.lacks is Missing.WHICH
    answered = understand("all of them", NOW, BERLIN, replace(known, asked=asked))
    assert [thing.id for act in answered.acts for thing in act.things] == [MOM.id, ALARM.id]


@pytest.mark.parametrize(
    "says",
    [
        "forget the note about the peanuts",
        "delete the note about Nora",
        "forget Nora's peanuts",
        "forget what I said about Nora",
        "please remove my note about peanuts",
        "could you delete the peanuts?",
    ],
)
def test_a_note_of_any_conversation_is_forgotten_by_its_words(says: str) -> None:
    (act,) = understand(says, NOW, BERLIN, Known(things=(*THINGS, NORA))).acts
    assert (act.kind, act.change, act.things) == (ActKind.CHANGE, ChangeKind.CANCEL, (NORA,))


@pytest.mark.parametrize(
    "says", ["cancel Nora", "move the peanuts to Friday", "cancel everything", "the peanuts are done"]
)
def test_a_note_is_not_cancelled_moved_or_done_unless_it_is_called_one(says: str) -> None:
    found = understand(says, NOW, BERLIN, Known(things=(*THINGS, NORA)))
    assert not [thing for act in found.acts for thing in act.things if thing.kind is ThingKind.NOTE]


def test_do_not_forget_forgets_nothing() -> None:
    found = understand("don't forget Nora's peanuts", NOW, BERLIN, Known(things=(NORA,)))
    assert not [act for act in found.acts if act.kind is ActKind.CHANGE]


def test_them_beside_something_named_are_not_all() -> None:
    known = Known(things=(MOM, ALARM), latest=(MOM, ALARM), together=2)
    (act,) = understand(f"cancel {MOM.title} and move them", NOW, BERLIN, known).acts[:1]
    assert act.things == (MOM,)


@pytest.mark.parametrize(
    ("says", "uid"),
    [
        ("the one on Thursday", "k2@senter"),
        ("Wednesday", "k1@senter"),
        ("the one at 3", "k2@senter"),
        ("the second", "k2@senter"),
    ],
)
def test_a_day_or_an_hour_answers_which(says: str, uid: str) -> None:
    asked = understand("cancel the call with Kim", NOW, BERLIN, Known(things=THINGS)).question
    found = understand(says, NOW, BERLIN, Known(things=THINGS, asked=asked))

    assert asked is not None
    assert asked.alternatives[0].label == "call with Kim, Wed 2 Dec 2026, 10:00, Europe/Berlin"
    assert [thing.id for act in found.acts for thing in act.things] == [uid]
    assert found.question is None


def test_a_day_that_is_named_tells_which() -> None:
    (act,) = acts("cancel the call with Kim on Thursday")

    assert act.things == (KIMS[1],)


def test_one_day_of_a_reminder_that_comes_again_is_left_out() -> None:
    (act,) = acts("cancel the pills on Thursday")

    assert (act.change, [thing.id for thing in act.things], act.due) == (ChangeKind.SKIP, ["6"], "2026-12-03")


@pytest.mark.parametrize("says", ["forget what I said about Nora", "forget what I said about Nora, delete that note"])
def test_what_was_said_is_forgotten_once(says: str) -> None:
    (act,) = acts(says, NORA)

    assert (act.change, [thing.id for thing in act.things]) == (ChangeKind.CANCEL, [NORA.id])


def test_what_was_never_noted_is_no_reminder() -> None:
    assert not any(act.things for act in acts("forget what I said about mom", NORA))


@pytest.mark.parametrize(
    ("says", "thing", "name"),
    [
        ("rename it to slides and poster", "1", "slides and poster"),
        ("rename the inventory goal to List", "2", "List"),
        ("rename goal 2 to List", "2", "List"),
    ],
)
def test_what_is_renamed_and_how_it_is_called_are_two(says: str, thing: str, name: str) -> None:
    (act,) = acts(says, SLIDES)

    assert (act.change, act.gist, [each.id for each in act.things]) == (ChangeKind.RENAME, name, [thing])


def test_a_turn_goes_on_only_after_one_that_set_a_reminder() -> None:
    says = "and at 15:00 to leave"
    (more,) = acts(says, MOM)

    assert (more.kind, more.gist, more.due) == (ActKind.REMINDER, "leave", "2026-11-30T15:00")
    assert all(act.confidence < more.confidence for act in understand(says, NOW, BERLIN, NOTHING).acts)


@pytest.mark.parametrize(
    "says",
    [
        "cancel reminder 999",
        "delete goal 77",
        "move reminder 444 to 5pm",
        "mark reminder 555 as done",
        "lösche Erinnerung 999",
        "verschiebe Erinnerung 444 auf 17 Uhr",
    ],
)
def test_a_number_that_nothing_has_is_no_other_thing(says: str) -> None:
    (act,) = acts(says, MOM, SLIDES)

    assert act.things == ()


def test_what_was_spoken_of_has_its_number_after_it_is_over() -> None:
    over = Thing(kind=ThingKind.REMINDER, id="9", title="tea")

    (act,) = acts("move reminder 9 to 5pm", over)

    assert act.things == (over,)


def test_no_reminder_of_a_day_is_none_of_another_day() -> None:
    other = Thing(kind=ThingKind.REMINDER, id="8", title="call the plumber", at=at(4, 8))
    for things, meant in (((other,), []), ((other, MOM), [MOM.id])):
        (act,) = understand("no reminder tomorrow", NOW, BERLIN, Known(things=things, latest=(other,))).acts
        assert [thing.id for thing in act.things] == meant
