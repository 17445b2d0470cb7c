"""What an answer rests on that was looked up for it: its figures and citations are held against that as it streams."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

from senter.messages.acts import ThingKind
from senter.quoting.citations import CITATION, numbers_cited
from senter.quoting.grounding import problems_with
from senter.quoting.source_text import SourceText
from senter.quoting.words import stem, stems

MOSTLY = 0.7
"""Of a sentence that repeats what was read."""
_THINGS = frozenset(stems("reminder, alarm, timer, calendar, event, entry, appointment, goal, job, note"))
"""Words of what only Senter keeps, so that no document can say how it stands."""
_SPEAKS = re.compile(r"\b(?:I|we|me|us|my|our)\b", re.IGNORECASE)
_KEPT = re.compile(rf"(?:{'|'.join(ThingKind)}) ")
_STEMS_OF_NAMES = {
    stem(name.lower()): stem(name[:3].lower()) for name in (*calendar.day_name, *calendar.month_name) if name
}
_ENDS = re.compile(r"[.!?…:][\"'”’)\]*_]*\s+|\n")


class Grounds:
    """What was read so far: passages with numbers, and what else figures may come from."""

    def __init__(self, said: str) -> None:
        self.passages: list[SourceText] = []
        self._given = [said]
        self.newest = GroundedText((), ())
        """Of the newest answer that was held against it."""

    @classmethod
    def of(cls, said: str, passages: Sequence[SourceText]) -> Grounds:
        """Where all there is was read before the question is put."""
        grounds = cls(said)
        grounds.passages = list(passages)
        return grounds

    def number_of(self, passage: SourceText) -> int:
        """Under which it is cited, from 1; one that is known keeps its number."""
        if passage not in self.passages:
            self.passages.append(passage)
        return self.passages.index(passage) + 1

    def hear(self, text: str) -> None:
        self._given.append(text)

    @property
    def has_read(self) -> bool:
        return bool(self.passages) or len(self._given) > 1

    def repeats(self, sentence: str) -> bool:
        """Whether a sentence that says what it cites says little that does not stand there. Of reminders, events and
        the like only what Senter keeps of them counts, whatever a document says; of its speaker none says anything."""
        said = [_named(word) for word in stems(CITATION.sub("", sentence))]
        cited = [self.passages[number - 1] for number in numbers_cited(sentence) if 1 <= number <= len(self.passages)]
        if _SPEAKS.search(sentence):
            return False
        if not _THINGS.isdisjoint(said):
            cited = [each for each in cited if _KEPT.match(each.address)]
        known = {_named(word) for each in cited for word in stems(f"{each.title} {each.text}")}
        return bool(cited) and sum(word in known for word in said) >= len(said) * MOSTLY

    def hold(self) -> GroundedText:
        """For one answer."""
        self.newest = GroundedText(tuple(self.passages), tuple(self._given))
        return self.newest


class GroundedText:
    """Lets an answer through by whole sentences, its citations numbered as they come; from one on that has a figure or
    a citation without ground, nothing more."""

    def __init__(self, passages: Sequence[SourceText], given: Sequence[str]) -> None:
        self._passages = passages
        self._given = given
        self._open, self._passed = "", ""
        self.problems: list[str] = []
        self._places = dict[int, int]()

    @property
    def cited(self) -> tuple[SourceText, ...]:
        """In the order of their numbers."""
        return tuple(self._passages[number - 1] for number in self._places)

    def take(self, piece: str) -> str:
        self._open += piece
        ends = [found.end() for found in _ENDS.finditer(self._open)]
        if not ends:
            return ""
        whole, self._open = self._open[: ends[-1]], self._open[ends[-1] :]
        return self._settle(whole)

    def end(self) -> str:
        rest, self._open = self._open, ""
        return self._settle(rest)

    def _settle(self, text: str) -> str:
        if not self.problems:
            self._passed += text
            self.problems = problems_with(self._passed, self._passages, self._given, must_cite=False)
        return "" if self.problems else CITATION.sub(self._renumber, text)

    def _renumber(self, group: re.Match[str]) -> str:
        numbers = dict.fromkeys(map(int, re.findall(r"\d+", group[1])))
        return "".join(f"[{self._places.setdefault(number, len(self._places) + 1)}]" for number in numbers)


def _named(word: str) -> str:
    """The names of days and months as entries have them: Mon, Dec."""
    return _STEMS_OF_NAMES.get(word, word)
