"""Things side by side: a table of what the sources say of each under the same heading, and what follows. Pure.

The rows are words that the sources of several subjects share; each cell is a sentence, word for word,
from a source of that subject.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from senter.components.task_engine.contract.material import Material
from senter.components.task_engine.offline.extracting import Quote, choose, definition, headings, scored
from senter.components.task_engine.offline.summary import Citations
from senter.quoting.citations import Cited
from senter.quoting.words import SMALL_WORDS, stem, stems, words

ROWS = 6
OWN_SENTENCES = 3
NOTHING = "-"
# Words that stand in many sentences without being an aspect of anything.
_EMPTY_WORDS = """
first second new old many much often well good better best make made take give get time way thing
part number people year need want work come know long large small high low one two three
"""
_EMPTY = frozenset(stem(word) for word in _EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect, and the sentence about it for each subject that has one."""

    aspect: str
    cells: Mapping[str, Quote]


class Comparison:
    """What material gathered for several subjects says of each."""

    def __init__(self, material: Material, view: str = "") -> None:
        self._material = material
        self._view = view
        self.subjects = tuple(dict.fromkeys(found.subject for found in material.documents if found.subject))
        self._said = [frozenset(stems(f"{each.title} {each.text}")) for each in material.documents]
        self._quotes = {subject: self._quotes_of(subject) for subject in self.subjects}
        self._by_stem = {subject: _by_stem(quotes) for subject, quotes in self._quotes.items()}

    def table(self) -> Cited:
        """A Markdown table with a row for each aspect, and what only one subject's sources say."""
        citations = Citations(self._material)
        lines = [
            f"| | {' | '.join(_cell(subject) for subject in self.subjects)} |",
            "|---" * (len(self.subjects) + 1) + "|",
        ]
        rows = self.rows()
        for row in rows:
            cells = [_cell(citations.cite(row.cells[each])) if each in row.cells else NOTHING for each in self.subjects]
            lines.append(f"| **{_cell(row.aspect)}** | {' | '.join(cells)} |")
        lines.append("")
        lines += self._apart(rows, citations)
        lines.append("The sentences are quoted from the sources; none was written by a model.")
        return Cited("\n".join(lines), citations.sources)

    def rows(self) -> list[Row]:
        """What each is, then the aspects that most of them share, those in view first."""
        first = {subject: definition(own, subject) or _best(own) for subject, own in self._quotes.items() if own}
        rows = [Row("What it is", first)]
        used = {quote.text for quote in rows[0].cells.values()}
        for aspect in self._aspects():
            cells = self._cells(aspect, used)
            if len(cells) > 1:
                rows.append(Row(self._name(aspect), cells))
                used |= {quote.text for quote in cells.values()}
            if len(rows) > ROWS:
                break
        return [row for row in rows if row.cells]

    def conclusion(self, table: Cited) -> Cited:
        """The table, and below it what can be said without understanding: what is shared, what is missing."""
        citations = Citations(self._material, table.sources)
        rows = self.rows()[1:]
        shared = [row.aspect for row in rows if len(row.cells) == len(self.subjects)]
        lines = [table.text.strip(), "", "**Conclusion**", ""]
        if shared:
            lines.append(f"The sources of all {len(self.subjects)} speak about: {', '.join(shared)}.")
        lines += [f"Nothing was found about {subject}." for subject in self.subjects if not self._quotes[subject]]
        wanted = set(stems(self._view))
        about = [quote for quotes in self._quotes.values() for quote in quotes if wanted & quote.stems]
        if in_view := choose(about, OWN_SENTENCES):
            lines += ["", f"On {self._view}:", "", *(f"- {citations.cite(quote)}" for quote in in_view)]
        lines += ["", "Which is better for you the sources alone do not decide."]
        return Cited("\n".join(lines), citations.sources)

    def _quotes_of(self, subject: str) -> list[Quote]:
        """Sentences that are about the subject: they name it, or stand in a document that names no other."""
        own = set(stems(subject))
        others = {other: set(stems(other)) - own for other in self.subjects if other != subject}
        places = [place for place, document in enumerate(self._material.documents) if document.subject == subject]
        documents = [self._material.documents[place] for place in places]
        mixed = [any(names and names <= self._said[place] for names in others.values()) for place in places]
        quotes = scored(documents, f"{subject} {self._view}")
        above = headings(quotes)
        return [
            replace(quote, document=places[quote.document])
            for quote in quotes
            if not mixed[quote.document] or own <= (quote.stems | above[quote.sentence.heading])
        ]

    def _aspects(self) -> list[str]:
        """Stems that sentences of several subjects share, the most widely shared first."""
        names = {own for subject in self.subjects for own in stems(subject)}
        holders = Counter(own for by_stem in self._by_stem.values() for own in by_stem)
        uses = Counter(own for quotes in self._quotes.values() for quote in quotes for own in quote.stems)
        wanted = set(stems(self._view))
        left_out = names | _EMPTY
        shared = [own for own, count in holders.items() if count > 1 and own not in left_out and not own.isdigit()]
        return sorted(shared, key=lambda own: (own not in wanted, -holders[own], -uses[own], own))

    def _cells(self, aspect: str, used: set[str]) -> dict[str, Quote]:
        """The best sentence about an aspect for each subject; a sentence is used once."""
        left = {
            subject: [quote for quote in by_stem.get(aspect, ()) if quote.text not in used]
            for subject, by_stem in self._by_stem.items()
        }
        return {subject: _best(quotes) for subject, quotes in left.items() if quotes}

    def _name(self, aspect: str) -> str:
        """The aspect as the sources write it most often."""
        said = Counter(
            word
            for by_stem in self._by_stem.values()
            for quote in by_stem.get(aspect, ())
            for word in words(quote.text)
            if word not in SMALL_WORDS and stem(word) == aspect
        )
        return max(said, key=lambda word: (said[word], -len(word)), default=aspect)

    def _apart(self, rows: Sequence[Row], citations: Citations) -> Iterator[str]:
        used = {quote.text for row in rows for quote in row.cells.values()}
        for subject, quotes in self._quotes.items():
            if own := choose([quote for quote in quotes if quote.text not in used], OWN_SENTENCES):
                yield from (f"Also said about {subject}:", "")
                yield from (f"- {citations.cite(quote)}" for quote in own)
                yield ""


def _by_stem(quotes: Sequence[Quote]) -> Mapping[str, Sequence[Quote]]:
    """The sentences that have each word, so that a row looks at its own only."""
    found: defaultdict[str, list[Quote]] = defaultdict(list)
    for quote in quotes:
        for own in quote.stems:
            found[own].append(quote)
    return found


def _best(quotes: Sequence[Quote]) -> Quote:
    return max(quotes, key=lambda quote: (quote.score, -quote.sentence.position))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
