"""What a GGUF file says of itself in its header: facts of its model, and how long it must be.

Nothing is trusted: a length that cannot be is an end, and a header larger than 16 MiB is not read to its end.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Fact = int | float | bool | str

MAGIC = b"GGUF"
HEADER_BYTES = 16 * 1024 * 1024
MOST_FACTS = 1_000
MOST_ITEMS = 1_000_000
ALIGNMENT = 32
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _LIST = 8, 9
_PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")
# Numbers of a tensor are stored in blocks: how many in one, and its bytes, by the type's number (ggml.h).
_BLOCKS: Mapping[int, tuple[int, int]] = {
    0: (1, 4),
    1: (1, 2),
    2: (32, 18),
    3: (32, 20),
    6: (32, 22),
    7: (32, 24),
    8: (32, 34),
    9: (32, 36),
    10: (256, 84),
    11: (256, 110),
    12: (256, 144),
    13: (256, 176),
    14: (256, 210),
    15: (256, 292),
    16: (256, 66),
    17: (256, 74),
    18: (256, 98),
    19: (256, 50),
    20: (32, 18),
    21: (256, 110),
    22: (256, 82),
    23: (256, 136),
    24: (1, 1),
    25: (1, 2),
    26: (1, 4),
    27: (1, 8),
    28: (1, 8),
    29: (256, 56),
    30: (1, 2),
}


class _Unreadable(Exception):
    """The header cannot be read to its end, although the file may be whole."""


@dataclass(slots=True)
class _Header:
    """The beginning of a file, read piece by piece. Raises `EOFError` where the file ends too early."""

    content: bytes
    at: int = 0

    def number(self, letter: str) -> int | float | bool:
        (value,) = struct.unpack_from(f"<{letter}", self.content, self._take(struct.calcsize(letter)))
        return value

    def count(self, letter: str) -> int:
        return int(self.number(letter))

    def text(self) -> str:
        size = self.count("Q")
        start = self._take(size)
        return self.content[start : start + size].decode(errors="replace")

    def _take(self, count: int) -> int:
        """Where the next so many bytes begin."""
        start, self.at = self.at, self.at + count
        if self.at <= len(self.content):
            return start
        raise _Unreadable if len(self.content) == HEADER_BYTES else EOFError

    def value(self) -> Fact | None:
        """None for a list, which is passed over."""
        kind = self.count("I")
        if kind == _TEXT:
            return self.text()
        if kind == _LIST:
            return self._pass_over(self.count("I"), self.count("Q"))
        if kind not in _NUMBERS:
            raise _Unreadable
        return self.number(_NUMBERS[kind])

    def _pass_over(self, kind: int, count: int) -> None:
        if kind in _NUMBERS:
            self._take(count * struct.calcsize(_NUMBERS[kind]))
            return
        if kind != _TEXT or count > MOST_ITEMS:
            raise _Unreadable
        for _ in range(count):
            self._take(self.count("Q"))

    def tensor_end(self) -> int:
        """Reads what is said of one tensor: where its numbers end, counted from where those of the first begin."""
        self.text()
        numbers = 1
        for _ in range(self.count("I")):
            numbers *= self.count("Q")
        per_block, block_bytes = _BLOCKS.get(self.count("I"), (1, 0))
        return self.count("Q") + numbers // per_block * block_bytes


def facts(file: Path, wanted: Container[str]) -> dict[str, Fact]:
    """The facts whose names end so, after the dot that follows the architecture. What is damaged is left out."""
    found: dict[str, Fact] = {}
    try:
        header = _open(file)
        for name, value in _facts(header, _begin(header)[0]):
            if (short := name.partition(".")[2]) in wanted:
                found[short] = value
    except (OSError, EOFError, _Unreadable):
        pass  # what was found until there
    return found


def why_unfit(file: Path) -> str:
    """Why no model can be loaded from the file, as its header tells, for people; empty where one may be."""
    try:
        for part in _expected(file)[1:]:
            if not part.exists():
                return f"{part.name} is missing beside it"
        files = parts(file)
        for part in files:
            if reason := _why_unfit(part, alone=len(files) == 1):
                return reason
    except OSError as error:
        return f"it cannot be read: {error.strerror or error}"
    return ""


def parts(file: Path) -> list[Path]:
    """A large model may come in several files, of which the first is named."""
    return [part for part in _expected(file) if part.exists()] or [file]


def _expected(file: Path) -> list[Path]:
    split = _PART.search(file.name)
    if split is None or int(split[1]) != 1:
        return [file]
    stem, count = file.name[: split.start()], int(split[2])
    return [file.with_name(f"{stem}-{number:05}-of-{count:05}.gguf") for number in range(1, count + 1)]


def _why_unfit(file: Path, *, alone: bool) -> str:
    size = file.stat().st_size
    header = _open(file)
    if header.content[: len(MAGIC)] != MAGIC:
        return "it is not a GGUF model file"
    try:
        count, tensors = _begin(header)
        whole = _whole_bytes(header, count, tensors)
    except EOFError:
        return f"it is cut off: it ends within its header, after {size:,} bytes"
    except _Unreadable:
        return ""
    if alone and not tensors:
        return "it holds no model"
    return f"it is cut off: {size / 1e6:,.1f} of {whole / 1e6:,.1f} MB are there" if size < whole else ""


def _open(file: Path) -> _Header:
    with file.open("rb") as opened:
        return _Header(opened.read(HEADER_BYTES))


def _begin(header: _Header) -> tuple[int, int]:
    """How many facts and how many tensors follow."""
    if header.content[: len(MAGIC)] != MAGIC:
        raise _Unreadable
    header.at = len(MAGIC) + struct.calcsize("I")
    tensors, count = header.count("Q"), header.count("Q")
    return count, tensors


def _facts(header: _Header, count: int) -> Iterator[tuple[str, Fact]]:
    for _ in range(min(count, MOST_FACTS)):
        name, value = header.text(), header.value()
        if value is not None:
            yield name, value


def _whole_bytes(header: _Header, count: int, tensors: int) -> int:
    """How long the file must be. `header` is at its facts."""
    if tensors > MOST_ITEMS or count > MOST_FACTS:
        raise _Unreadable
    alignment = dict(_facts(header, count)).get("general.alignment", ALIGNMENT)
    ends = [header.tensor_end() for _ in range(tensors)]
    if not ends or not isinstance(alignment, int) or alignment < 1:
        return header.at
    return -(-header.at // alignment) * alignment + max(ends)
