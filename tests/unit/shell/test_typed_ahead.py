from __future__ import annotations

import pytest

from senter.shell.typed_ahead import TypedAhead


def typed(*keys: bytes) -> tuple[list[str], str]:
    ahead = TypedAhead()
    for each in keys:
        ahead.type(each)
    return ahead.take()


@pytest.mark.parametrize(
    ("keys", "lines", "line"),
    [
        (b"and then", [], "and then"),
        (b"one\rtwo\rthr", ["one", "two"], "thr"),
        (b"wrogn\x7f\x7fng", [], "wrong"),
        (b"a b c\x17d", [], "a bd"),
        (b"all of it\x15new", [], "new"),
        (b"\x1b[A\x1b[1;5Dleft\x1bOP", [], "left"),
        (b"\x1b[200~one\r\ntwo\x1b[201~ and", [], "one\ntwo and"),
        (b"\x00\x01bell\x07", [], "bell"),
    ],
)
def test_keys_are_put_together(keys: bytes, lines: list[str], line: str) -> None:
    assert typed(keys) == (lines, line)
    assert typed(*(bytes([key]) for key in keys)) == (lines, line)


def test_a_character_may_come_in_two_pieces() -> None:
    assert typed(b"Stra", b"\xc3", b"\x9fe") == ([], "Straße")


def test_what_was_taken_is_forgotten() -> None:
    ahead = TypedAhead()
    ahead.type(b"one\rtwo")
    assert ahead.take() == (["one"], "two")
    assert ahead.take() == ([], "")
