"""Cutting streams into events, and joining cut characters."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.components.models.sse import MAX_LINE_BYTES, EventParser, EventTooLong, TextJoiner

payloads = st.lists(
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20), max_size=8
)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


@given(payloads, st.lists(st.integers(0, 10_000), max_size=30), st.sampled_from(["\n", "\r\n"]))
def test_events_are_the_same_however_the_stream_is_cut(texts: list[str], places: list[int], newline: str) -> None:
    stream = "".join(f": note{newline}data: {text}{newline}id: 4{newline}{newline}" for text in texts).encode()
    parser = EventParser()
    found = [data for piece in cut(stream, places) for data in parser.feed(piece)]
    assert found == [text.encode().strip() for text in texts]


@given(st.binary(max_size=2_000), st.lists(st.integers(0, 10_000), max_size=10))
def test_any_bytes_are_parsed_without_a_crash(data: bytes, places: list[int]) -> None:
    parser = EventParser()
    for piece in cut(data, places):
        parser.feed(piece)


def test_a_line_without_end_is_refused() -> None:
    parser = EventParser()
    with pytest.raises(EventTooLong):
        for _ in range(40):
            parser.feed(b"data: " + b"x" * (MAX_LINE_BYTES // 20))


@given(st.text(st.characters(exclude_categories=["Cs"])), st.lists(st.integers(0, 10_000), max_size=20))
def test_text_cut_between_bytes_is_joined(text: str, places: list[int]) -> None:
    joiner = TextJoiner()
    pieces = [piece.decode("utf-8", "surrogateescape") for piece in cut(text.encode(), places)]
    assert "".join(joiner.feed(piece) for piece in pieces) + joiner.finish() == text


@given(st.text(st.characters(min_codepoint=0x10000), max_size=10))
def test_text_cut_between_utf_16_halves_is_joined(text: str) -> None:
    halves = text.encode("utf-16-le")
    units = [halves[n : n + 2].decode("utf-16-le", "surrogatepass") for n in range(0, len(halves), 2)]
    joiner = TextJoiner()
    assert "".join(joiner.feed(unit) for unit in units) + joiner.finish() == text


@given(st.lists(st.text(max_size=5)), st.lists(st.characters(categories=["Cs"]), max_size=5))
def test_whatever_comes_the_text_can_be_encoded(pieces: list[str], surrogates: list[str]) -> None:
    joiner = TextJoiner()
    whole = "".join(joiner.feed(piece) for piece in [*surrogates, *pieces, *surrogates]) + joiner.finish()
    assert whole.encode().decode() == whole
