"""German as it is typed: lists, days that are left out, all appointments of a day, timers, answers in haste."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from senter.messages.acts import Act, ActKind, ChangeKind, Thing, ThingKind
from senter.messages.understanding import Understanding
from senter.moments.finding import when_in
from senter.sentences import speaking
from senter.understanding.known import Known
from senter.understanding.languages import language_of
from senter.understanding.reading import understand

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 17, 50, tzinfo=BERLIN)
A_WEEK = timedelta(days=7)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=BERLIN)


CHOIR = Thing(
    kind=ThingKind.EVENT,
    id="c1",
    title="Posaunenchor",
    at=at(3, 18),
    repeats=True,
    later=tuple(at(3, 18) + A_WEEK * number for number in range(1, 6)),
)
OPTICIAN = Thing(kind=ThingKind.EVENT, id="o1", title="Optiker", at=at(1, 9))
PARENTS = Thing(kind=ThingKind.EVENT, id="p1", title="Elternabend", at=at(1, 19, 30))
EGGS = Thing(kind=ThingKind.REMINDER, id="6", title="Eier", at=NOW + timedelta(minutes=9))
BINS = Thing(kind=ThingKind.REMINDER, id="7", title="Mülltonne", at=at(6, 18), repeats=True)
THINGS = (CHOIR, OPTICIAN, PARENTS, EGGS, BINS)


def meant(text: str, *latest: Thing, together: int = 0, asked: Understanding | None = None) -> Understanding:
    question = asked.question if asked else None
    known = Known(THINGS, latest=latest, together=together, is_fresh=bool(latest), language="de", asked=question)
    return understand(text, NOW, BERLIN, known)


def only(text: str, *latest: Thing, together: int = 0) -> Act:
    (act,) = meant(text, *latest, together=together).acts
    return act


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("setz milch und eier auf die einkaufsliste", "einkaufsliste: milch und eier"),
        ("saft und wasser auf die einkaufsliste", "einkaufsliste: saft und wasser"),
        ("schreib auf die einkaufsliste brot und butter", "einkaufsliste: brot und butter"),
        ("setz ne notiz: die garage wird samstags gefegt", "die garage wird samstags gefegt"),
        ("neue notiz: zählerstand 44120", "zählerstand 44120"),
    ],
)
def test_all_that_is_put_on_a_list_is_noted(text: str, entry: str) -> None:
    act = only(text)
    assert (act.kind, act.gist) == (ActKind.NOTE, entry)


@pytest.mark.parametrize(
    "text",
    [
        "pack dachrinne säubern auf meine todo liste",
        "schreib auf meine todoliste: dachrinne säubern",
        "aufgabe hinzufügen: dachrinne säubern",
        "dachrinne säubern auf die aufgabenliste",
    ],
)
def test_what_is_put_on_the_list_of_tasks_is_kept_as_a_goal(text: str) -> None:
    act = only(text)
    assert (act.kind, act.gist) == (ActKind.GOAL, "dachrinne säubern")


def test_what_stands_on_the_list_of_tasks_is_asked() -> None:
    assert only("was steht auf meiner todo liste").kind is ActKind.QUESTION


@pytest.mark.parametrize(
    "text",
    ["am 17.12. fällt der aus", "der fällt am 17.12. aus", "am 17.12. nicht", "am 17. dezember fällt er leider aus"],
)
def test_a_day_of_what_was_just_named_is_left_out(text: str) -> None:
    act = only(text, CHOIR)
    assert (act.change, act.things, act.due) == (ChangeKind.CANCEL, (CHOIR,), "2026-12-17")


def test_a_day_of_a_reminder_is_skipped() -> None:
    act = only("diesen sonntag nicht", BINS)
    assert (act.change, act.things, act.due) == (ChangeKind.SKIP, (BINS,), "2026-12-06")


@pytest.mark.parametrize(
    "text", ["sag alle termine morgen ab", "lösch alle termine morgen", "cancel all appointments tomorrow"]
)
def test_all_appointments_of_a_day_are_no_reminders_and_not_those_made_last(text: str) -> None:
    found = meant(text, CHOIR, EGGS, BINS, together=3)
    assert [act.things for act in found.acts] == [(OPTICIAN, PARENTS)]
    assert found.question


def test_all_three_are_three() -> None:
    assert only("lösch alle drei", CHOIR, OPTICIAN, PARENTS, EGGS).things == (CHOIR, OPTICIAN, PARENTS)


def test_a_timer_is_found_by_what_it_is_for() -> None:
    act = only("stopp den eiertimer")
    assert (act.change, act.things) == (ChangeKind.CANCEL, (EGGS,))


@pytest.mark.parametrize("text", ["mach halb zehn draus", "mach doch lieber 9:30"])
def test_another_hour_moves_what_was_just_named(text: str) -> None:
    act = only(text, OPTICIAN)
    assert (act.change, act.things, act.due) == (ChangeKind.MOVE, (OPTICIAN,), "2026-12-01T09:30")


@pytest.mark.parametrize(
    "text", ["erinner mich morgen dran das ich brot kaufe", "vergiss nicht das ich morgen brot kaufe"]
)
def test_a_missing_letter_changes_no_matter(text: str) -> None:
    act = only(text)
    assert (act.kind, act.gist, act.due) == (ActKind.REMINDER, "brot kaufe", "2026-12-01")


@pytest.mark.parametrize("text", ["bis wann muss ich die rate überweisen", "an wen muss ich überweisen"])
def test_a_question_may_begin_with_a_little_word(text: str) -> None:
    assert only(text).kind is ActKind.QUESTION


@pytest.mark.parametrize("text", ["nee doch nicht", "nein lieber nicht", "nein, vergiss es"])
def test_a_no_may_be_said_twice(text: str) -> None:
    asked = meant("sag alle termine morgen ab")
    (act,) = meant(text, asked=asked).acts
    assert act.kind is ActKind.TALK


def test_another_appointment_answers_nothing_that_was_asked() -> None:
    asked = meant("trag die chorprobe ein")
    assert asked.question
    (act,) = meant("zahnarzt am mittwoch 16-17:30", asked=asked).acts
    assert (act.kind, act.gist, act.due) == (ActKind.EVENT, "zahnarzt", "2026-12-02T16:00")


@pytest.mark.parametrize("words", ["außer am wochenende", "nur nicht am wochenende", "außer samstags und sonntags"])
def test_the_weekend_is_left_out_of_what_comes_daily(words: str) -> None:
    with speaking("de"):
        assert when_in(f"jeden tag um 7 {words}", NOW, BERLIN).recurrence == "0 7 * * 1-5"
    assert when_in("every day at 7 except at the weekend", NOW, BERLIN).recurrence == "0 7 * * 1-5"


@pytest.mark.parametrize("words", ["außer am 24.12.", "ausser 24.12.", "aber nicht am 24.12."])
def test_a_day_that_is_left_out_of_what_is_new_is_asked_about(words: str) -> None:
    with speaking("de"):
        when = when_in(f"jeden donnerstag um 18 uhr chor {words}", NOW, BERLIN)
    assert len(when.unread) == 1


def test_a_letter_tells_a_language() -> None:
    assert (language_of("keller ausräumen"), language_of("müll")) == ("de", "de")
    assert language_of("meet Jürgen at the station on friday") == "en"
