"""Texts in the pieces that are quoted: sentences, entries of lists, rows of tables, short records. Pure.

Each goes with the headings above it. Time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, takewhile, zip_longest

from senter.components.assistant.mine.words import own_words
from senter.quoting.sentences import plain, split_sentences

LONGEST_RECORD = 400
LONGEST_TITLE = 80
LONGEST_PIECE = 600
LONGEST_ENTRY, FEWEST_ENTRIES = 80, 3
"""Of a list of things, which may be quoted as a whole."""
MOST_PIECES = 2_000
LONGEST_LETTERHEAD = 12
"""Lines within which the subject must stand."""
MOST_WORDS_OF_HEADING = 6
LONG_LINE = 60
"""Of a paragraph that stands right below its heading."""
PLAIN_LEVEL, MAIL_LEVEL = 6, 7
"""Below all headings with marks: of a few words by themselves, and of the subject of a mail."""

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_UNDERLINE = re.compile(r"^(?:={3,}|-{3,})\s*$")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_DAY = re.compile(r"\s*\d{1,2}\.\s+(?P<month>[^\W\d_]+)")
_FIELD = re.compile(r"^\s*[^\W\d_][^:|]{0,40}:\s+\S")
_SENDERS = ("From:", "Von:", "To:", "An:", "Subject:", "Betreff:", "Date:", "Datum:", "Return-Path:", "Message-ID:")
_RECEIVERS, _DATES = ("To:", "An:"), ("Date:", "Datum:")
_SUBJECTS = ("Subject:", "Betreff:")
_TOLD = ("From:", "Von:", *_RECEIVERS, *_SUBJECTS)
"""What all that stands below is about."""
_ADDRESS = re.compile(r"<[^<>]*>|\S+@\S+")
_MAILBOX_LINE = re.compile(r"^From \S+@\S+ ")
_FURTHER_FIELD = re.compile(r"\. [^\W\d_][\w-]{1,20}: \S")
_PATH = re.compile(r"^(?P<above>[\w-]*(?:\.[\w-]+|\[\d+\])*)\.(?P<name>[\w-]+): \S")
_INDEX = re.compile(r"\[\d+\]")
_RULE = re.compile(r"^[\s|:+-]+$")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """What is quoted, and what it stands under."""

    text: str
    headings: str = ""
    is_whole: bool = False
    """Whether it is a list with all its entries."""
    is_heading: bool = False
    is_letterhead: bool = False
    """Whether it says who wrote to whom, when, and about what."""
    is_mail: bool = False
    """Whether it is of a letter with a letterhead."""
    before: str = ""
    """The sentence before it, which `it` or `her` may mean."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    kind: str
    headings: str
    is_mail: bool


def pieces_of(text: str) -> list[TextPiece]:
    """In order."""
    return list(islice(_pieces(text), MOST_PIECES))


def _pieces(text: str) -> Iterator[TextPiece]:
    lines = list(_lines(_FRONT_MATTER.sub("", text.replace("\r\n", "\n"))))
    for (kind, headings, is_mail), group in groupby(lines, lambda line: (line.kind, line.headings, line.is_mail)):
        texts = [line.text for line in group]
        before = ""
        for piece in _READERS[kind](texts):
            if shown := plain(piece)[:LONGEST_PIECE]:
                yield TextPiece(
                    shown,
                    headings,
                    is_heading=kind == "heading",
                    is_letterhead=kind == "letterhead",
                    is_mail=is_mail,
                    before=before,
                )
                before = shown if kind == "paragraph" else ""
        if kind == "list" and (whole := _whole_list(texts)):
            yield TextPiece(plain(whole)[:LONGEST_PIECE], headings, is_whole=True)


