"""Whatever a calendar file holds, adding an event changes nothing of it: the rest is the same, byte for byte."""

from __future__ import annotations

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.components.task_engine.tools.children.calendar_text import with_event

EVENT = b"BEGIN:VEVENT\r\nUID:new@senter\r\nDTSTART:20260108T130000Z\r\nSUMMARY:Dentist\r\nEND:VEVENT\r\n"
UMLAUT = EVENT.replace(b"Dentist", "Café".encode())
BEFORE = b"BEGIN:VCALENDAR\nVERSION:2.0\n"
INNER = [
    b"BEGIN:VEVENT%UID:a%SUMMARY:Stand-up%X-APPLE-RADIUS:49.91307046514149%END:VEVENT%",
    b"BEGIN:VEVENT%UID:b%DESCRIPTION:first line%second line without a fold%DTSTART:never%END:VEVENT%",
    b"BEGIN:VEVENT%UID:c%DESCRIPTION:folded%\tEND:VCALENDAR%  more%END:VEVENT%",
    b"BEGIN:VEVENT%UID:d%DESCRIPTION:blank%%% END:VCALENDAR%END:VEVENT%",
    b"BEGIN:VEVENT%UID:e%SUMMARY:Caf\xe9 and Zo\xeb%begin:VALARM%TRIGGER:-PT15M%end:valarm%END:VEVENT%",
    b"BEGIN:VTODO%UID:other@senter.org%END:VTODO%",
    b"BEGIN:X-CUSTOM%X-A:END:VCALENDAR%END:X-CUSTOM%",
    b"%",
]


@st.composite
def calendar_files(draw: st.DrawFn) -> bytes:
    """Calendars as programs write them: with marks, folds, blank lines, either line end, and no last one."""
    ends = [b"END:VCALENDAR%", b"end:vcalendar %", b"END:VCAL% ENDAR%"]
    calendars = st.tuples(st.lists(st.sampled_from(INNER), max_size=4), st.sampled_from(ends))
    parts = [
        b"BEGIN:VCALENDAR%VERSION:2.0%" + b"".join(inner) + end
        for inner, end in draw(st.lists(calendars, min_size=1, max_size=3))
    ]
    text = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + b"".join(parts)
    text = text.replace(b"%", draw(st.sampled_from([b"\r\n", b"\n"])))
    return text.rstrip(b"\r\n") if draw(st.booleans()) else text


def inserted(before: bytes, after: bytes) -> bytes:
    """The one piece that is new; fails where anything else differs."""
    added = len(after) - len(before)
    assert added > 0
    place = next(
        (at for at in range(len(before) + 1) if before[:at] + after[at : at + added] + before[at:] == after), None
    )
    assert place is not None
    return after[place : place + added]


@given(calendar_files())
def test_an_event_is_one_new_piece_of_a_calendar_file_and_the_rest_is_the_same(before: bytes) -> None:
    after = with_event(before, EVENT)
    inserted(before, after)
    assert (b"\r\n" in after.replace(before, b"")) <= (b"\r\n" in before)
    calendars = icalendar.Calendar.from_ical(after, multiple=True)
    found = [str(event["UID"]) for calendar in calendars for event in calendar.events]
    assert found.count("new@senter") == 1
    assert with_event(after, EVENT) == after


@given(calendar_files(), st.data())
def test_a_damaged_calendar_file_is_refused_or_kept_whole(before: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(before)))
    damage = data.draw(
        st.sampled_from([b"\n", b"\r", b"\0", b"END:VCALENDAR\n", b"\nBEGIN:VEVENT\n", b" ", b"\xff", b"x"])
    )
    damaged = before[:place] + damage + before[place + data.draw(st.integers(0, 40)) :]
    try:
        after = with_event(damaged, EVENT)
    except ValueError:
        return
    inserted(damaged, after)


@given(st.binary(max_size=200))
def test_what_is_no_calendar_is_refused_or_kept_whole(content: bytes) -> None:
    try:
        after = with_event(content, EVENT)
    except ValueError:
        return
    inserted(content, after)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no calendar", "else than a calendar"),
        (b"\0", "else than a calendar"),
        ("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".encode("utf-16"), "else than a calendar"),
        (b"From: ann@example.org\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n", "else than a calendar"),
        (b"BEGIN:VCARD\nEND:VCARD\n", "else than a calendar"),
        (BEFORE + b"END:VCALENDAR\nand more", "else than a calendar"),
        (BEFORE + b"BEGIN:VEVENT\nUID:a\nEND:VEVENT\n", "end is missing"),
        (BEFORE + b"BEGIN:VEVENT\nUID:a\nEND:VCALENDAR\n", "do not end where they should"),
        (BEFORE + b"BEGIN:VEVENT\nBEGIN:VEVENT\nEND:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n", "do not end where they"),
        (BEFORE + b"BEGIN:VEVENT\nDESCRIPTION:the end is\nEND:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR\n", "do not end"),
    ],
)
def test_a_file_in_which_the_place_is_not_certain_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        with_event(content, EVENT)


def test_letters_are_not_mixed_into_a_file_of_another_encoding() -> None:
    latin = BEFORE + b"X-WR-CALNAME:Caf\xe9\nEND:VCALENDAR\n"
    assert EVENT.replace(b"\r\n", b"\n") in with_event(latin, EVENT)
    with pytest.raises(ValueError, match="UTF-8"):
        with_event(latin, UMLAUT)


@pytest.mark.parametrize("known", [b"UID:new@senter", b"uid;X-A=b:new@senter ", b"UID:new@\r\n senter"])
def test_an_event_that_is_there_already_is_not_added_again(known: bytes) -> None:
    content = BEFORE + b"BEGIN:VEVENT\r\n" + known + b"\r\nEND:VEVENT\nEND:VCALENDAR"
    assert with_event(content, EVENT) == content


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n"])
def test_an_empty_file_becomes_a_calendar(content: bytes) -> None:
    after = with_event(content, UMLAUT)
    assert after.endswith(b"END:VCALENDAR\r\n" + content)
    assert [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(after).events] == ["Café"]
