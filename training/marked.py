"""Labelled sentences as people write them: marks in the text say what each piece of it means.

A file has sections. `## reminder` says that each line below is one reminder; a second word names the trap it is, and
`question:mine` whose affairs a question is about. In a line, `[...]` is what the act is about, `<...>` are its words of
time. Where a line holds several acts, or words around its one act, `{...}` is the piece an act comes from, and
`{event|...}` one of another kind than the section's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from senter.messages.acts import ActKind, Subject

Span = tuple[int, int]
"""The first character, and the one after the last."""

OPENING = {"{": "act", "[": "gist", "<": "when"}
CLOSING = {"}": "act", "]": "gist", ">": "when"}
ABOUT_ALL_THEY_SAY = {ActKind.QUESTION, ActKind.WORK, ActKind.GOAL, ActKind.NOTE, ActKind.COMPLETION}
"""Kinds that are about their whole text, but for its words of time, where no mark says it; others are about nothing."""
KIND_OF_MARK = re.compile(r"([a-z]+(?::[a-z]+)?)\|")


@dataclass(frozen=True, slots=True)
class Label:
    """What a piece of text is: its kind, and of a question whose affairs it is about."""

    kind: ActKind
    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class LabelledAct:
    """One act of a sentence."""

    label: Label
    gist: str
    when: str
    span: Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and what it means, in the order of the text; `trap` names what makes it look like something else."""

    text: str
    acts: tuple[LabelledAct, ...]
    trap: str = ""


@dataclass(slots=True)
class _Piece:
    """An act while its marks are read."""

    label: Label
    begin: int
    end: int = 0
    marks: dict[str, list[Span]] = field(default_factory=lambda: {"gist": [], "when": []})


def read_label(words: str) -> Label:
    """`reminder`, or `question:mine`. Raises ValueError for a kind or subject that there is not."""
    kind, _, subject = words.partition(":")
    return Label(ActKind(kind), Subject(subject) if subject else None)


def read_sections(text: str) -> Iterator[Sentence]:
    """The sentences of a marked file."""
    label, trap = Label(ActKind.TALK), ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("## "):
            words, _, trap = line[3:].partition(" ")
            label = read_label(words)
        else:
            yield read_line(line, label, trap)


def read_line(line: str, label: Label, trap: str = "") -> Sentence:
    """One marked line; `label` is what is not said by a mark. Raises ValueError for marks that do not fit together."""
    if "{" not in line:
        line = f"{{{line}}}"
    plain, pieces = _read_marks(line, label)
    return Sentence(plain, tuple(_act(plain, piece) for piece in pieces), trap)


def _read_marks(line: str, label: Label) -> tuple[str, list[_Piece]]:
    plain = ""
    pieces: list[_Piece] = []
    begun: list[tuple[str, int]] = []
    at = 0
    while at < len(line):
        character = line[at]
        at += 1
        if mark := OPENING.get(character):
            begun.append((mark, len(plain)))
            if mark == "act":
                said = KIND_OF_MARK.match(line, at)
                at = said.end() if said else at
                pieces.append(_Piece(read_label(said[1]) if said else label, len(plain)))
        elif mark := CLOSING.get(character):
            _close(mark, begun, pieces, len(plain), line)
        else:
            plain += character
    if begun:
        raise ValueError(f"A mark is not closed: {line}")
    return plain, pieces


def _close(mark: str, begun: list[tuple[str, int]], pieces: list[_Piece], end: int, line: str) -> None:
    if not begun or begun[-1][0] != mark or not pieces:
        raise ValueError(f"A mark is closed that was not opened: {line}")
    _, begin = begun.pop()
    if mark == "act":
        pieces[-1].end = end
    else:
        pieces[-1].marks[mark].append((begin, end))


def _act(plain: str, piece: _Piece) -> LabelledAct:
    when = _joined(plain, piece.marks["when"])
    gist = _joined(plain, piece.marks["gist"]) or _rest(plain, piece)
    return LabelledAct(piece.label, gist, when, (piece.begin, piece.end))


def _joined(plain: str, spans: list[Span]) -> str:
    return " ".join(plain[begin:end].strip() for begin, end in spans)


def _rest(plain: str, piece: _Piece) -> str:
    """What a piece without a mark for it is about."""
    if piece.label.kind not in ABOUT_ALL_THEY_SAY:
        return ""
    begin, parts = piece.begin, list[str]()
    for span in piece.marks["when"]:
        parts.append(plain[begin : span[0]])
        begin = span[1]
    return " ".join(" ".join([*parts, plain[begin : piece.end]]).split()).strip(" ,.;:!?")


def as_json(sentence: Sentence) -> dict[str, object]:
    """A sentence as one object of a file of JSON lines."""
    written: dict[str, object] = {"text": sentence.text, "acts": [_act_as_json(act) for act in sentence.acts]}
    return written | ({"trap": sentence.trap} if sentence.trap else {})


def _act_as_json(act: LabelledAct) -> dict[str, object]:
    written: dict[str, object] = {"kind": act.label.kind.value, "gist": act.gist, "when": act.when, "span": act.span}
    return written | ({"subject": act.label.subject.value} if act.label.subject else {})
