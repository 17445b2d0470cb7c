"""Of papers that are versions of one another the newest answers, and what the older says is named. Pure.

Two papers are versions where their names differ only by marks of version and time, and their words are alike. Which is
newer, their marks tell (draft, v2, alt, 2025), then the dates in them, then their files. Who asks for an older one gets
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from pathlib import PurePath

from senter.components.assistant.mine.ranking import FoundPiece, Ranked, WhereFound
from senter.components.assistant.mine.tables.cells import day_in
from senter.components.assistant.mine.words import own_words
from senter.quoting.words import SMALL_WORDS
from senter.sentences import phrase
from senter.text import one_line

ALIKE_PAPERS = 0.3
"""Of all words of two, figures left out, the share that both have."""
ALIKE_RENAMED = 0.7
"""The share where their names tell nothing, and they begin with the same line."""
LETTERHEADS = ("From:", "Von:", "From ")
ALIKE_SENTENCES = 0.6
"""Of the telling words of the shorter."""
ALIKE_BEGINNING, BEGINS_ALIKE = 3, 0.2
"""Words that sentences begin with, and what it counts that they are the same."""
LONGEST_OLDER = 200
NEWER = "it is newer than {name}, which says {says}"
OLDER = "it is older than {name}, which says {says}"
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:[-_. ]?(\d{2})(?:[-_. ]?(\d{2}))?)?(?!\d)")
_DAY_FIRST_DATE = re.compile(r"(?<!\d)(\d{1,2})[-_.](\d{1,2})[-_.]((?:19|20)\d{2})(?!\d)")
_NUMBERED = re.compile(r"(?<![^\W\d_])(?:v|ver|version|rev|revision|r)[ ._-]?(\d+(?:\.\d+)*)(?!\d)", re.IGNORECASE)
_COPY = re.compile(r"\((\d{1,2})\)\s*$")
_WRITTEN_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{1,2}\.?\s+\b[^\W\d_]{3,12}\s+\d{4}|\b[^\W\d_]{3,12}\s+\d{1,2},\s+\d{4}"
)


@dataclass(frozen=True)
class PaperVersion:
    """One paper, by its name, its text and its file."""

    path: str
    text: str = ""
    modified_at: datetime | None = None

    @cached_property
    def stem(self) -> str:
        """The name without its endings."""
        name = PurePath(self.path).name
        while re.search(r"\.[A-Za-z]{1,5}\d?$", name):
            name = name.rpartition(".")[0]
        return name

    @cached_property
    def base(self) -> frozenset[str]:
        """The words of the name that do not tell the version."""
        bare = self.stem.replace("_", " ")
        for marks in (_DAY_FIRST_DATE, _DATE, _NUMBERED, _COPY):
            bare = marks.sub(" ", bare)
        words = (word.casefold() for word in _TOKEN.findall(bare))
        return frozenset(word for word in words if word not in own_words().version_marks)

    @cached_property
    def named_on(self) -> tuple[int, int, int]:
        """Year, month and day of the name; zeros for what it leaves out."""
        name = self.stem.replace("_", " ")
        if found := _DAY_FIRST_DATE.search(name):
            return int(found[3]), int(found[2]), int(found[1])
        found = _DATE.search(name)
        return (int(found[1]), int(found[2] or 0), int(found[3] or 0)) if found else (0, 0, 0)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word.casefold() for word in _WORD.findall(self.text))

    @cached_property
    def written_on(self) -> date:
        """The first date in its text."""
        for found in _WRITTEN_DATE.finditer(self.text):
            said = found.group()
            if (cell := day_in(said) or day_in(said.replace(". ", "."))) and (days := cell.days()):
                return days.first
        return date.min

    @cached_property
    def begins(self) -> str:
        """The first line that says something, in small letters; empty for a mail."""
        first = next((line.strip("# ") for line in self.text.split("\n") if line.strip("# \t")), "")
        return "" if first.startswith(LETTERHEADS) else " ".join(first.casefold().split())

    @property
    def stage(self) -> int:
        """Below 0 for a draft or an old one, above for a final or a new one."""
        marks = (own_words().version_marks.get(word.casefold(), 0) for word in _TOKEN.findall(self.stem))
        return sum(marks)

    @property
    def number(self) -> tuple[int, ...]:
        found = _NUMBERED.search(self.stem.replace("_", " "))
        return tuple(map(int, found[1].split("."))) if found else ()

    @property
    def copy(self) -> int:
        found = _COPY.search(self.stem)
        return int(found[1]) if found and not any(self.named_on) else 0

    def is_version_of(self, other: PaperVersion) -> bool:
        alike = _alike(self.words, other.words)
        is_named_so = bool(self.base) and self.base == other.base and alike >= ALIKE_PAPERS
        return is_named_so or (alike >= ALIKE_RENAMED and self.is_renamed(other))

    def is_renamed(self, other: PaperVersion) -> bool:
        """Whether it begins as the other does, with all its figures, and is of another day: `offer.docx`, and
        `museum revised.docx`."""
        same = (
            bool(self.begins)
            and self.begins == other.begins
            and PurePath(self.path).suffix == PurePath(other.path).suffix
        )
        return same and date.min not in (self.written_on, other.written_on) and self.written_on != other.written_on


def is_newer(one: PaperVersion, other: PaperVersion) -> bool:
    """By the first that tells: marks, numbers and dates of names, dates in texts, files."""
    return _key(one) > _key(other)


def paper_date(piece: FoundPiece) -> date:
    """Of the paper that a piece is of: by its name, else the first in its text, else its file's."""
    paper = PaperVersion(piece.address, piece.around, piece.at)
    year, month, day = paper.named_on
    if year:
        return date(year, month or 1, day or 1)
    if paper.written_on != date.min:
        return paper.written_on
    return piece.at.date() if piece.at else date.min