def _lines(text: str) -> Iterator[_Line]:
    """Every line with what it is; what goes on with the one before it joins it."""
    lines = text.strip("\n").split("\n")
    is_titled = _is_title(lines[:2])
    above = [(1, plain(lines[0]))] if is_titled or _is_first_line(lines) else list[tuple[int, str]]()
    previous, in_letterhead = "blank", False
    for number, line in enumerate(lines):
        in_letterhead = bool(line.strip()) if in_letterhead else _begins_letterhead(lines, number)
        level, title = _heads(line, lines[max(0, number - 1) : number], lines[number + 1 : number + 3])
        if in_letterhead and line.startswith(_TOLD):
            wrote = [title for level, title in above if level == MAIL_LEVEL and previous == "letterhead"]
            said = plain(" ".join((*wrote, _ADDRESS.sub(" ", line.partition(":")[2]))))
            above = [*(one for one in above if one[0] < MAIL_LEVEL), (MAIL_LEVEL, said)]
        elif level and not in_letterhead:
            above = [*(one for one in above if one[0] < level), (level, title)]
        is_title = (level or (number == 0 and is_titled)) and not in_letterhead
        kind = "letterhead" if in_letterhead else "heading" if is_title else _kind(line, previous)
        previous = kind
        is_mail = any(level == MAIL_LEVEL for level, _ in above)
        yield _Line(line, kind, "" if in_letterhead else " / ".join(title for _, title in above), is_mail)


def _heads(line: str, before: Sequence[str], after: Sequence[str]) -> tuple[int, str]:
    """The level of a heading, 0 of what is none, and what it says."""
    if level := _level(line, after[:1]):
        return level, plain(line.strip("# "))
    return (PLAIN_LEVEL, plain(line)) if _is_plain_heading(line, before, after) else (0, "")


