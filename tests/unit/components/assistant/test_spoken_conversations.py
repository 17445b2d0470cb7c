"""Conversations of several turns with the whole of it in one process: what exists after each turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.what_exists import Existing
from tests.support.whole_senter import whole_senter

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
ZONE = "Europe/Berlin"
Turn = tuple[str, tuple[str, ...]]
"""What is said, and what there is then: kind, time and title, the earliest first."""

DINNER = "event 2026-12-04T19:00 Dinner with Ana"
LATER_DINNER = "event 2026-12-04T20:00 Dinner with Ana"
PILLS = "reminder 2026-12-01T08:00 take the pills"
CALL, LUNCH = "reminder 2026-12-01T09:00 call Bo", "event 2026-12-02T12:00 lunch with Cy"
TAX, LEASE = "goal 2026-12-04T23:59 I need to finish the tax return", "goal 2026-12-04T23:59 I have to sign the lease"
PLANTS, CAT = "reminder 2026-11-30T14:00 water the plants", "reminder 2026-11-30T15:00 feed the cat"
WEDNESDAY, THURSDAY = "event 2026-12-02T10:00 call with Kim", "event 2026-12-03T15:00 call with Kim"
STRETCH = tuple(f"reminder 2026-12-01T{hour}:00 stretch" for hour in ("09", "12", "15"))

ZAHNARZT, SPAETER = "event 2026-12-04T10:00 Zahnarzt", "event 2026-12-03T10:00 Zahnarzt"
MIETE, STEUER = (
    "reminder 2026-12-01T09:00 die Miete zahlen",
    "goal 2026-12-04T23:59 ich muss bis Freitag die Steuer machen",
)

CONVERSATIONS: dict[str, Sequence[Turn]] = {
    "in German: made, asked back, moved, cancelled, taken back": (
        ("erinnere mich daran, die Miete zu zahlen", ()),
        ("morgen um 9", (MIETE,)),
        ("Zahnarzt am Freitag um 10", (MIETE, ZAHNARZT)),
        ("verschieb ihn auf Donnerstag", (MIETE, SPAETER)),
        ("mach das rückgängig", (MIETE, ZAHNARZT)),
        ("sag den Zahnarzt ab", (MIETE,)),
    ),
    "in German: several in one sentence, a goal that is done, and all of it": (
        (
            "Erinnere mich morgen um 9 an die Blumen und trag das Kino am Freitag um 20 Uhr ein",
            ("reminder 2026-12-01T09:00 Blumen", "event 2026-12-04T20:00 Kino"),
        ),
        ("rückgängig", ()),
        ("ich muss bis Freitag die Steuer machen", (STEUER,)),
        ("Ich habe die Steuer gemacht", ()),
        ("weck mich um 6", ("reminder 2026-12-01T06:00 aufstehen",)),
        ("doch lieber um halb sieben", ("reminder 2026-12-01T06:30 aufstehen",)),
        ("lösch den Wecker", ()),
    ),
    "an hour in the half that a dinner is in, and a reminder before it": (
        ("Dinner with Ana on Friday at 19", (DINNER,)),
        ("make it 8", (LATER_DINNER,)),
        ("and remind me an hour before", ("reminder 2026-12-04T19:00 Dinner with Ana", LATER_DINNER)),
        ("undo", (LATER_DINNER,)),
    ),
    "what comes again moves as a whole, and of one day is left out alone": (
        ("remind me every day at 9 to take the pills", ("reminder 2026-12-01T09:00 take the pills",)),
        ("move it to 8", (PILLS,)),
        ("cancel the pills on Thursday", (PILLS,)),
        ("no pills tomorrow", ("reminder 2026-12-02T08:00 take the pills",)),
        ("undo", (PILLS,)),
    ),
    "stop ends what is plainly meant, and asks where several may be": (
        ("remind me to call Bo tomorrow at 9", (CALL,)),
        ("cancel that", ()),
        ("stop", ()),
        ("undo", (CALL,)),
        ("remind me to pay rent tomorrow at 10", (CALL, "reminder 2026-12-01T10:00 pay rent")),
        ("stop", (CALL, "reminder 2026-12-01T10:00 pay rent")),
        ("the second", ("reminder 2026-12-01T10:00 pay rent",)),
    ),
    "one undo for all of a sentence, and its undo": (
        (
            "remind me to call Bo tomorrow at 9 and put lunch with Cy in my calendar on Wednesday at 12",
            (CALL, LUNCH),
        ),
        ("undo", ()),
        ("undo the undo", (CALL, LUNCH)),
    ),
    "goals that are said to be done in the passive": (
        ("I need to finish the tax return by Friday", (TAX,)),
        ("I have to sign the lease by Friday", (LEASE, TAX)),
        ("the car is washed", (LEASE, TAX)),
        ("the lease is signed", (TAX,)),
        ("the tax return is finished", ()),
    ),
    "an action by its number, and several at once": (
        ("remind me at 14:00 to water the plants", (PLANTS,)),
        ("remind me at 15:00 to feed the cat", (PLANTS, CAT)),
        ("undo 1", (CAT,)),
        ("undo the last two", (CAT,)),
        ("take back number 3", (PLANTS, CAT)),
    ),
    "a note forgotten and back": (
        ("note that the wifi password is xylophone", ("note None",)),
        ("forget what I said about the wifi", ()),
        ("undo", ("note None",)),
    ),
    "a turn that goes on, and both of two": (
        ("remind me at 14:00 to water the plants", (PLANTS,)),
        ("and at 15:00 to feed the cat", (PLANTS, CAT)),
        ("cancel both", ()),
        ("undo", (PLANTS, CAT)),
    ),
    "those that were made at once": (
        (
            "remind me to call Bo tomorrow at 9 and put lunch with Cy in my calendar on Wednesday at 12",
            (CALL, LUNCH),
        ),
        ("thanks", (CALL, LUNCH)),
        ("cancel them", ()),
        ("undo", (CALL, LUNCH)),
    ),
    "the one of a day": (
        ("add a call with Kim on Wednesday at 10 to my calendar", (WEDNESDAY,)),
        ("add a call with Kim on Thursday at 15:00 to my calendar", (WEDNESDAY, THURSDAY)),
        ("cancel the call with Kim", (WEDNESDAY, THURSDAY)),
        ("the one on Thursday", (WEDNESDAY,)),
    ),
    "a goal renamed": (
        ("I want to learn Italian by June", ("goal 2027-06-30T23:59 I want to learn Italian",)),
        ("rename it to Italian for beginners", ("goal 2027-06-30T23:59 Italian for beginners",)),
        ("undo", ("goal 2027-06-30T23:59 I want to learn Italian",)),
    ),
    "corrected twice": (
        ("wake me tomorrow at 7", ("reminder 2026-12-01T07:00 wake up",)),
        ("make that 6:30", ("reminder 2026-12-01T06:30 wake up",)),
        ("actually 6", ("reminder 2026-12-01T06:00 wake up",)),
    ),
    "three of one kind": (
        ("remind me tomorrow at 9, 12 and 15 to stretch", STRETCH),
        ("delete all three", ()),
        ("undo", STRETCH),
        ("cancel the one at 12", (STRETCH[0], STRETCH[2])),
    ),
}


@pytest.mark.parametrize("turns", [pytest.param(turns, id=name) for name, turns in CONVERSATIONS.items()])
async def test_after_each_turn_there_is_what_was_asked_for(turns: Sequence[Turn], tmp_path: Path) -> None:
    async with whole_senter(tmp_path, MONDAY, ZONE) as senter:
        for number, (says, expected) in enumerate(turns, 1):
            await senter.move_to(MONDAY + timedelta(minutes=2 * number))
            answer = await senter.say(says)
            found = list(_told(await senter.what_exists()))
            wrong = len(found) != len(expected) or not all(map(str.startswith, found, expected))
            assert not wrong, f"{says}\n{answer.response}\n{found}"


async def test_one_occurrence_is_taken_out_and_the_others_stay(tmp_path: Path) -> None:
    async with whole_senter(tmp_path, MONDAY, ZONE) as senter:
        await senter.say("yoga every Thursday at 18 in my calendar")
        removed = await senter.say("cancel yoga on Thursday")
        there = await senter.say("what is in my calendar in the next two weeks?")

    assert "Thu 3 Dec 2026" in removed.response
    assert "10 Dec" in there.response
    assert "3 Dec 2026" not in there.response


async def test_one_of_a_repeated_event_is_moved_alone_and_back(tmp_path: Path) -> None:
    async with whole_senter(tmp_path, MONDAY, ZONE) as senter:
        await senter.say("yoga every Thursday at 19 in my calendar")
        moved = await senter.say("move yoga on Thursday to 6")
        there = await senter.say("what is in my calendar in the next two weeks?")
        nowhere = await senter.say("move yoga on Friday to 8 pm")
        await senter.say("undo")
        back = await senter.say("what is in my calendar in the next two weeks?")

    assert "Thu 3 Dec 2026, 18:00-19:00" in moved.response
    assert "Thu 3 Dec 2026, 18:00" in there.response
    assert "Thu 10 Dec 2026, 19:00" in there.response
    assert "does not take place on Fri 4 Dec 2026" in nowhere.response
    assert "Thu 3 Dec 2026, 19:00" in back.response
    assert "18:00" not in back.response


async def test_what_was_set_and_what_is_left_is_told_from_facts(tmp_path: Path) -> None:
    async with whole_senter(tmp_path, MONDAY, ZONE) as senter:
        await senter.say("set a timer for 20 minutes")
        answers = [(await senter.say(says)).response for says in ("what did you set?", "what is left today?")]

    assert all("10:20" in answer and "timer" in answer for answer in answers)


async def test_what_was_told_is_snoozed_and_done_in_plain_words_and_taken_back(tmp_path: Path) -> None:
    async with whole_senter(tmp_path, MONDAY, ZONE) as senter:
        await senter.say("remind me every day at 11 to take the pills")
        await senter.say("set a timer for 2 hours")
        left = (await senter.say("how long is left on the timer?")).response
        await senter.move_to(MONDAY + timedelta(hours=1))
        said = ("snooze that 10 minutes", "undo", "remind me again in two days", "I took my pills", "undo", "done")
        answers = [(await senter.say(words)).response for words in said]

    assert any(length in left for length in ("2 h left", "1 h 59 min"))
    snoozed, waits, late, done, again, last = answers
    assert "is snoozed: take the pills, until Mon 30 Nov 2026, 11:1" in snoozed
    assert "waits for you: take the pills" in waits
    assert "before that it comes as always, Tue 1 Dec 2026, 11:00" in late
    assert all("is done: take the pills, every day at 11:00, next Tue 1 Dec 2026" in each for each in (done, last))
    assert "waits for you" in again or "is snoozed" in again


async def test_what_was_done_is_told_a_line_a_thing(tmp_path: Path) -> None:
    async with whole_senter(tmp_path, MONDAY, ZONE, reporting=True) as senter:
        await senter.say("remind me in 20 minutes to stretch")
        await senter.say("note that the gate code is 4711")
        await senter.say("remember that the spare key is under the pot")
        await senter.move_to(MONDAY + timedelta(minutes=55))
        await senter.say("delete all my notes")
        await senter.say("yes")
        answer = (await senter.say("what did you do today?")).response

    assert "Reminder 4: stretch, Mon 30 Nov 2026, 10:20" in answer
    assert "Reminder: stretch (late: it was due Mon 30 Nov 2026, 10:20, Europe/Berlin)" in answer
    assert sum(" is forgotten: " in line for line in answer.splitlines()) == 2
    assert "achieved" not in answer


async def test_notes_are_known_in_any_conversation_until_they_are_forgotten(tmp_path: Path) -> None:
    async with whole_senter(tmp_path, MONDAY, ZONE) as senter:
        await senter.say("note that the gate code is 4711")
        await senter.say("remember that Nora is allergic to peanuts")
        for says in ("thanks", "set a timer for 5 minutes", "hello", "hi", "ok", "thanks", "great"):
            await senter.say(says)
        senter.begin_anew()
        await senter.move_to(MONDAY + timedelta(days=3))
        code = await senter.say("what was the gate code I told you?")
        every = await senter.say("what did I ask you to remember?")
        nora = await senter.say("what do you know about Nora?")
        forgotten = await senter.say("forget the note about the gate")
        gone = await senter.say("what was the gate code?")
        await senter.say("undo")
        back = await senter.say("what's the gate code?")

    assert "4711" in code.response
    assert "data/notes/" in code.response
    assert [source.source for source in every.sources] == ["Nora is allergic to peanuts", "the gate code is 4711"]
    assert "peanuts" in nora.response
    assert forgotten.receipts[0].kind == "note"
    assert "4711" not in gone.response
    assert "4711" in back.response


def _told(existing: Sequence[Existing]) -> Iterator[str]:
    for kind, title, times, _ in sorted(existing, key=lambda one: (one.times.due or "", one.title)):
        yield f"{kind} {times.due} {title}" if kind != "note" else f"note {times.due}"


async def test_what_is_mine_is_answered_in_german(tmp_path: Path) -> None:
    async with whole_senter(tmp_path, MONDAY, ZONE) as senter:
        await senter.say("Notiere: der Türcode ist 5512")
        await senter.say("Trag ein: Essen mit Jana am Freitag um 19 Uhr")
        asked = (
            "Wie ist der Türcode?",
            "Wann gehe ich mit Jana essen?",
            "Kannst du mir sagen, wann das Essen mit Jana ist?",
            "Hatte ich einen Termin mit Doktor Müller?",
        )
        code, dinner, again, nothing = [(await senter.say(words)).response for words in asked]

    assert code.startswith('"der Türcode ist 5512" (Notiz: ')
    assert dinner == again == "Essen mit Jana, Fr, 4. Dez. 2026, 19:00-20:00, Europe/Berlin (Kalender)"
    assert nothing.startswith("Ich habe nichts über Termin mit Doktor Müller in deinen Dokumenten")
