"""A reader's place in an answer, as it travels in the ids of server-sent events.

It says how many characters the reader has, and which: with their checksum it means the same to every process that
has the text, whenever it was started. Pure.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, replace
from typing import Final, Self

_WRITTEN: Final = re.compile(r"(\d{1,9})-(\d{1,9})-([0-9a-f]{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where one attempt at an answer was read; the beginning by default."""

    attempt: int = 0
    characters: int = 0
    checksum: int = 0

    def __str__(self) -> str:
        return f"{self.attempt}-{self.characters}-{self.checksum:08x}"

    @classmethod
    def parse(cls, written: str) -> Self | None:
        """None for what is no place."""
        found = _WRITTEN.fullmatch(written)
        return found and cls(int(found[1]), int(found[2]), int(found[3], 16))

    def after(self, piece: str) -> Self:
        return replace(self, characters=self.characters + len(piece), checksum=zlib.crc32(_bytes(piece), self.checksum))

    def is_in(self, text: str) -> bool:
        """Whether the text begins with what was read."""
        read = text[: self.characters]
        return len(read) == self.characters and zlib.crc32(_bytes(read)) == self.checksum


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


BEGINNING: Final = Place()
