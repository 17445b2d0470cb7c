"""Names and bytes on their way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from senter.bus import subjects
from senter.bus.dead_letters import bury, letter, parse_headers, wire_name
from senter.bus.link import Parcel
from senter.bus.memory import matches
from senter.bus.wire import decode, encode, error_parcel, open_reply
from senter.errors import CommunicationError, InvalidInput, SenterError
from senter.messages.message import ComponentName, Done, Volatile

NAME = ComponentName("someone")
EVERY_ERROR: list[type[SenterError]] = [SenterError.by_code[code] for code in sorted(SenterError.by_code)]


class Tick(Volatile):
    wire_name = "tick"
    text: str = Field(default="", description="Padding.")


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_any_text_becomes_one_part_of_a_subject(text: str) -> None:
    subject = subjects.of_volatile(Tick, text)
    if text != "*":
        assert subject.count(".") == 2
        assert not set(subject) & set("*> \t\r\n")


@given(st.text(), st.text())
def test_different_keys_stay_different(one: str, other: str) -> None:
    if one.encode("utf-8", "replace") != other.encode("utf-8", "replace"):
        assert subjects.token(one) != subjects.token(other)


@pytest.mark.parametrize("kind", EVERY_ERROR)
def test_every_error_crosses_the_bus_as_itself(kind: type[SenterError]) -> None:
    sent = SenterError.from_wire(kind.code, "what happened: ü\n", "what to do")
    with pytest.raises(kind) as caught:
        open_reply(error_parcel("inbox", NAME, sent), Done)
    assert type(caught.value) is kind
    assert (caught.value.message, caught.value.hint) == ("what happened: ü\n", "what to do")


@given(st.binary())
def test_no_bytes_break_the_receiver_of_a_reply(payload: bytes) -> None:
    for headers in ({}, {subjects.ERROR: "x"}):
        try:
            open_reply(Parcel("inbox", payload, headers), Done)
        except CommunicationError:
            continue


@given(st.binary())
def test_no_bytes_break_the_receiver_of_a_message(payload: bytes) -> None:
    try:
        decode(Tick, payload)
    except InvalidInput:
        return


def test_a_message_just_within_the_limit_is_let_through() -> None:
    size = len(encode(Tick(text="x" * 1_000), 100_000))
    room = 16 * 1024
    encode(Tick(text="x" * 1_000), size + room)
    with pytest.raises(InvalidInput, match=f"{size + 1:,} bytes"):
        encode(Tick(text="x" * 1_001), size + room)


@given(error=st.text(), attempts=st.integers(min_value=0, max_value=10_000), payload=st.binary())
def test_a_dead_letter_keeps_what_it_is_told(error: str, attempts: int, payload: bytes) -> None:
    clean = error.encode("utf-8", "replace").decode()
    stored = bury(NAME, Parcel("event.tick", payload), error=clean, attempts=attempts)
    assert all(value.isascii() and value.isprintable() for value in stored.headers.values())
    read = letter(1, datetime.now(UTC), stored, with_payload=True)
    assert (read.consumer, read.event, read.attempts) == (NAME, "tick", attempts)
    assert read.error == clean[:1_000]


def test_a_replayed_event_is_known_by_its_header() -> None:
    assert wire_name(Parcel("event.replay.someone", b"", {subjects.WIRE_NAME: "tick"})) == "tick"
    assert wire_name(Parcel("event.tick", b"")) == "tick"


def test_stored_headers_are_read_as_they_were_written() -> None:
    # NATS/1.0 CRLF, A: b: c CRLF, Empty: CRLF, CRLF
    assert parse_headers("TkFUUy8xLjANCkE6IGI6IGMNCkVtcHR5OiANCg0K") == {"A": "b: c", "Empty": ""}


@pytest.mark.parametrize(
    ("pattern", "subject", "covered"),
    [
        ("a.b", "a.b", True),
        ("a.b", "a.c", False),
        ("a.*", "a.b", True),
        ("a.*", "a.b.c", False),
        ("a.>", "a.b.c", True),
        ("a.>", "a", False),
        (">", "a", True),
        ("*.b", "a.b", True),
    ],
)
def test_subjects_are_covered_as_nats_covers_them(pattern: str, subject: str, covered: bool) -> None:
    assert matches(pattern, subject) is covered
