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
_THINGS = frozenset(stems("reminder, alarm, calendar, event, entry, appointment, goal, job, note"))
"""Words of what only Senter keeps, so that no document can say how it stands."""
_SPEAKS = re.compile(r"\b(?:I|we|me|us|my|our)\b", re.IGNORECASE)
_YOURS = re.compile(r"\b(?:yours?|you(?:'ve|'re| have| had| are| were| owe| pay| paid| spent| said))\b", re.IGNORECASE)
_KEPT = re.compile(rf"(?:{'|'.join(ThingKind)}) ")
_STEMS_OF_NAMES = {
    stem(name.lower()): stem(name[:3].lower()) for name in (*calendar.day_name, *calendar.month_name) if name
}
_ENDS = re.compile(r"[.!?…:][\"'”’)\]*_]*\s+|\n")


class Grounds:
    """What was read so far: passages with numbers, and what else figures may come from.

    Of an answer about what is the user's (`is_own`) every figure is held against it; else those of sentences that cite,
    or speak of what is the user's: how tall a tower is no paper of theirs says.
    """

    def __init__(self, said: str, *, is_own: bool) -> None:
        self.passages: list[SourceText] = []
        self.has_read = False
        self._given = [said]
        self._is_own = is_own
        self.newest = self._nothing_held()
        """Of the newest answer that was held against it."""

    @classmethod
    def of(cls, said: str, passages: Sequence[SourceText]) -> Grounds:
        """Where all there is was read before the question is put."""
        grounds = cls(said, is_own=True)
        grounds.passages, grounds.has_read = list(passages), True
        return grounds

    def number_of(self, passage: SourceText) -> int:
        """Under which it is cited, from 1; one that is known keeps its number."""
        if passage not in self.passages:
            self.passages.append(passage)
        return self.passages.index(passage) + 1

    def read(self, text: str) -> None:
        """It was looked at."""
        self.has_read = True
        self._given.append(text)

    def hear(self, text: str) -> None:
        """It was told, and is no reason to hold answers."""
        self._given.append(text)

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
        self.newest = GroundedText(tuple(self.passages), tuple(self._given), is_own=self._is_own)
        return self.newest

    def _nothing_held(self) -> GroundedText:
        return GroundedText((), (), is_own=self._is_own)


class GroundedText:
    """Lets an answer through by sentences; from one on that has a figure or a citation without ground, nothing."""

    def __init__(self, passages: Sequence[SourceText], given: Sequence[str], *, is_own: bool) -> None:
        self._passages = passages
        self._given = given
        self._is_own = is_own
        self._open = ""
        self.problems: list[str] = []
        self._places = dict[int, int]()

    @property
    def cited(self) -> tuple[SourceText, ...]:
        """In the order of their numbers."""
        return tuple(self._passages[number - 1] for number in self._places)

    def take(self, piece: str) -> str:
        self._open += piece
        return "".join(self._settle(self._open[: found.end()]) for found in iter(self._next_end, None))

    def end(self) -> str:
        return self._settle(self._open)

    def renumbered(self, text: str) -> str:
        """Whole sentences with their citations numbered as they come."""
        return CITATION.sub(self._renumber, text)

    def _next_end(self) -> re.Match[str] | None:
        return _ENDS.search(self._open)

    def _settle(self, sentence: str) -> str:
        self._open = self._open[len(sentence) :]
        if not self.problems and (self._is_own or CITATION.search(sentence) or _YOURS.search(sentence)):
            self.problems = problems_with(sentence, self._passages, self._given, must_cite=False)
        return "" if self.problems else sentence

    def _renumber(self, group: re.Match[str]) -> str:
        numbers = dict.fromkeys(map(int, re.findall(r"\d+", group[1])))
        return "".join(f"[{self._places.setdefault(number, len(self._places) + 1)}]" for number in numbers)


def _named(word: str) -> str:
    """The names of days and months as entries have them: Mon, Dec."""
    return _STEMS_OF_NAMES.get(word, word)