def _is_plain_heading(line: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """A few words by themselves, above what is more than that."""
    if not _says_little(line) or not before or not after:
        return False
    is_apart = not before[0].strip() and not after[0].strip()
    below = after[1] if is_apart and len(after) > 1 else "" if is_apart else after[0]
    if is_apart:
        return bool(below.strip()) and not _says_little(below)
    return before[0].rstrip().endswith((".", "!", "?")) and len(below) >= LONG_LINE and below[:1].isupper()


def _says_little(line: str) -> bool:
    is_marked = "\t" in line or line.lstrip().startswith("|") or _BULLET.match(line) or _FIELD.match(line)
    is_few = len(line) <= LONGEST_TITLE and len(line.split()) <= MOST_WORDS_OF_HEADING
    return (
        line[:1].isupper() and is_few and not is_marked and not line.rstrip().endswith((".", "!", "?", ",", ";", ":"))
    )


def _begins_letterhead(lines: Sequence[str], number: int) -> bool:
    """With a field, or what a mailbox puts before it; and soon a subject, or who it is to and when it was written."""
    is_first = lines[number].startswith(_SENDERS) or _MAILBOX_LINE.match(lines[number]) is not None
    if not is_first:
        return False
    block = list(takewhile(str.strip, lines[number : number + LONGEST_LETTERHEAD]))
    told = [any(line.startswith(names) for line in block) for names in (_SUBJECTS, _RECEIVERS, _DATES)]
    return told[0] or (told[1] and told[2])


def _level(line: str, after: Sequence[str]) -> int:
    """Of a heading; 0 for what is none."""
    if found := _HEADING.match(line):
        return len(found[1])
    underlined = bool(after and line.strip() and not line.startswith("|") and _UNDERLINE.match(after[0]))
    return 1 if underlined else 0


def _is_title(lines: Sequence[str]) -> bool:
    """Whether a text without marks begins with what it is called: a short line by itself."""
    first, *after = lines
    by_itself = bool(after) and not after[0].strip() and 0 < len(first.strip()) <= LONGEST_TITLE
    return by_itself and not _FIELD.match(first) and not first.rstrip().endswith((".", "!", "?", ",", ";"))


def _is_first_line(lines: Sequence[str]) -> bool:
    """Whether the first line says what those below are about, though none is left out between: quoted all the same."""
    return len(lines) > 1 and _says_little(lines[0]) and max(map(len, lines[1:LONGEST_LETTERHEAD])) >= LONG_LINE


def _kind(line: str, previous: str) -> str:
    if not line.strip() or _UNDERLINE.match(line):
        return "blank"
    if line.lstrip().startswith("|"):
        return "table"
    if _BULLET.match(line) and not (previous == "paragraph" and _begins_with_day(line)):
        return "list"
    if previous == "list" and line.startswith((" ", "\t")):
        return "list"
    if _PATH.match(line):
        return "paths"
    if _FIELD.match(line) and _FURTHER_FIELD.search(line):
        return "card"
    if _FIELD.match(line) and not line.rstrip().endswith((".", "!", "?")):
        return "record"
    return "paragraph"


def _begins_with_day(line: str) -> bool:
    """`10. Januar`, where a sentence goes on after the end of a line."""
    found = _DAY.match(line)
    return found is not None and found["month"].casefold() in own_words().months


def _nothing(_: Sequence[str]) -> Iterator[str]:
    return iter(())


def _paragraph(lines: Sequence[str]) -> Iterator[str]:
    """Sentences; a line that was ended on purpose ends one."""
    width = max(map(len, lines), default=0)
    whole = list[str]()
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        whole.append(line.strip().lstrip("> "))
        if _ends_on_purpose(line, following, width):
            yield from split_sentences(" ".join(whole))
            whole = []
    yield from split_sentences(" ".join(whole))


def _ends_on_purpose(line: str, following: str, width: int) -> bool:
    """Whether the first word after it would have had room, and may begin a sentence."""
    first = following.strip().partition(" ")[0]
    has_room = len(line) + 1 + len(first) <= width
    return has_room and (first[:1].isupper() or first[:1].isdigit()) and not line.rstrip().endswith((",", "-", "("))


def _one(lines: Sequence[str]) -> Iterator[str]:
    return (line.strip("# ") for line in lines)


def _letterhead(lines: Sequence[str]) -> Iterator[str]:
    """As far as people read it."""
    yield "; ".join(line.strip() for line in lines if line.startswith(_SENDERS[:8]))


def _list(lines: Sequence[str]) -> Iterator[str]:
    entries: list[str] = []
    for line in lines:
        if _BULLET.match(line) or not entries:
            entries.append(_BULLET.sub("", line, count=1))
        else:
            entries[-1] += f" {line.strip()}"
    for entry in entries:
        yield from [entry] if len(entry) <= LONGEST_RECORD else split_sentences(entry)


def _whole_list(lines: Sequence[str]) -> str:
    """A list of things in one piece; empty for one of sentences."""
    entries = list(_list(lines))
    is_short = all(len(entry) <= LONGEST_ENTRY and not entry.endswith((".", "!", "?")) for entry in entries)
    return "; ".join(entries) if is_short and len(entries) >= FEWEST_ENTRIES else ""


def _record(lines: Sequence[str]) -> Iterator[str]:
    """Fields in one piece, as those of an invoice are."""
    whole = "; ".join(line.strip() for line in lines)
    return iter([whole] if len(whole) <= LONGEST_RECORD else [line.strip() for line in lines])


def _card(lines: Sequence[str]) -> Iterator[str]:
    """One of several fields, such as somebody's address, is one piece."""
    return (line.strip() for line in lines)


def _paths(lines: Sequence[str]) -> Iterator[str]:
    """Values with their paths, those of one thing together."""
    found = [match for line in lines if (match := _PATH.match(line))]
    for above, group in groupby(found, lambda match: match["above"]):
        named = _INDEX.sub("", above).strip(".")
        values = "; ".join(match.string[match.start("name") :].strip() for match in group)
        yield f"{named}: {values}" if named else values


def _table(lines: Sequence[str]) -> Iterator[str]:
    rows = [_cells(line) for line in lines if not _RULE.match(line)]
    if not rows:
        return
    head, *rest = rows
    for row in rest:
        yield "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(head, row, strict=False) if cell)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


_READERS = {
    "heading": _one,
    "letterhead": _letterhead,
    "blank": _nothing,
    "paragraph": _paragraph,
    "list": _list,
    "record": _record,
    "card": _card,
    "paths": _paths,
    "table": _table,
}
