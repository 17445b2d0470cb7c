"""Files that are made to harm whoever reads them: each costs a bounded time and memory, and the next is read."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from senter.component.kinds import FileKind
from senter.component.readable import LIMITS, PARSE_SECONDS, Reader
from senter.component.readers.archive import ENCRYPTED_PACKAGE, ENTRY, OLD_OFFICE
from senter.component.readers.reading import NO_TEXT
from senter.errors import Unreadable
from tests.support.office_bytes import docx, open_document, paragraph, pptx, xlsx, zipped

GOOD = docx(paragraph("Hello"))
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def bomb(name: str, size_bytes: int) -> bytes:
    """A part that unpacks to so many zeros."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as part:
        for _ in range(size_bytes // 1_000_000):
            part.write(b" " * 1_000_000)
    return file.getvalue()


def with_entities(declared: str) -> bytes:
    return zipped({"word/document.xml": f"<!DOCTYPE d [{declared}]><d><p><t>&l9;</t></p></d>"})


def lying() -> bytes:
    """Its list of contents says that nothing is in the part."""
    content = bytearray(docx(paragraph("Hello") * 1_000))
    for found in range(len(content) - 30):
        if content.startswith(ENTRY, found) and content.startswith(b"word/document.xml", found + 46):
            content[found + 24 : found + 28] = struct.pack("<I", 1)
    return bytes(content)


def locked() -> bytes:
    """Its parts are marked as encrypted."""
    content = bytearray(GOOD)
    for found in range(len(content) - 10):
        if content.startswith(ENTRY, found):
            content[found + 8] |= 1
    return bytes(content)


TABLE = "<w:tbl><w:tr><w:tc>"


def refused() -> dict[str, tuple[bytes, FileKind, str]]:
    """Made when they are needed: some take a second."""
    return {
        "zeros": (bomb("word/document.xml", 150_000_000), FileKind.DOCX, "It unpacks to more than 100 MiB."),
        "nothing but an end": (GOOD[-100:], FileKind.DOCX, "It is damaged"),
        "truncated": (GOOD[:-200], FileKind.DOCX, "It is damaged"),
        "lying sizes": (lying(), FileKind.DOCX, "It is damaged"),
        "encrypted": (locked(), FileKind.DOCX, "It is encrypted."),
        "a password": (OLD_OFFICE + bytes(500) + ENCRYPTED_PACKAGE, FileKind.XLSX, "It is encrypted."),
        "a key": (open_document("", manifest="<encryption-data/>"), FileKind.OPEN_DOCUMENT, "It is encrypted."),
        "laughs": (with_entities(f'<!ENTITY l0 "ha">{LAUGHS}'), FileKind.DOCX, "It declares entities"),
        "outside": (with_entities('<!ENTITY l9 SYSTEM "file:///etc/passwd">'), FileKind.DOCX, "It declares entities"),
        "no markup": (zipped({"word/document.xml": "Hello"}), FileKind.DOCX, "It is damaged: a part of it is no XML."),
        "many parts": (zipped({f"{n}": "" for n in range(20_001)}), FileKind.PPTX, "It has too many parts."),
        "no archive": (b"Hello", FileKind.EPUB, "It is damaged"),
        "nested": (b"[" * 1_000_000, FileKind.JSON, "It is nested too deeply."),
        "deep": (docx("<w:x>" * 200_000 + "</w:x>" * 200_000), FileKind.DOCX, NO_TEXT),
        "tables in tables": (docx(TABLE * 20_000 + "</w:tc></w:tr></w:tbl>" * 20_000), FileKind.DOCX, NO_TEXT),
        "pictures alone": (docx("<w:drawing/>"), FileKind.DOCX, NO_TEXT),
    }


def bounded() -> dict[str, tuple[bytes, FileKind]]:
    return {
        "a far cell": (xlsx({"Far": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' * 500}), FileKind.XLSX),
        "repeated": (
            open_document(
                '<table:table><table:table-row table:number-rows-repeated="99999999"><table:table-cell '
                'table:number-columns-repeated="99999999"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
            ),
            FileKind.OPEN_DOCUMENT,
        ),
        "slides": (pptx(["<x/>"] * 2_000), FileKind.PPTX),
        "beginnings": (b"From a\nX: y\n\n" * 5_000, FileKind.MBOX),
        "parts": (
            b"Content-Type: multipart/mixed; boundary=x\n\n"
            + b'--x\nContent-Disposition: attachment; filename="a.zip"\n\n' * 3_000,
            FileKind.EML,
        ),
    }


async def test_what_is_made_to_harm_is_refused_with_a_reason_and_the_next_is_read() -> None:
    async with Reader() as reader:
        for name, (content, kind, reason) in refused().items():
            with pytest.raises(Unreadable) as refusal:
                await reader.read(content, kind)
            assert refusal.value.message.startswith(reason), name
            assert (await reader.read(GOOD, FileKind.DOCX)).text == "Hello"
        assert _most_memory_mb(_pid(reader)) < 200


async def test_what_goes_on_without_end_is_read_as_far_as_a_bound() -> None:
    async with Reader() as reader:
        for name, (content, kind) in bounded().items():
            assert len((await reader.read(content, kind)).text) < 11_000_000, name
            assert (await reader.read(GOOD, FileKind.DOCX)).text == "Hello"
        assert _most_memory_mb(_pid(reader)) < 300


def test_time_and_memory_of_one_file_are_limited() -> None:
    assert LIMITS.memory_mb <= 1_024
    assert LIMITS.cpu_seconds <= PARSE_SECONDS


def _pid(reader: Reader) -> int:
    assert reader.pid is not None
    return reader.pid


def _most_memory_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
