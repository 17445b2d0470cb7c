"""The parts of a zipped document, unpacked a piece at a time and never more than a limit.

What the archive says of sizes is not believed: what comes out is counted.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Generator

from senter.component.readers.lines import OTHER_KIND
from senter.errors import Unreadable

LARGEST_UNPACKED_BYTES = 100 * 1024 * 1024
LARGEST_PART_BYTES = 16 * 1024 * 1024
MOST_PARTS = 20_000
PIECE_BYTES = 64 * 1024
IS_ENCRYPTED = "It is encrypted."
ENTRY = b"PK\x01\x02"
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class Archive:
    """One zipped document. Raises `Unreadable` for what is none."""

    def __init__(self, content: bytes) -> None:
        _check(content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except DAMAGED as error:
            raise Unreadable(OTHER_KIND) from error
        self.names = tuple(dict.fromkeys(self._zip.namelist()))
        self._room = LARGEST_UNPACKED_BYTES

    def pieces(self, name: str) -> Generator[bytes]:
        """A part, piece by piece; nothing where it is not there. Raises `Unreadable`."""
        if name not in self._zip.NameToInfo:
            return
        if self._zip.getinfo(name).flag_bits & 1:
            raise Unreadable(IS_ENCRYPTED)
        try:
            with self._zip.open(name) as part:
                while piece := part.read(PIECE_BYTES):
                    self._take(len(piece))
                    yield piece
        except DAMAGED as error:
            raise Unreadable("It is damaged.") from error

    def part(self, name: str) -> bytes:
        """A small part whole; empty where it is not there."""
        content = bytearray()
        for piece in self.pieces(name):
            content += piece
            if len(content) > LARGEST_PART_BYTES:
                raise Unreadable("A part of it is too large.")
        return bytes(content)

    def _take(self, size_bytes: int) -> None:
        self._room -= size_bytes
        if self._room < 0:
            raise Unreadable(f"It unpacks to more than {LARGEST_UNPACKED_BYTES // 1024**2} MiB.")


def _check(content: bytes) -> None:
    if content.startswith(OLD_OFFICE):
        encrypted = ENCRYPTED_PACKAGE in content
        raise Unreadable(IS_ENCRYPTED if encrypted else "It is of an older kind than its name says.")
    if content.count(ENTRY) > MOST_PARTS:
        raise Unreadable("It has too many parts.")
