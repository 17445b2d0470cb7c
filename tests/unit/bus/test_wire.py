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
from senter.bus.wire import HEADER_ROOM_BYTES, decode, encode, envelope_of, error_parcel, headers_of, open_reply
from senter.errors import CommunicationError, InvalidInput, SenterError
from senter.messages.envelope import Envelope
from senter.messages.message import ComponentName, Done, MessageId, Volatile

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
    sent = SenterError.from_wire(kind.code, "what happened: ü\n", "what to do", "top_p")
    with pytest.raises(kind) as caught:
        open_reply(error_parcel("inbox", NAME, sent), Done)
    assert type(caught.value) is kind
    assert (caught.value.message, caught.value.hint) == ("what happened: ü\n", "what to do")
    assert caught.value.parameter == "top_p"


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


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1))
def test_an_envelope_arrives_as_it_was_whatever_its_request_is_called(correlation: str) -> None:
    moment = datetime(2026, 3, 2, 9, 0, 0, 7, tzinfo=UTC)
    sent = Envelope(
        caused_by=MessageId("one"), correlation_id=MessageId(correlation), source=NAME, sent_at=moment, deadline=moment
    )
    headers = headers_of(sent)
    assert all(
        value.isascii() and value == value.strip() and len(value.splitlines()) == 1 for value in headers.values()
    )
    assert envelope_of(Parcel("event.tick", b"{}", headers)) == sent


def test_the_envelope_of_an_event_that_an_older_version_stored_is_read_from_its_body() -> None:
    body = (
        b'{"id":"one","sent_at":"2026-03-02T09:00:00Z","caused_by":null,"correlation_id":"r","source":"x","text":"y"}'
    )
    found = envelope_of(Parcel("event.tick", body, {"Nats-Msg-Id": "one"}))
    assert (found.id, found.correlation_id, found.source) == ("one", "r", "x")
    assert found.sent_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    buried = bury(NAME, Parcel("event.tick", body, {"Nats-Msg-Id": "one"}), error="why", attempts=5)
    assert envelope_of(Parcel(buried.subject, b"not JSON", buried.headers)) == found


@given(st.binary(), st.text())
def test_an_envelope_that_cannot_be_read_is_made_anew(payload: bytes, text: str) -> None:
    broken = {subjects.ENVELOPE: f"x{text}", subjects.MESSAGE_ID: "two"}
    assert envelope_of(Parcel("event.tick", payload, broken)).id == "two"
    assert envelope_of(Parcel("event.tick", b"\x00" + payload)).id


def test_a_dead_letter_with_the_longest_error_fits_wherever_its_event_did() -> None:
    envelope = Envelope(caused_by=MessageId("c" * 32), correlation_id=MessageId("\U0001f33c" * 200), source=NAME)
    event = Parcel("event.tick", b"{}", headers_of(envelope))
    headers = bury(NAME, event, error="\U0001f33c" * 5_000, attempts=5).headers
    assert sum(len(name) + len(value) + 4 for name, value in headers.items()) < HEADER_ROOM_BYTES


def test_a_message_just_within_the_limit_is_let_through() -> None:
    size = len(encode(Tick(text="x" * 1_000), 100_000))
    room = HEADER_ROOM_BYTES
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