def newest_first(
    ranked: Sequence[Ranked],
    pieces: Iterable[FoundPiece],
    question: str,
    now: datetime,
    when: re.Pattern[str] | None = None,
) -> list[Ranked]:
    """What older papers say, left out where the version that is asked for says it too, and named there. `when` is the
    time that is asked about, as names write it."""
    kept: list[Ranked] = list(ranked)
    for versions in _families(piece for piece in pieces if _is_of_paper(piece)):
        meant, is_named = _meant(versions, question, now, when)
        others = [one for one in versions if one is not meant]
        for other in others:
            kept = _settled(kept, meant, other, versions[meant])
        if is_named:
            paths = {one.path for one in others}
            kept = [one for one in kept if one.candidate.address not in paths]
    return sorted(kept, key=lambda one: -one.score)


def _is_of_paper(piece: FoundPiece) -> bool:
    return piece.place is WhereFound.DOCUMENT and not piece.is_row


def _families(pieces: Iterable[FoundPiece]) -> list[dict[PaperVersion, list[FoundPiece]]]:
    """Papers that are versions of one another, the newest first, each with its pieces."""
    by_path: dict[str, list[FoundPiece]] = {}
    for piece in pieces:
        by_path.setdefault(piece.address, []).append(piece)
    families: list[dict[PaperVersion, list[FoundPiece]]] = []
    for path, of in by_path.items():
        paper = PaperVersion(path, of[0].around, of[0].at)
        family = next((one for one in families if next(iter(one)).is_version_of(paper)), None)
        if family is None:
            families.append({paper: of})
        else:
            family[paper] = of
    several = (family for family in families if len(family) > 1)
    return [dict(sorted(family.items(), key=lambda one: _key(one[0]), reverse=True)) for family in several]


def _key(paper: PaperVersion) -> tuple[int, tuple[int, ...], tuple[int, int, int], int, date, datetime]:
    modified_at = paper.modified_at or datetime.min.replace(tzinfo=UTC)
    written = (paper.written_on.year, paper.written_on.month, paper.written_on.day)
    dated = paper.named_on if any(paper.named_on) else written
    return paper.stage, paper.number, dated, paper.copy, paper.written_on, modified_at


