"""One entry of a calendar as text: all events of one UID. Found, changed, replaced, with no byte of the rest touched.

An entry that repeats is one event, and one more for each occurrence that was changed by itself (RECURRENCE-ID).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from senter.components.task_engine.tools.children.calendar_text import EVENT, lines_in, place_for_more, with_event
from senter.components.task_engine.tools.children.calendar_values import FIELD

REPEATS = (b"RRULE", b"RDATE", b"EXDATE", b"EXRULE")
LONGEST_LINE_BYTES = 75
VERSION_CHARACTERS = 32
NO_UID = "no-uid-"
BETWEEN_EVENTS = re.compile(rb"^END:VEVENT[ \t]*\r?\n(?=BEGIN:VEVENT)", re.MULTILINE | re.IGNORECASE)
FOLD = re.compile(rb"(?:\r?\n){1,3}[ \t]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line, folded parts joined, and where it stands: folds and blank lines after it included."""

    text: bytes
    begin: int
    end: int

    @property
    def name(self) -> bytes:
        return self.text.partition(b":")[0].partition(b";")[0].strip().upper()

    @property
    def value(self) -> bytes:
        found = FIELD.fullmatch(self.text)
        return (found[3] if found else self.text.partition(b":")[2]).strip()


@dataclass(frozen=True, slots=True)
class Block:
    """One event: its lines from BEGIN to END. `own` are those that are not of a part of it, an alarm say."""

    lines: tuple[Line, ...]
    own: tuple[Line, ...]

    @property
    def begin(self) -> int:
        return self.lines[0].begin

    @property
    def end(self) -> int:
        return self.lines[-1].end

    def line(self, name: bytes) -> Line | None:
        return next((line for line in self.own if line.name == name), None)

    @property
    def uid(self) -> bytes:
        found = self.line(b"UID")
        return found.value if found and found.value else uid_without(self.content_lines).encode()

    @property
    def content_lines(self) -> list[bytes]:
        return [line.text for line in self.lines[1:-1]]

    @property
    def is_override(self) -> bool:
        return self.line(b"RECURRENCE-ID") is not None

    @property
    def repeats(self) -> bool:
        return any(line.name in REPEATS[:2] for line in self.own)


def uid_without(lines: Iterable[bytes]) -> str:
    """What an event is called that has no UID: the same as long as it says the same."""
    text = b"\n".join(line.strip() for line in lines if line.strip())
    return f"{NO_UID}{hashlib.sha256(text).hexdigest()[:VERSION_CHARACTERS]}"


def blocks_of(content: bytes, uid: str) -> list[Block]:
    """The events with that UID, in order."""
    pieces = (piece for piece in _pieces(content) if _may_name(content[piece], uid))
    return [block for piece in pieces for block in _blocks(content, piece) if block.uid == uid.encode()]


def _pieces(content: bytes) -> Iterator[slice]:
    """The content, cut where one event ends and the next begins: a large calendar is looked through piece by piece."""
    begin = 0
    for found in BETWEEN_EVENTS.finditer(content):
        yield slice(begin, found.end())
        begin = found.end()
    yield slice(begin, len(content))


def _may_name(piece: bytes, uid: str) -> bool:
    return uid.startswith(NO_UID) or uid.encode() in piece or uid.encode() in FOLD.sub(b"", piece)


def entry_of(content: bytes, uid: str) -> bytes:
    """The text of the entry, each line ended as RFC 5545 has it; empty where there is none."""
    return b"".join(crlf(content[block.begin : block.end]) for block in blocks_of(content, uid))


def version_of(content: bytes, uid: str) -> str:
    """Differs once the entry says something else, however its lines stand; empty where there is none."""
    lines = [line.text for block in blocks_of(content, uid) for line in block.lines]
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()[:VERSION_CHARACTERS] if lines else ""


def with_entry(content: bytes, uid: str, entry: bytes) -> bytes:
    """The content with exactly this entry, in the place of the one that is there; without one where it is empty.

    Raises `ValueError` where nothing may be added.
    """
    found = blocks_of(content, uid)
    if not found:
        return with_event(content, entry) if entry else content
    line_end = b"\r\n" if b"\r\n" in content[found[0].begin : found[0].end] else b"\n"
    known = set(entry_of(content, uid).split(b"\r\n"))
    place_for_more(content, b"".join(line for line in crlf(entry).split(b"\r\n") if line not in known))
    text = crlf(entry).replace(b"\r\n", line_end)
    for block in reversed(found[1:]):
        content = content[: block.begin] + content[block.end :]
    return content[: found[0].begin] + text + content[found[0].end :]


def with_lines(
    content: bytes, block: Block, changed: Mapping[bytes, bytes | None], added: Sequence[bytes] = ()
) -> bytes:
    """The text of one event with other lines: each takes the place of those of its name, none takes them out. What has
    no place yet, and what is added, stands before the first part of the event, or its end."""
    own, written = set(block.own), set[bytes]()
    more = [line for name, line in changed.items() if line and block.line(name) is None]
    rest, parts = [folded(line) for line in (*more, *added)], list[bytes]()
    for number, line in enumerate(block.lines):
        if rest and number and (line not in own or line is block.lines[-1]):
            parts, rest = [*parts, *rest], []
        if line not in own or line.name not in changed:
            parts.append(crlf(content[line.begin : line.end]))
        elif (other := changed[line.name]) and line.name not in written:
            written.add(line.name)
            parts.append(folded(other))
    return b"".join(parts)


def folded(line: bytes) -> bytes:
    """A line as it is written: at most 75 bytes each, never within a character."""
    pieces, rest = list[bytes](), line
    limit = LONGEST_LINE_BYTES
    while len(rest) > limit:
        cut = limit
        while rest[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(rest[:cut])
        rest, limit = rest[cut:], LONGEST_LINE_BYTES - 1
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"


def _blocks(content: bytes, piece: slice) -> Iterator[Block]:
    depth, lines, own = 0, list[Line](), list[Line]()
    for line in _spans(content, piece):
        if line.name == b"BEGIN" and (depth or line.value.upper() == EVENT):
            depth += 1
        if depth:
            lines.append(line)
            if depth == 1:
                own.append(line)
        if line.name == b"END" and depth:
            depth -= 1
            if not depth:
                yield Block(tuple(lines), tuple(own))
                lines, own = [], []


def _spans(content: bytes, piece: slice) -> Iterator[Line]:
    begins = [(piece.start + begin, text) for begin, text in lines_in(content[piece])]
    for number, (begin, text) in enumerate(begins):
        end = begins[number + 1][0] if number + 1 < len(begins) else piece.stop
        yield Line(text, begin, end)


def crlf(text: bytes) -> bytes:
    """With the line ends of RFC 5545, and one at the end."""
    whole = text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return whole if not whole or whole.endswith(b"\r\n") else whole + b"\r\n"
