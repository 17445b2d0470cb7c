"""Text out of bytes that do not say how they are encoded.

UTF-8 and marked UTF-16 tell themselves. For the rest, chardet says what fits best, and what would give words of
mixed alphabets, control characters or noise is passed over: a wrong guess is worse than none.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

from senter.errors import Unreadable

NOT_TEXT = "It is not text."
LOOKED_AT_BYTES = 64 * 1024
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
JAPANESE_MARKS = (b"\x1b$B", b"\x1b$@")
# Those that people's files have; chardet knows many more, and mistakes short texts for them.
ENCODINGS = (
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "cp932",
    "euc-jp",
    "cp949",
    "gb18030",
    "big5",
    "mac-roman",
    "koi8-r",
)
ALPHABETS = ((0x41, 0x24F), (0x370, 0x3FF), (0x400, 0x52F), (0x590, 0x5FF))
LETTERS = re.compile(r"[^\W\d_]+")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f-\x9f]")
CONTROLS_A_PAGE = 0.002


def decode(content: bytes) -> str:
    """The text. Raises `Unreadable` for what is none in any encoding."""
    if (text := told(content)) is not None:
        return text
    beginning = content[:LOOKED_AT_BYTES]
    name = unmarked_utf16(beginning) or next(_fitting(beginning), None)
    if name is None:
        raise Unreadable(NOT_TEXT)
    text = content.decode(name, "replace")
    if not is_plausible(text[:LOOKED_AT_BYTES]):
        raise Unreadable(NOT_TEXT)
    return text


def told(content: bytes) -> str | None:
    """What tells its encoding itself; none for what is in an older one. Raises `Unreadable` for what is no text."""
    if content.startswith(UTF16_MARKS):
        return content.decode("utf-16", "replace")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if "\0" not in text[:LOOKED_AT_BYTES]:
        return _escaped_japanese(content) or text
    if unmarked_utf16(content[:LOOKED_AT_BYTES]):
        return None
    raise Unreadable(NOT_TEXT)


def _escaped_japanese(content: bytes) -> str | None:
    """ISO-2022-JP, as mail has it: plain ASCII to everybody else."""
    if not any(mark in content[:LOOKED_AT_BYTES] for mark in JAPANESE_MARKS):
        return None
    try:
        return content.decode("iso2022_jp")
    except UnicodeDecodeError:
        return None


def unmarked_utf16(content: bytes) -> str | None:
    """Which half of the bytes is nearly all zero, as in the letters of Europe."""
    half = len(content) // 2
    first, second = content[0 : 2 * half : 2].count(0), content[1 : 2 * half : 2].count(0)
    if half and second * 2 > half and first * 10 <= half:
        return "utf-16-le"
    if half and first * 2 > half and second * 10 <= half:
        return "utf-16-be"
    return None


def is_plausible(text: str) -> bool:
    """Whether it is a text at all: hardly a control character, and a letter or digit."""
    return len(CONTROLS.findall(text)) <= CONTROLS_A_PAGE * len(text) and any(map(str.isalnum, text))


def _fitting(content: bytes) -> Iterator[str]:
    """The encodings that may be meant, the likeliest first."""
    import chardet

    if b"\0" in content:
        return
    for found in chardet.detect_all(content, ignore_threshold=True, include_encodings=ENCODINGS):
        if (name := found["encoding"]) and _fits(content.decode(name, "replace")):
            yield name


def _fits(text: str) -> bool:
    cut_at_the_end = text[:-4]
    return (
        "\ufffd" not in cut_at_the_end and not CONTROLS.search(text) and not any(map(_is_mixed, LETTERS.findall(text)))
    )


def _is_mixed(word: str) -> bool:
    return len({_alphabet(letter) for letter in word} - {-1}) > 1


@lru_cache(maxsize=2_048)
def _alphabet(letter: str) -> int:
    code = ord(letter)
    return next((place for place, (first, last) in enumerate(ALPHABETS) if first <= code <= last), -1)
