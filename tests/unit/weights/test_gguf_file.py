"""What the header of a GGUF file tells, and that nothing in it is trusted."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.weights import gguf_file as module
from senter.weights.gguf_file import facts, parts, why_unfit
from tests.support.gguf import gguf_bytes, gguf_file, text

WHOLE = gguf_bytes()


def test_facts_are_found_by_the_end_of_their_name_and_lists_are_passed_over(tmp_path: Path) -> None:
    assert facts(gguf_file(tmp_path / "a.gguf"), {"block_count", "ggml.tokens"}) == {"block_count": 7}


def test_a_whole_file_may_be_loaded_and_one_with_more_behind_it_too(tmp_path: Path) -> None:
    file = gguf_file(tmp_path / "a.gguf")
    assert why_unfit(file) == ""
    file.write_bytes(WHOLE + b"more")
    assert why_unfit(file) == ""


@pytest.mark.parametrize("left", [1, len(WHOLE) // 2, len(WHOLE) - 30])
def test_a_file_that_ends_too_early_is_said_to_be_cut_off(tmp_path: Path, left: int) -> None:
    file = tmp_path / "half.gguf"
    file.write_bytes(WHOLE[:-left])
    assert "cut off" in why_unfit(file)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a GGUF"),
        (b"%PDF-1.7 and so on", "not a GGUF"),
        (b"GGUF", "cut off"),
        (b"GGUF" + bytes(4_096), "holds no model"),
        (None, "No such file"),
    ],
)
def test_what_cannot_be_a_model_is_said(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "a.gguf"
    if content is not None:
        file.write_bytes(content)
    assert words in why_unfit(file)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "directory" in why_unfit(tmp_path)


def test_a_model_in_parts_needs_them_all(tmp_path: Path) -> None:
    first = gguf_file(tmp_path / "a-00001-of-00002.gguf")
    assert "a-00002-of-00002.gguf is missing" in why_unfit(first)
    second = gguf_file(tmp_path / "a-00002-of-00002.gguf")
    assert (why_unfit(first), parts(first)) == ("", [first, second])
    second.write_bytes(WHOLE[:-40])
    assert "cut off" in why_unfit(first)


def test_a_header_that_is_too_long_to_be_read_is_left_to_who_loads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HEADER_BYTES", 100)
    assert why_unfit(gguf_file(tmp_path / "a.gguf")) == ""


ENDLESS = b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("a.b") + struct.pack("<IIQ", 9, 8, 2**63) + bytes(100)


@given(place=st.integers(4, len(WHOLE) - 1), byte=st.integers(0, 255))
def test_whatever_stands_in_a_header_it_is_read_to_an_end(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "odd.gguf"
    file.write_bytes(WHOLE[:place] + bytes([byte]) + WHOLE[place + 1 :])
    assert isinstance(why_unfit(file), str)
    file.write_bytes(ENDLESS)
    assert why_unfit(file) == ""