def _meant(
    versions: Iterable[PaperVersion], question: str, now: datetime, when: re.Pattern[str] | None
) -> tuple[PaperVersion, bool]:
    """Which one, and whether the question says so: the one whose mark or year it names, the one before the newest where
    it asks for an old one, else the newest."""
    newest, *older = versions
    said = set(map(str.casefold, _TOKEN.findall(question)))
    for one in (newest, *older):
        if _own_marks(one) & said or (when and when.search(one.stem.replace("_", " "))):
            return one, True
    words = own_words()
    years = {int(year) for year in re.findall(r"\b(?:19|20)\d{2}\b", question)}
    if words.last_year.search(question):
        years.add(now.year - 1)
    for one in (newest, *older):
        if years & {one.named_on[0], one.written_on.year}:
            return one, True
    return (older[0], True) if words.older.search(question) else (newest, False)


def _own_marks(paper: PaperVersion) -> set[str]:
    return {word.casefold() for word in _TOKEN.findall(paper.stem)} & own_words().version_marks.keys()


def _settled(
    ranked: Sequence[Ranked], meant: PaperVersion, other: PaperVersion, pieces: Sequence[FoundPiece]
) -> list[Ranked]:
    """Without what the other says where the one that is meant says it too."""
    best: dict[tuple[str, str], Ranked] = {}
    for one in ranked:
        said = one.candidate
        same = _counterpart(said, pieces) if said.address == other.path else None
        there = same or said
        had = best.get((there.address, there.text))
        told = had.candidate if had else there
        named = _naming(told, said, meant, other) if same else told
        best[there.address, there.text] = _joint(one, had, named)
    return list(best.values())


def _joint(one: Ranked, had: Ranked | None, told: FoundPiece) -> Ranked:
    """As good as the better of two: as it was found, and as the counterpart of what another paper says."""
    if had is None:
        return replace(one, candidate=told)
    return replace(
        had,
        candidate=told,
        score=max(one.score, had.score),
        answers=one.answers or had.answers,
        is_sure=one.is_sure or had.is_sure,
    )


def _counterpart(piece: FoundPiece, pieces: Sequence[FoundPiece]) -> FoundPiece | None:
    """What says the most alike."""
    best = max(pieces, key=lambda other: _common(piece.text, other.text), default=None)
    return best if best and _common(piece.text, best.text) >= ALIKE_SENTENCES else None


def _naming(piece: FoundPiece, older: FoundPiece, meant: PaperVersion, other: PaperVersion) -> FoundPiece:
    """With the other version, and what it says where that differs."""
    name = one_line(PurePath(other.path).name)
    told = phrase(NEWER if is_newer(meant, other) else OLDER)
    if told.partition("{says}")[0].format(name=name) in piece.line:
        return piece
    same = piece.text.casefold() == older.text.casefold()
    said = one_line(older.text, LONGEST_OLDER).replace('"', "'")
    says = phrase("the same") if same else f'"{said}"'
    return replace(piece, line=f"{piece.quoted.quote}; {told.format(name=name, says=says)}")


@lru_cache(maxsize=4_096)
def _words(text: str) -> frozenset[str]:
    """Those that tell something."""
    return frozenset(
        word for found in _WORD.findall(text) if (word := found.casefold()) not in SMALL_WORDS and word[1:]
    )


def _common(one: str, other: str) -> float:
    """Of the telling words of the shorter; more where both begin alike."""
    words, others = _words(one), _words(other)
    fewer = min(len(words), len(others))
    if fewer < 2:
        return float(words == others and bool(words))
    begins = one.casefold().split()[:ALIKE_BEGINNING] == other.casefold().split()[:ALIKE_BEGINNING]
    return len(words & others) / fewer + BEGINS_ALIKE * begins


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
