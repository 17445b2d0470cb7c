"""Series that are made and changed: rule, end, exceptions and changed occurrences stay sensible, and the rest stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from senter.component.frames import Frame
from senter.components.task_engine.tools.children import calendar_outcome as outcome
from senter.components.task_engine.tools.children.calendar_agenda import agenda_of
from tests.support.calendar_writes import NO_EDIT
from tests.support.odd_calendars import WEEK, ZONE, others, shown_between

HEAD, FOOT = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", b"END:VCALENDAR\r\n"
OTHER = b"BEGIN:VEVENT\r\nUID:other\r\nDTSTART:20261203T100000Z\r\nSUMMARY:Other\r\nEND:VEVENT\r\n"
BERLIN = "DTSTART;TZID=Europe/Berlin:"


def calendar(*lines: str) -> bytes:
    """A calendar of another event and the entry `x`, of one event for each `|`."""
    events = ("\r\n".join(("BEGIN:VEVENT", "UID:x", *lines, "END:VEVENT"))).replace("|", "END:VEVENT\r\nBEGIN:VEVENT")
    return HEAD + OTHER + events.encode() + b"\r\n" + FOOT


def change(content: bytes, **wanted: JsonValue) -> bytes:
    """The content after an edit, as the tool has it made."""
    stamp = datetime(2026, 11, 30, tzinfo=UTC).isoformat()
    asked: dict[str, JsonValue] = {**NO_EDIT, "uid": "x", "stamp": stamp, "zone": ZONE.key, **wanted}
    worked_out = outcome.edit({"edit": asked}, content).head
    if "refused" in worked_out:
        raise ValueError(worked_out["refused"])
    change = {"uid": asked["uid"], "entry": worked_out["after"], "expects": worked_out["before_version"]}
    return outcome.put(change, content).body


def starts(content: bytes, month: int = 12) -> list[str]:
    """Day and clock time of each time of the entry in a month."""
    found = shown_between(content, datetime(2026, month, 1, tzinfo=ZONE), 31)
    return [line[8:16] for line in found if not line.endswith("Other")]


WEEKLY = calendar(
    BERLIN + "20261201T090000",
    "DTEND;TZID=Europe/Berlin:20261201T100000",
    "RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20261222T080000Z",
    "EXDATE;TZID=Europe/Berlin:20261208T090000",
    "|",
    "UID:x",
    "RECURRENCE-ID;TZID=Europe/Berlin:20261215T090000",
    BERLIN + "20261216T140000",
    "DTEND;TZID=Europe/Berlin:20261216T150000",
)


@pytest.mark.parametrize(
    ("start", "right"),
    [
        ("2026-12-01T11:00:00+01:00", ["01T11:00", "16T14:00", "22T11:00"]),
        ("2026-12-03T09:00:00+01:00", ["03T09:00", "16T14:00", "24T09:00"]),
        ("2026-12-04", ["04T09:00", "16T14:00", "25T09:00"]),
    ],
)
def test_what_was_left_out_and_moved_by_itself_stays_so_when_all_is_moved(start: str, right: list[str]) -> None:
    moved = change(WEEKLY, start=start)
    assert starts(moved) == right
    assert others(moved, b"x") == others(WEEKLY, b"x")


def test_an_occurrence_with_another_title_alone_is_moved_with_all() -> None:
    titled = calendar(
        BERLIN + "20261201T090000", "RRULE:FREQ=DAILY;COUNT=3", "|", "UID:x", "SUMMARY:Last",
        "RECURRENCE-ID;TZID=Europe/Berlin:20261203T090000", BERLIN + "20261203T090000",
    )  # fmt: skip
    moved = change(titled, start="2026-12-01T10:00:00+01:00")
    assert starts(moved) == ["01T10:00", "02T10:00", "03T10:00"]
    assert b"SUMMARY:Last" in moved


@pytest.mark.parametrize(
    ("rule", "begins", "start", "right"),
    [
        ("FREQ=MONTHLY;BYDAY=1TU", "20261201T090000", "2026-12-09", "FREQ=MONTHLY;BYDAY=2WE"),
        ("FREQ=MONTHLY;BYDAY=-1TU", "20261229T090000", "2026-12-30", "FREQ=MONTHLY;BYDAY=-1WE"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1", "20261201T090000", "2026-12-02", "FREQ=MONTHLY;BYDAY=WE;BYSETPOS=1"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "20261201T090000", "2026-12-05", "FREQ=MONTHLY;BYMONTHDAY=5"),
        (
            "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1",
            "20261201T090000",
            "2026-11-30",
            "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30",
        ),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "20261201T090000", "2026-12-02", "FREQ=WEEKLY;BYDAY=WE,FR"),
        ("FREQ=DAILY;BYHOUR=9", "20261201T090000", "2026-12-01T11:00:00+01:00", "FREQ=DAILY;BYHOUR=11"),
        ("FREQ=DAILY;UNTIL=20261224", "20261201T090000", "2026-12-01T11:00:00+01:00", "FREQ=DAILY;UNTIL=20261224"),
    ],
)
def test_a_rule_goes_with_the_series(rule: str, begins: str, start: str, right: str) -> None:
    moved = change(calendar(BERLIN + begins, f"RRULE:{rule}"), start=start)
    assert f"RRULE:{right}\r\n" in moved.decode()


def test_where_nobody_can_tell_how_it_comes_again_it_is_asked_for() -> None:
    twice = calendar(BERLIN + "20261201T090000", "RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15")
    with pytest.raises(ValueError, match="how it comes again"):
        change(twice, start="2026-12-02")
    assert starts(change(twice, start="2026-12-01T10:00:00+01:00")) == ["01T10:00", "15T10:00"]


def test_one_that_is_to_come_again_no_more_has_nothing_left_of_the_series() -> None:
    once = change(WEEKLY, recurrence="")
    assert starts(once) == ["01T09:00"]
    assert others(once, b"x") == others(WEEKLY, b"x")


def test_another_rule_begins_with_its_first_time_and_ends_as_the_standard_has_it() -> None:
    changed = change(calendar(BERLIN + "20261201T090000"), recurrence="FREQ=WEEKLY;BYDAY=FR;UNTIL=20261218T235959")
    assert starts(changed) == ["04T09:00", "11T09:00", "18T09:00"]
    assert b"UNTIL=20261218T225959Z" in changed


def test_another_rule_ends_when_the_one_before_it_did_unless_it_says_its_own_end() -> None:
    assert starts(change(WEEKLY, start="2026-12-02T09:00:00+01:00", recurrence="FREQ=WEEKLY;BYDAY=WE"))[-1] <= "22"
    assert starts(change(WEEKLY, recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=5"))[-1] == "29T09:00"


def test_zones_of_outlook_and_of_the_calendar_are_kept() -> None:
    outlook = calendar(
        "DTSTART;TZID=W. Europe Standard Time:20260602T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TU"
    )
    moved = change(outlook, start="2026-06-02T10:00:00+02:00")
    assert b"DTSTART;TZID=W. Europe Standard Time:20260602T100000\r\n" in moved
    assert starts(moved)[:2] == ["01T10:00", "08T10:00"]
    floating = calendar("DTSTART:20261201T090000").replace(b"VERSION:2.0", b"X-WR-TIMEZONE:America/New_York")
    assert b"DTSTART:20261201T100000\r\n" in change(floating, start="2026-12-01T16:00:00+01:00")


def test_of_several_events_with_one_uid_only_the_one_that_is_named_is_changed() -> None:
    several = calendar(BERLIN + "20261201T090000", "SUMMARY:A", "|", "UID:x", BERLIN + "20261202T090000", "SUMMARY:B")
    with pytest.raises(ValueError, match="several events"):
        change(several, remove=True)
    rest = change(several, remove=True, occurrence="2026-12-02T09:00:00+01:00")
    assert starts(rest) == ["01T09:00"]
    renamed = change(several, texts={"title": "C"}, occurrence="2026-12-01T09:00:00+01:00")
    assert b"SUMMARY:C" in renamed
    assert b"SUMMARY:B" in renamed


def test_an_event_without_a_uid_gets_one_when_it_is_changed_and_loses_it_when_that_is_taken_back() -> None:
    plain = calendar(BERLIN + "20261201T090000", "SUMMARY:A").replace(b"UID:x\r\n", b"")
    uid = str(agenda_of([plain], WEEK).events[0]["uid"])
    changed = change(plain, uid=uid, texts={"title": "B"})
    assert f"UID:{uid}\r\n".encode() in changed
    assert b"SUMMARY:B" in changed
    entry = plain[plain.rindex(b"BEGIN:VEVENT") : plain.rindex(FOOT)].decode()
    back = outcome.restoring({"uid": uid, "entry": entry}, changed).head
    put: dict[str, JsonValue] = {"uid": uid, "entry": back["after"], "expects": back["before_version"]}
    assert outcome.put(put, changed).body == plain


@pytest.mark.parametrize("do", ["edit", "put"])
def test_what_is_gone_meanwhile_is_said(do: str) -> None:
    asked: dict[str, JsonValue] = {"uid": "gone", "entry": OTHER.decode().replace(":other", ":gone"), "expects": "1"}
    doing = {"edit": lambda: outcome.edit({"edit": asked}, WEEKLY), "put": lambda: outcome.put(asked, WEEKLY)}
    answer: Frame = doing[do]()
    assert "no such entry" in str(answer.head["refused"])
